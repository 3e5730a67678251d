package coretest

import (
	"context"
	"sync"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/mail"
	"willcall/core/venue"
)

// Prober answers test mails by what it was given and remembers them. It is safe
// for concurrent use.
type Prober struct {
	mu     sync.Mutex
	answer mail.Answer
	probes []Probe
}

// Probe is one test mail, and the server it went to.
type Probe struct {
	Route mail.Route
	Mail  mail.TestMail
}

// Answer sets what every test mail is answered; at first it is delivered.
func (p *Prober) Answer(a mail.Answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = a
}

// Probes are the test mails so far.
func (p *Prober) Probes() []Probe {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Probe(nil), p.probes...)
}

// Probe implements [mail.Prober].
func (p *Prober) Probe(_ context.Context, r mail.Route, m mail.TestMail) mail.Answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.probes = append(p.probes, Probe{r, m})
	return p.answer
}

// ReadingOf is a reading side of the house's outbox and a mailbox.
func (h *House) ReadingOf(box mail.Mailbox) *mail.Reading {
	return mail.NewReading(h.Desk, box, texts{}, venue.Fill,
		func(v core.View, req core.Request, e mail.Entry, now time.Time) (time.Time, error) {
			return h.Remakable(v, req, e, now)
		})
}

// MailServer is a draft that is accepted.
func MailServer() mail.ServerDraft {
	return mail.ServerDraft{
		Host: "mail.opera.example", Port: 587, Security: mail.SecuritySTARTTLS, User: "opera", Password: "seat 12, row 4",
	}
}

// GoLive gives the house a mail server: mail is captured no more (R89).
func (h *House) GoLive() {
	h.T.Helper()
	_, err := h.Servers.Save(h.Ctx, h.Owner, 0, MailServer())
	h.Must(err)
}

// mails wires what deals with mail.
func (h *House) mails(outbox *mail.Outbox) {
	h.Queue = mail.NewQueue(h.Store, h.Clock, h.Keys, texts{}, venue.Fill, activity.Inbox{})
	h.Prober = &Prober{answer: mail.Answer{Verdict: mail.Delivered, Text: "2.0.0 taken"}}
	h.Servers = mail.NewServers(h.Desk, h.Keys, h.Prober, texts{})
	h.Remake = func(act *core.Act, e mail.Entry) (core.ID, error) {
		return h.Contacts.Remake(act, e.Subject, e.Document)
	}
	h.Remakable = func(v core.View, req core.Request, e mail.Entry, now time.Time) (time.Time, error) {
		return h.Contacts.Remakable(v, req, e.Subject, e.Document, now)
	}
	h.Reading = h.ReadingOf(nil)
	h.Office = mail.NewOffice(h.Desk, outbox, func(act *core.Act, e mail.Entry) (core.ID, error) { return h.Remake(act, e) })
}
