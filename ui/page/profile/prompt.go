package profile

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
)

// The fields of prompts, by the names that the core refuses them with.
const (
	fieldName    = "name"
	fieldAddress = "address"
	fieldCode    = "code"
	fieldNow     = "now"
	fieldNext    = "password"
	fieldAgain   = "password-again"
)

// maxTyped lets more be typed than is accepted, so that nothing is cut off
// unseen.
const maxTyped = 1000

// prompt asks for what an act needs.
type prompt struct {
	*component.Prompt
	id    core.ActionID
	label string // the catalogue key of doing it
	do    func(*prompt) tea.Cmd
	more  []action.Action
	over  mode // what stays in sight
}

func (p *Page) openPrompt(text func() string, fields func() []component.Field, asked *prompt) tea.Cmd {
	asked.Prompt = component.NewPrompt(text, fields, p.underWay)
	asked.over = p.mode
	p.prompt, p.said = asked, said{}
	p.enter(modePrompt)
	return nil
}

func (p *Page) promptActions() []action.Action {
	do := action.Action{ID: p.prompt.id, Label: p.prompt.label, Run: p.submit}
	return p.prompt.Actions(do, action.Action{Label: "profile.leave", Run: p.leavePrompt}, p.prompt.more...)
}

func (p *Page) leavePrompt() tea.Cmd {
	p.closePrompt(p.prompt)
	return nil
}

// closePrompt goes back to what was in sight, if the prompt still is, and
// forgets what was typed.
func (p *Page) closePrompt(a *prompt) {
	if p.mode == modePrompt && p.prompt == a {
		p.enter(a.over)
		p.prompt = nil
	}
}

func (p *Page) submit() tea.Cmd {
	if !p.prompt.Check() {
		return nil
	}
	return p.prompt.do(p.prompt)
}

// field is one that must be filled in.
func (p *Page) field(name string, kind component.FieldKind) component.Field {
	return component.Field{Name: name, Label: p.s.Text.T("profile.field." + name), Kind: kind, Required: true, Max: maxTyped}
}

// saying makes the sentence of a prompt anew in each language.
func (p *Page) saying(key string, pairs ...string) func() string {
	return func() string { return p.s.Text.T(key, pairs...) }
}

// askName asks for another name.
func (p *Page) askName() tea.Cmd {
	fields := func() []component.Field { return []component.Field{p.field(fieldName, component.FieldText)} }
	cmd := p.openPrompt(p.saying("profile.name.ask"), fields, &prompt{
		id: core.ActProfileName, label: "profile.save",
		do: func(a *prompt) tea.Cmd {
			name := strings.TrimSpace(a.Value(fieldName))
			told := func() said {
				p.s.Operator, p.s.Request.Actor.Name = name, name
				return said{text: p.s.Text.T("profile.name.saved", "name", name)}
			}
			return p.act(acted{prompt: a, told: told}, func(ctx context.Context, req core.Request) error {
				return p.service.Rename(ctx, req, name)
			})
		},
	})
	p.prompt.Fill(map[string]string{fieldName: p.view.Name})
	return cmd
}

// askPassword asks for the password there is, and twice for the next one.
func (p *Page) askPassword() tea.Cmd {
	fields := func() []component.Field {
		next := p.field(fieldNext, component.FieldPassword)
		next.Hint = p.s.Text.T("profile.password.hint")
		return []component.Field{
			p.field(fieldNow, component.FieldPassword), next, p.field(fieldAgain, component.FieldPassword),
		}
	}
	return p.openPrompt(p.saying("profile.password.ask"), fields, &prompt{
		id: core.ActProfilePassword, label: "profile.save",
		do: func(a *prompt) tea.Cmd {
			now, next := a.Value(fieldNow), a.Value(fieldNext)
			if a.Value(fieldAgain) != next {
				a.Fail(core.RefuseField(core.CodeRepeat, fieldAgain))
				return nil
			}
			told := func() said { return said{text: p.s.Text.T("profile.password.saved")} }
			return p.act(acted{prompt: a, told: told}, func(ctx context.Context, req core.Request) error {
				return p.service.ChangePassword(ctx, req, now, next)
			})
		},
	})
}

