package settings_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/coretest"
	"willcall/core/venue"
	"willcall/storage/storagetest"
	"willcall/ui/console"
	"willcall/ui/page/settings"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

// stage is a console whose only page is the settings, on a whole house.
type stage struct {
	*uitest.Stage
	t     *testing.T
	house *coretest.House
	page  *settings.Page
	vault *vault // where backups go
	saves *backup.Service
	queue []tea.Cmd
	in    session.Entered
	words func(key string, pairs ...string) string // the catalogue's, in English
	told  func(error) string
	req   core.Request // of who is signed in
}

// build shows the settings to somebody of a role; change alters the house
// before.
func build(t *testing.T, role core.Role, width, height int, change ...func(*coretest.House)) *stage {
	t.Helper()
	st := &stage{t: t, house: coretest.New(t, storagetest.New(t)), vault: newVault()}
	backups := backup.NewService(st.house.Desk, st.vault)
	st.saves = backups
	for _, c := range change {
		c(st.house)
	}
	req := st.house.Owner
	if role != core.RoleOwner {
		req = st.house.Hire(role)
	}
	st.req = req
	st.Stage = uitest.NewStage(t, st.house, width, height, uitest.Pages{
		session.PageSettings: func(s *session.Session) session.Page {
			st.page = settings.New(s, st.house.Venue, st.house.Servers, st.house.Setup, backups, st.house.Operators)
			return st.page
		},
	}, func(c *console.Config) { c.Backup = func() *console.Backup { return backingUp(backups) } })
	st.words, st.told = st.Words.In(text.English).T, st.Words.In(text.English).Error
	st.in = st.Entered(req)
	st.in.Address = "" // no prompt is filled in: tests type
	st.Send(st.in)
	return st
}

// pressed presses a key and leaves what it leads to under way.
func (st *stage) pressed(key string) (under tea.Cmd) {
	st.t.Helper()
	codes := map[string]rune{"enter": tea.KeyEnter}
	return st.Step(tea.KeyPressMsg{Code: codes[key]})
}

// drawn tells the root that the picture has reached the terminal.
func (st *stage) drawn() {
	st.t.Helper()
	_, err := st.Root.Output(io.Discard).Write(nil)
	st.house.Must(err)
}

// overview is what the core says.
func (st *stage) overview() venue.Overview {
	st.t.Helper()
	o, err := st.house.Venue.Overview(st.t.Context(), st.house.Owner)
	st.house.Must(err)
	return o
}

func (st *stage) changed() { st.Send(console.Changed{Resync: true}) }

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

// on selects the line of the tree that begins with a name.
func (st *stage) on(name string) {
	st.t.Helper()
	st.Press("home")
	for range 40 {
		if strings.HasPrefix(st.selected(), name) {
			return
		}
		st.Press("down")
	}
	st.t.Fatalf("no %s in the tree:\n%s", name, st.Frame())
}

// selected is what stands behind the sign of the selection in the list.
func (st *stage) selected() string {
	frame := st.Frame()
	_, height := frame.Size()
	for y := range height {
		row := strings.TrimPrefix(strings.TrimPrefix(frame.Line(y), "…"), " ") // more may follow
		if name, found := strings.CutPrefix(row, "▸ "); found {
			return strings.TrimSpace(name)
		}
	}
	return ""
}

func TestTreeStandsBesideWhatIsSelected(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.Want("This institution", "Validation", "Organisations", "Sales channels", "Points of sale", "Documents", "Mail server", "Institutions", "Storage")
	st.Want("Europe/Zurich", coretest.PortalURL, "24 h", "e  edit institution")
	for _, c := range []struct {
		name  string
		wants []string
	}{
		{"Validation", []string{"Decides for every contact", "e  switch off, asks first"}},
		{"Organisations", []string{"The parts of this institution", "n  new organisation"}},
		{"Main house", []string{"Web shop (running)", "Operators who work in Main house", "e  edit organisation"}},
		{"Sales channels", []string{"The ways tickets are sold.", "n  new sales channel"}},
		{"Internet", []string{"Internet B2C", "Web shop (running)", "offered for validation mails to individuals, structures"}},
		{"Points of sale", []string{"Where tickets are sold.", "n  new point of sale"}},
		{"Web shop", []string{"Main house", "Internet (Internet B2C)", "tickets@opera.example", coretest.SignInURL, "e  edit point of sale"}},
		{"Documents", []string{"Every save makes a new edition", "n  new document"}},
		{"Welcome", []string{"Account verification email", "1, 21 Nov 2026, 19:42 by set-up", "Bonjour {name}", "Français", "t  send sample"}},
		{"Address changed", []string{"Address changed notice", "It never names the new address."}},
		{"Mail server", []string{"mail is captured, not delivered", "From then on mail is", "e  set mail server"}},
		{"Institutions", []string{"The houses you may work in.", "n  new institution"}},
		{"Opéra du Lac", []string{"You work here now.", "Main house"}},
	} {
		st.on(c.name)
		st.Want(c.wants...)
		st.KeysAreClear()
	}
}

