package main

import (
	"context"

	"willcall/core"
	"willcall/ui/page/captured"
	"willcall/ui/page/contacts"
	"willcall/ui/page/settings"
	"willcall/ui/page/setup"
	"willcall/ui/page/signin"
	"willcall/ui/session"
)

// pages makes each of the console's pages on its first visit.
func (h *house) pages(portalURL string) map[session.PageKey]func(*session.Session) session.Page {
	return map[session.PageKey]func(*session.Session) session.Page{
		session.PageSetUp: func(s *session.Session) session.Page { return setup.New(s, h.setup, portalURL) },
		session.PageSignIn: func(s *session.Session) session.Page {
			return signin.New(s, h.operators, h.venue)
		},
		session.PageContacts: func(s *session.Session) session.Page { return contacts.New(s, h.contacts, h.reading) },
		session.PageCaptured: func(s *session.Session) session.Page { return captured.New(s, h.reading) },
		session.PageSettings: func(s *session.Session) session.Page { return settings.New(s, h.venue) },
	}
}

// check asks whether a session still stands, with which role, and whether mail
// is captured.
func (h *house) check(ctx context.Context, req core.Request) (core.Standing, error) {
	return h.desk.May(ctx, req, core.ActSessionCheck)
}
