package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"willcall/core"
)

// Store is a [core.Store] in one file.
//
// An update inside an update is recognised by its goroutine: one that is begun
// on another goroutine, for which fn then waits, is not, and ends with its
// context.
type Store struct {
	db   *bbolt.DB
	path string

	// writer has room for one: who put something in may write, and guards
	// revision and closed.
	writer   chan struct{}
	revision uint64
	closed   bool

	projections []core.Projection

	owner    atomic.Uint64 // the writer's goroutine, 0 for none
	watchers watchers
}

var _ core.Store = (*Store)(nil)

func newStore(db *bbolt.DB, path string) *Store {
	return &Store{db: db, path: path, writer: make(chan struct{}, 1)}
}

// View runs fn on one consistent state. It fails with ctx's error where ctx
// ends before fn or during one of its ranges.
func (s *Store) View(ctx context.Context, fn func(core.View) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("view: %w", err)
	}
	btx, err := s.db.Begin(false)
	if err != nil {
		return fmt.Errorf("view: %w", seamError(err))
	}
	v := &view{ctx: ctx, tx: btx}
	defer v.end()
	return fn(v)
}

// Update runs fn once and commits what it wrote. It fails with ctx's error
// where ctx ends before the commit begins, with [core.ErrFull] where there is
// no room, and with [core.ErrOutcomeUnknown] where the disk failed at the last
// step. Watchers have been told when it returns.
func (s *Store) Update(ctx context.Context, fn func(core.Tx) error) error {
	if err := s.enter(ctx); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	defer s.leave()
	btx, err := s.db.Begin(true)
	if err != nil {
		return fmt.Errorf("update: %w", seamError(err))
	}
	t := &transaction{view: view{ctx: ctx, tx: btx}}
	defer t.end()
	if err := fn(t); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	touched := t.touches()
	if err := t.project(s.projections); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	return s.commit(t, touched)
}

// commit makes t durable and tells the watchers. What wrote nothing is not
// committed, and announced only for its events.
func (s *Store) commit(t *transaction, touched []core.Touch) error {
	if t.writes > 0 {
		id := t.tx.ID()
		if err := t.tx.Commit(); err != nil {
			return commitError(s.db, id, err)
		}
		s.revision++
	}
	if t.writes > 0 || len(t.events) > 0 {
		s.watchers.tell(core.Commit{Revision: s.revision, Events: t.events, Touched: touched})
	}
	return nil
}

// Watch calls fn after every commit that wrote or emitted something, on the
// goroutine of the update. After stop a call that already began may still run.
func (s *Store) Watch(fn func(core.Commit)) (stop func()) { return s.watchers.add(fn) }

// Close waits for the running transactions and lets go of the file. Closing
// again does nothing.
func (s *Store) Close() error {
	s.writer <- struct{}{}
	defer s.leave()
	if s.closed {
		return nil
	}
	s.closed = true
	if err := errors.Join(removeNote(s.path), s.db.Close()); err != nil {
		return fmt.Errorf("close the store: %w", err)
	}
	return nil
}

// enter waits for the turn to write.
func (s *Store) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	self := goroutine()
	if self != 0 && s.owner.Load() == self {
		return core.ErrNested
	}
	select {
	case s.writer <- struct{}{}:
		s.owner.Store(self)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) leave() {
	s.owner.Store(0)
	<-s.writer
}

// goroutine is the number of the calling goroutine, as the first line of a
// stack trace gives it ("goroutine 18 [running]:"); 0 where it can't be read.
// Go offers no other way to tell a nested update from a concurrent one.
func goroutine() uint64 {
	var trace [64]byte
	words := bytes.Fields(trace[:runtime.Stack(trace[:], false)])
	if len(words) < 2 {
		return 0
	}
	n, err := strconv.ParseUint(string(words[1]), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// watchers is a list of functions to tell of commits, in the order they came.
type watchers struct {
	mu   sync.Mutex
	list []*func(core.Commit)
}

func (w *watchers) add(fn func(core.Commit)) (stop func()) {
	entry := &fn
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, entry)
	return func() { w.remove(entry) }
}

// remove leaves the old list to a round of telling that is under way.
func (w *watchers) remove(entry *func(core.Commit)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var rest []*func(core.Commit)
	for _, other := range w.list {
		if other != entry {
			rest = append(rest, other)
		}
	}
	w.list = rest
}

func (w *watchers) tell(c core.Commit) {
	w.mu.Lock()
	list := w.list
	w.mu.Unlock()
	for _, fn := range list {
		(*fn)(c)
	}
}
