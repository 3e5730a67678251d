package console_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/bus"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// newYork is where the second institution is.
func newYork() *time.Location { return time.FixedZone("New York", -5*60*60) }

// houses are the places of the tests: two institutions, the first with two
// organisations.
func houses() []console.Place {
	return []console.Place{
		{ID: 1, Name: "Opéra du Lac", Location: time.UTC, Organisations: []console.Organisation{{ID: 2, Name: "Main house"}, {ID: 3, Name: "Studio"}}},
		{ID: 4, Name: "Harbour Hall", Location: newYork(), Organisations: []console.Organisation{{ID: 2, Name: "Hall"}}},
	}
}

// travels lets a stage's operator work in places, and notes where they go.
type travels struct {
	places  []console.Place
	asked   [][]core.ID // institutions whose places were read
	went    []core.Request
	refusal error
}

func (tr *travels) wire(c *console.Config) {
	c.Places = func(_ context.Context, _ core.Request, institutions []core.ID) ([]console.Place, error) {
		tr.asked = append(tr.asked, institutions)
		return tr.places, nil
	}
	c.Switch = func(_ context.Context, req core.Request, institution, organisation core.ID) error {
		req.Institution, req.Organisation = institution, organisation
		tr.went = append(tr.went, req)
		return tr.refusal
	}
}

// travel starts a driver with an operator who may work in several places.
func travel(t *testing.T, tr *travels, width, height int) (*stage, *uitest.Driver) {
	t.Helper()
	st := build(t, tr.wire)
	d := uitest.New(t, st.root, width, height)
	msg := entered(core.RoleAdmin)
	msg.Institutions = []core.ID{1, 4}
	d.Send(msg)
	return st, d
}

func TestR87_SwitchingMovesTheWholeConsole(t *testing.T) {
	t.Parallel()
	tr := &travels{places: houses()}
	st, d := travel(t, tr, 120, 24)
	d.Press("g", "s")
	before := st.pages[session.PageSettings]
	d.Press("o")
	d.Want("Switch to", "Opéra du Lac", "Main house", "here", "Studio", "Harbour Hall", "enter work there")
	d.Press("down", "down", "enter")
	d.Want("Harbour Hall ▸ Hall", "settings")
	d.Without("Switch to", "Opéra")
	after := st.pages[session.PageSettings]
	if before == after || after.opened != 1 || after.openedIn != "Harbour Hall" {
		t.Error("the page of the other institution stayed")
	}
	if want := (core.Request{Actor: entered(core.RoleAdmin).Actor, Session: 7, Institution: 4, Organisation: 2}); st.s.Request != want || len(tr.went) != 1 {
		t.Errorf("asks as %+v after %v", st.s.Request, tr.went)
	}
	if st.s.Location.String() != newYork().String() || st.s.Now().Hour() != 14 {
		t.Errorf("the time is told for %s: %v", st.s.Location, st.s.Now())
	}
	d.Press("g", "c")
	if p := st.pages[session.PageContacts]; p.opened != 1 {
		t.Error("the contacts of the other institution stayed")
	}
	if last := tr.asked[len(tr.asked)-1]; !slices.Equal(last, []core.ID{1, 4}) {
		t.Errorf("places were read of %v", last)
	}
}

func TestR87_AnswersOfTheOtherInstitutionAreDropped(t *testing.T) {
	t.Parallel()
	st, d := travel(t, &travels{places: houses()}, 120, 24)
	late := st.s.Do(session.PageContacts, 1, func(context.Context, core.Request) (any, error) { return "theirs", nil })
	d.Press("o", "down", "down", "enter")
	d.Run(late)
	d.Run(st.s.Do(session.PageContacts, 1, func(context.Context, core.Request) (any, error) { return "ours", nil }))
	if got := st.pages[session.PageContacts].results; len(got) != 1 || got[0] != "ours" {
		t.Errorf("the page got %v", got)
	}
}

func TestR87_EventsOfTheOtherInstitutionAreDropped(t *testing.T) {
	t.Parallel()
	st, d := travel(t, &travels{places: houses()}, 120, 24)
	d.Press("o", "down", "down", "enter")
	p := st.pages[session.PageContacts]
	d.Send(changed(false, core.Ref{Kind: core.KindContact, ID: 1})) // what the old mailbox still held
	if p.refreshed != 0 {
		t.Errorf("refreshed %d times for the other institution", p.refreshed)
	}
	for _, institution := range []core.ID{4, core.Installation} {
		d.Send(console.Changed{Events: []core.Event{{Institution: institution, Subject: core.Ref{Kind: core.KindContact, ID: 1}}}})
	}
	if p.refreshed != 2 {
		t.Errorf("refreshed %d times for its own", p.refreshed)
	}
}

