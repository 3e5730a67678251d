package console

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/text"
)

// enter begins an operator's session: a new set of pages, its language and
// time zone, and live updates.
func (r *Root) enter(msg session.Entered) tea.Cmd {
	r.s.Request = core.Request{
		Actor: msg.Actor, Session: msg.Session,
		Institution: msg.Institution, Organisation: msg.Organisation,
	}
	r.s.Role, r.s.Captured, r.s.Address = msg.Role, msg.Captured, msg.Address
	r.s.Institutions, r.s.Stay, r.s.Walled = msg.Institutions, 0, msg.Walled
	r.s.Operator, r.s.Institution, r.s.Organisation = msg.Actor.Name, msg.InstitutionName, msg.OrganisationName
	if msg.Location != nil {
		r.s.Location = msg.Location
	}
	r.s.Text = r.words(text.Language(msg.Language))
	r.cfg.SetUpNeeded = false
	r.forget()
	r.places, r.locked, r.unread = nil, nil, 0
	r.touched, r.proved = r.s.Clock.Effective(), r.s.Clock.Effective()
	start := r.start()
	if msg.Tell != nil {
		for _, line := range msg.Tell(r.s.Text) {
			r.toasts.Add(line, false)
		}
	}
	return tea.Batch(r.wake(), start, r.listen(msg.Institution), r.readPlaces(), r.readUnread(), r.readRoom(), r.readBackup())
}

// start opens the first page that the role has.
func (r *Root) start() tea.Cmd {
	if r.s.Walled {
		return r.wall()
	}
	shown := r.shownTabs()
	if len(shown) == 0 {
		return r.leave(r.s.Text.Error(core.Refuse(core.CodeForbidden)))
	}
	return r.open(shown[0].page, core.Ref{})
}

// leave ends the session on this screen and shows the sign-in, with the
// reason where there is one, both in the language that was read here last.
func (r *Root) leave(reason string) tea.Cmd {
	r.Close()
	look, language := r.s.Theme, r.s.Text.Language()
	*r.s = r.before
	r.s.Theme, r.s.Text = look, r.words(language)
	r.s.Request = core.Request{}
	r.places, r.locked = nil, nil
	r.forget()
	if reason != "" {
		r.refuse(reason)
	}
	return r.open(session.PageSignIn, core.Ref{})
}

// forget drops the pages and everything that was said on them. A backup that was
// begun there goes on.
func (r *Root) forget() {
	clear(r.pages)
	clear(r.stale)
	r.toasts = component.Toasts{}
}

// signOut leaves the screen at once and then ends the session in the store.
func (r *Root) signOut() tea.Cmd {
	kept := r.kept()
	cmd := r.signOutFor("")
	if kept != "" {
		r.toasts.Add(kept, false)
	}
	return cmd
}

// signOutFor is [Root.signOut] with a reason that the sign-in page shows.
func (r *Root) signOutFor(reason string) tea.Cmd {
	ctx, req, end := r.s.Ctx, r.s.Request, r.cfg.SignOut
	leave := r.leave(reason)
	return tea.Batch(leave, func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, session.Timeout)
		defer cancel()
		if err := end(ctx, req); err != nil && core.CodeOf(err) != core.CodeSignedOut {
			return ended{err: err}
		}
		return nil
	})
}

// ended tells that the store could not end a session that this screen left.
type ended struct{ err error }

// checked is the answer to whether a session still stands.
type checked struct {
	session  core.ID
	standing core.Standing
	err      error
}

// check asks whether the session still stands, with which role, and whether
// mail is captured.
func (r *Root) check() tea.Cmd {
	if r.cfg.Check == nil {
		return nil
	}
	ctx, req, ask := r.s.Ctx, r.s.Request, r.cfg.Check
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, session.Timeout)
		defer cancel()
		standing, err := ask(ctx, req)
		return checked{session: req.Session, standing: standing, err: err}
	}
}

// judge acts on the answer to a check: an ended session leaves, a changed role
// or a mail server may take the page in front, and change what pages say (R89).
func (r *Root) judge(msg checked) tea.Cmd {
	if msg.session != r.s.Request.Session || !r.s.SignedIn() {
		return nil
	}
	if msg.err != nil && !ends(core.CodeOf(msg.err)) {
		r.refuse(r.s.Text.Error(msg.err))
		return nil
	}
	if msg.err != nil {
		return r.leave(r.s.Text.Error(core.Refuse(core.CodeSignedOut)))
	}
	same := r.s.Role == msg.standing.Role && r.s.Captured == msg.standing.Captured
	r.s.Role, r.s.Captured = msg.standing.Role, msg.standing.Captured
	switch {
	case msg.standing.Walled:
		return r.wall()
	case r.s.Walled:
		return r.unwall()
	case !r.reachable(r.front):
		return r.start()
	case same:
		return nil
	}
	return r.refresh()
}

// ends reports whether a check refused with code means that the session is
// over.
func ends(code core.Code) bool {
	return code == core.CodeSignedOut || code == core.CodeNotFound || code == core.CodeForbidden
}
