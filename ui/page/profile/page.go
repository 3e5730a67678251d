// Package profile is the console's page of the operator's own account: name and
// address, second factor, password, devices and sessions.
package profile

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/operators"
	"willcall/core/venue"
	"willcall/ui/component"
	"willcall/ui/session"
)

// mode is what has the page, and with it the keyboard.
type mode uint8

const (
	modeList   mode = iota
	modeCard        // what is selected, in full width
	modePrompt      // a question with fields, in the foot
	modeAsk         // a question, in the foot
	modeEnrol       // an authenticator app being linked
	modeCodes       // recovery codes, shown this once
)

// Service is what the page asks for; see [operators.Service].
type Service interface {
	Profile(ctx context.Context, req core.Request) (operators.Profile, error)
	BeginEnrolment(ctx context.Context, req core.Request) (operators.Enrolment, error)
	ConfirmEnrolment(ctx context.Context, req core.Request, code string) (recovery []string, err error)
	DisableFactor(ctx context.Context, req core.Request) error
	RenewRecovery(ctx context.Context, req core.Request) ([]string, error)
	SwitchMailed(ctx context.Context, req core.Request, on bool) error
	RevokeDevice(ctx context.Context, req core.Request, id core.ID) error
	EndSession(ctx context.Context, req core.Request, id core.ID) error
	Rename(ctx context.Context, req core.Request, name string) error
	ChangePassword(ctx context.Context, req core.Request, now, next string) error
	MailAddressCode(ctx context.Context, req core.Request, address string) error
	ConfirmAddress(ctx context.Context, req core.Request, code string) error
}

// Keep writes a text to a file on the operator's own computer that wasn't there
// before and that nobody else may read. It gives the file's path, also where that
// can't be written.
type Keep func(text string) (path string, err error)

// Page implements [session.Page].
type Page struct {
	s       *session.Session
	service Service
	venue   *venue.Service
	keep    Keep // nil where the operator sits at another computer

	mode   mode
	opened uint64

	list  component.List
	view  *reading // nil before it is read
	asked session.Question

	prompt  *prompt
	ask     ask
	enrol   *enrolment
	codes   *recovery
	mailed  string // the address that a code was mailed to from here
	passing bool   // through the wall by mailed codes
	busy    bool   // an act is under way
	said    said

	scroll component.Scroll
}

// reading is everything that the page shows, as it was read.
type reading struct {
	operators.Profile
	places []venue.Place
}

// said is what the last act here did, told in place.
type said struct {
	text  string
	alarm bool
	warn  bool // something is left to be done
}

// New makes the page. keep may be nil.
func New(s *session.Session, service Service, venue *venue.Service, keep Keep) *Page {
	p := &Page{s: s, service: service, venue: venue, keep: keep}
	p.list.Columns = columns()
	return p
}

// Key implements [session.Page].
func (p *Page) Key() session.PageKey { return session.PageProfile }

// Opened implements [session.Opener].
func (p *Page) Opened() uint64 { return p.opened }

// Asking implements [session.Asker]: nothing leads away from recovery codes
// but having kept them.
func (p *Page) Asking() bool { return p.mode == modeAsk || p.mode == modeCodes }

// Tall implements [session.Tall].
func (p *Page) Tall() bool { return p.mode == modeEnrol }

// Typing implements [session.Page].
func (p *Page) Typing() bool {
	return p.mode == modePrompt || p.mode == modeEnrol && p.enrol.typing
}

// Unsaved implements [session.Page]: recovery codes are lost by quitting.
func (p *Page) Unsaved() bool { return p.mode == modeCodes && !p.codes.kept }

// Open implements [session.Page].
func (p *Page) Open(core.Ref) tea.Cmd { return p.Refresh() }

