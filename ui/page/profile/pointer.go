package profile

import (
	tea "charm.land/bubbletea/v2"

	"willcall/ui/component"
	"willcall/ui/session"
)

// clicked selects a line of the list, opens the selected one, acts on a field,
// or ticks the box.
func (p *Page) clicked(at session.Click) tea.Cmd {
	if p.busy {
		return nil
	}
	switch p.mode {
	case modeList:
		return p.clickedList(at)
	case modePrompt:
		p.prompt.Click(at.X, at.Y)
	case modeEnrol:
		if e := p.enrol; e.form.Click(at.X-e.x, at.Y-e.y) {
			return p.typeCode()
		}
	case modeCodes:
		if at.Y == p.codes.box {
			return p.tick()
		}
	case modeCard, modeAsk:
	}
	return nil
}

func (p *Page) clickedList(at session.Click) tea.Cmd {
	if left, _ := component.Panes(at.Width); at.X >= left || p.s.Walled {
		return nil
	}
	again, hit := p.list.Click(at.Y)
	switch {
	case hit && again:
		return p.openSelected()
	case hit:
		p.said = said{}
	}
	return nil
}

// wheeled scrolls what is under the pointer.
func (p *Page) wheeled(w session.Wheel) tea.Cmd {
	switch p.mode {
	case modeList:
		if p.list.Wheel(w.Rows) {
			p.said = said{}
		}
	case modeCard, modeCodes:
		p.scroll.Wheel(w.Rows)
	case modePrompt:
		p.prompt.Wheel(w.Rows)
	case modeEnrol, modeAsk:
	}
	return nil
}
