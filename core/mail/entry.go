package mail

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/secret"
)

// State is where an outbox entry stands.
type State uint8

// The states of an entry. The last five are final.
const (
	StateQueued    State = iota + 1 // waits for its time
	StateLeased                     // a worker has it
	StateSent                       // the mail server took it
	StateCaptured                   // there is no mail server: it lies in the captured mail (R89)
	StateFailed                     // refused for good
	StateExpired                    // no longer worth sending
	StateCancelled                  // withdrawn
)

// States lists all, in this order.
func States() []State {
	return []State{StateQueued, StateLeased, StateSent, StateCaptured, StateFailed, StateExpired, StateCancelled}
}

// String is the state's key in the catalogue.
func (s State) String() string {
	switch s {
	case StateQueued:
		return "queued"
	case StateLeased:
		return "leased"
	case StateSent:
		return "sent"
	case StateCaptured:
		return "captured"
	case StateFailed:
		return "failed"
	case StateExpired:
		return "expired"
	case StateCancelled:
		return "cancelled"
	}
	return "unknown"
}

// Final reports whether nothing more will happen to the entry.
func (s State) Final() bool { return s >= StateSent }

// Entry is one mail of the outbox.
type Entry struct {
	State State
	core.Mail
	// Sealed holds the secret variables until the entry is final.
	Sealed []byte
	// MessageID is fixed, so that a retry is the same mail (RFC 5322, 3.6.4).
	MessageID string
	Attempts  uint32
	Next      time.Time // of the next try, or the end of the lease
	Answer    string    // what the server said last; untrusted
	Why       Why       // what that means, or why the mail was cancelled
	Created   time.Time
	Settled   time.Time
	// Secrets names the variables that were sealed, also after they are gone.
	Secrets []string
	// CancelledBy is the name of the operator who cancelled the mail here; empty
	// of one that was withdrawn.
	CancelledBy string
	// By is the operator whose act caused the mail, and who is told where it
	// won't arrive; 0 of one that no operator caused.
	By core.ID
}

// WayIn reports whether the mail is about an operator's way in: it tells of a
// change, or holds a code. Whoever sits in an operator's session could else take
// away the warning that somebody does.
func (e Entry) WayIn() bool { return e.Subject.Kind == core.KindOperator }

const (
	spaceEntries core.Space = "outbox"
	spaceDue     core.Space = "outbox.due"
	// spaceSubjects finds a subject's mails, spaceHolding those of them that
	// hold a secret, spaceStates the mails of a state.
	spaceSubjects core.Space = "outbox.subject"
	spaceHolding  core.Space = "outbox.holding"
	spaceStates   core.Space = "outbox.state"
	sealPurpose              = "outbox"
)

func entries() record.Table[Entry] {
	return record.NewTable(spaceEntries, core.KindMail, record.New(
		record.Uint(1, func(e *Entry) *State { return &e.State }),
		record.Text(2, func(e *Entry) *string { return &e.To }),
		record.Text(3, func(e *Entry) *string { return &e.ToName }),
		record.Text(4, func(e *Entry) *string { return &e.From }),
		record.Text(5, func(e *Entry) *string { return &e.FromName }),
		record.Uint(6, func(e *Entry) *core.ID { return &e.Document }),
		record.Uint(7, func(e *Entry) *uint32 { return &e.Edition }),
		record.Text(8, func(e *Entry) *string { return &e.System }),
		record.Text(9, func(e *Entry) *string { return &e.Language }),
		record.Text(10, func(e *Entry) *core.Kind { return &e.Subject.Kind }),
		record.Uint(11, func(e *Entry) *core.ID { return &e.Subject.ID }),
		record.Map(12, func(e *Entry) *map[string]string { return &e.Variables }),
		record.Time(13, func(e *Entry) *time.Time { return &e.Expires }),
		record.Bytes(14, func(e *Entry) *[]byte { return &e.Sealed }),
		record.Text(15, func(e *Entry) *string { return &e.MessageID }),
		record.Uint(16, func(e *Entry) *uint32 { return &e.Attempts }),
		record.Time(17, func(e *Entry) *time.Time { return &e.Next }),
		record.Text(18, func(e *Entry) *string { return &e.Answer }),
		record.Time(19, func(e *Entry) *time.Time { return &e.Created }),
		record.Time(20, func(e *Entry) *time.Time { return &e.Settled }),
		record.Text(21, func(e *Entry) *Why { return &e.Why }),
		record.Texts(22, func(e *Entry) *[]string { return &e.Secrets }),
		record.Text(23, func(e *Entry) *string { return &e.CancelledBy }),
		record.Uint(24, func(e *Entry) *core.ID { return &e.By }),
	), record.NewIndex(spaceSubjects, func(e *Entry) [][]byte { return [][]byte{subjectKey(e.Subject)} }),
		record.NewIndex(spaceHolding, func(e *Entry) [][]byte {
			if e.Sealed == nil {
				return nil
			}
			return [][]byte{subjectKey(e.Subject)}
		}),
		record.NewIndex(spaceStates, func(e *Entry) [][]byte { return [][]byte{{byte(e.State)}} }))
}

