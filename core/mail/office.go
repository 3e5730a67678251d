package mail

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"willcall/core"
)

// Remake makes a mail anew, with a fresh secret, in the caller's act: a link or
// code that was sent once is not known any more. It refuses where the mail's
// occasion has passed, before it writes anything.
type Remake func(act *core.Act, e Entry) (core.ID, error)

// Remakable says why [Remake] would refuse an entry at a time, nil where it
// wouldn't. until is when that is over, where only time stands against it, else
// zero. A failure to read has [core.CodeInternal].
type Remakable func(v core.View, req core.Request, e Entry, now time.Time) (until time.Time, refusal error)

// Office is what operators do in the outbox. It is safe for concurrent use.
type Office struct {
	desk   *core.Desk
	outbox *Outbox
	remake Remake
}

// NewOffice makes an office.
func NewOffice(desk *core.Desk, outbox *Outbox, remake Remake) *Office {
	return &Office{desk: desk, outbox: outbox, remake: remake}
}

// SendAgain sends a mail of the request's institution again and gives the entry
// that will go out. One that waits is due at once and stays the same mail. One
// that is done is made anew: with a fresh secret where it had one, else as a
// copy with a Message-ID of its own. It is refused with [core.CodeBusy] while
// it is being sent, with [core.CodeReserved] where its address can't get mail,
// and with [core.CodeWayIn] where it held an operator's code.
func (o *Office) SendAgain(ctx context.Context, req core.Request, id core.ID) (core.ID, error) {
	receipt, err := o.desk.Do(ctx, req, core.ActOutboxSendAgain, func(act *core.Act) error {
		again, err := o.sendAgain(act, id)
		if err != nil {
			return err
		}
		// One that is made anew goes to the address that holds now.
		e, err := EntryOf(act, req.Institution, again)
		if err != nil {
			return err
		}
		act.Log(mailRef(again), core.Detail{Name: "again", Value: strconv.FormatUint(uint64(id), 10)},
			core.Detail{Name: "to", Value: e.To, Personal: true})
		return nil
	})
	return receipt.Subject.ID, err
}

// sendAgain sends a mail again in the caller's act. What it refuses it hasn't
// touched.
func (o *Office) sendAgain(act *core.Act, id core.ID) (core.ID, error) {
	e, err := EntryOf(act, act.Req.Institution, id)
	if err != nil {
		return 0, err
	}
	refusal, err := e.sendable(act)
	if err != nil {
		return 0, err
	}
	if refusal != nil {
		return 0, refusal
	}
	return o.again(act, id, e)
}

// Left is a mail that an act on many left as it is.
type Left struct {
	Mail core.ID
	Err  error // why
}

// SendAllAgain sends those of some mails of the request's institution again that
// can be, in one act with one line in the journal, and tells how many they were
// and which ones were left. Where that is all of them, the refusal is the last
// one's. More than [MostAtOnce] are refused with [core.CodeRange].
func (o *Office) SendAllAgain(ctx context.Context, req core.Request, ids []core.ID) (sent int, left []Left, err error) {
	return o.each(ctx, req, core.ActOutboxSendAgain, ids, func(act *core.Act, id core.ID) error {
		_, err := o.sendAgain(act, id)
		return err
	})
}

func (o *Office) again(act *core.Act, id core.ID, e Entry) (core.ID, error) {
	switch {
	case e.State == StateQueued:
		if err := reschedule(act, act.Req.Institution, id, e, act.At); err != nil {
			return 0, err
		}
		announce(act, act.Req.Institution, id, e)
		return id, nil
	case e.madeAnew():
		return o.remake(act, e)
	}
	m := e.Mail
	if !m.Expires.IsZero() { // as long a life as the first time
		m.Expires = act.At.Add(m.Expires.Sub(e.Created))
	}
	return o.outbox.Enqueue(act, m)
}

// Cancel withdraws a mail of the request's institution that waits. It is
// refused with [core.CodeBusy] while it is being sent, with [core.CodeSettled]
// once it is done, and with [core.CodeWayIn] where it is about an operator's way
// in, whoever asks.
func (o *Office) Cancel(ctx context.Context, req core.Request, id core.ID) error {
	_, err := o.desk.Do(ctx, req, core.ActOutboxCancel, func(act *core.Act) error {
		e, err := entryToCancel(act, id)
		if err != nil {
			return err
		}
		act.Log(mailRef(id), core.Detail{Name: "to", Value: e.To, Personal: true})
		return cancelEntry(act, id, e)
	})
	return err
}

// MostAtOnce is how many mails one act is about.
const MostAtOnce = 500

// CancelAll withdraws those of some mails of the request's institution that
// wait, in one act with one line in the journal, and tells how many they were.
// What can't be cancelled any more stays as it is; where that is all of them,
// the refusal is the last one's. More than [MostAtOnce] are refused with
// [core.CodeRange].
func (o *Office) CancelAll(ctx context.Context, req core.Request, ids []core.ID) (cancelled int, err error) {
	cancelled, _, err = o.each(ctx, req, core.ActOutboxCancel, ids, func(act *core.Act, id core.ID) error {
		e, err := entryToCancel(act, id)
		if err != nil {
			return err
		}
		return cancelEntry(act, id, e)
	})
	return cancelled, err
}

// each does something to some mails in one act. Those that it is refused for, or
// that can't be read, are left as they are.
func (o *Office) each(
	ctx context.Context, req core.Request, action core.ActionID, ids []core.ID, one func(act *core.Act, id core.ID) error,
) (n int, left []Left, err error) {
	if len(ids) < 1 || len(ids) > MostAtOnce {
		return 0, nil, core.Refuse(core.CodeRange).With("min", "1").With("max", strconv.Itoa(MostAtOnce))
	}
	_, err = o.desk.Do(ctx, req, action, func(act *core.Act) error {
		var done []string
		left = nil
		for _, id := range ids {
			err := one(act, id)
			var refusal *core.Error
			switch {
			case err == nil:
				done = append(done, strconv.FormatUint(uint64(id), 10))
			case errors.As(err, &refusal), errors.Is(err, core.ErrDamaged):
				left = append(left, Left{id, err})
			default:
				return err
			}
		}
		if n = len(done); n == 0 {
			return left[len(left)-1].Err
		}
		act.Log(core.Ref{Kind: core.KindMail}, core.Detail{Name: "mails", Value: strings.Join(done, " ")})
		return nil
	})
	return n, left, err
}

// entryToCancel is a mail that waits, or why it can't be cancelled.
func entryToCancel(act *core.Act, id core.ID) (Entry, error) {
	e, err := EntryOf(act, act.Req.Institution, id)
	if err != nil {
		return e, err
	}
	return e, e.Cancellable()
}

// cancelEntry cancels a mail for the operator who acts.
func cancelEntry(act *core.Act, id core.ID, e Entry) error {
	e.Why, e.CancelledBy = WhyCancelled, act.Req.Actor.Name
	return settle(act, act.Req.Institution, id, e, StateCancelled, act.At)
}

func mailRef(id core.ID) core.Ref { return core.Ref{Kind: core.KindMail, ID: id} }
