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
	// Check asks whether a session still stands and gives its present role.
	Check func(ctx context.Context, req core.Request) (core.Role, error)
	// FPS is how many frames a second the program draws at most, up to 120: 60
	// on the local terminal, 30 over a network. With 0, in tests, a frame
	// counts as drawn at once.
	FPS int
}

// New makes the root of one terminal's console. It starts dark until the
// terminal tells its background.
func New(cfg Config) *Root {
	r := &Root{
		cfg: cfg, s: cfg.Session, before: *cfg.Session,
		pages: map[session.PageKey]session.Page{},
		stale: map[session.PageKey]bool{},
		front: session.PageSignIn,
		look:  theme.Options{Dark: true, Profile: colorprofile.ANSI256},
	}
	if cfg.SetUpNeeded {
		r.front = session.PageSetUp
		r.s.Request.Actor = core.Actor{Kind: core.ActorSetup, Name: string(core.ActSetUp)}
	}
	r.dress()
	return r
}