// askAddress asks for another address, to which a code is mailed.
func (p *Page) askAddress() tea.Cmd {
	fields := func() []component.Field {
		address := p.field(fieldAddress, component.FieldText)
		address.Check = checkAddress
		return []component.Field{address}
	}
	return p.openPrompt(p.saying("profile.address.ask"), fields, &prompt{
		id: core.ActProfileAddress, label: "profile.address.mail",
		do: func(a *prompt) tea.Cmd { return p.mailCode(a, strings.TrimSpace(a.Value(fieldAddress))) },
	})
}

// checkAddress refuses on leaving the field what sending would refuse.
func checkAddress(typed string) error {
	_, err := core.CanonicalAddress(typed)
	return err
}

// validating validates the present address by a code: it mails one, or goes on
// with the one that was mailed (R73).
func (p *Page) validating() action.Action {
	a := p.act1(core.ActProfileAddress, "v", "", func() tea.Cmd { return p.mailCode(nil, "") })
	a.Label = "profile.address.validate"
	switch {
	case p.mailed != "":
		a.ID, a.Label = core.ActProfileConfirmAddress, "profile.address.enter-code"
		a.Run = p.askCode
	case !p.view.Validated.IsZero() && !p.busy:
		a.Disabled = p.s.Text.T("profile.address.is-validated")
	}
	return a
}

// mailCode mails a code to the present address or to another, and asks for it.
func (p *Page) mailCode(a *prompt, address string) tea.Cmd {
	to := address
	if to == "" {
		to = p.view.Address
	}
	then := func() tea.Cmd {
		p.mailed = to
		return p.askCode()
	}
	return p.act(acted{prompt: a, told: func() said { return said{} }, then: then},
		func(ctx context.Context, req core.Request) error { return p.service.MailAddressCode(ctx, req, address) })
}

// askCode asks for the code that was mailed.
func (p *Page) askCode() tea.Cmd {
	to := p.mailed
	fields := func() []component.Field { return []component.Field{p.codeField()} }
	return p.openPrompt(func() string { return p.askedCode(to) }, fields, &prompt{
		id: core.ActProfileConfirmAddress, label: "profile.address.confirm",
		do: func(a *prompt) tea.Cmd {
			code := digits(a.Value(fieldCode))
			told := func() said {
				p.mailed, p.s.Address = "", to
				return said{text: p.s.Text.T("profile.address.validated", "address", to)}
			}
			return p.act(acted{prompt: a, told: told}, func(ctx context.Context, req core.Request) error {
				return p.service.ConfirmAddress(ctx, req, code)
			})
		},
		more: []action.Action{{
			ID: core.ActProfileAddress, Label: "profile.address.again", Keys: []string{"ctrl+t"}, Typing: true,
			Run: func() tea.Cmd { return p.mailAgain(to) },
		}},
	})
}

// askedCode asks for the code, and says where it is while nobody delivers mail
// (R89).
func (p *Page) askedCode(to string) string {
	key := "profile.address.code.ask"
	if p.s.Captured {
		key = "profile.address.code.captured"
	}
	return p.s.Text.T(key, "address", to)
}

// mailAgain mails another code to where the last one went.
func (p *Page) mailAgain(to string) tea.Cmd {
	address := to
	if to == p.view.Address {
		address = ""
	}
	return p.mailCode(p.prompt, address)
}

// codeField takes six digits, in whatever groups they are typed.
func (p *Page) codeField() component.Field {
	field := p.field(fieldCode, component.FieldText)
	field.Placeholder = p.s.Text.T("profile.code.placeholder")
	return field
}

// digits is a code without the blanks that it was typed with.
func digits(typed string) string { return strings.Join(strings.Fields(typed), "") }
