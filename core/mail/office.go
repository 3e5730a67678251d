package mail

import (
	"context"
	"strconv"
	"time"

	"willcall/core"
)

// Remake makes a mail anew, with a fresh secret, in the caller's act: a link or
// code that was sent once is not known any more. It refuses where the mail's
// occasion has passed.
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
// it is being sent and with [core.CodeReserved] where its address can't get
// mail.
func (o *Office) SendAgain(ctx context.Context, req core.Request, id core.ID) (core.ID, error) {
	receipt, err := o.desk.Do(ctx, req, core.ActOutboxSendAgain, func(act *core.Act) error {
		e, err := EntryOf(act, req.Institution, id)
		if err != nil {
			return err
		}
		refusal, err := e.sendable(act)
		if err != nil {
			return err
		}
		if refusal != nil {
			return refusal
		}
		again, err := o.again(act, id, e)
		if err != nil {
			return err
		}
		// One that is made anew goes to the address that holds now.
		if e, err = EntryOf(act, req.Institution, again); err != nil {
			return err
		}
		act.Log(mailRef(again), core.Detail{Name: "again", Value: strconv.FormatUint(uint64(id), 10)},
			core.Detail{Name: "to", Value: e.To, Personal: true})
		return nil
	})
	return receipt.Subject.ID, err
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
// refused with [core.CodeBusy] while it is being sent and with
// [core.CodeSettled] once it is done.
func (o *Office) Cancel(ctx context.Context, req core.Request, id core.ID) error {
	_, err := o.desk.Do(ctx, req, core.ActOutboxCancel, func(act *core.Act) error {
		e, err := EntryOf(act, req.Institution, id)
		if err != nil {
			return err
		}
		if err := e.cancellable(); err != nil {
			return err
		}
		act.Log(mailRef(id), core.Detail{Name: "to", Value: e.To, Personal: true})
		e.Why, e.CancelledBy = WhyCancelled, req.Actor.Name
		return settle(act, req.Institution, id, e, StateCancelled, act.At)
	})
	return err
}

func mailRef(id core.ID) core.Ref { return core.Ref{Kind: core.KindMail, ID: id} }
