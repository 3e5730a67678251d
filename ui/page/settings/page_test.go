package settings_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/venue"
	"willcall/storage/storagetest"
	"willcall/ui/console"
	"willcall/ui/page/settings"
	"willcall/ui/page/signin"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

// stage is a console whose only page is the settings, on a whole house.
type stage struct {
	*uitest.Driver
	t     *testing.T
	house *coretest.House
	page  *settings.Page
	root  *console.Root
}

// build shows the settings to somebody of a role; change alters the house
// before.
func build(t *testing.T, role core.Role, width, height int, change ...func(*coretest.House)) *stage {
	t.Helper()
	st := &stage{t: t, house: coretest.New(t, storagetest.New(t))}
	for _, c := range change {
		c(st.house)
	}
	req := st.house.Owner
	if role != core.RoleOwner {
		req = st.house.Hire(role)
	}
	words, err := text.Load()
	st.house.Must(err)
	st.root = console.New(console.Config{
		Session: &session.Session{
			Ctx: t.Context(), Clock: st.house.Clock, Actions: core.NewActionTable(core.Actions()), Text: words.In(text.English),
		},
		Catalogue: words,
		Pages: map[session.PageKey]func(*session.Session) session.Page{
			session.PageSignIn: func(s *session.Session) session.Page {
				return signin.New(s, st.house.Operators, st.house.Venue)
			},
			session.PageSettings: func(s *session.Session) session.Page {
				st.page = settings.New(s, st.house.Venue)
				return st.page
			},
		},
	})
	st.Driver = uitest.New(t, st.root, width, height)
	st.Send(session.Entered{
		Actor: req.Actor, Session: req.Session, Role: role, Institution: req.Institution, Organisation: req.Organisation,
		Language: "en", InstitutionName: "Opéra du Lac", OrganisationName: "Main house", Location: time.UTC, Captured: true,
	})
	return st
}

// overview is what the core says.
func (st *stage) overview() venue.Overview {
	st.t.Helper()
	o, err := st.house.Venue.Overview(st.t.Context(), st.house.Owner)
	st.house.Must(err)
	return o
}

func (st *stage) changed() { st.Send(console.Changed{Resync: true}) }

func (st *stage) keysAreClear() {
	st.t.Helper()
	if err := st.root.CheckKeys(); err != nil {
		st.t.Error(err)
	}
}

// retype replaces what stands in the field with the keyboard.
func (st *stage) retype(s string) {
	st.t.Helper()
	st.Press("ctrl+e", "ctrl+u")
	st.Type(s)
}

// write adds to the house in an act of the set-up.
func write(h *coretest.House, fn func(*core.Act) error) {
	h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error {
		return fn(&core.Act{Tx: tx, Req: core.Request{Institution: h.Made.Institution}, At: h.Clock.Effective()})
	}))
}

// The places in the tree of a house after its set-up, as downs from the top.
const (
	downsToPoint    = 2
	downsToDocument = 4
)

func (st *stage) down(times int) {
	st.t.Helper()
	for range times {
		st.Press("down")
	}
}

func TestTreeStandsBesideWhatIsSelected(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30)
	st.Want("Validation", "Points of sale", "Web shop", "running", "Documents", "Welcome", "active", "Decides for every contact")
	st.keysAreClear()
	st.Press("down")
	st.Want("Where tickets are sold.", "n  new point of sale")
	st.Press("down")
	st.Want("Main house", "Internet (Internet B2C)", "tickets@opera.example", coretest.SignInURL, "e  edit point of sale")
	st.keysAreClear()
	st.down(2)
	st.Want("Account verification email", "1, 21 Nov 2026, 19:42 by set-up", "Bonjour {name}", "Français")
	st.keysAreClear()
}

func TestOnePaneAtATimeOnASmallScreen(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 80, 24)
	st.Without("Decides for")
	st.Press("enter")
	st.Want("Decides for every contact")
	st.keysAreClear()
	st.Press("esc")
	st.down(downsToDocument)
	st.Press("enter")
	st.Want("Account verification email")
	st.Without("Points of sale")
	st.Press("e")
	st.Want("Edit Welcome", "Saving makes edition 2")
	st.Press("tab", "tab")
	st.Want("May hold {name}", "Saving makes edition 2")
	st.keysAreClear()
}

func TestR1_TheSwitchIsSetFromThePage(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30)
	st.Press("e")
	st.Want("Switch validation off?", "no validation mail goes out")
	st.keysAreClear()
	st.Press("esc")
	if !st.overview().Institution.Validation {
		t.Fatal("leaving the question switched off")
	}
	st.Press("e", "O")
	st.Want("Validation is off. No validation mail goes out")
	if st.overview().Institution.Validation {
		t.Fatal("the switch is still on")
	}
	saved := st.house.Create(coretest.Person("Zoé", "Dupont", "zoe@mail.example"))
	if mails := st.house.Mails(); len(mails) != 0 || saved.Status != core.EmailNotValidated {
		t.Errorf("with the switch off %d mails went out, the marker is %v", len(mails), saved.Status)
	}
	st.Press("e")
	st.Want("Validation is on.")
	if st.house.Create(coretest.Person("Ana", "Reis", "ana@mail.example")); len(st.house.Mails()) != 1 {
		t.Error("with the switch on no mail went out")
	}
}

