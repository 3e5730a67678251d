package mail

import (
	"context"
	"fmt"

	"willcall/core"
)

// Reading shows captured mail and the outbox to operators. It is safe for
// concurrent use.
type Reading struct {
	desk    *core.Desk
	mailbox Mailbox
	texts   Texts
	fill    Fill
}

// NewReading makes a reading side; texts and fill show what a mail says.
func NewReading(desk *core.Desk, mailbox Mailbox, texts Texts, fill Fill) *Reading {
	return &Reading{desk: desk, mailbox: mailbox, texts: texts, fill: fill}
}

// List shows captured mail, newest first: developers see all of it, others
// what their institution sent (R86).
func (r *Reading) List(ctx context.Context, req core.Request, before uint64, limit int) (Page, error) {
	standing, err := r.desk.May(ctx, req, core.ActCapturedList)
	if err != nil {
		return Page{}, err
	}
	q := Query{Institution: req.Institution, Everything: seesAll(standing), Before: before, Limit: limit}
	page, err := r.mailbox.List(ctx, q)
	if err != nil {
		return Page{}, fmt.Errorf("list captured mail: %w", err)
	}
	return page, nil
}

// Get shows one captured mail, under the same limits as [Reading.List]. It
// fails with [core.CodeNotFound].
func (r *Reading) Get(ctx context.Context, req core.Request, seq uint64) (Message, error) {
	standing, err := r.desk.May(ctx, req, core.ActCapturedShow)
	if err != nil {
		return Message{}, err
	}
	m, err := r.mailbox.Get(ctx, seq)
	if err != nil {
		return Message{}, fmt.Errorf("read captured mail %d: %w", seq, err)
	}
	if !seesAll(standing) && m.Envelope.Institution != req.Institution {
		return Message{}, core.Refuse(core.CodeNotFound)
	}
	return m, nil
}

func seesAll(s core.Standing) bool { return s.Role == core.RoleDeveloper }

// Outcome is where the mail of an act stands, for the screen that caused it.
func (r *Reading) Outcome(ctx context.Context, req core.Request, id core.ID) (Entry, error) {
	var e Entry
	err := r.desk.See(ctx, req, core.ActContactsShow, func(v core.View) (err error) {
		e, err = EntryOf(v, req.Institution, id)
		return err
	})
	e.Sealed = nil
	return e, err
}