func TestOnePaneAtATimeOnASmallScreen(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 80, 24)
	st.on("Validation")
	st.Without("Decides for")
	st.Press("enter")
	st.Want("Decides for every contact")
	st.KeysAreClear()
	st.Press("esc")
	st.on("Welcome")
	st.Press("enter")
	st.Want("Account verification email")
	st.Without("Points of sale")
	st.Press("e")
	st.Want("Edit Welcome", "Saving makes edition 2")
	st.Press("tab", "tab")
	st.Want("A brace lists what the text may hold: {name}", "Saving makes edition 2")
	st.KeysAreClear()
}

func TestR1_TheSwitchIsSetFromThePage(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30)
	st.on("Validation")
	st.Press("e")
	st.Want("Switch validation off?", "no validation mail goes out", "those waiting are cancelled")
	st.KeysAreClear()
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
		st := build(t, role, 120, 40)
		before := st.house.Dump()
		st.Without("Mail server") // it names the server's user and an admin's address
		const reason, owners = "Your role does not allow this. An admin can.", "Your role does not allow this. An owner can."
		for _, name := range []string{
			"This institution", "Validation", "Organisations", "Main house", "Sales channels", "Internet", "Points of sale",
			"Web shop", "Documents", "Welcome", "Institutions", "Opéra du Lac",
		} {
			st.on(name)
			st.Want("Your role does not allow this.")
			st.Press("e", "O", "n", "t", "R", "S", "ctrl+s", "ctrl+t")
			st.Want("Your role does not allow this.", "Web shop")
			st.KeysAreClear()
			for _, a := range st.page.Actions() {
				if a.ID != "" && a.Disabled != reason && (a.ID != core.ActInstitutionsCreate || a.Disabled != owners) {
					t.Errorf("%v: %s is not disabled with the reason: %q", role, a.ID, a.Disabled)
				}
			}
		}
		if after := st.house.Dump(); !maps.Equal(after, before) {
			t.Errorf("%v changed something", role)
		}
	}
}

func TestR19_OnlyAnActiveDocumentIsOffered(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Welcome")
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
	st.on("Web shop")
	st.Want("Validation mails to individuals, structures and relays", "in Main house.")
	st.Press("e")
	st.KeysAreClear()
	st.Press("tab", "tab", "tab", "enter", "down")
	st.KeysAreClear()
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
	st := build(t, core.RoleOwner, 120, 40, func(h *coretest.House) {
		write(h, func(act *core.Act) error {
			for _, kind := range kinds {
				channel, err := venue.CreateChannel(act, venue.SalesChannel{Name: kind.String(), Kind: kind})
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
	st.on("Web shop")
	for i, want := range []string{
		"individuals, structures and relays", "mails to structures and relays", "mails to structures and relays", "a counter has no page",
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
	st.on("Validation")
	o := st.overview()
	_, err := st.house.Venue.SwitchValidation(t.Context(), st.house.Owner, o.InstitutionVersion, false)
	st.house.Must(err)
	st.Press("e", "O")
	st.Want("Somebody else saved this first.", "No validation mail goes out, by hand or by itself")
}

func TestRefreshKeepsSelectionAndTypedText(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Welcome")
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
				venue.Documents().Delete(act, institution, h.Made.Notice, 1),
				venue.SalesChannels().Delete(act, institution, 1, 1),
				venue.Organisations().Delete(act, institution, h.Made.Organisation, 1),
			)
		})
	}
	st := build(t, core.RoleOwner, 120, 30, empty)
	for name, wants := range map[string][]string{
		"Organisations":  {"No organisation yet", "n  new organisation"},
		"Sales channels": {"No sales channel yet", "n  new sales channel"},
		"Points of sale": {"No point of sale yet", "n  new point of sale"},
		"Documents":      {"No document yet", "n  new document"},
	} {
		st.on(name)
		st.Want(wants...)
		st.KeysAreClear()
	}
	st = build(t, core.RoleDeveloper, 120, 30, empty)
	st.on("Points of sale")
	st.Want("No point of sale yet", "An admin can.")
}

func TestUnreadableSettingsSayWhatToDo(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 30)
	lost := st.house.Owner
	lost.Institution = 99
	page := settings.New(&session.Session{Ctx: context.Background(), Request: lost}, st.house.Venue, st.house.Servers, st.house.Setup, nil, st.house.Operators)
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
		for range 14 {
			for _, key := range []string{"enter", "enter", "esc", "esc", "t", "esc", "n", "ctrl+r", "esc", "esc", "e", "ctrl+r", "esc", "esc", "down"} {
				st.Press(key)
				for y, line := range st.page.Render(size[0], size[1]) {
					if got := ansi.StringWidth(line); got != size[0] {
						t.Errorf("%v after %s: line %d is %d cells wide: %q", size, key, y, got, line)
					}
				}
				st.KeysAreClear()
			}
		}
		if err := uitest.Allowed(uitest.Record(t, size[0], size[1], distinct(st.Views())...).All()); err != nil {
			t.Errorf("%v: %v", size, err)
		}
	}
}
