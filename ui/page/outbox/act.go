package outbox

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/mail"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/theme"
)

// The keys of what can be done with a mail.
const (
	keyAgain   = "a"
	keyCancel  = "C"
	keyContact = "p"
)

// asked is what a question is about.
type asked struct {
	mail core.ID
	what string
	to   string
	many []core.ID // the picked mails; nil for the one mail
	busy bool
}

// said is what the last act here did, told in place.
type said struct {
	text  string
	alarm bool
}

// done is the answer to an act.
type done struct {
	asked
	now       core.ID // the mail that goes out
	cancelled bool
	count     int // of many
	left      []mail.Left
}

// Actions implements [session.Page].
func (p *Page) Actions() []action.Action {
	if p.asked.busy { // it is answered
		return nil
	}
	switch p.mode {
	case modeAgain:
		return []action.Action{p.sendNow(), action.Key("outbox.leave", p.leave, "esc")}
	case modeCancel:
		return []action.Action{p.cancelNow(), action.Key("outbox.leave", p.leave, "esc")}
	case modeDetail:
		return slices.Concat(p.scroll.Actions(), p.mailActions(), []action.Action{action.Key("outbox.back", p.leaveDetail, "esc", "left")})
	case modeList:
		return p.listActions()
	}
	return nil
}

func (p *Page) listActions() []action.Action {
	view, back := action.Key("outbox.view", p.turn(1), "tab"), action.Key("outbox.view-back", p.turn(-1), "shift+tab")
	back.Quiet = true
	var all []action.Action
	if p.list.Len() > 0 {
		all = append(p.list.MoveActions(p), action.Key("outbox.open", p.enterDetail, "enter", "right"))
	}
	if p.contact != 0 && p.list.PickedCount() == 0 {
		all = append(all, action.Key("outbox.everybody", p.everybody, "esc"))
	}
	all = append(all, view, back)
	switch {
	case p.list.PickedCount() > 0:
		all = append(all, p.manyActions()...)
	case p.list.Len() > 0:
		all = append(all, p.mailActions()...)
	}
	return append(all, p.picks()...)
}

// mailActions are what can be done with the mail that is shown.
func (p *Page) mailActions() []action.Action {
	if p.detail == nil {
		return nil
	}
	contact := action.Key("outbox.contact", p.onCurrent(p.toContact), keyContact)
	if p.detail.Mail.Subject.Kind != core.KindContact {
		contact.Disabled = p.s.Text.T("outbox.no-contact")
	}
	contact.ID = core.ActContactsShow
	copying := action.Key("component.copy", p.onCurrent(p.copyAddress), "c")
	copying.Quiet = true
	return []action.Action{
		{ID: core.ActOutboxSendAgain, Keys: []string{keyAgain}, Disabled: p.noneAgain(*p.detail), Run: p.onCurrent(p.askAgain)},
		{ID: core.ActOutboxCancel, Keys: []string{keyCancel}, Disabled: p.reason(p.detail.Cancel), Run: p.onCurrent(p.askCancel)},
		contact, copying,
	}
}

// copyAddress copies whom the mail shown is to.
func (p *Page) copyAddress() tea.Cmd {
	p.said = said{}
	return p.copying.Take(mailRef(p.detail.ID), []component.Copyable{{What: p.s.Text.T("outbox.to"), Value: p.detail.To}})
}

func mailRef(id core.ID) core.Ref { return core.Ref{Kind: core.KindMail, ID: id} }

// noneAgain is why the mail shown can't be sent again, empty if it can; what
// only time stands against is over at its time, though nothing was read since.
func (p *Page) noneAgain(m mail.OutboxMail) string {
	if !m.Until.IsZero() && !p.s.Now().Before(m.Until) {
		return ""
	}
	return p.refusedAgain(m.Mail.Subject, m.Again)
}

// refusedAgain is why a mail about a subject isn't sent again.
func (p *Page) refusedAgain(subject core.Ref, refusal error) string {
	switch {
	case core.CodeOf(refusal) != core.CodeNotFound:
		return p.reason(refusal)
	case subject.Kind != core.KindContact:
		return p.s.Text.T("outbox.no-contact")
	}
	return p.s.Text.T("outbox.contact-gone")
}

// reason is why something can't be done with the mail shown, empty if it can.
func (p *Page) reason(refusal error) string {
	if core.CodeOf(refusal) == core.CodeBusy {
		return p.s.Text.T("outbox.leased")
	}
	return p.s.Text.Error(refusal)
}