func TestR87_TheBusIsHeardForTheNewInstitutionAlone(t *testing.T) {
	t.Parallel()
	b := bus.New()
	tr := &travels{places: houses()}
	st := build(t, func(c *console.Config) {
		tr.wire(c)
		c.Bus = b
	})
	over, end := context.WithCancel(t.Context())
	end() // the pump would hold the driver up; its mailbox is what counts
	st.s.Ctx = over
	console.Program(over, st.root, tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithoutSignalHandler())
	defer st.root.Close()
	d := uitest.New(t, st.root, 80, 24)
	d.Send(entered(core.RoleAdmin))
	heard := func(institution core.ID) bool {
		before := b.Stats().Dropped
		for id := range core.ID(1000) { // more than any mailbox takes
			b.Publish(core.Event{Institution: institution, Subject: core.Ref{Kind: core.KindContact, ID: id}})
		}
		return b.Stats().Dropped > before
	}
	if !heard(1) || heard(4) {
		t.Fatal("the console doesn't listen to its institution")
	}
	d.Press("o", "down", "down", "enter")
	if heard(1) || !heard(4) || b.Stats().Mailboxes != 1 {
		t.Errorf("after the switch it hears 1: %v, 4: %v, by %d mailboxes", heard(1), heard(4), b.Stats().Mailboxes)
	}
}

func TestOnePlaceIsNotOfferedForSwitching(t *testing.T) {
	t.Parallel()
	_, d := travel(t, &travels{places: houses()}, 120, 24)
	d.Want("o switch institution")
	one := houses()[1:]
	st, d := travel(t, &travels{places: one}, 120, 24)
	d.Press("o", "?")
	d.Without("switch institution", "Switch to")
	if got := st.pages[session.PageContacts].heard; !slices.Equal(got, []string{"o"}) {
		t.Errorf("the page heard %v", got)
	}
	_, d = enter(t, core.RoleAdmin, 120, 24)
	d.Without("switch institution")
}

func TestOneMoreInstitutionIsOfferedAtOnce(t *testing.T) {
	t.Parallel()
	tr := &travels{places: houses()[:1]}
	_, d := travel(t, tr, 120, 24)
	tr.places = houses()
	d.Send(session.Joined{Institution: 9})
	d.Press("o")
	d.Want("Harbour Hall")
	if last := tr.asked[len(tr.asked)-1]; !slices.Equal(last, []core.ID{1, 4, 9}) {
		t.Errorf("places were read of %v", last)
	}
}

func TestSwitchingAsksForUnsavedText(t *testing.T) {
	t.Parallel()
	tr := &travels{places: houses()}
	st, d := travel(t, tr, 80, 24)
	st.pages[session.PageContacts].unsaved = true
	d.Press("o", "down", "enter")
	d.Want("Switch?", "O switch without saving", "esc back")
	d.Press("esc")
	d.Want("Opéra du Lac", "contacts")
	if len(tr.went) != 0 {
		t.Fatalf("went to %v without an answer", tr.went)
	}
	d.Press("o", "down", "enter", "O")
	if len(tr.went) != 1 || st.s.Request.Organisation != 3 || st.pages[session.PageContacts].unsaved {
		t.Errorf("went to %v", tr.went)
	}
}

func TestNothingIsTypedWhileSwitching(t *testing.T) {
	t.Parallel()
	tr := &travels{places: houses()}
	st, d := travel(t, tr, 80, 24)
	d.Press("o", "down")
	moving := d.Step(tea.KeyPressMsg{Code: tea.KeyEnter})
	d.Want("Switching…")
	d.Press("n", "esc", "enter")
	d.Paste("more")
	d.Want("Switching…")
	d.Run(moving)
	d.Without("Switching…")
	if got := st.pages[session.PageContacts].heard; len(got) != 0 || len(tr.went) != 1 {
		t.Errorf("the page heard %v, went %v", got, tr.went)
	}
}

func TestRefusedSwitchStays(t *testing.T) {
	t.Parallel()
	tr := &travels{places: houses(), refusal: core.Refuse(core.CodeNotFound)}
	st, d := travel(t, tr, 120, 24)
	page := st.pages[session.PageContacts]
	d.Press("o", "down", "enter")
	d.Want("Opéra du Lac ▸ Main house", "This is no longer here")
	if st.pages[session.PageContacts] != page || st.s.Request.Organisation != 2 {
		t.Error("the console moved all the same")
	}
	tr.refusal = core.Refuse(core.CodeSignedOut)
	d.Press("o", "down", "enter")
	d.Want("signin", "no longer signed in")
}

