package profile

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/operators"
	"willcall/ui/action"
	"willcall/ui/component"
)

// enrolment is an authenticator app being linked. It is forgotten on leaving.
type enrolment struct {
	operators.Enrolment
	code   *component.QR // nil where no code holds the URI
	form   *component.Form
	typing bool // the field has the keyboard, else letters act
	barred bool // nothing else was open when it began
	copies component.Copies

	x, y int // where the field was last drawn
}

// begun is the answer to beginning an enrolment, confirmed to ending it by a
// right code.
type (
	begun     struct{ operators.Enrolment }
	confirmed struct{ codes []string }
)

// beginEnrolment asks for a new secret. Nothing changes by that (R65).
func (p *Page) beginEnrolment() tea.Cmd {
	p.busy, p.said = true, said{}
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		e, err := p.service.BeginEnrolment(ctx, req)
		return begun{e}, err
	})
}

func (p *Page) takeBegun(b begun, err error) {
	p.busy = false
	if err != nil {
		p.refuse(err)
		return
	}
	p.prompt = nil
	p.enrol = &enrolment{Enrolment: b.Enrolment, form: component.NewForm(p.codeField()), barred: p.s.Walled}
	p.enrol.form.Resting = true
	if code, err := component.NewQR(b.URI); err == nil {
		p.enrol.code = code
	}
	p.enter(modeEnrol)
}

// typedEnrol takes a digit into the field, wherever the keyboard is.
func (p *Page) typedEnrol(msg tea.Msg) {
	e := p.enrol
	if p.busy || !e.typing && !begins(msg) {
		return
	}
	p.typeCode()
	e.form.Update(msg)
}

// begins reports whether something is the beginning of a code.
func begins(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return len(msg.Text) == 1 && strings.Contains("0123456789", msg.Text)
	case tea.PasteMsg:
		return strings.Trim(msg.Content, " -\r\n0123456789") == ""
	}
	return false
}

// typeCode gives the field the keyboard.
func (p *Page) typeCode() tea.Cmd {
	p.enrol.typing, p.enrol.form.Resting = true, false
	return nil
}

func (p *Page) leaveField() tea.Cmd {
	p.enrol.typing, p.enrol.form.Resting = false, true
	return nil
}

func (p *Page) enrolActions() []action.Action {
	e := p.enrol
	confirm := action.Action{
		ID: core.ActProfileConfirm, Label: "profile.enrol.confirm", Keys: []string{"enter", "ctrl+s"}, Typing: true, Disabled: p.underWay(), Run: p.confirm,
	}
	if p.busy {
		return []action.Action{confirm}
	}
	if e.typing {
		leave := action.Action{Label: "profile.enrol.leave-field", Keys: []string{"esc"}, Typing: true, Run: p.leaveField}
		return append(append([]action.Action{confirm}, e.form.Actions()...), leave)
	}
	all := []action.Action{
		action.Key("profile.enrol.type", p.typeCode, "enter"),
		action.Key("component.copy", func() tea.Cmd { return e.copies.Take(p.self(), p.copyable()) }, "c"),
	}
	if p.mailMeets() {
		all = append(all, p.byMail())
	}
	if p.s.Walled {
		return all
	}
	return append(all, action.Key("profile.enrol.leave", p.leaveEnrolment, "esc"))
}

// self is what the secrets on the screen belong to.
func (p *Page) self() core.Ref { return core.Ref{Kind: core.KindOperator, ID: p.s.Request.Actor.ID} }

// copyable is the bare secret, then the URI that an app on the same computer
// takes.
func (p *Page) copyable() []component.Copyable {
	t := p.s.Text
	return []component.Copyable{
		{What: t.T("profile.enrol.key"), Value: p.enrol.Secret}, {What: t.T("profile.enrol.uri"), Value: p.enrol.URI},
	}
}

// leaveEnrolment forgets the secret; nothing has changed (R65).
func (p *Page) leaveEnrolment() tea.Cmd {
	p.enrol = nil
	p.enter(modeList)
	return p.Refresh()
}

// confirm turns the factor on where the code is right.
func (p *Page) confirm() tea.Cmd {
	e := p.enrol
	if !e.form.Check() {
		return nil
	}
	p.busy = true
	code := digits(e.form.Value(fieldCode))
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		codes, err := p.service.ConfirmEnrolment(ctx, req, code)
		return confirmed{codes}, err
	})
}

// takeConfirmed shows the recovery codes, or says at the field why not. Where the
// time for enrolling is over, the secret on the screen is void.
func (p *Page) takeConfirmed(done confirmed, err error) tea.Cmd {
	p.busy = false
	switch {
	case err == nil:
		return p.show(done.codes, "profile.codes.linked")
	case p.mode == modeEnrol && core.CodeOf(err) == core.CodeAppCode:
		p.enrol.form.Set(fieldCode, "")
		p.enrol.form.Fail(core.RefuseField(core.CodeAppCode, fieldCode))
		return nil
	case p.mode == modeEnrol && core.CodeOf(err) != core.CodeEnrolmentOver:
		p.enrol.form.Fail(err)
		return nil
	}
	leave := p.leaveEnrolment()
	p.refuse(err)
	return leave
}

// groups parts a key in groups of four letters, as it is read and typed.
func groups(key string) string {
	const size = 4
	var parts []string
	for ; len(key) > size; key = key[size:] {
		parts = append(parts, key[:size])
	}
	return strings.Join(append(parts, key), " ")
}
