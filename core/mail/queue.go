package mail

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"willcall/core"
	"willcall/core/secret"
)

// leaseLife is how long a worker has for one mail before another may take it.
const leaseLife = 5 * time.Minute

// giveUp is how long an undeliverable mail is tried.
const giveUp = 48 * time.Hour

// backOff is the wait after each failed try; the last one repeats.
func backOff(attempts uint32) time.Duration {
	steps := []time.Duration{
		time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour,
	}
	return steps[min(max(int(attempts), 1), len(steps))-1]
}

// Texts gives the text of a mail: a document's by edition and language, or one
// of the product's own by name.
type Texts interface {
	Text(v core.View, institution core.ID, m core.Mail) (subject, body string, err error)
}

// Fill puts variables into a text; what has no value stays as it is.
type Fill func(text string, values map[string]string) string

// Work is one leased mail, ready to be rendered and handed over.
type Work struct {
	Institution core.ID
	ID          core.ID
	Entry
	Subject string // of the text, with its variables in place
	Body    string
	// Values are all variables, the secret ones unsealed.
	Values map[string]string
	// Route leads to the mail server; nil: the mail is captured (R89).
	Route *Route
}

// Verdict is how handing over a mail ended.
type Verdict uint8

// The verdicts.
const (
	Captured  Verdict = iota + 1 // stored in the mailbox of captured mail
	Delivered                    // the mail server took it
	Later                        // a 4xx answer, or no answer: try again
	Never                        // a 5xx answer: final
)

// String is the verdict's name in logs.
func (v Verdict) String() string {
	switch v {
	case Captured:
		return "captured"
	case Delivered:
		return "delivered"
	case Later:
		return "later"
	case Never:
		return "never"
	}
	return "unknown"
}

// Answer is what came of a try.
type Answer struct {
	Verdict Verdict
	Text    string // what the server said; untrusted
	Why     Why    // what that means; empty where the mail arrived
}

// Queue is the reading end of the outbox, for its worker. It is safe for
// concurrent use.
type Queue struct {
	store core.Store
	clock core.Clock
	keys  *secret.Keys
	texts Texts
	fill  Fill
	inbox core.Inbox
}

// NewQueue makes a queue; fill puts variables into a text. Whoever caused a mail
// that won't arrive is told in inbox.
func NewQueue(
	store core.Store, clock core.Clock, keys *secret.Keys, texts Texts, fill Fill, inbox core.Inbox,
) *Queue {
	return &Queue{store: store, clock: clock, keys: keys, texts: texts, fill: fill, inbox: inbox}
}

