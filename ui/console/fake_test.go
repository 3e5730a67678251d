package console_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/theme"
	"willcall/ui/uitest"
)

// page is a page that notes what happens to it.
type page struct {
	s    *session.Session
	key  session.PageKey
	rows []string
	at   int // the selected row

	typing  bool
	blank   bool
	typed   string
	unsaved bool
	asking  bool
	opens   uint64 // things opened in place
	more    []action.Action
	ref     core.Ref

	opened, refreshed int
	reworded          int
	clicks            []session.Click
	wheels            []session.Wheel
	openedIn          string // the institution
	heard             []string
	results           []any
	last              session.Result
	onRefresh         func()
}

func (p *page) Key() session.PageKey { return p.key }

func (p *page) Open(ref core.Ref) tea.Cmd {
	p.opened++
	p.ref, p.openedIn = ref, p.s.Institution
	return nil
}

func (p *page) Refresh() tea.Cmd {
	p.refreshed++
	if p.onRefresh != nil {
		p.onRefresh()
	}
	return nil
}

func (p *page) Blank() bool { return p.blank }

func (p *page) Reword() { p.reworded++ }

func (p *page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		p.heard = append(p.heard, msg.String())
		if p.typing {
			p.typed += msg.Text
		}
	case tea.PasteMsg:
		p.typed += msg.Content
	case session.Click:
		p.clicks = append(p.clicks, msg)
	case session.Wheel:
		p.wheels = append(p.wheels, msg)
	case session.Result:
		p.results, p.last = append(p.results, msg.Value), msg
	case private:
		p.heard = append(p.heard, string(msg))
	}
	return nil
}

// private is a message of the pages' own.
type private string

func (p *page) Actions() []action.Action {
	return append([]action.Action{
		{ID: core.ActContactsCreate, Keys: []string{"n"}, Run: func() tea.Cmd {
			p.opens++
			return nil
		}},
		{ID: core.ActValidationSwitch, Keys: []string{"w"}, Run: p.note("switched")},
		{ID: core.ActContactsSend, Keys: []string{"v"}, Disabled: "Sent 19 s ago, again from 19:43.", Run: p.note("sent")},
		{ID: core.ActContactsEdit, Keys: []string{"ctrl+s"}, Typing: true, Run: p.note("saved")},
		{Label: "console.down", Keys: []string{"down"}, Quiet: true, Run: func() tea.Cmd {
			p.at = min(p.at+1, len(p.rows)-1)
			return nil
		}},
	}, p.more...)
}

func (p *page) note(what string) func() tea.Cmd {
	return func() tea.Cmd {
		p.heard = append(p.heard, what)
		return nil
	}
}

func (p *page) Typing() bool   { return p.typing }
func (p *page) Unsaved() bool  { return p.unsaved }
func (p *page) Opened() uint64 { return p.opens }
func (p *page) Asking() bool   { return p.asking }

func (p *page) Render(width, height int) []string {
	k := component.Look{Theme: p.s.Theme, Text: p.s.Text}
	lines := make([]string, 0, height)
	lines = append(lines, k.Line(width).Gap(1).Text(theme.Strong, string(p.key)).Gap(1).Text(theme.Text, p.typed).String())
	for i := 0; len(lines) < height; i++ {
		line := k.Line(width)
		if i < len(p.rows) {
			if i == p.at {
				line.On(theme.Selected)
			}
			line.Gap(3).Cell(theme.Text, p.rows[i], width/2).Mark(core.EmailValidated).Gap(2).CellRight(theme.Muted, "C-004821", 12)
		}
		lines = append(lines, line.String())
	}
	return lines
}

func (p *page) Cursor() (x, y int, shown bool) {
	return 2 + len(p.key) + safetext.Width(p.typed), 0, p.typing
}

type clock time.Time

func (c clock) Effective() time.Time { return time.Time(c) }

// stage is a console with noted pages.
type stage struct {
	root  *console.Root
	s     *session.Session
	pages map[session.PageKey]*page // the newest of each key

	role      core.Role // what a check answers
	live      bool      // and whether there is a mail server
	walled    bool      // and whether a second factor is lacking
	fresh     bool      // who sits there proved it
	checkErr  error
	checks    int
	signedOut []core.ID
	signErr   error
}

// build makes a stage; change, if any, alters its configuration.
func build(t testing.TB, change func(*console.Config)) *stage {
	t.Helper()
	catalogue, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{pages: map[session.PageKey]*page{}, role: core.RoleAdmin}
	st.s = &session.Session{
		Ctx: t.Context(), Text: catalogue.In(text.English), Location: time.UTC,
		Clock: clock(time.Date(2026, 11, 3, 19, 42, 0, 0, time.UTC)), Actions: core.NewActionTable(core.Actions()),
	}
	cfg := console.Config{
		Session: st.s, Catalogue: catalogue, Pages: map[session.PageKey]func(*session.Session) session.Page{},
		SignOut: func(_ context.Context, req core.Request) error {
			st.signedOut = append(st.signedOut, req.Session)
			return st.signErr
		},
		Check: func(context.Context, core.Request) (core.Standing, error) {
			st.checks++
			return core.Standing{Role: st.role, Captured: !st.live, Walled: st.walled}, st.checkErr
		},
	}
	for _, key := range []session.PageKey{
		session.PageSetUp, session.PageSignIn, session.PageContacts, session.PageOutbox, session.PageCaptured, session.PageSettings, session.PageProfile,
	} {
		cfg.Pages[key] = func(s *session.Session) session.Page {
			st.pages[key] = &page{s: s, key: key, rows: rows(60)}
			return st.pages[key]
		}
	}
	if change != nil {
		change(&cfg)
	}
	st.root = console.New(cfg)
	return st
}

func rows(n int) []string {
	names := strings.Fields("Dupont-Marie Reis-Ana 山田太郎 שלום-כהן Zoé-Dupont Łukasz-Żak")
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%s %d", names[i%len(names)], i)
	}
	return out
}

func entered(role core.Role) session.Entered {
	return session.Entered{
		Actor: core.Actor{Kind: core.ActorOperator, ID: 5, Name: "Mia Keller"}, Session: 7, Role: role,
		Institution: 1, Organisation: 2, Language: "en", InstitutionName: "Opéra du Lac", OrganisationName: "Main house",
		Location: time.UTC, Captured: true,
	}
}

// enter starts a driver with an operator signed in.
func enter(t testing.TB, role core.Role, width, height int) (*stage, *uitest.Driver) {
	t.Helper()
	st := build(t, nil)
	d := uitest.New(t, st.root, width, height)
	d.Send(entered(role))
	return st, d
}
