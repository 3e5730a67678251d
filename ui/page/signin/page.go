// Package signin is the way into the console: an operator's address, the
// password, and a code where one is asked for. Beside it are the ways of who has
// a code from a mail, or forgot the password.
package signin

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/operators"
	"willcall/core/venue"
	"willcall/ui/component"
	"willcall/ui/session"
)

// Service is what the page asks of the operators' use cases. It is safe for
// concurrent use.
type Service interface {
	Begin(ctx context.Context, from operators.From, address, password string) (operators.Begun, error)
	Answer(ctx context.Context, from operators.From, attempt string, a operators.Answer) (operators.SignedIn, error)
	MailCode(ctx context.Context, from operators.From, attempt string) (again time.Time, err error)
	LookAtCode(ctx context.Context, from operators.From, code string) (operators.Taken, error)
	TakeUp(ctx context.Context, from operators.From, code, password string) (address string, err error)
	Forgot(ctx context.Context, from operators.From, address string) error
	SignOut(ctx context.Context, req core.Request) error
}

// Device is the terminal that somebody signs in at (R54). It is safe for
// concurrent use.
type Device interface {
	// From says where a sign-in comes from: without a token where the device was
	// never remembered.
	From() operators.From
	// Remember is From with a token, which is made where there is none yet.
	Remember() (operators.From, error)
}

// Page implements [session.Page].
type Page struct {
	s       *session.Session
	service Service
	venue   *venue.Service
	device  Device

	form   *component.Form
	step   step
	opened uint64 // steps that an answer brought up

	attempt  string           // of the sign-in under way
	captured bool             // no code is mailed in it: there is no mail server (R89)
	again    time.Time        // from when a code can be mailed once more; zero for any time
	taken    *operators.Taken // whom the one-time code is for

	asked   session.Question
	busy    string             // what is going on: the key of its sentence, or empty
	cancel  context.CancelFunc // gives up what is going on
	refused error              // why the last answer was no
	missing string             // what isn't filled in: the key of its sentence, or empty
	said    string             // what came of the last answer: the key of its sentence, or empty

	x, y int // where the form was last drawn
}

// New makes the page of a terminal that isn't remembered; see [Page.At].
func New(s *session.Session, service Service, venue *venue.Service) *Page {
	p := &Page{s: s, service: service, venue: venue, device: nowhere{}}
	p.form = component.NewForm(p.fields()...)
	p.show(stepAddress)
	return p
}

// At puts the page on a device.
func (p *Page) At(device Device) *Page {
	p.device = device
	return p
}

// nowhere is a terminal that can't be remembered.
type nowhere struct{}

func (nowhere) From() operators.From { return operators.From{Source: "local"} }

func (nowhere) Remember() (operators.From, error) {
	return operators.From{}, core.Refuse(core.CodeNotFound)
}

// Key implements [session.Page].
func (p *Page) Key() session.PageKey { return session.PageSignIn }

// Open implements [session.Page]; where the session knows an address, only the
// password is left to type.
func (p *Page) Open(core.Ref) tea.Cmd {
	if p.form.Value(fieldAddress) == "" && p.s.Address != "" {
		p.form.Set(fieldAddress, p.s.Address)
		p.show(stepPassword)
	}
	return nil
}

// Refresh implements [session.Page]: there is nothing to read.
func (p *Page) Refresh() tea.Cmd { return nil }

// Typing implements [session.Page].
func (p *Page) Typing() bool { return true }

// Unsaved implements [session.Page]: nothing here is worth a question.
func (p *Page) Unsaved() bool { return false }

// Opened implements [session.Opener].
func (p *Page) Opened() uint64 { return p.opened }

// Reword implements [session.Speaker].
func (p *Page) Reword() { p.form.Reword(p.fields()...) }

// Update implements [session.Page]. What is typed while something is going on
// belongs to no field and is dropped.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case session.Result:
		return p.result(msg)
	case session.Click:
		if p.busy == "" {
			p.form.Click(msg.X-p.x, msg.Y-p.y)
		}
	case tea.KeyPressMsg, tea.PasteMsg:
		if p.busy == "" && p.step != stepMail { // there is nothing to type then
			p.form.Update(msg)
		}
	}
	return nil
}
