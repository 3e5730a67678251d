// Package signin is the way into the console: an operator's address and
// password.
package signin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/operators"
	"willcall/core/venue"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/text"
)

// maxTyped is how much the fields take in, in code points: more than any
// address or password has, so that nothing is cut off unseen.
const maxTyped = 1000

// The fields.
const (
	fieldAddress  = "address"
	fieldPassword = "password"
)

// Page implements [session.Page].
type Page struct {
	s         *session.Session
	operators *operators.Service
	venue     *venue.Service

	form    *component.Form
	busy    bool
	refused error // why the last attempt failed

	x, y int // where the form was last drawn
}

// New makes the page.
func New(s *session.Session, operators *operators.Service, venue *venue.Service) *Page {
	return &Page{s: s, operators: operators, venue: venue, form: component.NewForm(fields(s.Text)...)}
}

func fields(t text.Printer) []component.Field {
	field := func(name string, kind component.FieldKind) component.Field {
		return component.Field{Name: name, Label: t.T("signin." + name), Kind: kind, Max: maxTyped}
	}
	return []component.Field{field(fieldAddress, component.FieldText), field(fieldPassword, component.FieldPassword)}
}

// Key implements [session.Page].
func (p *Page) Key() session.PageKey { return session.PageSignIn }

// Open implements [session.Page]; where the session knows an address, only the
// password is left to type.
func (p *Page) Open(core.Ref) tea.Cmd {
	if p.form.Value(fieldAddress) == "" && p.s.Address != "" {
		p.form.Set(fieldAddress, p.s.Address)
		p.form.Focus(fieldPassword)
	}
	return nil
}

// Refresh implements [session.Page]: there is nothing to read.
func (p *Page) Refresh() tea.Cmd { return nil }

// Typing implements [session.Page].
func (p *Page) Typing() bool { return true }

// Unsaved implements [session.Page]: nothing here is worth a question.
func (p *Page) Unsaved() bool { return false }

// Actions implements [session.Page].
func (p *Page) Actions() []action.Action {
	if p.busy {
		return nil
	}
	if p.form.Focused() == fieldPassword {
		return []action.Action{
			{ID: core.ActSignIn, Keys: []string{"enter"}, Typing: true, Run: p.signIn},
			p.to("signin.to-address", fieldAddress, "tab"),
		}
	}
	return []action.Action{p.to("signin.to-password", fieldPassword, "enter", "tab")}
}

// to is an action that gives a field the keyboard.
func (p *Page) to(label, field string, keys ...string) action.Action {
	return action.Action{Label: label, Keys: keys, Typing: true, Run: func() tea.Cmd {
		p.form.Focus(field)
		return nil
	}}
}

// Update implements [session.Page]. What is typed while an attempt is under way
// belongs to no field and is dropped.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case session.Result:
		return p.result(msg)
	case session.Click:
		if !p.busy {
			p.form.Click(msg.X-p.x, msg.Y-p.y)
		}
	case tea.KeyPressMsg, tea.PasteMsg:
		p.typed(msg)
	}
	return nil
}

func (p *Page) typed(msg tea.Msg) {
	if !p.busy {
		p.form.Update(msg)
	}
}

// signIn tries what stands in the fields, once both are filled in.
func (p *Page) signIn() tea.Cmd {
	address, password := p.form.Value(fieldAddress), p.form.Value(fieldPassword)
	switch {
	case strings.TrimSpace(address) == "":
		p.form.Focus(fieldAddress)
		return nil
	case password == "":
		return nil
	}
	p.busy, p.refused = true, nil
	return p.s.Do(p.Key(), 0, func(ctx context.Context, _ core.Request) (any, error) {
		return p.enter(ctx, address, password)
	})
}

// enter opens a session and reads what the header says of it.
func (p *Page) enter(ctx context.Context, address, password string) (session.Entered, error) {
	in, err := p.operators.SignIn(ctx, address, password)
	if err != nil {
		return session.Entered{}, err
	}
	req := core.Request{Actor: in.Actor, Session: in.Session, Institution: in.Institution, Organisation: in.Organisation}
	entered, err := p.entered(ctx, req, in)
	if err != nil {
		return session.Entered{}, errors.Join(err, p.operators.SignOut(ctx, req))
	}
	return entered, nil
}

func (p *Page) entered(ctx context.Context, req core.Request, in operators.SignedIn) (session.Entered, error) {
	o, err := p.venue.Overview(ctx, req)
	if err != nil {
		return session.Entered{}, fmt.Errorf("read the institution: %w", err)
	}
	zone, err := time.LoadLocation(o.Institution.TimeZone)
	if err != nil {
		return session.Entered{}, fmt.Errorf("load the institution's time zone: %w", err)
	}
	e := session.Entered{
		Actor: in.Actor, Session: in.Session, Role: in.Role, Address: in.Address, Language: in.Language,
		Institution: req.Institution, Organisation: req.Organisation, Institutions: in.Institutions,
		InstitutionName: o.Institution.Name, Location: zone, Captured: o.Captured,
	}
	for _, organisation := range o.Organisations {
		if organisation.ID == req.Organisation {
			e.OrganisationName = organisation.Name
		}
	}
	return e, nil
}

// result hands a new session to the root. After a refusal the address stays and
// the password has to be typed again.
func (p *Page) result(msg session.Result) tea.Cmd {
	entered, ok := msg.Value.(session.Entered)
	if !ok {
		return nil
	}
	p.busy = false
	p.form.Set(fieldPassword, "")
	if msg.Err != nil {
		p.refused = msg.Err
		return nil
	}
	return session.Say(entered)
}
