package signin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/operators"
	"willcall/ui/session"
	"willcall/ui/text"
)

// What a question is answered with.
type (
	// answered says to which question it belongs.
	answered struct {
		stamp uint64
		value any
	}
	// codeAsked says that the attempt goes on with a code, which none is mailed as
	// where mail is captured.
	codeAsked struct {
		attempt  string
		captured bool
	}
	// mailed says from when a code can be mailed once more.
	mailed struct{ again time.Time }
	// resetMailed says that a mail is on its way or captured, if there is such an
	// operator.
	resetMailed struct{ captured bool }
)

// ask runs a use case until it is done or given up. busy is the key of the
// sentence that says what goes on meanwhile.
func (p *Page) ask(busy string, fn func(ctx context.Context) (any, error)) tea.Cmd {
	p.busy, p.refused, p.missing, p.said = busy, nil, "", ""
	stamp := p.asked.Next()
	run, cancel := p.s.Start(p.Key(), func(ctx context.Context, _ core.Request) (any, error) {
		ctx, done := context.WithTimeout(ctx, session.Timeout)
		defer done()
		value, err := fn(ctx)
		return answered{stamp, value}, err
	})
	p.cancel = cancel
	return run
}

// giveUp stops what is going on, whatever becomes of it.
func (p *Page) giveUp() tea.Cmd {
	p.cancel()
	p.busy = ""
	p.asked.Next()
	return nil
}

// begin tries the password.
func (p *Page) begin() tea.Cmd {
	if p.lacks(fieldPassword) {
		return nil
	}
	address, password := p.form.Value(fieldAddress), p.form.Value(fieldPassword)
	p.wipe()
	return p.ask("signin.busy.password", func(ctx context.Context) (any, error) {
		return p.tried(ctx, address, password)
	})
}

// tried opens a session by a password, or gives the attempt that asks for a code.
func (p *Page) tried(ctx context.Context, address, password string) (any, error) {
	begun, err := p.service.Begin(ctx, p.device.From(), address, password)
	if err != nil {
		return nil, err
	}
	if begun.In == nil {
		captured, err := p.venue.Captured(ctx)
		return codeAsked{begun.Attempt, captured}, err
	}
	return p.enter(ctx, *begun.In, p.told(*begun.In, nil))
}

// answer tries the code. An empty one is as wrong as any: who mistyped the
// password finds out.
func (p *Page) answer() tea.Cmd {
	a := operators.Answer{Code: tidy(p.form.Value(fieldCode)), Remember: p.form.On(fieldRemember)}
	if p.step == stepRecovery {
		a = operators.Answer{Code: tidy(p.form.Value(fieldRecovery)), Recovery: true}
	}
	attempt := p.attempt
	p.wipe()
	return p.ask("signin.busy.code", func(ctx context.Context) (any, error) {
		from, unmade := p.from(a.Remember)
		in, err := p.service.Answer(ctx, from, attempt, a)
		if err != nil {
			return nil, err
		}
		return p.enter(ctx, in, p.told(in, unmade))
	})
}

// from is where the sign-in comes from. A token that can't be made keeps nobody
// out: the device isn't remembered then, and unmade says why.
func (p *Page) from(remember bool) (from operators.From, unmade error) {
	if !remember {
		return p.device.From(), nil
	}
	if from, unmade = p.device.Remember(); unmade != nil {
		return p.device.From(), unmade
	}
	return from, nil
}

// tidy takes out of a code what people put in to read it by.
func tidy(code string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, code)
}

// mail asks for another code by mail.
func (p *Page) mail() tea.Cmd {
	attempt := p.attempt
	return p.ask("signin.busy.mail", func(ctx context.Context) (any, error) {
		again, err := p.service.MailCode(ctx, p.device.From(), attempt)
		return mailed{again}, err
	})
}

