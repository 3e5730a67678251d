package outbox

import (
	tea "charm.land/bubbletea/v2"

	"willcall/ui/component"
	"willcall/ui/session"
)

// clicked shows another view, selects a row, or opens the selected one.
func (p *Page) clicked(at session.Click) tea.Cmd {
	left, _ := panes(at.Width)
	if p.mode != modeList || at.X >= left {
		return nil
	}
	if at.Y == 0 {
		if i, ok := component.TabAt(p.look(), p.views(), int(p.show), left, at.X); ok && show(i) != p.show { //nolint:gosec // one of the views
			return p.filter(show(i)) //nolint:gosec // one of the views
		}
		return nil
	}
	if p.list.ClickPick(at.X, at.Y-len(p.head(left))) {
		p.said = said{}
		return p.follow()
	}
	again, hit := p.list.Click(at.Y - len(p.head(left)))
	switch {
	case !hit:
		return nil
	case again:
		return p.enterDetail()
	}
	p.said = said{}
	return p.follow()
}

// wheeled scrolls what is under the pointer: the list, or the mail.
func (p *Page) wheeled(w session.Wheel) tea.Cmd {
	if left, _ := panes(w.Width); p.mode == modeDetail || w.X >= left {
		p.scroll.Wheel(w.Rows)
		return nil
	}
	if p.mode == modeList && p.list.Wheel(w.Rows) {
		p.said = said{}
		return p.follow()
	}
	return nil
}