// onCurrent drops a key that came before the mail it is for was drawn.
func (p *Page) onCurrent(run func() tea.Cmd) func() tea.Cmd {
	return func() tea.Cmd {
		if p.current() == nil {
			return nil
		}
		return run()
	}
}

func (p *Page) toContact() tea.Cmd {
	return session.Say(session.Go{Page: session.PageContacts, Ref: p.detail.Mail.Subject})
}

func (p *Page) askAgain() tea.Cmd { return p.ask(modeAgain) }

func (p *Page) askCancel() tea.Cmd { return p.ask(modeCancel) }

func (p *Page) ask(m mode) tea.Cmd {
	p.asked = asked{mail: p.detail.ID, what: p.what(p.detail.Entry), to: p.detail.To}
	p.back = p.mode
	p.enter(m)
	return nil
}

func (p *Page) leave() tea.Cmd {
	p.enter(p.back)
	return p.openSelected()
}

// sendNow is the answer that sends.
func (p *Page) sendNow() action.Action {
	return action.Action{
		ID: core.ActOutboxSendAgain, Keys: []string{"enter"}, Run: func() tea.Cmd {
			p.asked.busy = true
			question := p.asked
			if question.many != nil {
				return p.sendManyAgain(question)
			}
			return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
				id, err := p.office.SendAgain(ctx, req, question.mail)
				return done{asked: question, now: id}, err
			})
		},
	}
}

// cancelNow is the answer that cancels.
func (p *Page) cancelNow() action.Action {
	return action.Action{
		ID: core.ActOutboxCancel, Keys: []string{keyCancel}, Run: func() tea.Cmd {
			p.asked.busy = true
			question := p.asked
			if question.many != nil {
				return p.cancelMany(question)
			}
			return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
				return done{asked: question, now: question.mail, cancelled: true}, p.office.Cancel(ctx, req, question.mail)
			})
		},
	}
}

// takeDone tells what became of an act, and goes on with the mail that goes
// out now.
func (p *Page) takeDone(d done, err error) tea.Cmd {
	if d.mail == p.asked.mail && (d.many == nil) == (p.asked.many == nil) {
		p.asked.busy = false
		if p.Asking() {
			p.enter(p.back)
		}
	}
	if err != nil {
		p.said = said{text: p.s.Text.Error(err), alarm: true}
		if n := len(d.left); n > 0 {
			p.said.text = p.leftReason(d.left[n-1])
		}
		return p.Refresh()
	}
	if d.many != nil {
		return p.takeMany(d)
	}
	if p.wanted == d.mail && d.now != d.mail {
		p.list.Select(d.now)
		p.wanted = d.now
	}
	p.said = said{text: p.sentence(d)}
	return p.Refresh()
}

// sentence says "captured" while there is no mail server (R89).
func (p *Page) sentence(d done) string {
	key := "outbox.said.sent"
	switch {
	case d.cancelled:
		key = "outbox.said.cancelled"
	case p.s.Captured:
		key = "outbox.said.captured"
	}
	return p.s.Text.T(key, "what", d.what, "address", d.to, "time", p.s.Text.Clock(p.s.Now()))
}

// foot is the last lines of the page: the line that asks, or what was done.
func (p *Page) foot(k component.Look, width int) []string {
	t := p.s.Text
	switch {
	case p.asked.busy:
		return k.Bar(theme.Accent, t.T("outbox.busy"), width)
	case p.mode == modeAgain && p.asked.many != nil:
		key := "outbox.ask-again-many"
		if p.s.Captured {
			key = "outbox.ask-again-many.captured"
		}
		return k.Bar(theme.Accent, t.N(key, len(p.asked.many)), width)
	case p.mode == modeAgain:
		key := "outbox.ask-again"
		if p.s.Captured {
			key = "outbox.ask-again.captured"
		}
		return k.Bar(theme.Accent, t.T(key, "what", p.asked.what, "address", p.asked.to), width)
	case p.mode == modeCancel && p.asked.many != nil:
		return k.Bar(theme.Amber, t.N("outbox.ask-cancel-many", len(p.asked.many)), width)
	case p.mode == modeCancel:
		return k.Bar(theme.Amber, t.T("outbox.ask-cancel", "what", p.asked.what, "address", p.asked.to), width)
	case p.said.text == "" && p.mode == modeList && p.list.PickedCount() > 0:
		return k.Bar(theme.Accent, t.N("component.list.picked", p.list.PickedCount()), width)
	case p.said.text == "":
		return p.copying.Foot(k, mailRef(p.wanted), width)
	case p.said.alarm:
		return k.Bar(theme.Red, p.said.text, width)
	}
	return k.Bar(theme.Green, p.said.text, width)
}
