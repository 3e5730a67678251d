package main

import (
	"context"
	"fmt"
	"sync"

	"willcall/core"
	"willcall/core/mail"
	"willcall/core/validation"
)

// sending is the answer of commands that may send a validation mail.
type sending struct {
	Number string `json:"number"`
	Status string `json:"status"`
	// Mail says what became of the mail: "none", "captured", "sent",
	// "waiting", "failed", "expired" or "cancelled".
	Mail    string `json:"mail"`
	To      string `json:"to,omitempty"`
	Expires moment `json:"link_expires,omitzero"`
	Next    moment `json:"next_try,omitzero"`
	Answer  string `json:"answer,omitempty"`
	Why     string `json:"why,omitempty"`

	entry core.ID
}

func sendingOf(number string, status core.EmailStatus, sent validation.Sent) sending {
	return sending{
		Number: number, Status: status.String(), Mail: "none",
		To: sent.To, Expires: moment(sent.Expires), entry: sent.Mail,
	}
}

func (s sending) rows() [][]string {
	var f facts
	f.add("number", s.Number)
	f.add("status", s.Status)
	f.add("mail", s.Mail)
	f.add("to", s.To)
	f.add("link expires", s.Expires.String())
	f.add("next try", s.Next.String())
	f.add("answer", s.Answer)
	return f
}

// sending hands over the mail that a command put into the outbox, and answers
// with what became of it.
func (at *bench) sending(ctx context.Context, s sending) (answer, error) {
	if s.entry == 0 {
		return s, nil
	}
	entries, err := at.handOver(ctx, queued{at.req.Institution, s.entry})
	if err != nil {
		// The contact is saved whatever becomes of its mail.
		s.Mail = waiting
		return s, err
	}
	e := entries[0]
	s.Mail, s.Answer, s.Why = e.State.String(), e.Answer, string(e.Why)
	if !e.State.Final() {
		s.Mail, s.Next = waiting, moment(e.Next)
	}
	return s, nil
}

// waiting is what an answer calls a mail that will be tried again.
const waiting = "waiting"

// queued is a mail in the outbox of an institution.
type queued struct{ institution, id core.ID }

// handOver runs the outbox's worker until mails settled or were put off, and
// gives their entries in the same order: no console is open that would.
func (h *house) handOver(ctx context.Context, mails ...queued) ([]mail.Entry, error) {
	changed := make(chan struct{}, 1)
	unwatch := h.store.Watch(func(core.Commit) {
		select {
		case changed <- struct{}{}:
		default: // it will look anyway
		}
	})
	defer unwatch()
	worker, err := h.worker(ctx, anySMTP)
	if err != nil {
		return nil, fmt.Errorf("open the mail capture: %w", err)
	}
	working, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	var broken error
	go func() {
		broken = worker.Run(working)
		close(ended)
	}()
	defer func() {
		stop()
		<-ended
	}()
	for {
		all, over, err := h.entries(ctx, mails)
		if err != nil || over {
			return all, err
		}
		select {
		case <-changed:
		case <-ended:
			return all, broken
		case <-ctx.Done():
			return all, ctx.Err()
		}
	}
}

// entries reads entries of the outbox; over tells that all of them settled or
// were put off.
func (h *house) entries(ctx context.Context, mails []queued) (all []mail.Entry, over bool, err error) {
	err = h.store.View(ctx, func(v core.View) error {
		all, over = nil, true
		for _, m := range mails {
			e, err := mail.EntryOf(v, m.institution, m.id)
			if err != nil {
				return err
			}
			putOff := e.State == mail.StateQueued && e.Attempts > 0
			all, over = append(all, e), over && (e.State.Final() || putOff)
		}
		return nil
	})
	return all, over, err
}

// caused collects the mails that a command puts into the outbox, from now on.
type caused struct {
	mu    sync.Mutex
	mails []queued
}

// causing begins to collect; end ends it and gives them.
func (at *bench) causing() (end func() []queued) {
	var c caused
	stop := at.store.Watch(func(done core.Commit) {
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, e := range done.Events {
			// Of the events of a mail, that of its act names an action.
			if e.Subject.Kind == core.KindMail && e.Action != "" {
				c.mails = append(c.mails, queued{e.Institution, e.Subject.ID})
			}
		}
	})
	return func() []queued {
		stop()
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.mails
	}
}
