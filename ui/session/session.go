// Package session is what the console's root and its pages share: the session
// of one person at one terminal, the contract of a page, and the messages
// between them.
package session

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/text"
	"willcall/ui/theme"
)

// Timeout is how long a call of a use case may take before it is given up.
const Timeout = 10 * time.Second

// Session is one person at one terminal. Only the program's update loop
// changes it; commands get copies of what they need.
type Session struct {
	// Ctx ends with the program.
	Ctx context.Context
	// Request is put before every use case; the zero actor is anonymous.
	Request core.Request
	Role    core.Role
	// Names for the header, untrusted text.
	Operator     string
	Institution  string
	Organisation string
	// Institutions are those that the operator may work in (R87).
	Institutions []core.ID
	// Stay counts how often the session moved to another institution or
	// organisation. Answers to what was asked before are dropped.
	Stay uint64
	// Captured says that there is no mail server (R89).
	Captured bool
	// Walled says that a second factor has to be enrolled before anything else is
	// reached (R67): only [PageProfile] is.
	Walled bool
	// Hint gives a line for the sign-in page, such as the demo's way in; nil for
	// none.
	Hint func(text.Printer) string
	// Address is the operator's own; before the sign-in what that is filled
	// with, such as the new owner's.
	Address string

	// Drafts keeps what is typed into forms; nil keeps nothing beyond the page.
	Drafts *Drafts

	Text     text.Printer
	Theme    *theme.Theme
	Location *time.Location // the institution's time zone
	Clock    core.Clock
	Actions  core.ActionTable
}

// SignedIn reports whether an operator is signed in.
func (s *Session) SignedIn() bool { return s.Request.Actor.Kind == core.ActorOperator }

// Allows reports whether the present role may do an action. The core decides
// again when it is done.
func (s *Session) Allows(id core.ActionID) bool {
	a, ok := s.Actions.Find(id)
	return ok && a.Allows(s.Request.Actor.Kind, s.Role, s.Captured)
}

// Forbidden is the sentence of why the present role may not do an action: it
// names the least role that may.
func (s *Session) Forbidden(id core.ActionID) string {
	refusal := core.Refuse(core.CodeForbidden)
	if a, ok := s.Actions.Find(id); ok && !a.Roles.Has(core.RoleAdmin) {
		refusal = refusal.With("sentence", "words.owners-only")
	}
	return s.Text.Error(refusal)
}

// Now is the time to count from, in the institution's time zone.
func (s *Session) Now() time.Time { return s.Clock.Effective().In(s.Location) }

// ClockOrDay is the time of day of something of today, else its day.
func (s *Session) ClockOrDay(at time.Time) string {
	now, local := s.Now(), at.In(s.Location)
	if local.YearDay() == now.YearDay() && local.Year() == now.Year() {
		return s.Text.Clock(local)
	}
	return s.Text.Date(local, now)
}

// Do runs a use case off the update loop and answers with a [Result] for page.
// stamp lets the page drop answers to questions it no longer asks. fn runs once
// more where the desk refused it for want of a fresh proof ([core.CodeStepUp])
// and the operator gave one: the page hears of the second run only.
func (s *Session) Do(page PageKey, stamp uint64, fn func(ctx context.Context, req core.Request) (any, error)) tea.Cmd {
	ctx := s.Ctx
	run := s.run(page, stamp, func(req core.Request) (any, error) {
		ctx, cancel := context.WithTimeout(ctx, Timeout)
		defer cancel()
		return fn(ctx, req)
	})
	return func() tea.Msg {
		answer := run()
		answer.Again = func() tea.Msg { return run() }
		return answer
	}
}

// Start is [Session.Do] for what takes as long as it takes, such as a backup.
// It is given up when cancel is called, from any goroutine, and with the
// program; it goes on where the session ends before it, and then nobody is told
// of its end.
func (s *Session) Start(page PageKey, fn func(ctx context.Context, req core.Request) (any, error)) (run tea.Cmd, cancel context.CancelFunc) {
	ctx, cancel := context.WithCancel(s.Ctx)
	begin := s.run(page, 0, func(req core.Request) (any, error) {
		defer cancel()
		return fn(ctx, req)
	})
	return func() tea.Msg { return begin() }, cancel
}

// run makes a function of fn that answers for the session as it is now.
func (s *Session) run(page PageKey, stamp uint64, fn func(core.Request) (any, error)) func() Result {
	req, stay := s.Request, s.Stay
	return func() Result {
		value, err := fn(req)
		return Result{Page: page, Stamp: stamp, Session: req.Session, Stay: stay, Value: value, Err: err}
	}
}

// Question numbers what a page asked, so that only the newest answer counts.
type Question struct{ Stamp uint64 }

