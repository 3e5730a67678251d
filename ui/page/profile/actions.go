package profile

import (
	"cmp"
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/session"
)

// Actions implements [session.Page].
func (p *Page) Actions() []action.Action {
	switch p.mode {
	case modePrompt:
		return p.promptActions()
	case modeAsk:
		return p.askActions()
	case modeEnrol:
		return p.enrolActions()
	case modeCodes:
		return p.codesActions()
	case modeList, modeCard:
	}
	switch {
	case p.view == nil:
		return nil
	case p.s.Walled:
		if p.mailMeets() {
			return []action.Action{p.enrolling(), p.byMail()}
		}
		return []action.Action{p.enrolling()}
	case p.mode == modeCard:
		back := action.Key("profile.back", p.leaveCard, "esc", "left")
		return append(append(p.scroll.Actions(), p.nodeActions()...), back)
	}
	all := append(p.list.MoveActions(p), action.Key("profile.open", p.openSelected, "enter", "right"))
	all = append(all, p.nodeActions()...)
	return append(all, action.Key("profile.back", p.leavePage, "esc", "left"))
}

func (p *Page) openSelected() tea.Cmd {
	p.enter(modeCard)
	return nil
}

// leavePage goes back to where the operator came from.
func (p *Page) leavePage() tea.Cmd { return session.Say(session.Back{}) }

func (p *Page) leaveCard() tea.Cmd {
	p.enter(modeList)
	return nil
}

// nodeActions are what can be done with what is selected.
func (p *Page) nodeActions() []action.Action {
	n := p.selected()
	switch n.part {
	case partName:
		return []action.Action{p.act1(core.ActProfileName, "e", "", p.askName)}
	case partAddress:
		return []action.Action{p.validating(), p.act1(core.ActProfileAddress, "e", "", p.askAddress)}
	case partApp:
		return p.appActions()
	case partMailed:
		return []action.Action{p.switching()}
	case partPassword:
		return []action.Action{p.act1(core.ActProfilePassword, "e", "", p.askPassword)}
	case partDevices:
		if d, ok := p.device(n.id); ok {
			return []action.Action{p.act1(core.ActProfileDevice, "R", "", func() tea.Cmd { return p.askRevoke(d) })}
		}
	case partSessions:
		if o, ok := p.session(n.id); ok {
			here := ""
			if o.Here {
				here = p.s.Text.T("profile.session.is-here")
			}
			return []action.Action{p.act1(core.ActProfileSession, "X", here, func() tea.Cmd { return p.askEnd(o) })}
		}
	}
	return nil
}

// act1 is an action on one key, which waits for the act under way.
func (p *Page) act1(id core.ActionID, key, disabled string, run func() tea.Cmd) action.Action {
	return action.Action{ID: id, Keys: []string{key}, Disabled: cmp.Or(disabled, p.underWay()), Run: run}
}

// appActions link an app, renew its recovery codes, or give it up (R63, R67, R82).
func (p *Page) appActions() []action.Action {
	t, v := p.s.Text, p.view
	if !v.Factor.On {
		return []action.Action{p.enrolling()}
	}
	bound := ""
	if v.Required {
		bound = t.Error(core.Refuse(core.CodeFactorNeeded))
	}
	return []action.Action{
		p.act1(core.ActProfileRecovery, "N", "", p.askRenew),
		p.act1(core.ActProfileDisable, "R", bound, p.askDisable),
	}
}

func (p *Page) enrolling() action.Action {
	return p.act1(core.ActProfileEnrol, "n", "", p.beginEnrolment)
}

// switching turns the own mailed codes on or off (R53).
func (p *Page) switching() action.Action {
	m, refused := p.view.Mailed, ""
	label, next := "profile.mailed.switch-on", "profile.mailed.switched-on"
	if m.Own {
		label, next = "profile.mailed.switch-off", "profile.mailed.switched-off"
	}
	if m.Refused != nil {
		refused = p.s.Text.Error(m.Refused)
	}
	a := p.act1(core.ActProfileMailed, "e", refused, func() tea.Cmd {
		told := func() said { return said{text: p.s.Text.T(next)} }
		return p.act(acted{told: told}, func(ctx context.Context, req core.Request) error {
			return p.service.SwitchMailed(ctx, req, !m.Own)
		})
	})
	a.Label = label
	return a
}
