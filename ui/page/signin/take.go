package signin

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/operators"
	"willcall/ui/session"
)

// result takes an answer, unless it was given up: then a session that it opened
// is ended again.
func (p *Page) result(msg session.Result) tea.Cmd {
	a, ok := msg.Value.(answered)
	if !ok {
		return nil
	}
	if a.stamp != p.asked.Stamp {
		return p.refuse(a.value)
	}
	p.busy = ""
	if msg.Err != nil {
		p.fail(msg.Err)
		return nil
	}
	return p.take(a.value)
}

// refuse ends a session that nobody waits for.
func (p *Page) refuse(value any) tea.Cmd {
	if done, ok := value.(takenUp); ok {
		value = done.value
	}
	entered, ok := value.(session.Entered)
	if !ok || entered.Session == 0 {
		return nil
	}
	ctx := p.s.Ctx
	req := core.Request{
		Actor: entered.Actor, Session: entered.Session,
		Institution: entered.Institution, Organisation: entered.Organisation,
	}
	return func() tea.Msg {
		_ = p.signOut(ctx, req) // it ends by itself, and nobody has it
		return nil
	}
}

// fail says why the answer was no. What was typed into a password or a code is
// typed again; an attempt that is over begins again.
func (p *Page) fail(err error) {
	switch {
	case core.CodeOf(err) == core.CodeAttemptOver:
		p.attempt = ""
		p.show(stepPassword)
		p.opened++
	case p.step == stepChoose && core.CodeOf(err) == core.CodeOneTime:
		p.show(stepOneTime)
		p.opened++
	case p.step == stepChoose:
		p.form.Fail(atNew(err))
		return
	case p.step == stepOneTime:
		p.form.Set(fieldOneTime, "")
	case p.step == stepMail && p.notNow(err):
		return
	}
	p.refused = err
}

// notNow says why no code is mailed now. The words of mails to customers would
// tell that there was one.
func (p *Page) notNow(err error) bool {
	var refusal *core.Error
	if !errors.As(err, &refusal) {
		return false
	}
	switch refusal.Code { //nolint:exhaustive // codes are open; the others have words of their own
	case core.CodeTooMany:
		p.said = "signin.mail.enough"
		return true
	case core.CodeCoolDown:
		from, err := time.Parse(time.RFC3339, refusal.Args["from"])
		p.again, p.said = from, "signin.mail.wait"
		return err == nil
	}
	return false
}

// atNew puts what is wrong with a password at the field it was chosen in.
func atNew(err error) error {
	if refusal := (*core.Error)(nil); errors.As(err, &refusal) && refusal.Code == core.CodePassword {
		here := *refusal
		here.Field = fieldNew
		return &here
	}
	return err
}

// take goes on with what came of a question.
func (p *Page) take(value any) tea.Cmd {
	switch value := value.(type) {
	case session.Entered:
		p.show(stepAddress)
		return session.Say(value)
	case codeAsked:
		p.attempt, p.captured, p.again = value.attempt, value.captured, time.Time{}
		p.form.Set(fieldRemember, "")
		p.goOn(stepCode)
	case mailed:
		p.again = value.again
		p.goOn(stepCode)
		p.said = "signin.mailed"
		if value.again.IsZero() {
			p.said = "signin.mailed.last"
		}
	case operators.Taken:
		p.taken = &value
		p.form.Set(fieldFor, p.s.Text.T("signin.for.whom", "name", value.Name, "address", value.Address))
		p.goOn(stepChoose)
	case takenUp:
		return p.tookUp(value)
	case resetMailed:
		p.goOn(stepOneTime)
		p.said = "signin.reset-mailed"
		if value.captured {
			p.said = "signin.reset-captured"
		}
	}
	return nil
}

// tookUp goes on after the new password is set: into the house, to the code that
// is still asked for, or to the password where signing in failed.
func (p *Page) tookUp(done takenUp) tea.Cmd {
	p.taken = nil
	p.form.Set(fieldAddress, done.address)
	if done.err == nil {
		return p.take(done.value)
	}
	p.goOn(stepPassword)
	p.refused = done.err
	return nil
}

// goOn goes to a step that an answer leads to: keys typed before it is seen count
// for nothing.
func (p *Page) goOn(to step) {
	p.show(to)
	p.opened++
}
