package main

import (
	"context"
	"fmt"
	"time"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/page/captured"
	"willcall/ui/page/contacts"
	"willcall/ui/page/notices"
	"willcall/ui/page/outbox"
	"willcall/ui/page/profile"
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
			return signin.New(s, h.operators, h.venue).At(h.device)
		},
		session.PageContacts: func(s *session.Session) session.Page { return contacts.New(s, h.contacts, h.reading) },
		session.PageOutbox: func(s *session.Session) session.Page {
			return outbox.New(s, h.reading, h.office, h.venue)
		},
		session.PageCaptured: func(s *session.Session) session.Page { return captured.New(s, h.reading) },
		session.PageNotices:  func(s *session.Session) session.Page { return notices.New(s, h.notices) },
		session.PageSettings: func(s *session.Session) session.Page {
			return settings.New(s, h.venue, h.servers, h.setup, h.backup, h.operators)
		},
		session.PageProfile: func(s *session.Session) session.Page {
			return profile.New(s, h.operators, h.venue, keepIn(h.home))
		},
	}
}

// check asks whether a session still stands, with which role, and whether mail
// is captured.
func (h *house) check(ctx context.Context, req core.Request) (core.Standing, error) {
	return h.desk.May(ctx, req, core.ActSessionCheck)
}

// stepUp proves once more who is signed in.
func (h *house) stepUp(ctx context.Context, req core.Request, proof string) error {
	return h.operators.StepUp(ctx, req, h.device.From(), proof)
}

// enrolled tells whether who is signed in has an authenticator app.
func (h *house) enrolled(ctx context.Context, req core.Request) (bool, error) {
	p, err := h.operators.Profile(ctx, req)
	return p.Factor.On, err
}

// places are the institutions that an operator may work in, for the console.
func (h *house) places(ctx context.Context, req core.Request, institutions []core.ID) ([]console.Place, error) {
	found, err := h.venue.Places(ctx, req, institutions)
	if err != nil {
		return nil, err
	}
	all := make([]console.Place, len(found))
	for i, f := range found {
		zone, err := time.LoadLocation(f.TimeZone)
		if err != nil {
			return nil, fmt.Errorf("load the time zone of %s: %w", f.Name, err)
		}
		all[i] = console.Place{ID: f.ID, Name: f.Name, Location: zone}
		for _, o := range f.Organisations {
			all[i].Organisations = append(all[i].Organisations, console.Organisation{ID: o.ID, Name: o.Name})
		}
	}
	return all, nil
}