// Lease takes the mail that is due longest for five minutes. Without one, ok
// is false and next is when the next will be due, or zero. Mails past their
// expiry are set aside on the way, never sent.
func (q *Queue) Lease(ctx context.Context) (work Work, ok bool, next time.Time, err error) {
	now := q.clock.Effective()
	next, err = q.nextDue(ctx)
	if err != nil || next.IsZero() || next.After(now) {
		return Work{}, false, next, err
	}
	err = q.store.Update(ctx, func(tx core.Tx) (err error) {
		work, ok, next = Work{}, false, time.Time{}
		for !ok {
			at, institution, id, found, err := firstDue(tx)
			if err != nil || !found {
				return err
			}
			if at.After(now) {
				next = at
				return nil
			}
			if work, ok, err = q.take(tx, at, institution, id, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Work{}, false, time.Time{}, fmt.Errorf("lease a mail: %w", err)
	}
	return work, ok, next, nil
}

// nextDue looks at the queue without the cost of an update: most looks find
// nothing to do.
func (q *Queue) nextDue(ctx context.Context) (next time.Time, err error) {
	err = q.store.View(ctx, func(v core.View) (err error) {
		next, _, _, _, err = firstDue(v)
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("lease a mail: %w", err)
	}
	return next, nil
}

// Queued reports whether a commit changed what is due: a worker that waits
// looks again.
func Queued(c core.Commit) bool {
	return slices.ContainsFunc(c.Touched, func(t core.Touch) bool { return t.Space == spaceDue })
}

// take leases the entry that is due at a time; ok is false where it was set
// aside instead.
func (q *Queue) take(tx core.Tx, at time.Time, institution, id core.ID, now time.Time) (Work, bool, error) {
	e, err := EntryOf(tx, institution, id)
	if core.CodeOf(err) == core.CodeNotFound {
		return Work{}, false, tx.Delete(spaceDue, dueKey(at, institution, id))
	}
	if err != nil {
		return Work{}, false, err
	}
	if !e.Expires.IsZero() && !now.Before(e.Expires) {
		return Work{}, false, q.lost(tx, institution, id, e, StateExpired, now)
	}
	route, err := routeOf(tx, q.keys)
	if err != nil {
		return Work{}, false, err
	}
	if route != nil && core.ReservedAddress(e.To) {
		return Work{}, false, q.lost(tx, institution, id, e.said("", WhyReserved), StateFailed, now)
	}
	work, err := q.prepare(tx, institution, id, e)
	if err != nil {
		return Work{}, false, q.unprepared(tx, institution, id, e, err, now)
	}
	work.Route = route
	work.State, work.Attempts = StateLeased, e.Attempts+1
	if err := reschedule(tx, institution, id, work.Entry, now.Add(leaseLife)); err != nil {
		return Work{}, false, err
	}
	work.Next = now.Add(leaseLife)
	return work, true, nil
}

// unprepared ends a mail whose text was refused. Any other failure may pass: it
// counts as a try.
func (q *Queue) unprepared(tx core.Tx, institution, id core.ID, e Entry, err error, now time.Time) error {
	if core.CodeOf(err) != core.CodeInternal {
		return q.lost(tx, institution, id, e.said(err.Error(), WhyOther), StateFailed, now)
	}
	e.Attempts++
	return q.later(tx, institution, id, e.said(err.Error(), WhyOther), now)
}

// said gives the entry with what was answered last.
func (e Entry) said(text string, why Why) Entry {
	e.Answer, e.Why = text, why
	return e
}

// prepare unseals the variables and fills the text.
func (q *Queue) prepare(v core.View, institution, id core.ID, e Entry) (Work, error) {
	values := maps.Clone(e.Variables)
	if values == nil {
		values = map[string]string{}
	}
	if e.Sealed != nil {
		plain, err := q.keys.Open(sealPurpose, core.Key(institution, id), e.Sealed)
		if err != nil {
			return Work{}, err
		}
		if err := json.Unmarshal(plain, &values); err != nil {
			return Work{}, fmt.Errorf("read a mail's variables: %w", err)
		}
	}
	subject, body, err := q.texts.Text(v, institution, e.Mail)
	if err != nil {
		return Work{}, fmt.Errorf("find the mail's text: %w", err)
	}
	return Work{
		Institution: institution, ID: id, Entry: e, Values: values,
		Subject: q.fill(subject, values), Body: q.fill(body, values),
	}, nil
}

// Finish records what came of a try. A mail withdrawn meanwhile stays so, and
// one that was erased stays gone.
func (q *Queue) Finish(ctx context.Context, w Work, a Answer) error {
	now := q.clock.Effective()
	err := q.store.Update(ctx, func(tx core.Tx) error {
		e, err := EntryOf(tx, w.Institution, w.ID)
		if core.CodeOf(err) == core.CodeNotFound {
			return nil
		}
		if err != nil || e.State != StateLeased || e.Attempts != w.Attempts {
			return err
		}
		e = e.said(a.Text, a.Why)
		switch a.Verdict {
		case Captured:
			return settle(tx, w.Institution, w.ID, e, StateCaptured, now)
		case Delivered:
			return settle(tx, w.Institution, w.ID, e, StateSent, now)
		case Never:
			return q.lost(tx, w.Institution, w.ID, e, StateFailed, now)
		case Later:
			return q.later(tx, w.Institution, w.ID, e, now)
		}
		return fmt.Errorf("verdict %d: %w", a.Verdict, core.Refuse(core.CodeInternal))
	})
	if err != nil {
		return fmt.Errorf("record what came of a mail: %w", err)
	}
	return nil
}

// lost ends a mail that won't arrive, and tells whoever caused it.
func (q *Queue) lost(tx core.Tx, institution, id core.ID, e Entry, state State, now time.Time) error {
	if err := settle(tx, institution, id, e, state, now); err != nil || e.By == 0 {
		return err
	}
	n := core.Notice{
		Kind: core.NoticeMailFailed, Subject: core.Ref{Kind: core.KindMail, ID: id}, Institution: institution,
	}
	if err := q.inbox.Notify(tx, now, e.By, n); err != nil {
		return fmt.Errorf("tell operator %d of a mail that failed: %w", e.By, err)
	}
	return nil
}

// later puts a mail back for another try: at its expiry at the latest, so that
// its secrets go then.
func (q *Queue) later(tx core.Tx, institution, id core.ID, e Entry, now time.Time) error {
	if now.Sub(e.Created) >= giveUp {
		return q.lost(tx, institution, id, e, StateFailed, now)
	}
	next := now.Add(backOff(e.Attempts))
	if !e.Expires.IsZero() && e.Expires.Before(next) {
		next = e.Expires
	}
	e.State = StateQueued
	if err := reschedule(tx, institution, id, e, next); err != nil {
		return err
	}
	announce(tx, institution, id, e)
	return nil
}

// reschedule moves an entry to another due time and saves it.
func reschedule(tx core.Tx, institution, id core.ID, e Entry, next time.Time) error {
	if err := tx.Delete(spaceDue, dueKey(e.Next, institution, id)); err != nil {
		return fmt.Errorf("move a mail in the queue: %w", err)
	}
	e.Next = next
	if err := tx.Put(spaceDue, dueKey(next, institution, id), nil); err != nil {
		return fmt.Errorf("move a mail in the queue: %w", err)
	}
	return entries().Put(tx, institution, id, e)
}

func firstDue(v core.View) (at time.Time, institution, id core.ID, found bool, err error) {
	err = v.Ascend(spaceDue, nil, nil, func(key, _ []byte) error {
		at, institution, id, found = splitDue(key)
		return core.Stop
	})
	if err != nil {
		return at, 0, 0, false, fmt.Errorf("look at the queue: %w", err)
	}
	return at, institution, id, found, nil
}

// dueKey sorts by time: 8 bytes of Unix nanoseconds, then the entry's key.
func dueKey(at time.Time, institution, id core.ID) []byte {
	key := binary.BigEndian.AppendUint64(nil, uint64(at.UnixNano()))
	return append(key, core.Key(institution, id)...)
}

func splitDue(key []byte) (at time.Time, institution, id core.ID, ok bool) {
	if len(key) != 24 {
		return time.Time{}, 0, 0, false
	}
	at = time.Unix(0, int64(binary.BigEndian.Uint64(key))).UTC() //nolint:gosec // written by dueKey
	institution, id, ok = core.SplitKey(key[8:])
	return at, institution, id, ok
}
