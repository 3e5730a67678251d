package mail

import (
	"fmt"

	"willcall/core"
)

// WithdrawAll cancels every mail that waits, of every institution, and counts
// them.
func WithdrawAll(act *core.Act, why core.Withdrawal) (n int, err error) {
	type place struct{ institution, id core.ID }
	var due []place
	err = act.Ascend(spaceDue, nil, nil, func(key, _ []byte) error {
		if _, institution, id, ok := splitDue(key); ok {
			due = append(due, place{institution, id})
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("look at the queue: %w", err)
	}
	for _, at := range due {
		e, err := EntryOf(act, at.institution, at.id)
		if core.CodeOf(err) == core.CodeNotFound {
			continue
		}
		if err != nil {
			return n, err
		}
		if e.State.Final() {
			continue
		}
		if err := settle(act, at.institution, at.id, e.said("", Why(why)), StateCancelled, act.At); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
