package settings

import (
	tea "charm.land/bubbletea/v2"

	"willcall/ui/action"
	"willcall/ui/component"
)

// ask is a question in the foot of the page, before something that others feel
// or that loses a text.
type ask struct {
	text  string
	yes   action.Action // what is asked for; its key is a capital letter
	leave string        // the catalogue key of what esc does
	over  mode          // what stays in sight
	while func() bool   // there is a reason to ask; nil: there stays one
	// card is what the question is about, in place of what stays in sight; it may
	// be nil.
	card func(width int) *component.Detail
}

// pose asks, with what has the page in sight.
func (p *Page) pose(a ask) tea.Cmd {
	a.over = p.mode
	p.ask, p.said = a, said{}
	p.enter(modeAsk)
	return nil
}

func (p *Page) askActions() []action.Action {
	yes := p.ask.yes
	yes.Disabled = p.underWay()
	all := []action.Action{yes, action.Key(p.ask.leave, p.leaveAsk, "esc")}
	if p.ask.card == nil {
		return all
	}
	return append(all, p.scroll.Actions()...)
}

func (p *Page) leaveAsk() tea.Cmd {
	p.enter(p.ask.over)
	return nil
}

// overtaken takes a question away that nothing is left to ask of.
func (p *Page) overtaken() {
	if p.ask.while != nil && !p.ask.while() {
		p.answered()
	}
}

// answered goes back to what was in sight, if the question still is.
func (p *Page) answered() {
	if p.mode == modeAsk {
		p.enter(p.ask.over)
	}
}
