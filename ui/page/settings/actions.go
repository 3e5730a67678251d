package settings

import (
	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
)

// Actions implements [session.Page].
func (p *Page) Actions() []action.Action {
	switch p.mode {
	case modeForm:
		return p.form.actions(p)
	case modeConflict:
		return p.conflictActions()
	case modePrompt:
		return p.promptActions()
	case modeAsk:
		return p.askActions()
	case modeEditions:
		return p.editionsActions()
	case modeEdition:
		return append(p.scrolling(), p.again(), p.key("settings.back", p.leaveEdition, "esc", "left"))
	case modePreview:
		return append(p.scrolling(), p.key("settings.preview.text", p.leavePreview, keyPreview, "esc", "left"))
	case modeTrial:
		return p.trialActions()
	case modeDetail:
		return p.detailActions()
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
		return func() tea.Cmd { return p.typed(tea.KeyPressMsg{Code: code}) }
	}
	down = p.key(downLabel, press(tea.KeyDown), "down", "j")
	up = p.key(upLabel, press(tea.KeyUp), "up", "k")
	up.Quiet = true
	return down, up
}

// scrolling are the keys of a text that is taller than the page.
func (p *Page) scrolling() []action.Action {
	if p.scroll.Whole() {
		return nil
	}
	down, up := p.moves("settings.scroll", "settings.scroll-up")
	return []action.Action{down, up}
}

// nodeActions are what can be done with what is selected. A role that may only
// read sees them with the reason.
func (p *Page) nodeActions() []action.Action {
	n := p.selected()
	if p.view == nil {
		return nil
	}
	var all []action.Action
	of := p.parts[n.section]
	if of.keys != nil {
		all = append(all, of.keys(n.id)...)
	}
	if of.edit != "" && (n.id != 0 || of.list == nil) {
		edit := action.Action{ID: of.edit, Keys: []string{"e"}, Run: p.openEdit}
		if of.locked != nil {
			edit.Disabled = of.locked(n.id)
		}
		all = append(all, p.permitted(edit))
	}
	if of.create != "" {
		all = append(all, p.permitted(action.Action{ID: of.create, Keys: []string{"n"}, Run: p.openNew}))
	}
	if of.acts != nil {
		all = append(all, of.acts(n.id)...)
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
	return p.s.Forbidden(id)
}

// underWay is why a key waits, empty if it doesn't.
func (p *Page) underWay() string {
	if p.busy {
		return p.s.Text.T("settings.saving")
	}
	return ""
}

func (p *Page) openSelected() tea.Cmd {
	if p.view != nil {
		p.enter(modeDetail)
	}
	return nil
}

// detailActions are those of what is selected, in full width; those of a backup
// that is made come before reading on.
func (p *Page) detailActions() []action.Action {
	back := p.key("settings.back", p.leaveDetail, "esc", "left")
	if p.selected().section == sectionStorage && p.backingUp() {
		return append(append(p.nodeActions(), p.scrolling()...), back)
	}
	return append(append(p.scrolling(), p.nodeActions()...), back)
}

func (p *Page) leaveDetail() tea.Cmd {
	p.enter(modeTree)
	return nil
}
