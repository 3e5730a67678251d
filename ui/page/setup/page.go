// Package setup is the console's first use: one form that makes the
// institution and its owner.
package setup

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/setup"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/theme"
)

// Page implements [session.Page].
type Page struct {
	s       *session.Session
	service *setup.Service

	form *component.Form
	busy bool
	head int // lines above the form, as last drawn
}

// made is the answer to a set-up that was done.
type made struct {
	institution string
	address     string // the owner's
}

// New makes the page. portalURL is where this installation serves its portal.
func New(s *session.Session, service *setup.Service, portalURL string) *Page {
	p := &Page{s: s, service: service}
	p.form = component.NewForm(p.fields()...)
	p.form.Fill(map[string]string{"language": string(s.Text.Language()), "portal-url": portalURL})
	return p
}

// Key implements [session.Page].
func (p *Page) Key() session.PageKey { return session.PageSetUp }

// Open implements [session.Page].
func (p *Page) Open(core.Ref) tea.Cmd { return nil }

// Refresh implements [session.Page]: there is nothing to read.
func (p *Page) Refresh() tea.Cmd { return nil }

// Typing implements [session.Page].
func (p *Page) Typing() bool { return true }

// Unsaved implements [session.Page].
func (p *Page) Unsaved() bool { return p.form.Dirty() }

// Actions implements [session.Page].
func (p *Page) Actions() []action.Action {
	if p.form.Open() {
		return p.form.Actions()
	}
	busy := ""
	if p.busy {
		busy = p.s.Text.T("setup.busy")
	}
	save := action.Action{ID: core.ActSetUp, Keys: []string{"ctrl+s"}, Typing: true, Disabled: busy, Run: p.save}
	return append([]action.Action{save}, p.form.Actions()...)
}

// Update implements [session.Page]. While the set-up is under way the form
// stays as it was sent.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case session.Result:
		return p.result(msg)
	case session.Click:
		if !p.busy {
			p.form.Click(msg.X, msg.Y-p.head)
		}
	case session.Wheel:
		p.form.Wheel(msg.Rows)
	case tea.KeyPressMsg, tea.PasteMsg:
		p.typed(msg)
	}
	return nil
}

func (p *Page) typed(msg tea.Msg) {
	if !p.busy {
		p.form.Update(msg)
	}
}

// save does the set-up, unless a field is refused at once.
func (p *Page) save() tea.Cmd {
	if !p.form.Check() {
		return nil
	}
	p.busy = true
	d := p.draft()
	return p.s.Do(p.Key(), 0, func(ctx context.Context, _ core.Request) (any, error) {
		_, err := p.service.Do(ctx, d)
		return made{d.Institution.Name, d.OwnerEmail}, err
	})
}

// result goes on to the sign-in, or says in the form why the set-up was
// refused.
func (p *Page) result(msg session.Result) tea.Cmd {
	done, ok := msg.Value.(made)
	if !ok {
		return nil
	}
	p.busy = false
	switch {
	case core.CodeOf(msg.Err) == core.CodeSetUp:
		return p.leave(func(t text.Printer) string { return t.Error(msg.Err) }, "")
	case msg.Err != nil:
		p.form.Fail(msg.Err)
		return nil
	}
	return p.leave(func(t text.Printer) string {
		return t.T("setup.done", "institution", done.institution)
	}, done.address)
}

// leave goes to the sign-in, with a line to read there and an address filled
// in.
func (p *Page) leave(line func(text.Printer) string, address string) tea.Cmd {
	p.s.Hint, p.s.Address = line, address
	return session.Say(session.Go{Page: session.PageSignIn})
}

// Render implements [session.Page].
func (p *Page) Render(width, height int) []string {
	k := component.Look{Theme: p.s.Theme, Text: p.s.Text}
	lines := []string{k.Line(width).Gap(1).Text(theme.Strong, k.Text.T("setup.title")).String()}
	lines = append(lines, p.intro(k, width, height)...)
	p.head = len(lines)
	p.follows()
	return append(lines, p.form.Render(k, width, height-len(lines))...)
}

// intro says what setting up does, in the most words that leave most of the
// height to the form.
func (p *Page) intro(k component.Look, width, height int) []string {
	if p.busy {
		return k.Bar(theme.Accent, k.Text.T("setup.busy"), width)
	}
	for _, words := range p.summaries() {
		lines := k.Bar(theme.Accent, words, width)
		if formShare*len(lines) <= height {
			return append(lines, k.Line(width).String())
		}
	}
	return k.Bar(theme.Accent, k.Text.T("setup.intro.short"), width)
}

// formShare is how many times as high as the intro the page is at least, so
// that the whole form is in sight on 80 by 24.
const formShare = 8

// summaries say what setting up does, the longest first.
func (p *Page) summaries() []string {
	t := p.s.Text
	all, short, captured := t.T("setup.intro"), t.T("setup.intro.short"), t.T("setup.then.captured")
	if start := p.form.Value(fieldStart); start != "" {
		then := " " + t.T("setup.then."+start)
		all, short = all+then, short+then
	}
	return []string{all + " " + captured, short + " " + captured, short}
}

// Cursor implements [session.Page].
func (p *Page) Cursor() (x, y int, shown bool) {
	x, y, shown = p.form.Cursor()
	return x, y + p.head, shown && !p.busy
}
