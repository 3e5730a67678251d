package console

import (
	"context"

	"github.com/charmbracelet/colorprofile"

	"willcall/core"
	"willcall/core/bus"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/theme"
)

// Config is what a console stands on.
type Config struct {
	// Session as it is before anybody signed in; the root changes it.
	Session *session.Session
	// Catalogue gives the sentences of the language an operator reads.
	Catalogue *text.Catalogue
	// Pages makes each page on its first visit.
	Pages map[session.PageKey]func(*session.Session) session.Page
	// Bus tells of changes; nil for a console without live updates.
	Bus *bus.Bus
	// SetUpNeeded starts with the set-up instead of the sign-in.
	SetUpNeeded bool
	// SignOut ends the operator's session.
	SignOut func(ctx context.Context, req core.Request) error
	// Unlock checks the password of the request's operator again; nil for a
	// console that doesn't lock.
	Unlock func(ctx context.Context, req core.Request, password string) error
	// StepUp proves once more who the request's operator is, by the password or a
	// code of the app: for what the desk refuses with [core.CodeStepUp]. Without it
	// pages hear of that refusal.
	StepUp func(ctx context.Context, req core.Request, proof string) error
	// Enrolled tells whether the request's operator has an app whose codes prove it
	// too; nil for a console where only passwords do.
	Enrolled func(ctx context.Context, req core.Request) (bool, error)
	// Check asks whether a session still stands and gives its present role, and
	// whether mail is captured now. It is called after events about the session,
	// its operator and the mail server.
	Check func(ctx context.Context, req core.Request) (core.Standing, error)
	// Places reads those of the institutions that the operator of a request may
	// work in, with their organisations, in the order to offer them. It is
	// called after the sign-in, after a switch and whenever the list of places
	// is opened. Without it, or with one place only, nothing is offered.
	Places func(ctx context.Context, req core.Request, institutions []core.ID) ([]Place, error)
	// Switch moves the request's session to an organisation of another or the
	// same institution (R87). It fails where the operator may not work there;
	// then the session stays where it is.
	Switch func(ctx context.Context, req core.Request, institution, organisation core.ID) error
	// NoMouse leaves the mouse to the terminal from the start.
	NoMouse bool
	// Language keeps the language that the request's operator reads from now on,
	// for the next sign-in; nil keeps nothing.
	Language func(ctx context.Context, req core.Request, language string) error
	// Find looks for the contacts that the palette offers for what was typed: the
	// one that has it as its number first, then as the search of the contacts
	// does; at most limit. It is called off the update loop; nil finds none.
	Find func(ctx context.Context, req core.Request, typed string, limit int) ([]Contact, error)
	// Room says how much space there is. It is called after the sign-in and after
	// events about the storage; nil stands for enough.
	Room func() core.Room
	// Backup says how far the backup is that is being made, nil for none. It is
	// called from the update loop after events about backups and before quitting,
	// and reads nothing but memory; a nil func stands for a house without backups.
	Backup func() *Backup
	// Unread counts the notices that the request's operator hasn't read. It is
	// called after the sign-in and after events about them; nil counts none.
	Unread func(ctx context.Context, req core.Request) (int, error)
	// FPS is how many frames a second the program draws at most, up to 120: 60
	// on the local terminal, 30 over a network. With 0, in tests, a frame
	// counts as drawn at once.
	FPS int
}

// New makes the root of one terminal's console. It starts dark until the
// terminal tells its background. It panics where one of the console's own keys
// means two things: no console starts that would do the wrong one.
func New(cfg Config) *Root {
	r := &Root{
		cfg: cfg, s: cfg.Session, before: *cfg.Session,
		pages: map[session.PageKey]session.Page{},
		stale: map[session.PageKey]bool{},
		front: session.PageSignIn,
		mouse: mouse{off: cfg.NoMouse},
		look:  theme.Options{Dark: true, Profile: colorprofile.ANSI256},
	}
	if cfg.SetUpNeeded {
		r.front = session.PageSetUp
		r.s.Request.Actor = core.Actor{Kind: core.ActorSetup, Name: string(core.ActSetUp)}
	}
	r.dress()
	if err := r.checkOwn(); err != nil {
		panic(err)
	}
	return r
}