func TestR86_OperatorsAndDevelopersOnlyRead(t *testing.T) {
	t.Parallel()
	for _, role := range []core.Role{core.RoleOperator, core.RoleDeveloper} {
		st := build(t, role, 120, 30)
		before := st.overview()
		const reason = "Your role does not allow this. An admin can."
		for range 5 {
			st.Want(reason)
			st.Press("e", "O", "n", "ctrl+s")
			st.Want(reason, "Web shop")
			st.keysAreClear()
			for _, a := range st.page.Actions() {
				if a.ID != "" && a.Disabled != reason {
					t.Errorf("%v: %s is not disabled with the reason: %q", role, a.ID, a.Disabled)
				}
			}
			st.Press("down")
		}
		if after := st.overview(); after.InstitutionVersion != before.InstitutionVersion || len(after.Documents) != 1 {
			t.Errorf("%v changed the settings", role)
		}
	}
}

func TestR19_OnlyAnActiveDocumentIsOffered(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.down(downsToDocument)
	st.Press("e", "tab", "space", "ctrl+s")
	st.Want("Welcome saved", "Nobody is offered it.", "inactive")
	offer, err := st.house.Contacts.Offer(t.Context(), st.house.Owner, core.ContactIndividual, 0)
	st.house.Must(err)
	if len(offer.Documents) != 0 {
		t.Errorf("an inactive document is offered: %v", offer.Documents)
	}
}

func TestR20_OnlyARunningPointOfSaleIsOffered(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.down(downsToPoint)
	st.Want("Validation mails to individuals, structures, relays", "in Main house.")
	st.Press("e")
	st.keysAreClear()
	st.Press("tab", "tab", "tab", "enter", "down")
	st.keysAreClear()
	st.Press("enter")
	st.Want("Saving changes what is sent from now on.", "only a running point of sale is")
	st.Press("ctrl+s")
	st.Want("Web shop saved", "closed")
	offer, err := st.house.Contacts.Offer(t.Context(), st.house.Owner, core.ContactIndividual, 0)
	st.house.Must(err)
	if len(offer.PointsOfSale) != 0 {
		t.Errorf("a closed point of sale is offered: %v", offer.PointsOfSale)
	}
}