// Refresh implements [session.Page].
func (p *Page) Refresh() tea.Cmd {
	institutions := p.s.Institutions
	if p.s.Walled || !p.s.Allows(core.ActSettingsShow) {
		institutions = nil
	}
	return p.s.Do(p.Key(), p.asked.Next(), func(ctx context.Context, req core.Request) (any, error) {
		profile, err := p.service.Profile(ctx, req)
		if err != nil {
			return reading{}, err
		}
		places, err := p.venue.Places(ctx, req, institutions)
		return reading{profile, places}, err
	})
}

// Update implements [session.Page].
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case session.Result:
		return p.result(msg)
	case session.Click:
		return p.clicked(msg)
	case session.Wheel:
		return p.wheeled(msg)
	case tea.KeyPressMsg, tea.PasteMsg:
		p.typed(msg)
	}
	return nil
}

// typed gives what no action took to whatever has the keyboard.
func (p *Page) typed(msg tea.Msg) {
	switch p.mode {
	case modeList:
		if p.list.Update(msg) {
			p.said = said{}
		}
	case modeCard, modeCodes:
		p.scroll.Update(msg)
	case modePrompt:
		p.prompt.Update(msg)
	case modeEnrol:
		p.typedEnrol(msg)
	case modeAsk:
	}
}

// result sorts answers by what was asked.
func (p *Page) result(msg session.Result) tea.Cmd {
	switch value := msg.Value.(type) {
	case reading:
		if msg.Stamp == p.asked.Stamp {
			return p.take(value, msg.Err)
		}
	case acted:
		return p.takeActed(value, msg.Err)
	case begun:
		p.takeBegun(value, msg.Err)
	case confirmed:
		return p.takeConfirmed(value, msg.Err)
	case renewed:
		return p.takeRenewed(value, msg.Err)
	case written:
		p.takeWritten(value, msg.Err)
	}
	return nil
}

// take shows the profile as it was read. Who may do nothing before enrolling
// comes to the enrolment at once (R67).
func (p *Page) take(v reading, err error) tea.Cmd {
	if err != nil {
		p.list.Fail(component.State{Title: p.s.Text.T("profile.failed"), Text: p.s.Text.Error(err), Alarm: true})
		return nil
	}
	p.view = &v
	rows := p.rows()
	p.list.Set(component.Batch{Rows: rows, Total: len(rows)})
	p.overtaken()
	if p.s.Walled && p.enrol == nil && p.codes == nil && !p.busy && !p.said.alarm {
		return p.beginEnrolment()
	}
	return p.pass()
}

// enter changes what has the page; keys typed before it is drawn don't count.
func (p *Page) enter(m mode) {
	p.mode = m
	p.scroll.Top()
	if m != modeList {
		p.opened++
	}
}

// acted is the answer to an act: what to tell of it, and what follows.
type acted struct {
	prompt *prompt // it was asked for in, or nil
	told   func() said
	then   func() tea.Cmd // may be nil
}

// act does something, one at a time.
func (p *Page) act(a acted, fn func(ctx context.Context, req core.Request) error) tea.Cmd {
	p.busy, p.said = true, said{}
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		return a, fn(ctx, req)
	})
}

// takeActed tells what an act did, or why it wasn't done: at the fields it was
// asked for in, where they are still there.
func (p *Page) takeActed(a acted, err error) tea.Cmd {
	p.busy = false
	p.answered()
	switch {
	case err != nil && a.prompt != nil && p.mode == modePrompt && p.prompt == a.prompt:
		p.prompt.Fail(err)
		return p.Refresh()
	case err != nil:
		p.refuse(err)
		return p.Refresh()
	}
	if a.prompt != nil {
		p.closePrompt(a.prompt)
	}
	p.said = a.told()
	if a.then == nil {
		return p.Refresh()
	}
	return tea.Batch(a.then(), p.Refresh())
}

// underWay is why everything else waits, empty if nothing does.
func (p *Page) underWay() string {
	if p.busy {
		return p.s.Text.T("profile.busy")
	}
	return ""
}

// refuse tells in place why something wasn't done.
func (p *Page) refuse(err error) { p.said = said{text: p.s.Text.Error(err), alarm: true} }
