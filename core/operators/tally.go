package operators

import (
	"fmt"
	"time"

	"willcall/core"
	"willcall/core/record"
)

const (
	// mostFailed is how many sign-ins of all accounts may fail in failedWithin
	// before every answer takes longer.
	mostFailed   = 100
	failedWithin = 10 * time.Minute
)

const spaceTally core.Space = "signin.tally"

// tally counts what concerns all accounts: one password tried on many of them
// locks none.
type tally struct {
	// Buckets is how many there are.
	Buckets uint64
	// Failed are the times of the last failures, in Unix nanoseconds, oldest
	// first, one more than are allowed at most.
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
	if len(t.Failed) <= mostFailed {
		return false
	}
	return at.Sub(time.Unix(0, int64(t.Failed[0]))) < failedWithin //nolint:gosec // written from an int64
}

// countFailed counts a sign-in that failed.
func countFailed(act *core.Act) error {
	t, err := readTally(act)
	if err != nil {
		return err
	}
	t.Failed = append(t.Failed, nanos(act.At))
	if len(t.Failed) > mostFailed+1 {
		t.Failed = t.Failed[1:]
	}
	return writeTally(act, t)
}
