package operators

import (
	"fmt"
	"strconv"
	"time"

	"willcall/core"
	"willcall/core/record"
)

const (
	// mostFailed is how many sign-ins of all accounts may fail in failedWithin
	// before every answer takes longer.
	mostFailed   = 100
	failedWithin = 10 * time.Minute
	// alertEvery is how often owners are told of that.
	alertEvery = time.Hour
)

const spaceTally core.Space = "signin.tally"

// tally counts what concerns all accounts: one password tried on many of them
// locks none.
type tally struct {
	// Buckets is how many there are.
	Buckets uint64
	// Failed are the times of the last failures, in Unix nanoseconds, oldest
	// first. There are more than are asked about, so that what is taken back after
	// a success doesn't let an older one be forgotten.
	Failed []uint64
	// Alerted is when owners were told last.
	Alerted time.Time
}

func tallies() record.Values[tally] {
	return record.NewValues(spaceTally, record.New(
		record.Uint(1, func(t *tally) *uint64 { return &t.Buckets }),
		record.Uints(2, func(t *tally) *[]uint64 { return &t.Failed }),
		record.Time(3, func(t *tally) *time.Time { return &t.Alerted }),
	))
}

func tallyKey() []byte { return []byte("tally") }

func readTally(v core.View) (tally, error) {
	t, _, err := tallies().Get(v, tallyKey())
	if err != nil {
		return t, fmt.Errorf("read how many sign-ins failed: %w", err)
	}
	return t, nil
}

func writeTally(tx core.Tx, t tally) error { return tallies().Put(tx, tallyKey(), t) }

// guarded reports whether too many sign-ins failed lately.
func (t tally) guarded(at time.Time) bool {
	over := len(t.Failed) - 1 - mostFailed
	if over < 0 {
		return false
	}
	return at.Sub(time.Unix(0, int64(t.Failed[over]))) < failedWithin //nolint:gosec // written from an int64
}

// fail counts a sign-in as failed before it is known to be: were only those
// counted that failed, what follows from too many would tell a right password.
// Owners are told of too many.
func fail(act *core.Act) error {
	t, err := readTally(act)
	if err != nil {
		return err
	}
	t.Failed = append(t.Failed, nanos(act.At))
	if len(t.Failed) > 2*mostFailed {
		t.Failed = t.Failed[1:]
	}
	if t.guarded(act.At) && act.At.Sub(t.Alerted) >= alertEvery {
		t.Alerted = act.At
		if err := alertOwners(act, core.Notice{Kind: core.NoticeSpray}); err != nil {
			return err
		}
	}
	return writeTally(act, t)
}

// unfail takes the failure back that a sign-in was counted as.
func unfail(act *core.Act) error {
	t, err := readTally(act)
	if err != nil || len(t.Failed) == 0 {
		return err
	}
	t.Failed = t.Failed[:len(t.Failed)-1]
	return writeTally(act, t)
}

// TellJump tells everybody who owns the house that the computer's clock jumped.
// What expires does so by the later of the clock and the time told before, so that
// nothing comes alive again; but it may live on for too long, or end too early.
func TellJump(act *core.Act, jump core.Jump) error {
	by, kind := time.Duration(jump), core.NoticeClockAhead
	if by < 0 {
		by, kind = -by, core.NoticeClockBack
	}
	seconds := strconv.FormatInt(int64(by/time.Second), 10)
	return alertOwners(act, core.Notice{Kind: kind, Args: map[string]string{"seconds": seconds}})
}

// alertOwners tells everybody who owns the house.
func alertOwners(act *core.Act, n core.Notice) error {
	return table().Readables(act, func(_, id core.ID, _ record.Version, o Operator) error {
		if o.Role != core.RoleOwner || o.Disabled {
			return nil
		}
		return act.Notify(id, n)
	})
}

// tellLocked tells an operator, once, that a bucket of theirs is locked.
func tellLocked(act *core.Act, operator core.ID, key []byte) error {
	if operator == 0 {
		return nil
	}
	id, version, b, err := bucketOf(act, key)
	if err != nil || id == 0 || b.Told || !act.At.Before(b.Until) {
		return err
	}
	b.Told = true
	if _, err := buckets().Save(act, core.Installation, id, version, b); err != nil {
		return err
	}
	return act.Notify(operator, core.Notice{Kind: core.NoticeLockedOut})
}
