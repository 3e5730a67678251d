package operators

import (
	"time"

	"willcall/core"
	"willcall/core/record"
)

const (
	// dailyCodes is how many codes of an account may fail in 24 hours before none
	// is right any more.
	dailyCodes = 20
	// rowOfCodes is how many may fail in a row before the second factor has to be
	// reset by somebody else (NIST SP 800-63B, section 3.2.2).
	rowOfCodes = 100
	// hourlyMails and dailyMails are how many codes are mailed to an operator.
	hourlyMails = 5
	dailyMails  = 15
)

const spaceTries core.Space = "operators.tries"

// tries counts codes of an operator, under the operator's id: those that failed
// though the password was right, and those that were mailed. Times are in Unix
// nanoseconds, oldest first.
type tries struct {
	Failed []uint64
	Row    uint32 // failed since the last right one
	Mailed []uint64
}

func triesOf() record.Table[tries] {
	return record.NewTable(spaceTries, core.KindOperator, record.New(
		record.Uints(1, func(t *tries) *[]uint64 { return &t.Failed }),
		record.Uint(2, func(t *tries) *uint32 { return &t.Row }),
		record.Uints(3, func(t *tries) *[]uint64 { return &t.Mailed }),
	))
}

// spent reports whether no more codes of the account are right at a time.
func (t tries) spent(at time.Time) bool {
	return t.Row >= rowOfCodes || len(since(t.Failed, at, forgetAfter)) >= dailyCodes
}

// since drops the times that are older than a span before at.
func since(times []uint64, at time.Time, span time.Duration) []uint64 {
	for len(times) > 0 && at.Sub(time.Unix(0, int64(times[0]))) >= span { //nolint:gosec // written from an int64
		times = times[1:]
	}
	return times
}

// nanos is a time as it is counted.
func nanos(at time.Time) uint64 {
	return uint64(at.UnixNano())
}

// changeTries changes what is counted of an operator.
func changeTries(act *core.Act, operator core.ID, change func(*tries)) error {
	t, err := optional(act, triesOf(), operator)
	if err != nil {
		return err
	}
	change(&t)
	return triesOf().Put(act, core.Installation, operator, t)
}

func countCode(act *core.Act, operator core.ID) error {
	return changeTries(act, operator, func(t *tries) {
		t.Failed = append(since(t.Failed, act.At, forgetAfter), nanos(act.At))
		t.Row++
	})
}

// endRow notes that a code was right.
func endRow(act *core.Act, operator core.ID) error {
	return changeTries(act, operator, func(t *tries) { t.Row = 0 })
}

// forgive forgets an operator's codes that failed.
func forgive(act *core.Act, operator core.ID) error {
	return changeTries(act, operator, func(t *tries) { t.Failed, t.Row = nil, 0 })
}

// countMailing counts a mailed code; ok is false where there were too many, and no
// more is to go out.
func countMailing(act *core.Act, operator core.ID) (ok bool, err error) {
	err = changeTries(act, operator, func(t *tries) {
		t.Mailed = since(t.Mailed, act.At, 24*time.Hour)
		ok = len(t.Mailed) < dailyMails && len(since(t.Mailed, act.At, time.Hour)) < hourlyMails
		if ok {
			t.Mailed = append(t.Mailed, nanos(act.At))
		}
	})
	return ok, err
}
