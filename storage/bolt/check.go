package bolt

import (
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"willcall/core"
)

// Check reads everything of one state and then runs bbolt's own checker over
// its pages, while the store is used. Each fault found goes to report, wrapped
// in [core.ErrDamaged], on the caller's goroutine; what makes bbolt panic or
// read beyond the file ends the check with one report. Check itself fails only
// where it couldn't look: where ctx ends or the store is closed. Close waits
// for a check that was cancelled to end.
func (s *Store) Check(ctx context.Context, report func(error)) error {
	tx, err := s.db.Begin(false)
	if err != nil {
		return fmt.Errorf("check the store: %w", seamError(err))
	}
	err = guarded(s.path, func() error { return walkAll(ctx, tx) })
	if errors.Is(err, core.ErrDamaged) { // the checker would end the process
		report(err)
		return tx.Rollback()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("check the store: %w", err), tx.Rollback())
	}
	if err := drain(ctx, tx, report); err != nil {
		return fmt.Errorf("check the store: %w", err)
	}
	return nil
}

// walkAll reads every record of every space, to the last byte of its value.
func walkAll(ctx context.Context, tx *bbolt.Tx) error {
	var read byte
	return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
		return b.ForEach(func(_, value []byte) error {
			if len(value) > 0 {
				read ^= value[len(value)-1]
			}
			return ctx.Err()
		})
	})
}

// drain hands on what the checker finds, and ends tx. The checker can't be
// stopped: where ctx ends, tx lives on until it is through.
func drain(ctx context.Context, tx *bbolt.Tx, report func(error)) error {
	faults := tx.Check()
	for {
		select {
		case fault, more := <-faults:
			if !more {
				return tx.Rollback()
			}
			report(fmt.Errorf("%w: %w", core.ErrDamaged, fault))
		case <-ctx.Done():
			go func() {
				for range faults { //nolint:revive // until the checker is through
				}
				_ = tx.Rollback()
			}()
			return ctx.Err()
		}
	}
}
