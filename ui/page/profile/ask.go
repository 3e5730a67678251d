package profile

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/operators"
	"willcall/ui/action"
)

// ask is a question in the foot of the page, before something that can't be
// undone.
type ask struct {
	text  string
	yes   action.Action // its key is a capital letter
	over  mode          // what stays in sight
	while func() bool   // there is a reason to ask; nil: there stays one
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
	return []action.Action{yes, action.Key("profile.leave", p.leaveAsk, "esc")}
}

func (p *Page) leaveAsk() tea.Cmd {
	p.enter(p.ask.over)
	return nil
}

// answered goes back to what was in sight, if the question still is.
func (p *Page) answered() {
	if p.mode == modeAsk {
		p.enter(p.ask.over)
	}
}

// overtaken takes a question away that nothing is left to ask of.
func (p *Page) overtaken() {
	if p.mode == modeAsk && p.ask.while != nil && !p.ask.while() {
		p.answered()
	}
}

// sure asks before an act and then does it; told is what is told of it.
func (p *Page) sure(text string, id core.ActionID, key string, told said, while func() bool, fn func(context.Context, core.Request) error) tea.Cmd {
	return p.pose(ask{text: text, while: while, yes: action.Action{ID: id, Keys: []string{key}, Run: func() tea.Cmd {
		return p.act(acted{told: func() said { return told }}, fn)
	}}})
}

// askDisable asks before the factor is given up; afterwards the entry in the
// app is good for nothing (R70).
func (p *Page) askDisable() tea.Cmd {
	t := p.s.Text
	return p.sure(t.T("profile.app.disable.ask"), core.ActProfileDisable, "R",
		said{text: t.T("profile.app.disabled", "address", p.view.Address), warn: true},
		func() bool { return p.view.Factor.On }, p.service.DisableFactor)
}

func (p *Page) askRevoke(d operators.Device) tea.Cmd {
	t, name := p.s.Text, p.deviceName(d)
	return p.sure(t.T("profile.device.revoke.ask", "name", name), core.ActProfileDevice, "R",
		said{text: t.T("profile.device.revoked", "name", name)},
		func() bool { _, still := p.device(d.ID); return still },
		func(ctx context.Context, req core.Request) error { return p.service.RevokeDevice(ctx, req, d.ID) })
}

func (p *Page) askEnd(o operators.OpenSession) tea.Cmd {
	t := p.s.Text
	return p.sure(t.T("profile.session.end.ask"), core.ActProfileSession, "X",
		said{text: t.T("profile.session.ended")},
		func() bool { _, still := p.session(o.ID); return still },
		func(ctx context.Context, req core.Request) error { return p.service.EndSession(ctx, req, o.ID) })
}

// askRenew asks before the recovery codes there are become void.
func (p *Page) askRenew() tea.Cmd {
	return p.pose(ask{
		text: p.s.Text.T("profile.codes.renew.ask"), while: func() bool { return p.view.Factor.On },
		yes: action.Action{ID: core.ActProfileRecovery, Keys: []string{"N"}, Run: p.renew},
	})
}
