package contacts

import (
	tea "charm.land/bubbletea/v2"

	"willcall/ui/component"
	"willcall/ui/session"
)

// listHead is how many lines stand above the list: the search.
const listHead = 1

// clicked acts on a click: the search takes letters again, a row is selected,
// the selected one opened, and a field of a form acted on.
func (p *Page) clicked(at session.Click) tea.Cmd {
	switch p.mode {
	case modeSearch, modeList:
		return p.clickedList(at)
	case modeForm:
		if !p.form.busy && at.X >= p.stage && p.form.Click(at.X-p.stage, at.Y-p.form.head) {
			return p.form.follow(p)
		}
	case modeConflict:
		if p.form.contest.screen.Click(at.X-p.stage, at.Y) {
			return p.weighNow()
		}
	case modeAlike:
		if at.X >= p.stage {
			return p.clickedAlike(at.Y)
		}
	case modeDetail, modeHistory, modeSend, modeDiscard, modeRemove, modeGone:
	}
	return nil
}

func (p *Page) clickedList(at session.Click) tea.Cmd {
	left, _ := component.Panes(at.Width)
	switch {
	case at.X >= left:
		return nil
	case at.Y == 0:
		p.enter(modeSearch)
		p.search.Click(p.look(), left, at.X)
		return nil
	}
	again, hit := p.list.Click(at.Y - listHead)
	switch {
	case !hit:
		return nil
	case again && p.mode == modeList:
		return p.openSelected()
	}
	p.enter(modeList)
	return p.moved()
}

// wheeled scrolls what is under the pointer.
func (p *Page) wheeled(w session.Wheel) tea.Cmd {
	switch p.mode {
	case modeSearch, modeList:
		if left, _ := component.Panes(w.Width); w.X < left && p.list.Wheel(w.Rows) {
			return p.moved()
		}
	case modeDetail:
		p.scroll.Wheel(w.Rows)
	case modeHistory:
		p.history.scroll.Wheel(w.Rows)
		return p.atEnd()
	case modeForm:
		p.form.Wheel(w.Rows)
	case modeConflict:
		p.form.contest.screen.Wheel(w.Rows)
	case modeGone:
		p.scroll.Wheel(w.Rows)
	case modeAlike:
		p.form.alike.list.Wheel(w.Rows)
	case modeSend, modeDiscard, modeRemove:
	}
	return nil
}