// Next is the number of the question asked now.
func (q *Question) Next() uint64 {
	q.Stamp++
	return q.Stamp
}

// PageKey names a page.
type PageKey string

// The pages.
const (
	PageSetUp    PageKey = "setup"
	PageSignIn   PageKey = "signin"
	PageContacts PageKey = "contacts"
	PageOutbox   PageKey = "outbox"
	PageCaptured PageKey = "captured"
	PageSettings PageKey = "settings"
	PageNotices  PageKey = "notices"
	PageProfile  PageKey = "profile"
)

// Page is one screen between the tabs and the help line. Its methods are
// called from the update loop only.
type Page interface {
	Key() PageKey
	// Open is called each time the page comes to the front. ref is what to
	// show, or zero.
	Open(ref core.Ref) tea.Cmd
	// Refresh reads again what is shown, keeping selection and typed text. It
	// is called when something the page shows may have changed.
	Refresh() tea.Cmd
	// Update handles keys that no action took, pastes, results and the page's
	// own messages.
	Update(msg tea.Msg) tea.Cmd
	// Actions lists what can be done now, most useful first.
	Actions() []action.Action
	// Typing reports whether a field has the keyboard.
	Typing() bool
	// Unsaved reports whether typed text would be lost by quitting: what isn't
	// saved and can't be kept as a draft.
	Unsaved() bool
	// Render draws exactly height lines of exactly width cells.
	Render(width, height int) []string
	// Cursor is where the terminal's cursor stands, within the page.
	Cursor() (x, y int, shown bool)
}

// Opener is a page that opens things in place: an item, a form, a line that
// asks. Opened counts them; after it rose, the root drops keys until what was
// opened is drawn, so that nothing is answered that was not seen.
type Opener interface{ Opened() uint64 }

// Asker is a page that asks in place before it does something. While Asking
// reports true, only the page's own keys work: nothing leads away from the
// question but its answer, and quitting.
type Asker interface{ Asking() bool }

// Blank is a page that tells whether the field with the keyboard is one to search
// by, and empty: then a key that takes nothing out of it may do something else.
type Blank interface{ Blank() bool }

// Tall is a page that needs every line there is now, such as for a QR code: while
// Tall reports true, the root leaves tabs and rules away.
type Tall interface{ Tall() bool }

// BackupMoved tells pages that a backup has come further or is over.
type BackupMoved struct{}

// Click tells a page of a click on one of its cells, in what it drew last.
type Click struct{ X, Y, Width int }

// Wheel tells a page that the wheel turned over one of its cells, by so many
// rows, downwards above zero.
type Wheel struct{ X, Y, Width, Rows int }

// Speaker is a page that keeps sentences: Reword makes them anew after
// [Session.Text] came to speak another language. A Refresh follows, so that
// what a reading leads to needs none.
type Speaker interface{ Reword() }

// Result is a use case's answer. The root drops it where another session has
// begun since, or the session has moved to another institution (R87).
type Result struct {
	Page    PageKey
	Stamp   uint64
	Session core.ID // the operator's session that asked
	Stay    uint64  // and [Session.Stay] then
	Value   any
	Err     error
	// Again asks the same once more; nil for what takes as long as it takes.
	Again tea.Cmd
}

// Go asks the root to bring a page to the front.
type Go struct {
	Page PageKey
	Ref  core.Ref
	// Institution is where it is; the session is moved there first (R87). Zero for
	// the present one.
	Institution core.ID
}

// Back asks the root to bring the tab to the front that was there before a page
// without a tab.
type Back struct{}

// Toast asks the root to show a line for what happened elsewhere or went wrong.
type Toast struct {
	Text  string
	Alarm bool
	// Told is the page that tells it in place: while it is in front there is no
	// toast. Empty for none.
	Told PageKey
}

// Entered tells the root that an operator signed in.
type Entered struct {
	Actor        core.Actor
	Session      core.ID
	Role         core.Role
	Address      string // the operator's own
	Institution  core.ID
	Organisation core.ID
	Institutions []core.ID // all that the operator may work in
	Language     string
	// Names and settings for the header.
	InstitutionName  string
	OrganisationName string
	Location         *time.Location
	Captured         bool
	// Walled is [Session.Walled] from the start.
	Walled bool
	// Tell gives lines that are shown once, in the operator's language; nil for
	// none.
	Tell func(text.Printer) []string
}

// Speak asks the root to put the screen into a language at once.
type Speak struct{ Language text.Language }

// Joined tells the root that the operator may work in one more institution,
// such as one just made.
type Joined struct{ Institution core.ID }

// Left tells the root that the session is over; Reason is a sentence or empty.
type Left struct{ Reason string }

// Say makes a command of a message for the root.
func Say(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }
