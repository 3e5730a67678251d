package main

import (
	"context"
	"fmt"

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
	e, err := at.handOver(ctx, at.req.Institution, s.entry)
	if err != nil {
		// The contact is saved whatever becomes of its mail.
		s.Mail = waiting
		return s, err
	}
	s.Mail, s.Answer, s.Why = e.State.String(), e.Answer, string(e.Why)
	if !e.State.Final() {
		s.Mail, s.Next = waiting, moment(e.Next)
	}
	return s, nil
}

// waiting is what an answer calls a mail that will be tried again.
const waiting = "waiting"

// handOver runs the outbox's worker until a mail settled or was put off: no
// console is open that would.
func (h *house) handOver(ctx context.Context, institution, id core.ID) (e mail.Entry, err error) {
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
		return e, fmt.Errorf("open the mail capture: %w", err)
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
		err := h.store.View(ctx, func(v core.View) (err error) {
			e, err = mail.EntryOf(v, institution, id)
			return err
		})
		putOff := e.State == mail.StateQueued && e.Attempts > 0
		if err != nil || e.State.Final() || putOff {
			return e, err
		}
		select {
		case <-changed:
		case <-ended:
			return e, broken
		case <-ctx.Done():
			return e, ctx.Err()
		}
	}
}
