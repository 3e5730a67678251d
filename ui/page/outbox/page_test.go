package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/storage/storagetest"
	"willcall/ui/console"
	"willcall/ui/page/outbox"
	"willcall/ui/page/signin"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/theme"
	"willcall/ui/uitest"
)

// stage is a console with the outbox, on a house.
type stage struct {
	*uitest.Stage
	t     *testing.T
	house *coretest.House
	page  *outbox.Page
	asked []core.Ref // what the contacts page was opened on
}

// contactsPage stands for the page of contacts and notes what it is opened on.
type contactsPage struct {
	*signin.Page
	st *stage
}

func (p contactsPage) Key() session.PageKey { return session.PageContacts }
func (p contactsPage) Typing() bool         { return false }

func (p contactsPage) Open(ref core.Ref) tea.Cmd {
	p.st.asked = append(p.st.asked, ref)
	return nil
}

func words(t *testing.T) *text.Catalogue {
	t.Helper()
	c, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// build makes a house in which before has happened, and opens its outbox.
func build(t *testing.T, width, height int, before func(*coretest.House)) *stage {
	t.Helper()
	h := coretest.New(t, storagetest.New(t))
	if before != nil {
		before(h)
	}
	return enter(t, h, h.Owner, width, height)
}

// enter opens the outbox of a house for an operator; change alters what the
// screen takes them for.
func enter(t *testing.T, h *coretest.House, req core.Request, width, height int, change ...func(*session.Entered)) *stage {
	t.Helper()
	st := &stage{t: t, house: h}
	st.Stage = uitest.NewStage(t, h, width, height, uitest.Pages{
		session.PageContacts: func(s *session.Session) session.Page {
			return contactsPage{signin.New(s, h.Operators, h.Venue), st}
		},
		session.PageOutbox: func(s *session.Session) session.Page {
			st.page = outbox.New(s, h.Reading, h.Office, h.Venue)
			return st.page
		},
	}, func(c *console.Config) { c.Check = checking(h) })
	in := st.Entered(req)
	for _, c := range change {
		c(&in)
	}
	st.Send(in)
	st.Press("g", "o")
	return st
}

// checking asks the desk whether a session still is one.
func checking(h *coretest.House) func(context.Context, core.Request) (core.Standing, error) {
	return func(ctx context.Context, req core.Request) (core.Standing, error) {
		return h.Desk.May(ctx, req, core.ActSessionCheck)
	}
}

// happened tells the console what a commit tells.
func (st *stage) happened(kinds ...core.Kind) {
	st.t.Helper()
	var batch console.Changed
	for _, kind := range kinds {
		batch.Events = append(batch.Events, core.Event{Institution: st.house.Made.Institution, Subject: core.Ref{Kind: kind, ID: 1}})
	}
	st.Send(batch)
}

// row is the first line of the list that holds want.
func (st *stage) row(want string) string {
	for y := 4; y < 24; y++ {
		if line := st.Frame().Line(y); strings.Contains(line, want) {
			return line
		}
	}
	return ""
}

// address is one that a mail server may get mail for.
func address(name string) string { return name + "@lac-leman.ch" }

// people makes a contact with a validation mail for each first name.
func people(names ...string) func(*coretest.House) {
	return func(h *coretest.House) {
		for _, name := range names {
			h.Create(coretest.Person(name, "Dupont", address(strings.ToLower(name))))
			h.Clock.Advance(time.Minute)
		}
	}
}

// answer lets the mail server answer the mail that is due longest.
func answer(h *coretest.House, a mail.Answer) mail.Work {
	h.T.Helper()
	work, ok, _, err := h.Queue.Lease(h.Ctx)
	h.Must(err)
	if !ok {
		h.T.Fatal("no mail is due")
	}
	h.Must(h.Queue.Finish(h.Ctx, work, a))
	return work
}

func TestListShowsStateRecipientTextAndTime(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, func(h *coretest.House) {
		people("Marie", "Paul", "Zoe", "Ana")(h)
		answer(h, mail.Answer{Verdict: mail.Captured})
		answer(h, mail.Answer{Verdict: mail.Never, Text: "550 5.1.1 no such user", Why: mail.WhyMailbox})
		answer(h, mail.Answer{Verdict: mail.Later, Text: "451 4.7.1 later", Why: mail.WhyBusy})
	})
	for name, want := range map[string]string{
		"Marie": "✓ captured", "Paul": "✗ failed", "Zoe": "… waiting", "Ana": "… waiting",
	} {
		if line := st.row(name + " Dupont"); !strings.Contains(line, want) || !strings.Contains(line, "Welcome") {
			t.Errorf("%s stands as %q, want %q", name, line, want)
		}
	}
	st.Want("All 4", "Waiting 2", "Failed 1", "again at 19:47", "State", "Tries", "Time")
	st.Selected("Ana")
	st.KeysAreClear()
}

