package settings

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/operators"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// act is what can be done with an operator beside editing.
type act struct {
	id     core.ActionID
	key    string
	name   string // below "settings.operator.": the question, and with ".said" what was done
	reason string // why it can't be done now, a sentence; empty if it can
	hidden bool   // not offered, since another act stands in its place
	mails  bool   // a mail goes out
	do     func(ctx context.Context, req core.Request, m operators.Member) (ended int, err error)
}

// acted is the answer to an act.
type acted struct {
	act
	member operators.Member
	ended  int // sessions
}

// acts are those for an operator, most useful first.
func (p *Page) acts(m operators.Member) []act {
	invited := m.Pending
	again := act{id: core.ActOperatorInviteAgain, key: "A", name: "again", hidden: !invited, mails: true}
	again.do = func(ctx context.Context, req core.Request, m operators.Member) (int, error) {
		return 0, p.people.InviteAgain(ctx, req, m.ID)
	}
	reset := act{id: core.ActOperatorReset, key: "P", name: "password", hidden: invited, mails: true}
	reset.do = func(ctx context.Context, req core.Request, m operators.Member) (int, error) {
		return 0, p.people.SendReset(ctx, req, m.ID)
	}
	factor := act{id: core.ActOperatorResetFactor, key: "F", name: "factor", hidden: invited}
	factor.do = func(ctx context.Context, req core.Request, m operators.Member) (int, error) {
		return 0, p.people.ResetFactor(ctx, req, m.ID)
	}
	end := act{id: core.ActOperatorEndSessions, key: "L", name: "sessions", hidden: invited}
	end.do = func(ctx context.Context, req core.Request, m operators.Member) (int, error) {
		return p.people.EndSessions(ctx, req, m.ID)
	}
	disable := act{id: core.ActOperatorDisable, key: "D", name: "disable", hidden: m.Disabled}
	disable.do = func(ctx context.Context, req core.Request, m operators.Member) (int, error) {
		return 0, p.people.Disable(ctx, req, m.ID, m.Version)
	}
	enable := act{id: core.ActOperatorEnable, key: "E", name: "enable", hidden: !m.Disabled}
	enable.do = func(ctx context.Context, req core.Request, m operators.Member) (int, error) {
		return 0, p.people.Enable(ctx, req, m.ID, m.Version)
	}
	if m.Disabled {
		again.reason = p.s.Text.T("operator.is-disabled")
		reset.reason = again.reason
	}
	disable.reason = p.s.Text.Error(m.Stays)
	switch {
	case !m.Factor.On:
		factor.reason = p.s.Text.T("settings.operator.factor.none")
	case core.CodeOf(m.Stays) == core.CodeLastEnrolled:
		factor.reason = disable.reason
	}
	if m.Sessions == 0 {
		end.reason = p.s.Text.T("settings.operator.sessions.none")
	}
	return []act{again, enable, reset, factor, end, disable}
}

// memberActs are the keys of the acts for the selected operator; what the asker
// may not do says why.
func (p *Page) memberActs(id core.ID) []action.Action {
	m, found := memberOf(p.view, id)
	if !found {
		return nil
	}
	var all []action.Action
	for _, a := range p.acts(m) {
		if a.hidden {
			continue
		}
		all = append(all, p.permitted(action.Action{
			ID: a.id, Keys: []string{a.key}, Disabled: p.actRefused(m, a), Run: func() tea.Cmd { return p.askAct(m, a) },
		}))
	}
	return all
}

// actRefused is why an act can't be done with an operator now, empty if it can.
func (p *Page) actRefused(m operators.Member, a act) string {
	switch {
	case m.Refused != nil:
		return p.refusedMember(m)
	case a.reason != "":
		return a.reason
	}
	return p.underWay()
}

// refusedMember is why who asks can't look after an operator, empty if they can.
// Admins can't look after themselves either (R86), and are led to their profile.
func (p *Page) refusedMember(m operators.Member) string {
	if m.Refused != nil && m.ID == p.s.Request.Actor.ID {
		return p.s.Text.T("settings.operator.self")
	}
	return p.s.Text.Error(m.Refused)
}

// memberOffers lists what can be done with an operator, or why nothing can.
func (p *Page) memberOffers(card *component.Detail, m operators.Member) {
	t := p.s.Text
	if m.Refused != nil {
		card.Paragraph(theme.Muted, p.refusedMember(m))
		return
	}
	p.offer(card, core.ActOperatorEdit, "e")
	for _, a := range p.acts(m) {
		if !a.hidden && a.reason == "" {
			card.Key(a.key, t.T("action."+string(a.id)))
		}
	}
}

// askAct asks before something that the operator feels.
func (p *Page) askAct(m operators.Member, a act) tea.Cmd {
	return p.pose(ask{
		text: p.s.Text.T("settings.operator."+a.name+".ask", "name", m.Name, "address", m.Address), leave: "settings.leave",
		yes:   action.Action{ID: a.id, Keys: []string{a.key}, Run: func() tea.Cmd { return p.startAct(m, a) }},
		while: func() bool { now, found := memberOf(p.view, m.ID); return found && now.Refused == nil },
	})
}

func (p *Page) startAct(m operators.Member, a act) tea.Cmd {
	p.busy, p.said = true, said{}
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		ended, err := a.do(ctx, req, m)
		return acted{a, m, ended}, err
	})
}

// posted is the end of the key of the sentence that tells of something done: a
// mail that nobody delivers is captured (R89).
func (p *Page) posted(mails bool) string {
	if mails && p.s.Captured {
		return ".captured"
	}
	return ".said"
}

// takeActed tells what became of an act, and reads the operators again.
func (p *Page) takeActed(done acted, err error) tea.Cmd {
	p.busy = false
	p.answered()
	t := p.s.Text
	key := "settings.operator." + done.name + p.posted(done.mails)
	switch {
	case err != nil:
		p.said = said{text: t.Error(err), alarm: true}
	case done.id == core.ActOperatorEndSessions:
		p.said = said{text: t.N(key, done.ended, "name", done.member.Name)}
	default:
		p.said = said{text: t.T(key, "name", done.member.Name, "address", done.member.Address)}
	}
	return p.Refresh()
}
