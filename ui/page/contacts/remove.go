package contacts

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/ui/action"
)

// removal is the question that D asks.
type removal struct {
	contact core.ID
	version core.Version // that was seen
	name    string
	number  uint64
	mailed  bool
	busy    bool
}

// gone is the answer to a removal.
type gone struct{ contacts.Removed }

// restored is the answer to undoing one.
type restored struct {
	contacts.Saved
	was contacts.Removed
}

// askRemove asks before a contact made by mistake is removed (R90).
func (p *Page) askRemove() tea.Cmd {
	d := p.current()
	p.remove = removal{contact: d.ID, version: d.Version, name: d.Name(), number: d.Number, mailed: d.Mailed}
	p.back = p.mode
	p.enter(modeRemove)
	return nil
}

func (p *Page) removeActions() []action.Action {
	busy := ""
	if p.remove.busy {
		busy = p.s.Text.T("contacts.removing")
	}
	return []action.Action{
		{ID: core.ActContactsRemove, Label: "contacts.remove-now", Keys: []string{"D"}, Disabled: busy, Run: p.removeNow},
		action.Key("contacts.remove-leave", p.sendLeave, "esc"),
	}
}

// removeQuestion says what goes, and until when it can come back.
func (p *Page) removeQuestion() string {
	t := p.s.Text
	if p.remove.busy {
		return t.T("contacts.removing")
	}
	question := t.T("contacts.ask-remove", "number", contacts.NumberText(p.remove.number), "name", p.remove.name)
	if p.remove.mailed {
		question += " " + t.T("contacts.ask-remove.mailed")
	}
	return question + " " + t.T("contacts.ask-remove.undo", "life", t.Duration(contacts.UndoTime))
}

func (p *Page) removeNow() tea.Cmd {
	p.remove.busy = true
	id, version := p.remove.contact, p.remove.version
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		done, err := p.book.Remove(ctx, req, id, version)
		if err != nil {
			done.ID = id
		}
		return gone{done}, err
	})
}

// takeRemoved tells what was removed and how it comes back.
func (p *Page) takeRemoved(done gone, err error) tea.Cmd {
	p.remove.busy = false
	asked := p.mode == modeRemove && p.remove.contact == done.ID
	if err != nil {
		if asked {
			p.enter(p.back)
		}
		p.said = said{text: p.s.Text.Error(err), alarm: true}
		return p.showAgain()
	}
	p.removed = &done.Removed
	delete(p.kept, key{id: done.ID})
	delete(p.kept, key{structure: done.ID})
	var back tea.Cmd
	if asked {
		p.enter(p.back)
	}
	if p.search.Value() == contacts.NumberText(done.Number) {
		p.search.Set("") // nobody else is found by it
		p.list.Reset()
	}
	if p.wanted == done.ID {
		p.detail, p.wanted = nil, 0
		back = p.leaveRemoved()
	}
	p.said = said{text: p.removedSentence(done.Removed), lasting: true}
	return tea.Batch(p.find(), back)
}

// leaveRemoved goes from a card whose contact is gone to where it was opened
// from. The list still holds it: its answer selects who stands in its place.
func (p *Page) leaveRemoved() tea.Cmd {
	switch {
	case p.mode != modeDetail:
		return nil
	case len(p.trail) > 0:
		return p.leaveDetail()
	}
	p.enter(modeList)
	return nil
}

func (p *Page) removedSentence(r contacts.Removed) string {
	return p.s.Text.T("contacts.removed", "number", contacts.NumberText(r.Number), "name", r.Name,
		"until", p.moment(r.Until))
}

// undoActions bring back what was removed last.
func (p *Page) undoActions() []action.Action {
	if p.removed == nil {
		return nil
	}
	over := ""
	if !p.s.Now().Before(p.removed.Until) {
		over = p.s.Text.Error(core.Refuse(core.CodeUndoOver))
	}
	return []action.Action{{ID: core.ActContactsRestore, Keys: []string{"u"}, Disabled: over, Run: p.undoRemove}}
}

func (p *Page) undoRemove() tea.Cmd {
	was := *p.removed
	p.removed = nil // a second u finds nothing to undo
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		done, err := p.book.Restore(ctx, req, was.ID)
		return restored{done, was}, err
	})
}

// takeRestored shows who came back, or says why nobody did.
func (p *Page) takeRestored(done restored, err error) tea.Cmd {
	if err != nil {
		if code := core.CodeOf(err); code != core.CodeUndoOver && code != core.CodeConflict && p.removed == nil {
			p.removed = &done.was
		}
		p.said = said{text: p.s.Text.Error(err), alarm: true, lasting: true}
		return p.find()
	}
	show := p.showReturned(done)
	p.said = said{
		text:    p.s.Text.T("contacts.restored", "number", contacts.NumberText(done.Number), "name", done.was.Name),
		lasting: true,
	}
	return tea.Batch(p.find(), show)
}

// showReturned selects who came back, or in full width opens it in front of
// the contact there; a form or a question stays where it is.
func (p *Page) showReturned(done restored) tea.Cmd {
	p.list.Select(done.ID)
	if p.mode == modeSearch || p.mode == modeList {
		p.returned = done.was
	}
	if p.mode != modeDetail {
		return p.showAgain()
	}
	if p.wanted != 0 && p.wanted != done.ID {
		p.trail = append(p.trail, p.wanted)
	}
	return p.openContact(done.ID)
}

// seekReturned looks for who came back by number, where the list that was read
// doesn't have it selected: the search isn't for it, or it stands far away.
func (p *Page) seekReturned() tea.Cmd {
	r := p.returned
	p.returned = contacts.Removed{}
	if row, ok := p.list.Selected(); r.ID == 0 || ok && row.ID == r.ID {
		return nil
	}
	p.search.Set(contacts.NumberText(r.Number))
	p.list.Reset()
	p.list.Select(r.ID)
	return p.find()
}
