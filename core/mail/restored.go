package mail

import (
	"fmt"

	"willcall/core"
	"willcall/core/record"
)

// WithdrawAll cancels every mail that waits, of every institution, and counts
// them: also one that lost its place in the queue, which a repair gives back. A
// mail that can't be read is left alone; it can't be sent either.
func WithdrawAll(act *core.Act, why core.Withdrawal) (n int, err error) {
	type place struct{ institution, id core.ID }
	var waiting []place
	err = entries().Readables(act, func(institution, id core.ID, _ record.Version, e Entry) error {
		if !e.State.Final() {
			waiting = append(waiting, place{institution, id})
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("look through the outbox: %w", err)
	}
	for _, at := range waiting {
		e, err := EntryOf(act, at.institution, at.id)
		if err != nil {
			return n, err
		}
		if err := settle(act, at.institution, at.id, e.said("", Why(why)), StateCancelled, act.At); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// farthest is how many entries the mail log may know beyond those of the outbox:
// more are no numbers that were handed out.
const farthest = 1 << 20

// PassOver keeps the outbox from handing out numbers of entries again that
// captured mail has: the latest of each institution. A backup's mail log is newer
// than its database, and one's mail would be taken for another's (R89).
func PassOver(act *core.Act, captured map[core.ID]core.ID) error {
	for institution, latest := range captured {
		last, err := act.LastID(institution, spaceEntries)
		if err == nil && latest <= last+farthest {
			err = record.Raise(institution, spaceEntries, latest)(act)
		}
		if err != nil {
			return fmt.Errorf("pass over numbers of captured mail: %w", err)
		}
	}
	return nil
}
