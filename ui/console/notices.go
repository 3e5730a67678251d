package console

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/theme"
)

// unreadRead is the answer to how many notices are unread.
type unreadRead struct {
	session core.ID
	nth     uint64
	unread  int
	err     error
}

// readUnread counts the operator's unread notices.
func (r *Root) readUnread() tea.Cmd {
	if r.cfg.Unread == nil || !r.s.SignedIn() || !r.s.Allows(core.ActNoticesList) {
		return nil
	}
	ctx, req, nth, ask := r.s.Ctx, r.s.Request, r.counted.Next(), r.cfg.Unread
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, session.Timeout)
		defer cancel()
		unread, err := ask(ctx, req)
		return unreadRead{req.Session, nth, unread, err}
	}
}

// takeUnread keeps the count. Where they can't be counted the former count
// stays; the page says why when it is opened.
func (r *Root) takeUnread(msg unreadRead) {
	if msg.session == r.s.Request.Session && msg.nth == r.counted.Stamp && msg.err == nil {
		r.unread = msg.unread
	}
}

// foreign reports notices to somebody else, which change nothing here.
func (r *Root) foreign(e core.Event) bool {
	return e.Subject.Kind == core.KindNotice && e.Subject.ID != r.s.Request.Actor.ID
}

// concernsNotices reports events after which another number may be unread; those
// of others are dropped before.
func concernsNotices(e core.Event) bool { return e.Subject.Kind == core.KindNotice }

// unreadNotice says in the header how many notices wait to be read.
func (r *Root) unreadNotice(k component.Look) (part, bool) {
	if r.unread == 0 || !r.s.SignedIn() {
		return part{}, false
	}
	return part{token: theme.Accent, text: k.Text.N("console.unread", r.unread), to: session.PageNotices}, true
}