// look finds whom a one-time code is for.
func (p *Page) look() tea.Cmd {
	if p.lacks(fieldOneTime) {
		return nil
	}
	code := p.form.Value(fieldOneTime)
	return p.ask("signin.busy.code", func(ctx context.Context) (any, error) {
		return p.service.LookAtCode(ctx, p.device.From(), code)
	})
}

// takeUp sets the new password, and signs in with it.
func (p *Page) takeUp() tea.Cmd {
	if p.lacks(fieldNew) || p.lacks(fieldAgain) || !p.form.Check() {
		return nil
	}
	code, password := p.form.Value(fieldOneTime), p.form.Value(fieldNew)
	return p.ask("signin.busy.choose", func(ctx context.Context) (any, error) {
		address, err := p.service.TakeUp(ctx, p.device.From(), code, password)
		if err != nil {
			return nil, err
		}
		value, err := p.tried(ctx, address, password)
		return takenUp{address, value, err}, nil
	})
}

// takenUp says that a one-time code is spent: the password is set, whatever came
// of the sign-in after it.
type takenUp struct {
	address string
	value   any
	err     error
}

// forgot asks for a mail with a code that resets the password.
func (p *Page) forgot() tea.Cmd {
	if p.lacks(fieldAddress) {
		return nil
	}
	address := p.form.Value(fieldAddress)
	return p.ask("signin.busy.mail", func(ctx context.Context) (any, error) {
		if err := p.service.Forgot(ctx, p.device.From(), address); err != nil {
			return nil, err
		}
		captured, err := p.venue.Captured(ctx)
		return resetMailed{captured}, err
	})
}

// enter reads what the header says of a new session. Where that fails, or nobody
// waits for it any more, the session is ended again.
func (p *Page) enter(ctx context.Context, in operators.SignedIn, tell func(text.Printer) []string) (session.Entered, error) {
	req := core.Request{Actor: in.Actor, Session: in.Session, Institution: in.Institution, Organisation: in.Organisation}
	entered, err := p.entered(ctx, req, in)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return session.Entered{}, errors.Join(err, p.signOut(context.WithoutCancel(ctx), req))
	}
	entered.Tell = tell
	return entered, nil
}

func (p *Page) signOut(ctx context.Context, req core.Request) error {
	ctx, cancel := context.WithTimeout(ctx, session.Timeout)
	defer cancel()
	return p.service.SignOut(ctx, req)
}

func (p *Page) entered(ctx context.Context, req core.Request, in operators.SignedIn) (session.Entered, error) {
	here, err := p.venue.Here(ctx, req)
	if err != nil {
		return session.Entered{}, fmt.Errorf("read the institution: %w", err)
	}
	zone, err := time.LoadLocation(here.TimeZone)
	if err != nil {
		return session.Entered{}, fmt.Errorf("load the institution's time zone: %w", err)
	}
	e := session.Entered{
		Actor: in.Actor, Session: in.Session, Role: in.Role, Address: in.Address, Language: in.Language,
		Institution: req.Institution, Organisation: req.Organisation, Institutions: in.Institutions,
		InstitutionName: here.Name, Location: zone, Captured: here.Captured, Walled: in.Walled,
	}
	for _, organisation := range here.Organisations {
		if organisation.ID == req.Organisation {
			e.OrganisationName = organisation.Name
		}
	}
	return e, nil
}

// fewCodes is from how few recovery codes on their number is told at sign-in
// (limits.md).
const fewCodes = 3

// told is what is said once after a sign-in; unmade is why this device could not
// get a token.
func (p *Page) told(in operators.SignedIn, unmade error) func(text.Printer) []string {
	return func(t text.Printer) (lines []string) {
		if in.RecoveryLeft >= 0 && in.RecoveryLeft <= fewCodes {
			lines = append(lines, t.N("signin.recovery-left", in.RecoveryLeft))
		}
		if in.Remembered {
			lines = append(lines, t.T("signin.remembered"))
		}
		if unmade != nil {
			lines = append(lines, t.T("signin.not-remembered"))
		}
		return lines
	}
}