func TestStatesLookDifferent(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(h *coretest.House) {
		people("Marie", "Paul", "Zoe")(h)
		answer(h, mail.Answer{Verdict: mail.Captured})
		answer(h, mail.Answer{Verdict: mail.Never, Text: "550"})
		h.Must(h.Office.Cancel(h.Ctx, h.Owner, 3))
	})
	st.Press("down")
	seen := map[string]string{}
	for _, word := range []string{"captured  ", "cancelled", "✗ failed"} {
		look, found := st.Frame().StyleOf(word)
		if other, again := seen[look]; !found || again {
			t.Errorf("%q looks %q, as %q does", word, look, other)
		}
		seen[look] = word
	}
}

func TestDetailSaysWhatTheServerSaidAndWhatItMeans(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 34, func(h *coretest.House) {
		people("Marie")(h)
		answer(h, mail.Answer{Verdict: mail.Later, Text: "451 4.3.2 come back later", Why: mail.WhyBusy})
	})
	st.Want("Confirm, Marie", "not taken yet", "451 4.3.2", "Marie Dupont", address("marie"), "tickets@opera.example",
		"edition 1, English", "Next try", "21 Nov 2026, 19:44", "Expires", mail.Mask)
	means := words(t).In(text.English).T("why." + string(mail.WhyBusy))
	for _, word := range strings.Fields(means) {
		st.Want(word)
	}
	st.Without("/v/")
}

func TestAMailThatNoServerWasAskedToTakeSaysWhy(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(h *coretest.House) {
		h.Create(coretest.Person("Marie", "Dupont", "marie@mail.example"))
		h.GoLive()
		if _, asked, _, err := h.Queue.Lease(h.Ctx); err != nil || asked {
			t.Fatalf("a server is asked to take it, %v", err)
		}
	})
	st.Press("enter")
	st.Want("✗ failed", "Why", "reserved for examples", "Ask the contact for the real address.")
	st.Without("Answer")
}

func TestAnAddressKeepsToOneLineBesideTheList(t *testing.T) {
	t.Parallel()
	const long = "marie-antoinette.dupont@lac-leman.ch"
	for _, width := range []int{100, 110, 120} {
		st := build(t, width, 30, func(h *coretest.House) { h.Create(coretest.Person("Marie", "Dupont", long)) })
		st.Want(long, "State", "Time")
		if line := st.row("Marie Dupont"); !strings.Contains(line, "waiting") {
			t.Errorf("%d cells: the row is %q", width, line)
		}
	}
}

func TestLabelsOfAMailFitBesideTheList(t *testing.T) {
	t.Parallel()
	for _, language := range text.Languages() {
		for _, key := range []string{"column.state", "answer", "means", "to", "from", "what", "tries", "next", "expires"} {
			if label := words(t).In(language).T("outbox." + key); ansi.StringWidth(label) > 8 {
				t.Errorf("%q takes more than 8 cells", label)
			}
		}
	}
}

func TestDetailOpensInFullWidthWhereThereIsOnePane(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, people("Marie", "Paul"))
	st.Without("Confirm,")
	st.Press("down", "enter")
	st.Want("Confirm, Marie", "a  send again", "C  cancel mail", "p  contact")
	st.KeysAreClear()
	st.Press("end")
	st.Want(mail.Mask)
	utf8 := st.Session.Theme
	st.Session.Theme = theme.New(theme.Options{ASCII: true})
	st.Press("home", "end")
	st.Want("******")
	st.Without(mail.Mask)
	st.Session.Theme = utf8
	st.Press("esc")
	st.Selected("Marie")
	st.Without("Confirm,")
}

