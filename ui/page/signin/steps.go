package signin

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/operators"
	"willcall/ui/action"
	"willcall/ui/component"
)

// step is what is asked for now. Its name is the last word of its sentence's key.
type step string

// The steps. A sign-in goes from the address to the password and, where one is
// asked for, to the code; a one-time code leads to a new password.
const (
	stepAddress  step = "address"
	stepPassword step = "password"
	stepCode     step = "code"
	stepRecovery step = "recovery"
	stepMail     step = "mail"
	stepOneTime  step = "one-time"
	stepChoose   step = "choose"
	stepForgot   step = "forgot"
)

// maxTyped is how much the fields take in, in code points: more than any
// address or password has, so that nothing is cut off unseen.
const maxTyped = 1000

// product is a word that is worth nothing in a password.
const product = "willcall"

// The fields. Those of passwords and codes are masked.
const (
	fieldWho      = "who" // the address, once it is settled
	fieldFor      = "for" // whom a one-time code is for
	fieldAddress  = "address"
	fieldPassword = "password"
	fieldCode     = "code"
	fieldRemember = "remember"
	fieldRecovery = "recovery"
	fieldOneTime  = "one-time"
	fieldNew      = "new"
	fieldAgain    = "again"
)

func (p *Page) fields() []component.Field {
	field := func(name string, kind component.FieldKind) component.Field {
		return component.Field{Name: name, Label: p.s.Text.T("signin." + name), Kind: kind, Max: maxTyped}
	}
	who := field(fieldWho, component.FieldShown)
	who.Label = p.s.Text.T("signin.address")
	chosen, again := field(fieldNew, component.FieldPassword), field(fieldAgain, component.FieldPassword)
	chosen.Check, again.Check = p.checkNew, p.checkAgain
	return []component.Field{
		field(fieldFor, component.FieldShown), who,
		field(fieldAddress, component.FieldText), field(fieldPassword, component.FieldPassword),
		field(fieldCode, component.FieldPassword), field(fieldRemember, component.FieldToggle),
		field(fieldRecovery, component.FieldPassword), field(fieldOneTime, component.FieldPassword),
		chosen, again,
	}
}

// fieldsOf are those that a step shows, the one to type into first last.
func fieldsOf(s step) []string {
	switch s {
	case stepAddress, stepForgot:
		return []string{fieldAddress}
	case stepPassword:
		return []string{fieldWho, fieldPassword}
	case stepCode:
		return []string{fieldWho, fieldRemember, fieldCode}
	case stepRecovery:
		return []string{fieldWho, fieldRecovery}
	case stepMail:
		return []string{fieldWho}
	case stepOneTime:
		return []string{fieldOneTime}
	case stepChoose:
		return []string{fieldFor, fieldAgain, fieldNew}
	}
	return nil
}

// show goes to a step. What was typed into a password or a code is forgotten; an
// address stays.
func (p *Page) show(s step) {
	p.step, p.refused, p.missing, p.said = s, nil, "", ""
	p.wipe()
	p.form.Set(fieldWho, strings.TrimSpace(p.form.Value(fieldAddress)))
	shown := fieldsOf(s)
	for name := range p.form.Values() {
		p.form.Change(name, func(f *component.Field) { f.Hidden = !slices.Contains(shown, name) })
	}
	p.form.Focus(shown[len(shown)-1])
}

// wipe empties every field of a password or a code but that of the one-time code
// while a password is chosen: it is spent with that.
func (p *Page) wipe() {
	for _, name := range []string{fieldPassword, fieldCode, fieldRecovery, fieldNew, fieldAgain} {
		p.form.Set(name, "")
	}
	if p.step != stepChoose {
		p.form.Set(fieldOneTime, "")
	}
}

// checkNew refuses on leaving the field what taking a code up would refuse.
func (p *Page) checkNew(typed string) error {
	if p.taken == nil || typed == "" {
		return nil
	}
	return operators.CheckPassword(typed, product, p.taken.Name, p.taken.Address)
}

func (p *Page) checkAgain(typed string) error {
	if typed != "" && typed != p.form.Value(fieldNew) {
		return core.Refuse(core.CodeRepeat)
	}
	return nil
}

// ring is the present step among those that can be gone to in its place, round
// and round; none where there is no other way.
func (p *Page) ring() []step {
	codes := []step{stepCode, stepRecovery, stepMail}
	if p.captured {
		codes = codes[:2]
	}
	for _, ring := range [][]step{{p.door(), stepOneTime, stepForgot}, codes} {
		if slices.Contains(ring, p.step) {
			return ring
		}
	}
	return nil
}

// door is the step of the sign-in itself: an address that is typed leads to its
// password.
func (p *Page) door() step {
	if p.step == stepAddress || strings.TrimSpace(p.form.Value(fieldAddress)) == "" {
		return stepAddress
	}
	return stepPassword
}

// wayLabel is the catalogue key of a way's name.
func wayLabel(s step) string { return "signin.way." + string(s) }

