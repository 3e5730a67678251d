package console_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// book is a stub of the contacts, and notes what it is asked.
type book struct {
	asked []string
	err   error
}

func (b *book) find(_ context.Context, req core.Request, typed string, limit int) ([]console.Contact, error) {
	b.asked = append(b.asked, fmt.Sprintf("%s %d for %d", typed, limit, req.Session))
	if b.err != nil {
		return nil, b.err
	}
	all := []console.Contact{
		{ID: 4821, Number: "C-004821", Name: "Dupont Marie", Address: "marie.dupont@orange.example", Status: core.EmailValidated},
		{ID: 2, Number: "C-000002", Name: "Dupont 山田太郎", Address: "someone.with.a.long.name@mail.example", Status: core.EmailNotValidated},
		{ID: 3, Number: "C-000003", Name: "Dupont שלום"},
	}
	return slices.DeleteFunc(all, func(c console.Contact) bool {
		return !strings.Contains(strings.ToLower(c.Name+c.Number), strings.ToLower(typed))
	}), nil
}

// palette opens one with contacts.
func palette(t testing.TB, role core.Role, width, height int) (*stage, *book, *uitest.Driver) {
	t.Helper()
	b := &book{}
	st := build(t, func(c *console.Config) { c.Find = b.find })
	d := uitest.New(t, st.root, width, height)
	d.Send(entered(role))
	d.Press("ctrl+p")
	return st, b, d
}

func TestPaletteRunsWhatAKeyWould(t *testing.T) {
	t.Parallel()
	st, _, d := palette(t, core.RoleAdmin, 80, 26)
	d.Want("What to do", "new contact", "Captured mail", "g m", "quit", "ctrl+q ctrl+c", "sign out", "ctrl+d")
	if d.Frame().Contains("│    down") || d.Frame().Contains("go to") {
		t.Errorf("what only moves about is offered\n%s", d.Frame())
	}
	p := st.pages[session.PageContacts]
	d.Type("swit")
	d.Without("new contact")
	d.Press("enter")
	d.Without("What to do")
	if !slices.Equal(p.heard, []string{"switched"}) || p.typed != "" {
		t.Errorf("the page heard %v", p.heard)
	}
	d.Press("ctrl+p")
	d.Type("zq")
	d.Want("Nothing here matches")
	d.Press("enter", "backspace", "backspace")
	d.Type("capt")
	d.Press("enter")
	d.Want("captured")
	d.Press("ctrl+p")
	d.Type("keys")
	d.Press("enter")
	d.Want("All keys")
	d.Press("esc", "ctrl+p", "ctrl+p")
	d.Without("What to do")
	d.Press("ctrl+p", "esc", "w")
	if got := st.pages[session.PageCaptured].heard; !slices.Equal(got, []string{"switched"}) {
		t.Errorf("the page heard %v", got)
	}
}

func TestPaletteSaysWhyNot(t *testing.T) {
	t.Parallel()
	st, _, d := palette(t, core.RoleAdmin, 80, 24)
	d.Type("validation")
	d.Want("Sent 19 s ago, again from 19:43.", "switch validation")
	d.Press("up", "enter")
	d.Want("What to do")
	if p := st.pages[session.PageContacts]; len(p.heard) != 0 {
		t.Errorf("%v was done", p.heard)
	}
	st.s.Role = core.RoleDeveloper // as a check would say, behind the palette
	d.Press("down", "enter")
	if p := st.pages[session.PageContacts]; len(p.heard) != 0 {
		t.Errorf("R86: %v was done", p.heard)
	}
}

func TestR86_PaletteOffersWhatTheRoleHas(t *testing.T) {
	t.Parallel()
	_, b, d := palette(t, core.RoleDeveloper, 80, 24)
	d.Without("switch validation", "new contact", "Contacts", "contact's name")
	d.Type("dupont")
	if len(b.asked) != 0 {
		t.Errorf("contacts were looked for: %v", b.asked)
	}
	d.Want("Nothing here matches")
}

func TestPaletteOpensWhileTyping(t *testing.T) {
	t.Parallel()
	st, _, d := palette(t, core.RoleAdmin, 80, 24)
	d.Press("esc")
	p := st.pages[session.PageContacts]
	p.typing = true
	d.Press("ctrl+p")
	d.Type("wedit")
	d.Want("What to do", "wedit")
	d.Press("backspace", "backspace", "backspace", "backspace", "backspace")
	d.Paste("edit\n")
	d.Want("What to do")
	if p.typed != "" || len(p.heard) != 0 {
		t.Errorf("the page heard %v, %q", p.heard, p.typed)
	}
	d.Press("enter")
	if !slices.Equal(p.heard, []string{"saved"}) {
		t.Errorf("the page heard %v", p.heard)
	}
}

