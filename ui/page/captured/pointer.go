package captured

import (
	tea "charm.land/bubbletea/v2"

	"willcall/ui/session"
)

// listHead is how many lines stand above the list.
const listHead = 1

// clicked selects a row, and opens the selected one.
func (p *Page) clicked(at session.Click) tea.Cmd {
	left, _ := panes(at.Width)
	if p.mode != modeList || at.X >= left {
		return nil
	}
	again, hit := p.list.Click(at.Y - listHead)
	switch {
	case !hit:
		return nil
	case again:
		return p.openSelected()
	}
	return p.follow()
}

// wheeled scrolls what is under the pointer: the list, or the message.
func (p *Page) wheeled(w session.Wheel) tea.Cmd {
	if left, _ := panes(w.Width); p.mode == modeDetail || w.X >= left {
		p.scroll.Wheel(w.Rows)
		return nil
	}
	if p.list.Wheel(w.Rows) {
		return p.follow()
	}
	return nil
}