func TestThePresentPlaceNeedsNoSwitch(t *testing.T) {
	t.Parallel()
	tr := &travels{places: houses()}
	_, d := travel(t, tr, 80, 24)
	d.Press("o", "enter")
	d.Without("Switch to")
	if len(tr.went) != 0 {
		t.Errorf("went to %v", tr.went)
	}
}

func TestManyPlacesAreFilteredWhileTyping(t *testing.T) {
	t.Parallel()
	tr := &travels{}
	for i := range core.ID(30) {
		tr.places = append(tr.places, console.Place{
			ID: i + 1, Name: fmt.Sprintf("Théâtre %d", i+1), Organisations: []console.Organisation{{ID: 2, Name: "House"}},
		})
	}
	for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}} {
		st, d := travel(t, tr, size[0], size[1])
		d.Press("o")
		d.Want("Switch to", "Théâtre 1")
		d.Type("theatre 2")
		d.Paste("7")
		d.Want("theatre 27", "Théâtre 27")
		if x, y, shown := d.Frame().Cursor(); !shown || !strings.HasSuffix(strings.TrimRight(upTo(d.Frame().Line(y), x), " "), "theatre 27") {
			t.Errorf("at %v the cursor stands at %d,%d %v:\n%s", size, x, y, shown, d.Frame())
		}
		d.Type("x")
		d.Want("Nothing here matches")
		d.Press("enter", "backspace", "enter")
		if st.s.Request.Institution != 27 {
			t.Errorf("at %v went to %d", size, st.s.Request.Institution)
		}
	}
}

// upTo is what stands before cell x.
func upTo(line string, x int) string { return string([]rune(line)[:x]) }

func TestRenamedPlaceIsNamedInTheHeader(t *testing.T) {
	t.Parallel()
	tr := &travels{places: houses()}
	_, d := travel(t, tr, 120, 24)
	tr.places = houses()
	tr.places[0].Name = "Opéra de Genève"
	d.Send(changed(false, core.Ref{Kind: core.KindInstitution, ID: 1}))
	d.Want("Opéra de Genève ▸ Main house")
}

func TestR89_TheHeaderFollowsTheMailServer(t *testing.T) {
	t.Parallel()
	st := build(t, nil)
	d := uitest.New(t, st.root, 120, 24)
	st.role = core.RoleOperator
	d.Send(entered(core.RoleOperator))
	d.Press("g", "m")
	d.Want("mail is captured, not delivered", "captured")
	server := console.Changed{Events: []core.Event{{Institution: core.Installation, Subject: core.Ref{Kind: core.KindMailServer, ID: 1}}}}
	st.live = true
	d.Send(server)
	d.Want("contacts")
	d.Without("mail is captured", "Captured mail")
	p := st.pages[session.PageContacts]
	refreshed := p.refreshed
	st.live = false
	d.Send(server)
	d.Want("mail is captured, not delivered", "Captured mail")
	if p.refreshed != refreshed+2 { // what it says depends on it
		t.Errorf("the page was refreshed %d times", p.refreshed-refreshed)
	}
}

func TestNoKeyLeadsAwayFromAQuestion(t *testing.T) {
	t.Parallel()
	st, d := travel(t, &travels{places: houses()}, 120, 30)
	p := st.pages[session.PageContacts]
	p.asking = true
	d.Press("g", "s")
	d.Want("contacts")
	d.Without("g go to", "o switch")
	d.Press("o")
	d.Without("Switch to")
	d.Press("ctrl+d")
	d.Want("Mia Keller")
	if err := st.root.CheckKeys(); err != nil {
		t.Error(err)
	}
	d.Press("?")
	d.Want("All keys", "quit")
	d.Without("g s", "sign out")
	d.Press("esc")
	p.asking = false
	d.Press("g", "s")
	d.Want("settings")
}

func TestR87_WhatIsElsewhereIsSwitchedToAndOpened(t *testing.T) {
	t.Parallel()
	tr := &travels{places: houses()}
	st, d := travel(t, tr, 120, 24)
	ref := core.Ref{Kind: core.KindMail, ID: 9}
	d.Send(session.Go{Page: session.PageOutbox, Ref: ref, Institution: 4})
	d.Want("Harbour Hall ▸ Hall")
	if p := st.pages[session.PageOutbox]; p == nil || p.ref != ref || p.openedIn != "Harbour Hall" || len(tr.went) != 1 {
		t.Errorf("opened %+v after %v", p, tr.went)
	}
	d.Send(session.Go{Page: session.PageSettings, Institution: 4})
	if len(tr.went) != 1 || st.pages[session.PageSettings] == nil {
		t.Errorf("what is here was switched to: %v", tr.went)
	}
	d.Send(session.Go{Page: session.PageContacts, Institution: 5})
	if d.Want("settings"); len(tr.went) != 1 {
		t.Error("moved to where the operator doesn't work")
	}
}