func TestSmallestScreenIsUsable(t *testing.T) {
	t.Parallel()
	st := build(t, 40, 10, people("Marie", "Paul"))
	st.Want("All 2", "waiting", "Paul Dupont", "Marie Dupont")
	st.Press("a")
	st.Want("Write \"Welcome\"", "enter send again", "esc back")
	st.Press("esc", "enter", "C")
	st.Want("Cancel \"Welcome\"", "C cancel mail", "esc back")
}

func TestViewsAreTurnedWithAKey(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(h *coretest.House) {
		people("Marie", "Paul", "Zoe")(h)
		answer(h, mail.Answer{Verdict: mail.Never, Text: "550"})
		answer(h, mail.Answer{Verdict: mail.Captured})
	})
	st.Press("tab")
	st.Want("Zoe", "Waiting 1", "Failed 1")
	st.Without("Marie", "Paul")
	st.Press("tab")
	st.Want("Marie")
	st.Without("Zoe", "Paul")
	st.Press("tab")
	st.Want("Marie", "Paul", "Zoe", "All 3")
	st.Press("shift+tab", "shift+tab")
	st.Want("Zoe")
	h := st.house
	answer(h, mail.Answer{Verdict: mail.Captured})
	st.happened(core.KindMail)
	st.Want("No mail is waiting", "Press tab")
	st.KeysAreClear()
}

func TestAContactsMailsAreListedAlone(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, people("Marie", "Paul"))
	st.Send(session.Go{Page: session.PageOutbox, Ref: core.Ref{Kind: core.KindContact, ID: 1}})
	st.Want("Mails to Marie Dupont only.", "All 1", "esc mails to all")
	st.Without("Paul")
	st.KeysAreClear()
	st.Press("esc")
	st.Want("All 2", "Paul")
	st.Without("only.")
	st.Send(session.Go{Page: session.PageOutbox, Ref: core.Ref{Kind: core.KindContact, ID: 99}})
	st.Want("No mail to this contact yet", "one contact")
	st.Press("esc")
	st.Want("All 2")
}

func TestOpensTheMailThatIsAskedFor(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, people("Marie", "Paul"))
	st.Send(session.Go{Page: session.PageOutbox, Ref: core.Ref{Kind: core.KindMail, ID: 1}})
	st.Want("Confirm, Marie")
	st.Press("p")
	if want := (core.Ref{Kind: core.KindContact, ID: 1}); !slices.Contains(st.asked, want) {
		t.Errorf("the contacts were opened on %v", st.asked)
	}
	st.Press("g", "o")
	st.Want("Confirm, Marie")
	st.Press("esc")
	st.Selected("Marie")
	st.Send(session.Go{Page: session.PageOutbox, Ref: core.Ref{Kind: core.KindMail, ID: 99}})
	st.Want("This mail can’t be read", "no longer here")
}

func TestSelectionStaysWhileMailsArrive(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, people("Marie", "Paul", "Zoe"))
	st.Press("down")
	st.Want("Confirm, Paul")
	people("Ana")(st.house)
	answer(st.house, mail.Answer{Verdict: mail.Captured})
	answer(st.house, mail.Answer{Verdict: mail.Captured})
	st.happened(core.KindMail)
	st.Want("Ana Dupont", "Confirm, Paul", "✓ captured")
	st.Selected("Paul")
}

