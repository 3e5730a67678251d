// Package settings is the console's page of settings: a tree of what can be set
// on the left, what is selected in it, or its form, on the right.
package settings

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/venue"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
)

// mode is what has the page, and with it the keyboard.
type mode uint8

const (
	modeTree    mode = iota // the tree beside or without what is selected
	modeDetail              // what is selected, in full width
	modeForm                // a point of sale or a document being written
	modeAsk                 // the question before validation is switched off
	modeDiscard             // the question before a form's text is thrown away
)

// Page implements [session.Page].
type Page struct {
	s        *session.Session
	settings *venue.Service

	mode   mode
	back   mode // where form and question return to
	opened uint64

	tree  component.List
	view  *venue.Overview // nil before it is read
	asked question

	form      *form          // in front, where there is one
	kept      map[node]*form // forms left by esc; id 0 is the new one's
	switching bool           // the switch is being saved
	said      said           // what the last act here did

	top, height int // of the detail in full width: first line, lines as last drawn
	formX       int // cells left of the form, as last drawn
}

// question numbers what was asked, so that only the newest answer counts.
type question struct{ stamp uint64 }

func (q *question) next() uint64 {
	q.stamp++
	return q.stamp
}

// said is what the last act here did, told in place.
type said struct {
	text  string
	alarm bool
}

// New makes the page.
func New(s *session.Session, settings *venue.Service) *Page {
	p := &Page{s: s, settings: settings, kept: map[node]*form{}}
	p.tree.Columns = columns()
	return p
}

// Key implements [session.Page].
func (p *Page) Key() session.PageKey { return session.PageSettings }

// Opened implements [session.Opener].
func (p *Page) Opened() uint64 { return p.opened }

// Typing implements [session.Page].
func (p *Page) Typing() bool { return p.mode == modeForm }

// Unsaved implements [session.Page]: forms kept by esc count too.
func (p *Page) Unsaved() bool {
	for _, f := range p.kept {
		if f.dirty() {
			return true
		}
	}
	return p.form != nil && p.form.dirty()
}

// Open implements [session.Page]; ref may be what has a place in the tree.
func (p *Page) Open(ref core.Ref) tea.Cmd {
	if n, ok := nodeOf(ref); ok {
		p.tree.Select(n.row())
		if p.form == nil {
			p.top = 0
			p.enter(modeDetail)
		}
	}
	return p.Refresh()
}

// Refresh implements [session.Page].
func (p *Page) Refresh() tea.Cmd {
	return p.s.Do(p.Key(), p.asked.next(), func(ctx context.Context, req core.Request) (any, error) {
		return p.settings.Overview(ctx, req)
	})
}

// Update implements [session.Page].
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case session.Result:
		return p.result(msg)
	case tea.KeyPressMsg, tea.PasteMsg:
		p.typed(msg)
	}
	return nil
}

// typed gives what no action took to whatever has the keyboard.
func (p *Page) typed(msg tea.Msg) {
	switch p.mode {
	case modeTree:
		if p.tree.Update(msg) {
			p.said, p.top = said{}, 0
		}
	case modeDetail:
		if press, ok := msg.(tea.KeyPressMsg); ok {
			p.scroll(press.String())
		}
	case modeForm:
		p.form.typed(msg)
	case modeAsk, modeDiscard:
	}
}

// scroll moves within a detail that is taller than the page.
func (p *Page) scroll(key string) {
	switch key {
	case "down", "j":
		p.top++
	case "up", "k":
		p.top--
	case "pgdown", "space":
		p.top += p.height - 1
	case "pgup":
		p.top -= p.height - 1
	case "home":
		p.top = 0
	}
	p.top = max(0, p.top)
}

// result sorts answers by what was asked.
func (p *Page) result(msg session.Result) tea.Cmd {
	switch value := msg.Value.(type) {
	case venue.Overview:
		if msg.Stamp == p.asked.stamp {
			p.take(value, msg.Err)
		}
	case switched:
		return p.takeSwitched(value, msg.Err)
	case saved:
		return p.takeSaved(value, msg.Err)
	}
	return nil
}

// take shows the settings as they were read.
func (p *Page) take(o venue.Overview, err error) {
	if err != nil {
		p.tree.Fail(component.State{Title: p.s.Text.T("settings.failed"), Text: p.s.Text.Error(err), Alarm: true})
		return
	}
	p.view = &o
	p.list()
}

// list puts the settings as they were read, and where drafts are kept, in the
// tree.
func (p *Page) list() {
	rows := p.rows(*p.view)
	p.tree.Set(component.Batch{Rows: rows, Total: len(rows)})
}

// enter changes what has the page; keys typed before it is drawn don't count.
func (p *Page) enter(m mode) {
	p.mode = m
	if m != modeTree {
		p.opened++
	}
}

// Actions implements [session.Page].
func (p *Page) Actions() []action.Action {
	switch p.mode {
	case modeForm:
		return p.form.actions(p)
	case modeAsk:
		return p.askActions()
	case modeDiscard:
		return p.discardActions()
	case modeDetail:
		down, up := p.moves("settings.scroll", "settings.scroll-up")
		all := append([]action.Action{down, up}, p.nodeActions()...)
		return append(all, p.key("settings.back", p.leaveDetail, "esc", "left"))
	case modeTree:
		down, up := p.moves("settings.move", "settings.move-up")
		all := []action.Action{down, up, p.key("settings.open", p.openSelected, "enter", "right")}
		return append(all, p.nodeActions()...)
	}
	return nil
}

// key is an action that only moves about on the page.
func (p *Page) key(label string, run func() tea.Cmd, keys ...string) action.Action {
	return action.Action{Label: label, Keys: keys, Run: run}
}

func (p *Page) moves(downLabel, upLabel string) (down, up action.Action) {
	press := func(code rune) func() tea.Cmd {
		return func() tea.Cmd {
			p.typed(tea.KeyPressMsg{Code: code})
			return nil
		}
	}
	down = p.key(downLabel, press(tea.KeyDown), "down", "j")
	up = p.key(upLabel, press(tea.KeyUp), "up", "k")
	up.Quiet = true
	return down, up
}

// nodeActions are what can be done with what is selected. A role that may only
// read sees them with the reason.
func (p *Page) nodeActions() []action.Action {
	n := p.selected()
	if p.view == nil {
		return nil
	}
	if n.section == sectionValidation {
		return []action.Action{p.permitted(action.Action{
			ID: core.ActValidationSwitch, Keys: []string{"e"}, Disabled: p.busySwitch(), Run: p.switchValidation,
		})}
	}
	create, edit := n.section.acts()
	all := []action.Action{p.permitted(action.Action{ID: create, Keys: []string{"n"}, Run: p.openNew})}
	if n.id != 0 {
		all = append(all, p.permitted(action.Action{ID: edit, Keys: []string{"e"}, Run: p.openEdit}))
	}
	return all
}

// permitted puts the role's reason before all others.
func (p *Page) permitted(a action.Action) action.Action {
	if reason := p.notAllowed(a.ID); reason != "" {
		a.Disabled = reason
	}
	return a
}

// notAllowed is why the role can't do something, in a sentence; empty if it can.
func (p *Page) notAllowed(id core.ActionID) string {
	if p.s.Allows(id) {
		return ""
	}
	return p.s.Text.Error(core.Refuse(core.CodeForbidden))
}

func (p *Page) openSelected() tea.Cmd {
	if p.view == nil {
		return nil
	}
	p.top = 0
	p.enter(modeDetail)
	return nil
}

func (p *Page) leaveDetail() tea.Cmd {
	p.enter(modeTree)
	return nil
}
