package settings

import (
	tea "charm.land/bubbletea/v2"

	"willcall/ui/component"
	"willcall/ui/session"
)

// clicked selects a row of the tree or of the editions, opens the selected one,
// or acts on a field.
func (p *Page) clicked(at session.Click) tea.Cmd {
	switch p.mode {
	case modeTree:
		return p.clickedTree(at)
	case modeEditions:
		return p.clickedEditions(at)
	case modeForm:
		if f := p.form; !f.busy && at.X >= p.formX && f.Click(at.X-p.formX, at.Y-f.head) {
			f.followed()
		}
	case modePrompt:
		p.prompt.Click(at.X, at.Y)
	case modeConflict:
		if p.form.contest.screen.Click(at.X, at.Y) {
			p.weigh(p.form)
		}
	case modeDetail, modePreview, modeEdition, modeAsk, modeTrial:
	}
	return nil
}

func (p *Page) clickedTree(at session.Click) tea.Cmd {
	if left, _ := p.panes(at.Width); at.X >= left {
		return nil
	}
	again, hit := p.tree.Click(at.Y)
	switch {
	case !hit:
		return nil
	case again:
		return p.openSelected()
	}
	p.said = said{}
	return p.readEditions()
}

func (p *Page) clickedEditions(at session.Click) tea.Cmd {
	if left, _ := halves(at.Width); p.besides(at.Width) && at.X >= left {
		return nil
	}
	if again, hit := p.editions.list.Click(at.Y); hit && again {
		return p.openEdition()
	}
	return nil
}

// besides reports whether there is room for two panes.
func (p *Page) besides(width int) bool {
	_, right := component.Panes(width)
	return right > 0
}

// wheeled scrolls what is under the pointer.
func (p *Page) wheeled(w session.Wheel) tea.Cmd {
	switch p.mode {
	case modeTree:
		if left, _ := p.panes(w.Width); w.X < left && p.tree.Wheel(w.Rows) {
			p.said = said{}
			return p.readEditions()
		}
	case modeEditions:
		p.editions.list.Wheel(w.Rows)
	case modeForm:
		p.form.Wheel(w.Rows)
	case modeDetail, modePreview, modeEdition, modeTrial:
		p.scroll.Wheel(w.Rows)
	case modeConflict:
		p.form.contest.screen.Wheel(w.Rows)
	case modeAsk:
		if p.ask.card != nil {
			p.scroll.Wheel(w.Rows)
		}
	case modePrompt:
		p.prompt.Wheel(w.Rows)
	}
	return nil
}