// Actions implements [session.Page].
func (p *Page) Actions() []action.Action {
	if p.busy != "" {
		return []action.Action{{Label: "signin.cancel", Keys: []string{"esc"}, Typing: true, Run: p.giveUp}}
	}
	actions := p.answers()
	choosing := p.form.Focused() == fieldRemember
	if choosing {
		actions = append(actions, p.remembering()...)
	}
	actions = append(actions, p.wayAction()...)
	if back, label, ok := p.back(); ok {
		actions = append(actions, action.Action{Label: label, Keys: []string{"esc"}, Typing: true, Run: p.to(back)})
	}
	if p.step == stepCode && !choosing {
		actions = append(actions, p.remembering()...)
	}
	return actions
}

// answers are the keys that give what the step asks for.
func (p *Page) answers() []action.Action {
	enter := func(label string, run func() tea.Cmd) action.Action {
		return action.Action{Label: label, Keys: []string{"enter"}, Typing: true, Run: run}
	}
	in := action.Action{ID: core.ActSignIn, Keys: []string{"enter"}, Typing: true}
	switch p.step {
	case stepAddress:
		return []action.Action{enter("signin.next", p.toPassword)}
	case stepPassword:
		in.Run = p.begin
		return []action.Action{in}
	case stepCode, stepRecovery:
		in.Run = p.answer
		return []action.Action{in}
	case stepMail:
		return []action.Action{enter("signin.mail", p.mail)}
	case stepOneTime:
		return []action.Action{enter("signin.next", p.look)}
	case stepForgot:
		return []action.Action{enter("signin.forgot", p.forgot)}
	case stepChoose:
		return p.choosing()
	}
	return nil
}

// remembering are the keys around the choice to remember the device.
func (p *Page) remembering() []action.Action {
	if p.form.Focused() == fieldRemember {
		return []action.Action{
			{Label: "signin.remember.switch", Keys: []string{"space"}, Typing: true, Run: p.typed(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "})},
			{Label: "signin.to-code", Keys: []string{"up"}, Typing: true, Run: p.focus(fieldCode)},
		}
	}
	return []action.Action{{Label: "signin.to-remember", Keys: []string{"down"}, Typing: true, Run: p.focus(fieldRemember)}}
}

// choosing are the keys of a new password.
func (p *Page) choosing() []action.Action {
	if p.form.Focused() == fieldNew {
		return []action.Action{{Label: "signin.next", Keys: []string{"enter", "tab", "down"}, Typing: true, Run: p.focus(fieldAgain)}}
	}
	return []action.Action{
		{Label: "signin.choose", Keys: []string{"enter"}, Typing: true, Run: p.takeUp},
		{Label: "signin.to-new", Keys: []string{"tab", "up"}, Typing: true, Run: p.focus(fieldNew)},
	}
}

// wayAction goes to the next of the ways. Behind an address, tab is what it is
// in every form.
func (p *Page) wayAction() []action.Action {
	ring := p.ring()
	if len(ring) == 0 {
		return nil
	}
	next := ring[(slices.Index(ring, p.step)+1)%len(ring)]
	a := action.Action{Label: wayLabel(next), Keys: []string{"tab"}, Typing: true, Run: p.to(next)}
	if p.step == stepAddress && strings.TrimSpace(p.form.Value(fieldAddress)) != "" {
		a.Label, a.Run = "signin.next", p.toPassword
	}
	return []action.Action{a}
}

// back is the step that esc leads to, by which name, if there is one.
func (p *Page) back() (to step, label string, ok bool) {
	switch p.step {
	case stepPassword:
		return stepAddress, "signin.to-address", true
	case stepCode:
		return stepAddress, "signin.restart", true
	case stepRecovery, stepMail:
		return stepCode, "signin.to-code", true
	case stepChoose:
		return stepAddress, "signin.restart", true
	case stepOneTime, stepForgot:
		return p.door(), "console.back", true
	case stepAddress:
	}
	return "", "", false
}

// to is an action's way to a step.
func (p *Page) to(s step) func() tea.Cmd {
	return func() tea.Cmd {
		p.show(s)
		return nil
	}
}

func (p *Page) focus(field string) func() tea.Cmd {
	return func() tea.Cmd {
		p.refused, p.missing, p.said = nil, "", ""
		p.form.Focus(field)
		return nil
	}
}

// typed hands a key to the field with the keyboard.
func (p *Page) typed(press tea.KeyPressMsg) func() tea.Cmd {
	return func() tea.Cmd {
		p.form.Update(press)
		return nil
	}
}

// toPassword goes on once there is an address.
func (p *Page) toPassword() tea.Cmd {
	if p.lacks(fieldAddress) {
		return nil
	}
	p.show(stepPassword)
	return nil
}

// lacks reports whether a field is empty, and says so in place.
func (p *Page) lacks(field string) bool {
	p.refused, p.missing, p.said = nil, "", ""
	if strings.TrimSpace(p.form.Value(field)) != "" {
		return false
	}
	p.missing = "signin.missing." + field
	p.form.Focus(field)
	return true
}