func TestR21_R22_ThePageSaysWhomAPointOfSaleServes(t *testing.T) {
	t.Parallel()
	kinds := []venue.ChannelKind{venue.ChannelInternetB2B, venue.ChannelInternetAgency, venue.ChannelCounter}
	st := build(t, core.RoleOwner, 120, 30, func(h *coretest.House) {
		write(h, func(act *core.Act) error {
			for _, kind := range kinds {
				channel, err := venue.CreateChannel(act, venue.SalesChannel{Name: "Channel", Kind: kind})
				if err != nil {
					return err
				}
				_, err = venue.CreatePointOfSale(act, venue.PointOfSaleDraft{
					Name: kind.String(), Organisation: h.Made.Organisation, Channel: channel, State: venue.StateRunning,
					SenderName: "Opéra", Sender: "tickets@opera.example", SignInURL: coretest.SignInURL,
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
	st.down(downsToPoint)
	for i, want := range []string{
		"individuals, structures, relays", "mails to structures, relays", "mails to structures, relays", "a counter has no page",
	} {
		st.Want(want)
		name := append([]string{"Web shop"}, "internet-b2b", "internet-agency", "counter")[i]
		for kind, word := range map[core.ContactKind]string{
			core.ContactIndividual: "individuals", core.ContactStructure: "structures", core.ContactRelay: "relays",
		} {
			if offered := st.offers(kind, name); offered != st.Frame().Contains(word) {
				t.Errorf("%s: the core offers it for %s: %v, the page says\n%s", name, word, offered, st.Frame())
			}
		}
		st.Press("down")
	}
}

func (st *stage) offers(kind core.ContactKind, name string) bool {
	st.t.Helper()
	offer, err := st.house.Contacts.Offer(st.t.Context(), st.house.Owner, kind, 0)
	st.house.Must(err)
	for _, n := range offer.PointsOfSale {
		if n.Name == name {
			return true
		}
	}
	return false
}

func TestSwitchThatSomebodyElseChangedIsAConflict(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30)
	o := st.overview()
	_, err := st.house.Venue.SwitchValidation(t.Context(), st.house.Owner, o.InstitutionVersion, false)
	st.house.Must(err)
	st.Press("e", "O")
	st.Want("Somebody else saved this first.", "No validation mail goes out, by hand or by itself")
}

func TestRefreshKeepsSelectionAndTypedText(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.down(downsToDocument)
	write(st.house, func(act *core.Act) error {
		_, err := venue.CreatePointOfSale(act, venue.PointOfSaleDraft{
			Name: "Above", Organisation: st.house.Made.Organisation, Channel: 1, State: venue.StateRunning,
			SenderName: "Opéra", Sender: "a@opera.example", SignInURL: coretest.SignInURL,
		})
		return err
	})
	st.changed()
	st.Want("Above", "Account verification email")
	st.Press("e")
	st.retype("Typed so far")
	st.changed()
	st.Want("Typed so far", "Edit Welcome")
}

func TestOpensWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30)
	st.Send(session.Go{Page: session.PageSettings, Ref: core.Ref{Kind: core.KindDocument, ID: st.house.Made.Document}})
	st.Want("Account verification email")
	st.Send(session.Go{Page: session.PageSettings, Ref: core.Ref{Kind: core.KindPointOfSale, ID: st.house.Made.PointOfSale}})
	st.Want("Internet (Internet B2C)")
	st.Send(session.Go{Page: session.PageSettings, Ref: core.Ref{Kind: core.KindInstitution, ID: st.house.Made.Institution}})
	st.Want("Decides for every contact")
}

func TestEmptySectionsSayWhatWouldBeHere(t *testing.T) {
	t.Parallel()
	empty := func(h *coretest.House) {
		write(h, func(act *core.Act) error {
			institution := h.Made.Institution
			return errors.Join(
				venue.PointsOfSale().Delete(act, institution, h.Made.PointOfSale, 1),
				venue.Documents().Delete(act, institution, h.Made.Document, 1),
			)
		})
	}
	st := build(t, core.RoleOwner, 120, 30, empty)
	st.Press("down")
	st.Want("No point of sale yet", "n  new point of sale")
	st.Press("down")
	st.Want("No document yet", "n  new document")
	st.keysAreClear()
	st = build(t, core.RoleDeveloper, 120, 30, empty)
	st.Press("down")
	st.Want("No point of sale yet", "An admin can.")
}

func TestUnreadableSettingsSayWhatToDo(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30)
	lost := st.house.Owner
	lost.Institution = 99
	page := settings.New(&session.Session{Ctx: context.Background(), Request: lost}, st.house.Venue)
	answer, ok := page.Refresh()().(session.Result)
	if !ok || core.CodeOf(answer.Err) != core.CodeNotFound {
		t.Fatalf("an institution of nobody was read: %+v", answer)
	}
	answer.Session = st.house.Owner.Session
	answer.Stamp = 1
	st.Send(answer)
	st.Want("The settings can’t be read", "no longer here")
}

// distinct is every picture once.
func distinct(views []tea.View) []tea.View {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(views), func(v tea.View) bool {
		again := seen[v.Content]
		seen[v.Content] = true
		return again
	})
}

// hostile is what a name must not do to a terminal.
const hostile = "\x1b[31mred\x1b]52;c;eHh4\x07 \u009b2J \u202eesrever\u2066 a\u0300\u0301\u0302\u0303\u0304\u0305\u0306 \x00\x08\x7f \xff\xfe 👩‍👩‍👧‍👦 שלום ｗｉｄｅ"

func TestHostileNamesStayWithinTheirCells(t *testing.T) {
	t.Parallel()
	plant := func(h *coretest.House) {
		write(h, func(act *core.Act) error {
			institution := h.Made.Institution
			_, err := venue.Organisations().Save(act, institution, h.Made.Organisation, 1, venue.Organisation{Name: hostile})
			if err != nil {
				return err
			}
			_, err = venue.PointsOfSale().Save(act, institution, h.Made.PointOfSale, 1, venue.PointOfSale{
				Name: hostile, Organisation: h.Made.Organisation, Channel: 1, State: venue.StateRunning,
				SenderName: hostile, Sender: hostile, SignInURL: hostile,
			})
			if err != nil {
				return err
			}
			_, err = venue.Documents().Save(act, institution, h.Made.Document, 1, venue.Document{
				Name: strings.Repeat(hostile, 9), Kind: venue.DocumentVerification, Active: true, Edition: 1,
			})
			return err
		})
	}
	for _, size := range [][2]int{{120, 30}, {80, 24}, {40, 10}} {
		st := build(t, core.RoleOwner, size[0], size[1], plant)
		for _, key := range []string{"enter", "esc", "down", "down", "enter", "esc", "e", "esc", "down", "down", "e", "esc", "enter"} {
			st.Press(key)
			for y, line := range st.page.Render(size[0], size[1]) {
				if got := ansi.StringWidth(line); got != size[0] {
					t.Errorf("%v after %s: line %d is %d cells wide: %q", size, key, y, got, line)
				}
			}
			st.keysAreClear()
		}
		if err := uitest.Allowed(uitest.Record(t, size[0], size[1], distinct(st.Views())...).All()); err != nil {
			t.Errorf("%v: %v", size, err)
		}
	}
}