// subjectKey is the kind, a zero byte, and the id.
func subjectKey(subject core.Ref) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(subject.Kind), 0), uint64(subject.ID))
}

// EntryOf reads an outbox entry. It fails with [core.CodeNotFound].
func EntryOf(v core.View, institution, id core.ID) (Entry, error) {
	e, _, err := entries().Get(v, institution, id)
	return e, err
}

// Outbox is the writing end: it takes mail within acts. It is safe for
// concurrent use.
type Outbox struct{ keys *secret.Keys }

// NewOutbox makes an outbox that seals secret variables with keys.
func NewOutbox(keys *secret.Keys) *Outbox { return &Outbox{keys} }

// Enqueue implements [core.Outbox].
func (o *Outbox) Enqueue(act *core.Act, m core.Mail) (core.ID, error) {
	institution := act.Req.Institution
	id, err := act.NewID(institution, spaceEntries)
	if err != nil {
		return 0, fmt.Errorf("number a mail: %w", err)
	}
	e := Entry{
		State: StateQueued, Mail: m, Created: act.At, Next: act.At, Secrets: slices.Sorted(maps.Keys(m.Secret)),
	}
	if act.Req.Actor.Kind == core.ActorOperator {
		e.By = act.Req.Actor.ID
	}
	if e.MessageID, err = messageID(act.Random, m.From); err != nil {
		return 0, err
	}
	if e.Sealed, err = o.seal(act.Random, institution, id, m.Secret); err != nil {
		return 0, err
	}
	if err := entries().Put(act, institution, id, e); err != nil {
		return 0, err
	}
	if err := act.Put(spaceDue, dueKey(e.Next, institution, id), nil); err != nil {
		return 0, fmt.Errorf("queue a mail: %w", err)
	}
	act.EmitFor(core.Ref{Kind: core.KindMail, ID: id})
	return id, nil
}

// Withdraw implements [core.Outbox].
func (o *Outbox) Withdraw(act *core.Act, subject core.Ref, why core.Withdrawal) error {
	withdrawn, err := withdrawable(act, act.Req.Institution, subject)
	if err != nil {
		return fmt.Errorf("look through the outbox: %w", err)
	}
	for _, id := range withdrawn {
		e, err := EntryOf(act, act.Req.Institution, id)
		if err != nil {
			return err
		}
		if err := settle(act, act.Req.Institution, id, e.said("", Why(why)), StateCancelled, act.At); err != nil {
			return err
		}
	}
	return nil
}

// withdrawable lists what waits for a subject and holds a secret; for a subject
// without an id, all that waits for its kind.
func withdrawable(v core.View, institution core.ID, subject core.Ref) (ids []core.ID, err error) {
	collect := func(id core.ID) error {
		ids = append(ids, id)
		return nil
	}
	if subject.ID != 0 {
		err = entries().Lookup(v, institution, spaceHolding, subjectKey(subject), collect)
		return ids, err
	}
	for _, state := range []State{StateQueued, StateLeased} {
		if err := entries().Lookup(v, institution, spaceStates, []byte{byte(state)}, collect); err != nil {
			return nil, err
		}
	}
	var all []core.ID
	for _, id := range ids {
		e, err := EntryOf(v, institution, id)
		if err != nil {
			return nil, err
		}
		if e.Subject.Kind == subject.Kind {
			all = append(all, id)
		}
	}
	return all, nil
}

func (o *Outbox) seal(random io.Reader, institution, id core.ID, secrets map[string]string) ([]byte, error) {
	if len(secrets) == 0 {
		return nil, nil
	}
	plain, err := json.Marshal(secrets)
	if err != nil {
		return nil, fmt.Errorf("seal a mail's variables: %w", err)
	}
	return o.keys.Seal(random, sealPurpose, core.Key(institution, id), plain)
}

// messageID makes a Message-ID in the sender's domain.
func messageID(random io.Reader, from string) (string, error) {
	raw := make([]byte, 16)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("draw a Message-ID: %w", err)
	}
	_, domain, _ := strings.Cut(from, "@")
	return hex.EncodeToString(raw) + "@" + domain, nil
}

// settle makes an entry final: its secrets go, and it is due no more.
func settle(tx core.Tx, institution, id core.ID, e Entry, state State, at time.Time) error {
	if err := tx.Delete(spaceDue, dueKey(e.Next, institution, id)); err != nil {
		return fmt.Errorf("take a mail off the queue: %w", err)
	}
	e.State, e.Settled, e.Sealed, e.Next = state, at, nil, time.Time{}
	if err := entries().Put(tx, institution, id, e); err != nil {
		return err
	}
	announce(tx, institution, id, e)
	return nil
}

// announce tells of the mail and of whom it is for.
func announce(tx core.Tx, institution, id core.ID, e Entry) {
	tx.Emit(core.Event{Institution: institution, Subject: core.Ref{Kind: core.KindMail, ID: id}})
	tx.Emit(core.Event{Institution: institution, Subject: e.Subject})
}
