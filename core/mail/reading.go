package mail

import (
	"context"
	"fmt"
	"slices"

	"willcall/core"
)

// Reading shows captured mail and the outbox to operators. It is safe for
// concurrent use.
type Reading struct {
	desk    *core.Desk
	mailbox Mailbox
	texts   Texts
	fill    Fill
	// remakable is asked about mails that would be made anew.
	remakable Remakable
}

// NewReading makes a reading side; texts and fill show what a mail says,
// remakable which mails can be made anew.
func NewReading(desk *core.Desk, mailbox Mailbox, texts Texts, fill Fill, remakable Remakable) *Reading {
	return &Reading{desk: desk, mailbox: mailbox, texts: texts, fill: fill, remakable: remakable}
}

// List shows captured mail, newest first: developers see all of it, others
// what their institution sent (R86). Once there is a mail server, subjects of
// others' mail of our own hide codes and links (R89); those that let an operator
// in are hidden without one too, see [Reading.Get].
func (r *Reading) List(ctx context.Context, req core.Request, before uint64, limit int) (Page, error) {
	standing, err := r.desk.May(ctx, req, core.ActCapturedList)
	if err != nil {
		return Page{}, err
	}
	q := Query{Institution: req.Institution, Everything: seesAll(standing), Before: before, Limit: limit}
	page, err := r.mailbox.List(ctx, q)
	if err == nil {
		err = r.desk.See(ctx, req, core.ActCapturedList, func(v core.View) error { return r.hideAll(v, reader{req, standing}, page.Messages) })
	}
	if err != nil {
		return Page{}, fmt.Errorf("list captured mail: %w", err)
	}
	return page, nil
}

// Get shows one captured mail, under the same limits as [Reading.List]. Once
// there is a mail server, another's mail of our own is [Message.Masked]. Without
// one, that is so for what lets another operator in, such as an invitation: only
// owners and who had it sent may read it, or whoever reads captured mail could
// take over any account. It fails with [core.CodeNotFound].
func (r *Reading) Get(ctx context.Context, req core.Request, seq uint64) (Message, error) {
	standing, err := r.desk.May(ctx, req, core.ActCapturedShow)
	if err != nil {
		return Message{}, err
	}
	m, err := r.mailbox.Get(ctx, seq)
	if err == nil {
		err = r.desk.See(ctx, req, core.ActCapturedShow, func(v core.View) (err error) {
			m, err = r.hide(v, reader{req, standing}, m)
			return err
		})
	}
	if err != nil {
		return Message{}, fmt.Errorf("read captured mail %d: %w", seq, err)
	}
	if !seesAll(standing) && m.Envelope.Institution != req.Institution {
		return Message{}, core.Refuse(core.CodeNotFound)
	}
	return m, nil
}

// hideAll takes the secrets out of a list's subjects.
func (r *Reading) hideAll(v core.View, who reader, all []Summary) error {
	for i, s := range all {
		e, hidden, err := who.hiddenEntry(v, s.Envelope)
		if err != nil {
			return err
		}
		if !hidden {
			continue
		}
		if all[i].Subject, _, err = r.masked(v, s.Envelope.Institution, e); err != nil {
			return err
		}
	}
	return nil
}

// hide takes the secrets out of another's mail of our own: its text is made
// anew from the outbox, so that nothing depends on finding them in what was
// captured.
func (r *Reading) hide(v core.View, who reader, m Message) (Message, error) {
	e, hidden, err := who.hiddenEntry(v, m.Envelope)
	if err != nil || !hidden {
		return m, err
	}
	m.Masked, m.Raw = true, nil
	m.Links, m.Codes = masks(len(m.Links)), masks(len(m.Codes))
	m.Subject, m.Text, err = r.masked(v, m.Envelope.Institution, e)
	return m, err
}

func masks(n int) []string { return slices.Repeat([]string{Mask}, n) }

// reader is who looks at captured mail.
type reader struct {
	core.Request
	core.Standing
}

// hiddenEntry finds the outbox entry of a captured mail of our own, and tells
// whether its secrets are hidden from the reader. Of an entry that is gone nothing
// is known: it is empty.
func (r reader) hiddenEntry(v core.View, envelope Envelope) (e Entry, hidden bool, err error) {
	if envelope.Institution == core.Installation && envelope.Entry == 0 {
		return e, false, nil // foreign mail
	}
	e, err = EntryOf(v, envelope.Institution, envelope.Entry)
	if core.CodeOf(err) == core.CodeNotFound {
		return Entry{}, !r.Captured, nil
	}
	return e, err == nil && r.hides(e), err
}

// hides tells whether a mail's secrets are hidden: from everybody but whom it is
// for once mail is delivered (R89), and before that what lets an operator in.
func (r reader) hides(e Entry) bool {
	operator := r.Actor.Kind == core.ActorOperator
	if operator && e.Subject == (core.Ref{Kind: core.KindOperator, ID: r.Actor.ID}) {
		return false
	}
	if !r.Captured {
		return true
	}
	guarded := e.Subject.Kind == core.KindOperator && len(e.Secrets) > 0
	return guarded && r.Role != core.RoleOwner && (!operator || e.By != r.Actor.ID)
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
