package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
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
	db    *bbolt.DB
	path  string
	metas *os.File // the file, for a look at its meta pages
	room  *room

	// broken is set where bbolt was left with a lock held, so that it must not
	// be called again.
	broken atomic.Bool

	queue    chan *request
	closing  chan struct{} // closed once no more requests are taken
	finished chan struct{} // closed by the writer at its end
	close    func() error

	calling  atomic.Uint64 // the writer's goroutine while it runs somebody's function, 0 else
	watchers watchers
}

var _ core.Store = (*Store)(nil)

// newStore is a store whose writer isn't at work yet.
func newStore(db *bbolt.DB, path string, o Options) (*Store, error) {
	metas, err := os.Open(path) //nolint:gosec // the caller's own choice of file
	if err != nil {
		return nil, err
	}
	s := &Store{
		db: db, metas: metas, path: path, room: newRoom(db, path, o),
		queue: make(chan *request), closing: make(chan struct{}), finished: make(chan struct{}),
	}
	s.close = sync.OnceValue(s.end)
	return s, nil
}

// View runs fn on one consistent state. It fails with ctx's error where ctx
// ends before fn or during one of its ranges, and with [core.ErrDamaged] where
// the file can't be read.
func (s *Store) View(ctx context.Context, fn func(core.View) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("view: %w", err)
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	btx, err := s.begin(false)
	if err != nil {
		return fmt.Errorf("view: %w", err)
	}
	v := &view{ctx: ctx, engine: &engine{tx: btx}}
	defer func() {
		v.ended = true
		s.release(btx)
	}()
	return fn(v)
}

// Update commits what fn wrote, together with other updates that wait. It runs
// fn on another goroutine, and again where one of the others fails. It fails with
// ctx's error where ctx ends before the commit begins, with [core.ErrFull] where
// there is no room, with [core.ErrDamaged] where the file can't be read, and with
// [core.ErrOutcomeUnknown] where the disk failed at the last step, also where fn
// wrote nothing itself but saw what others of the commit wrote. A panic of fn
// comes out of Update, and so does the first one of a watcher, after the commit.
// Watchers have been told when it returns.
func (s *Store) Update(ctx context.Context, fn func(core.Tx) error) error {
	return s.submit(newRequest(ctx, fn))
}

// submit hands r to the writer and waits for its end.
func (s *Store) submit(r *request) error {
	if err := s.enqueue(r); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	select {
	case <-r.answered:
	case <-r.ctx.Done():
		if r.withdraw() {
			return fmt.Errorf("update: %w", r.ctx.Err())
		}
		<-r.answered
	}
	return r.ending.pass()
}

func (s *Store) enqueue(r *request) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if s.nested() {
		return core.ErrNested
	}
	select {
	case s.queue <- r:
		return nil
	case <-r.ctx.Done():
		return r.ctx.Err()
	case <-s.closing:
		return core.ErrClosed
	}
}

// begin opens a transaction of bbolt: nothing else does. bbolt panics where
// neither meta page holds, and keeps its locks then, so that nothing that waits
// for one ever ends. So they are looked at first; what is left to bbolt to find
// are those destroyed in the very same moment.
func (s *Store) begin(writable bool) (tx *bbolt.Tx, err error) {
	if s.broken.Load() || !s.held() {
		return nil, core.ErrDamaged
	}
	defer func() {
		if broken := recover(); broken != nil {
			s.broken.Store(true)
			tx, err = nil, damage(broken)
		}
	}()
	tx, err = s.db.Begin(writable)
	return tx, seamError(err)
}

// held reports whether one of the meta pages holds. Of a closed file it says so
// too: bbolt tells that one.
func (s *Store) held() bool {
	for _, at := range []int64{0, s.room.page} {
		if _, err := readMeta(s.metas, at); err == nil || errors.Is(err, os.ErrClosed) {
			return true
		}
	}
	return false
}

// release ends a transaction that only read. Where bbolt keeps a lock it is left
// open, as the file is.
func (s *Store) release(tx *bbolt.Tx) {
	if !s.broken.Load() {
		_ = tx.Rollback()
	}
}

// Watch calls fn after every commit that wrote or emitted something, on the
// goroutine of the writer, and where it isn't known whether there was one. Where
// fn panics the others hear of the commit all the same, and the panic comes out
// of the Update, which is saved. After stop a call that is about to happen may
// still be made.
func (s *Store) Watch(fn func(core.Commit)) (stop func()) { return s.watchers.add(fn) }

// Close waits for the running transactions, refuses the updates that wait with
// [core.ErrClosed] and lets go of the file. Closing again does nothing. From
// within an update or a watcher it is refused with [core.ErrNested].
func (s *Store) Close() error {
	if s.nested() {
		return fmt.Errorf("close the store: %w", core.ErrNested)
	}
	return s.close()
}

// end is Close, once. Where bbolt keeps a lock the file stays open and locked:
// closing it would wait for ever.
func (s *Store) end() error {
	close(s.closing)
	<-s.finished
	s.room.close()
	var err error
	if stillAt(s.metas, s.path) { // else the note is of who holds the file there
		err = removeNote(s.path)
	}
	if s.broken.Load() {
		err = errors.Join(err, core.ErrDamaged)
	} else {
		err = errors.Join(err, s.db.Close(), s.metas.Close())
	}
	if err != nil {
		return fmt.Errorf("close the store: %w", err)
	}
	return nil
}

// nested reports whether this is the writer's goroutine, in a function it was
// given.
func (s *Store) nested() bool {
	id := s.calling.Load()
	return id != 0 && id == goroutine()
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

func (w *watchers) remove(entry *func(core.Commit)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = slices.DeleteFunc(w.list, func(other *func(core.Commit)) bool { return other == entry })
}

// now are those to be told of the next commit.
func (w *watchers) now() []*func(core.Commit) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.list)
}
