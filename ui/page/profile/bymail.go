package profile

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/session"
)

// mailMeets reports whether mailed codes are a way through the wall: the company
// takes them for the second factor (R72), and mail is delivered.
func (p *Page) mailMeets() bool {
	return p.s.Walled && p.view != nil && p.view.Mailed.Meets && !p.s.Captured
}

// byMail is the way through the wall without an app.
func (p *Page) byMail() action.Action {
	a := p.act1(core.ActProfileMailed, "e", "", p.passByMail)
	a.Label = "profile.enrol.by-mail"
	return a
}

// passByMail has the address validated where it isn't yet (R73), and then mailed
// codes switched on where they aren't.
func (p *Page) passByMail() tea.Cmd {
	p.passing = true
	v := p.view
	switch {
	case v.Validated.IsZero() && p.mailed != "":
		return p.askCode()
	case v.Validated.IsZero():
		return p.mailCode(nil, "")
	case v.Mailed.Own || v.Mailed.Company:
		return p.Refresh()
	}
	return p.act(acted{told: func() said { return said{} }}, func(ctx context.Context, req core.Request) error {
		return p.service.SwitchMailed(ctx, req, true)
	})
}

// pass goes on by mail: to what is left to do, and with nothing left to the work
// that waited behind the wall.
func (p *Page) pass() tea.Cmd {
	v := p.view
	switch {
	case !p.passing || p.busy || p.prompt != nil || p.codes != nil:
		return nil
	case !p.s.Walled:
		p.passing, p.enrol = false, nil
		p.enter(modeList)
		told := session.Toast{Text: p.s.Text.T("profile.enrol.by-mail.said", "address", v.Address)}
		return tea.Batch(session.Say(told), p.leavePage())
	case !v.Validated.IsZero() && !v.Mailed.Own && !v.Mailed.Company:
		return p.passByMail()
	}
	return nil
}
