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
		return append(p.scroll.Actions(), p.again(), action.Key("settings.back", p.leaveEdition, "esc", "left"))
	case modePreview:
		return append(p.scroll.Actions(), action.Key("settings.preview.text", p.leavePreview, keyPreview, "esc", "left"))
	case modeTrial:
		return p.trialActions()
	case modeDetail:
		return p.detailActions()
	case modeTree:
		all := append(p.tree.MoveActions(p), action.Key("settings.open", p.openSelected, "enter", "right"))
		return append(all, p.nodeActions()...)
	}
	return nil
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
	back := action.Key("settings.back", p.leaveDetail, "esc", "left")
	if p.selected().section == sectionStorage && p.backingUp() {
		return append(append(p.nodeActions(), p.scroll.Actions()...), back)
	}
	return append(append(p.scroll.Actions(), p.nodeActions()...), back)
}

func (p *Page) leaveDetail() tea.Cmd {
	p.enter(modeTree)
	return nil
}
