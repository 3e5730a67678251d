package contacts

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
)

// Actions implements [session.Page].
func (p *Page) Actions() []action.Action {
	switch p.mode {
	case modeSearch:
		return p.searchActions()
	case modeForm:
		return p.form.actions(p)
	case modeSend:
		return p.sendActions()
	case modeRemove:
		return p.removeActions()
	case modeHistory:
		return p.historyActions()
	case modeConflict:
		return p.conflictActions()
	case modeGone:
		return p.goneActions()
	case modeAlike:
		return p.alikeActions()
	case modeDiscard:
		return []action.Action{action.Key("contacts.form.discard", p.discardForm, "X"), action.Key("contacts.form.back", p.backToForm, "esc")}
	case modeDetail:
		acts := p.contactActions() // the new contact, which isn't about this one, comes last
		return slices.Concat(p.relatedActions(), acts[1:], []action.Action{action.Key("contacts.back", p.leaveDetail, "esc")},
			acts[:1], p.cardActions(), []action.Action{action.Key("contacts.search", p.toSearch, "/")})
	case modeList:
		return p.listActions()
	}
	return nil
}

// searchActions are reached through the palette, but for the first: letters are
// typed.
func (p *Page) searchActions() []action.Action {
	toList := action.Key("contacts.to-list", p.toList, "down", "enter")
	toList.Typing = true
	return slices.Concat([]action.Action{toList}, p.contactActions(), p.cardActions())
}

func (p *Page) listActions() []action.Action {
	var all []action.Action
	if p.list.Len() > 0 {
		all = append(p.list.MoveActions(p), action.Key("contacts.open", p.openSelected, "enter", "right"))
	}
	return slices.Concat(all, p.contactActions(),
		[]action.Action{action.Key("contacts.search", p.toSearch, "/", "esc")}, p.cardActions())
}

// contactActions are what can be done with the selected contact.
func (p *Page) contactActions() []action.Action {
	create := action.Action{ID: core.ActContactsCreate, Keys: []string{"n"}, Run: p.newForm}
	if p.detail == nil {
		return []action.Action{create}
	}
	return []action.Action{
		create,
		{ID: core.ActContactsEdit, Keys: []string{"e"}, Run: p.onCurrent(p.editForm)},
		{ID: core.ActContactsSend, Keys: []string{"v"}, Disabled: p.refusal(*p.detail), Run: p.onCurrent(p.askSend)},
	}
}

// cardActions are what else there is to do with the contact shown.
func (p *Page) cardActions() []action.Action {
	undo := p.undoActions()
	d := p.detail
	if d == nil {
		return undo
	}
	all := append(undo, p.copyAction(*d),
		action.Action{ID: core.ActContactsHistory, Keys: []string{"h"}, Run: p.onCurrent(p.openHistory)},
		action.Action{
			ID: core.ActContactsRemove, Keys: []string{"D"}, Disabled: p.s.Text.Error(d.NotRemovable),
			Run: p.onCurrent(p.askRemove),
		})
	if d.Mailed {
		all = append(all, action.Action{
			ID: core.ActOutboxShow, Label: "contacts.open-mail", Keys: []string{"l"}, Quiet: true, Run: p.onCurrent(p.openMail),
		})
	}
	if d.Kind == core.ContactStructure {
		all = append(all, action.Action{
			ID: core.ActContactsCreate, Label: "contacts.new-relay", Keys: []string{"+"}, Quiet: true, Run: p.onCurrent(p.relayForm),
		})
	}
	return all
}

// onCurrent drops a key that came before the contact it is for was drawn.
func (p *Page) onCurrent(run func() tea.Cmd) func() tea.Cmd {
	return func() tea.Cmd {
		if p.current() == nil {
			return nil
		}
		return run()
	}
}

func (p *Page) toList() tea.Cmd {
	p.enter(modeList)
	return nil
}

func (p *Page) toSearch() tea.Cmd {
	p.enter(modeSearch)
	return nil
}

func (p *Page) openSelected() tea.Cmd {
	if _, ok := p.list.Selected(); !ok {
		return nil
	}
	p.scroll.Top()
	p.trail, p.picked = nil, 0
	show := p.showSelected()
	p.enter(modeDetail)
	return show
}