func TestPaletteStaysAwayFromQuestions(t *testing.T) {
	t.Parallel()
	st, _, d := palette(t, core.RoleAdmin, 80, 24)
	d.Press("esc")
	p := st.pages[session.PageContacts]
	for name, open := range map[string]func(){
		"asking": func() { p.asking = true }, "question": func() { p.unsaved = true; d.Press("ctrl+q") },
		"keys": func() { d.Press("?") }, "lead": func() { d.Press("g") },
	} {
		open()
		d.Press("ctrl+p")
		if d.Frame().Contains("What to do") {
			t.Errorf("%s: the palette lies on top", name)
		}
		d.Press("esc")
		p.asking, p.unsaved = false, false
	}
	p.unsaved = true
	d.Press("ctrl+p")
	d.Type("quit")
	d.Press("enter")
	d.Want("Quit?")
	if d.Quit() {
		t.Error("quit without asking")
	}
}

func TestPaletteBeforeTheSignIn(t *testing.T) {
	t.Parallel()
	b := &book{}
	st := build(t, func(c *console.Config) { c.Find = b.find })
	d := uitest.New(t, st.root, 80, 24)
	d.Press("ctrl+p")
	d.Want("quit", "keys")
	d.Without("Contacts", "sign out")
	d.Type("dupont")
	if len(b.asked) != 0 {
		t.Errorf("contacts were looked for: %v", b.asked)
	}
	d.Press("ctrl+q")
	if !d.Quit() {
		t.Error("ctrl+q didn't quit")
	}
}

func TestPaletteFindsContacts(t *testing.T) {
	t.Parallel()
	st, b, d := palette(t, core.RoleAdmin, 80, 24)
	d.Type("d")
	if len(b.asked) != 0 {
		t.Errorf("asked %v", b.asked)
	}
	d.Type("u")
	if !slices.Equal(b.asked, []string{"du 5 for 7"}) {
		t.Errorf("asked %v", b.asked)
	}
	d.Want("●✓ Dupont Marie", "marie.dupont@orange.example", "C-004821", "●✗ Dupont 山田太郎", "○  Dupont שלום")
	d.Press("end", "up", "enter")
	if got := st.pages[session.PageContacts].ref; got != (core.Ref{Kind: core.KindContact, ID: 2}) {
		t.Errorf("opened %v", got)
	}
	d.Press("g", "s", "ctrl+p")
	d.Type("c-004821")
	d.Want("Dupont Marie")
	d.Press("enter")
	d.Without("settings")
	if got := st.pages[session.PageContacts].ref.ID; got != 4821 {
		t.Errorf("opened %d", got)
	}
	b.err = errors.New("the disk is asleep")
	d.Press("ctrl+p")
	d.Type("marie")
	d.Want("Something went wrong here")
	b.err = core.Refuse(core.CodeSignedOut)
	d.Type("x")
	d.Want("signin")
}

func TestPaletteDropsStaleContacts(t *testing.T) {
	t.Parallel()
	_, _, d := palette(t, core.RoleAdmin, 80, 24)
	letter := func(r rune) tea.Cmd { return d.Step(tea.KeyPressMsg{Code: r, Text: string(r)}) }
	letter('d')
	first := letter('u')
	d.Want("Looking for contacts")
	second := letter('x')
	d.Run(first)
	d.Want("Looking for contacts")
	d.Without("Dupont")
	d.Run(second)
	d.Without("Dupont", "Looking for")
	d.Press("esc", "ctrl+p")
	letter('d')
	old := letter('u')
	d.Press("esc", "ctrl+p")
	d.Run(old)
	d.Without("Dupont")
}

func TestPaletteActsOnlyOnWhatWasSeen(t *testing.T) {
	t.Parallel()
	st, _, d := palette(t, core.RoleAdmin, 80, 24)
	p := st.pages[session.PageContacts]
	enter := tea.KeyPressMsg{Code: tea.KeyEnter}
	d.Press("esc")
	opened := d.Step(tea.KeyPressMsg{Code: 'p', Mod: tea.ModCtrl})
	d.Run(d.Step(enter)) // typed for the page
	d.Want("What to do")
	d.Run(opened)
	typed := d.Step(tea.PasteMsg{Content: "switch"})
	d.Run(d.Step(enter))
	if d.Want("What to do"); len(p.heard) != 0 {
		t.Fatalf("the page heard %v", p.heard)
	}
	d.Run(typed)
	ran := d.Step(enter)
	d.Run(d.Step(tea.KeyPressMsg{Code: 'z', Text: "z"})) // before the page is back
	d.Run(ran)
	d.Press("y")
	if !slices.Equal(p.heard, []string{"switched", "y"}) {
		t.Errorf("the page heard %v", p.heard)
	}
	d.Press("ctrl+p")
	d.Step(tea.KeyPressMsg{Code: '4', Text: "4"})
	found := d.Step(tea.KeyPressMsg{Code: '8', Text: "8"})
	d.Run(d.Step(enter))
	d.Run(found)
	d.Want("Dupont Marie", "What to do")
}