// notices puts so many mails for no contact into the outbox.
func notices(h *coretest.House, name string, n int) {
	h.T.Helper()
	h.Act(func(act *core.Act) error {
		for i := range n {
			_, err := mail.NewOutbox(h.Keys).Enqueue(act, core.Mail{
				To: address("nobody"), ToName: fmt.Sprintf("%s %d.", name, i), From: "tickets@opera.example", System: "notice",
				Language: "en", Subject: core.Ref{Kind: core.KindInstitution, ID: 1},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func TestOlderMailsAreReadWhileScrollingDown(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(h *coretest.House) { notices(h, "Person", 330) })
	st.Want("All 330", "Person 329.", "notice")
	st.Press("end", "end", "end", "end", "end")
	st.Selected("Person 0.")
	notices(st.house, "Burst", 150)
	st.happened(core.KindMail)
	st.Selected("Person 0.")
	st.Press("p")
	st.Want("This mail is for no contact.")
	st.Press("home")
	st.Selected("Burst 149.")
}

func TestEmptyOutboxSaysWhatWouldBeHere(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, nil)
	st.Want("No mail has gone out yet", "press v")
	st.Press("enter", "down", "a", "C", "p")
	st.Want("No mail has gone out yet")
	st.KeysAreClear()
}

func TestFailuresSayWhatToDo(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, people("Marie"))
	st.Want("Marie")
	st.house.Must(st.house.Operators.SignOut(st.house.Ctx, st.house.Owner))
	developer := st.house.Hire(core.RoleDeveloper)
	trusting := func(in *session.Entered) { in.Role = core.RoleOwner } // a role that the core doesn't
	wrong := enter(t, st.house, developer, 80, 24, trusting)
	wrong.Want("The outbox can’t be read", "Your role does not allow this.")
	wrong.KeysAreClear()
}

func TestR87_OtherInstitutionsMailsAreNotListed(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(h *coretest.House) {
		h.Damaged() // the other institution is not there
		people("Marie")(h)
		h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error {
			act := &core.Act{Tx: tx, Req: core.Request{Institution: h.Made.Institution + 1}, At: h.Clock.Effective(), Random: coretest.Random(7)}
			_, err := mail.NewOutbox(h.Keys).Enqueue(act, core.Mail{To: address("spy"), ToName: "Somebody Else", From: "a@b.example", System: "x"})
			return err
		}))
	})
	st.Want("All 1", "Marie")
	st.Without("Somebody Else")
}

// hostile is what a mail must not do to a terminal.
const hostile = "\x1b[31mred\x1b]52;c;eHh4\x07 \u009b2J \u202eesrever\u2066 ● ✓ ✗ \x00\x7f \xff 👩‍👩‍👧‍👦 שלום ｗｉｄｅ"

func TestHostileAnswersStayWithinTheirCells(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{120, 30}, {80, 24}, {40, 10}} {
		st := build(t, size[0], size[1], func(h *coretest.House) {
			h.Act(func(act *core.Act) error {
				_, err := mail.NewOutbox(h.Keys).Enqueue(act, core.Mail{
					To: address("marie"), ToName: hostile, From: "t@opera.example", FromName: hostile, System: hostile, Language: "en",
				})
				return err
			})
			answer(h, mail.Answer{Verdict: mail.Later, Text: strings.Repeat(hostile, 20), Why: mail.WhyOther})
		})
		for _, keys := range [][]string{{"a"}, {"enter"}, {"pgdown"}, {"end"}} {
			st.Press(keys...)
			for y, line := range st.page.Render(size[0], size[1]) {
				if got := ansi.StringWidth(line); got != size[0] {
					t.Errorf("%v after %v: line %d is %d cells wide: %q", size, keys, y, got, line)
				}
			}
		}
		if err := uitest.Allowed(uitest.Record(t, size[0], size[1], st.Views()...).All()); err != nil {
			t.Errorf("%v: %v", size, err)
		}
	}
}

// key is a letter, or an arrow, to be pressed with [uitest.Driver.Step].
func key(name string) tea.KeyPressMsg {
	if name == "down" {
		return tea.KeyPressMsg{Code: tea.KeyDown}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// TestAReadingGoesAsDownAsTheScreen: one reading fills the screen below the
// selection, though that is beyond the first stretch.
func TestAReadingGoesAsDownAsTheScreen(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 60, func(h *coretest.House) { notices(h, "Person", 230) })
	st.Press("pgdown", "pgdown")
	for range 20 {
		st.Press("up")
	}
	before := st.page.Render(80, 56)
	reading, batch := st.page.Refresh()().(tea.BatchMsg)
	if !batch {
		t.Fatal("nothing is read again")
	}
	for _, each := range reading {
		st.page.Update(each()) // and nothing that follows from it
	}
	if after := st.page.Render(80, 56); !slices.Equal(after, before) {
		t.Errorf("the list moved:\n%s\nafter\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
}
