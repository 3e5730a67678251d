package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"go.etcd.io/bbolt"

	"willcall/core"
)

// Check reads everything of one state and examines its pages, while the store
// is used. Each fault found goes to report, wrapped in [core.ErrDamaged], on the
// caller's goroutine. Check itself fails only where it couldn't look: where ctx
// ends or the store is closed.
//
// It doesn't use bbolt's own checker. That one trusts the pages it checks, on a
// goroutine where neither a fault of memory nor a stack without end can be
// caught; it compares the pages of one state with the list of free ones of
// another where the store is written to; and it looks at less, and at no value.
func (s *Store) Check(ctx context.Context, report func(error)) error {
	err := errOvertaken
	for range overtakenMost {
		if err = s.checkOnce(ctx, report); !errors.Is(err, errOvertaken) {
			break
		}
	}
	if errors.Is(err, core.ErrDamaged) {
		report(err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("check the store: %w", err)
	}
	return nil
}

// errOvertaken is a state that two others followed before its meta page was
// read. The page of the last one but one is written over.
var errOvertaken = errors.New("the store is written to too often")

const overtakenMost = 100

func (s *Store) checkOnce(ctx context.Context, report func(error)) error {
	tx, err := s.begin(false)
	if err != nil {
		return err
	}
	defer s.release(tx)
	return examine(ctx, tx, pageWalk{report: report})
}

// examine runs w over the state that tx sees. Where tx is open none of its
// pages is written over, but for the meta page, which is read first.
func examine(ctx context.Context, tx *bbolt.Tx, w pageWalk) error {
	file, err := os.Open(tx.DB().Path())
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	w.ctx, w.file, w.size, w.pageSize = ctx, file, info.Size(), int64(tx.DB().Info().PageSize)
	if w.meta, err = stateMeta(file, w.pageSize, uint64(tx.ID())); err != nil { //nolint:gosec // of 64 bits in the file
		return err
	}
	return w.run()
}

// firstFault is the first of what w finds in the state that tx sees.
func firstFault(ctx context.Context, tx *bbolt.Tx, w pageWalk) (found error) {
	w.report = func(fault error) {
		if found == nil {
			found = fault
		}
	}
	if err := examine(ctx, tx, w); err != nil {
		return err
	}
	return found
}

// stateMeta is the meta page of the state that a transaction left.
func stateMeta(file io.ReaderAt, pageSize int64, number uint64) (meta, error) {
	for id := range int64(2) {
		m, err := readMeta(file, id*pageSize)
		if err == nil && m.number == number {
			m.page = uint64(id)
			return m, nil
		}
	}
	return meta{}, errOvertaken
}

// newest has the walk look at the newest state of a file that nobody writes to.
func (w *pageWalk) newest(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	w.file, w.size = file, info.Size()
	w.meta, err = newestMeta(file, w.pageSize)
	return err
}