func TestPaletteKeysWalkTheList(t *testing.T) {
	t.Parallel()
	_, _, d := palette(t, core.RoleAdmin, 40, 10)
	at := func() string {
		for y := range 10 {
			if line := d.Frame().Line(y); strings.Contains(line, "▸ ") && !strings.Contains(line, "willcall") {
				return strings.Fields(strings.TrimLeft(line, "│ ▸"))[0]
			}
		}
		return ""
	}
	first := at()
	d.Press("end")
	last := at()
	d.Press("pgup", "pgdown", "down")
	if got := at(); got != last || got == first {
		t.Errorf("the last is %q, then %q", last, got)
	}
	for range 60 {
		d.Press("up")
	}
	if got := at(); got != first {
		t.Errorf("on top stands %q, not %q", got, first)
	}
	d.Press("pgdown", "down", "home")
	if got := at(); got != first {
		t.Errorf("at home stands %q, not %q", got, first)
	}
}

func TestPaletteFollowsThePage(t *testing.T) {
	t.Parallel()
	st, _, d := palette(t, core.RoleAdmin, 80, 24)
	d.Type("Captured")
	d.Want("g m")
	st.role, st.live = core.RoleOperator, true
	d.Send(changed(false, core.Ref{Kind: core.KindOperator, ID: 5}))
	d.Want("What to do")
	d.Without("g m")
}

func TestPaletteCleansHostileNames(t *testing.T) {
	t.Parallel()
	hostile := "A\x1b]52;c;aGk=\a\x1b[2J\u202eB\u2066\u009b31m\x00" + strings.Repeat("e\u0301\u0301", 500) + "\xff"
	for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}} {
		st := build(t, func(c *console.Config) {
			c.Find = func(context.Context, core.Request, string, int) ([]console.Contact, error) {
				return slices.Repeat([]console.Contact{{ID: 1, Number: hostile, Name: hostile, Address: hostile}}, 9), nil
			}
		})
		d := uitest.New(t, st.root, size[0], size[1])
		d.Send(entered(core.RoleAdmin))
		d.Press("ctrl+p")
		d.Paste(hostile)
		d.Press("end")
		for i, line := range strings.Split(d.View().Content, "\n") {
			if got := ansi.StringWidth(line); got != size[0] {
				t.Errorf("line %d has %d cells of %d", i, got, size[0])
			}
		}
		r := uitest.Record(t, size[0], size[1], d.Views()...)
		if err := uitest.Allowed(r.All()); err != nil {
			t.Errorf("at %d columns: %v", size[0], err)
		}
	}
}

func TestPaletteGoldens(t *testing.T) {
	t.Parallel()
	states := map[string]func(*book, *uitest.Driver){
		"open":    func(*book, *uitest.Driver) {},
		"matches": func(_ *book, d *uitest.Driver) { d.Type("va"); d.Press("down") },
		"number":  func(_ *book, d *uitest.Driver) { d.Type("4821") },
		"name":    func(_ *book, d *uitest.Driver) { d.Type("dupont"); d.Press("down") },
		"search": func(_ *book, d *uitest.Driver) {
			d.Step(tea.PasteMsg{Content: "cont"})
		},
		"none": func(_ *book, d *uitest.Driver) { d.Type("山田 nobody") },
	}
	looks := map[string][]tea.Msg{
		"dark": nil, "light": {tea.BackgroundColorMsg{Color: ansi.BrightWhite}}, "no-colour": {tea.EnvMsg{"NO_COLOR=", "LANG=C"}},
	}
	for state, play := range states {
		for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}} {
			for look, told := range looks {
				if look != "dark" && (size[0] != 80 || state != "name" && state != "matches") {
					continue // the looks differ in colours and signs only
				}
				t.Run(fmt.Sprintf("%s-%d-%s", state, size[0], look), func(t *testing.T) {
					t.Parallel()
					_, b, d := palette(t, core.RoleAdmin, size[0], size[1])
					for _, msg := range told {
						d.Send(msg)
					}
					play(b, d)
					uitest.Golden(t, fmt.Sprintf("palette-%s-%d-%s", state, size[0], look), d.Frame())
				})
			}
		}
	}
}

// TestThePaletteFindsThingsByOtherWords in both languages, below those that are
// called so.
func TestThePaletteFindsThingsByOtherWords(t *testing.T) {
	t.Parallel()
	found := map[string]map[string]string{
		"en": {
			"password": "Profile", "factor": "Profile", "device": "Profile", "recovery": "Profile",
			"operator": "operators", "invite": "operators", "log out": "sign out",
		},
		"fr": {
			"mot de passe": "Profil", "facteur": "Profil", "appareil": "Profil", "secours": "Profil", "inviter": "opérateurs",
		},
	}
	for language, words := range found {
		for typed, want := range words {
			st := build(t, nil)
			d := uitest.New(t, st.root, 80, 24)
			in := entered(core.RoleAdmin)
			in.Language = language
			d.Send(in)
			d.Press("ctrl+p")
			d.Type(typed)
			d.Want("▸ " + want)
		}
	}
}

func TestNobodyFindsOperatorsWithoutThePermission(t *testing.T) {
	t.Parallel()
	_, _, d := palette(t, core.RoleOperator, 80, 24)
	d.Type("invite")
	d.Without("operators")
}
