package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tidwall/btree"

	"willcall/core"
)

// Memory is a [core.Store] that lives as long as a test, and is harsh on
// purpose: it uses every freedom the contract gives an engine.
//
//   - The function of an update runs twice, the first run rolled back, unless
//     that run failed. So do the projections.
//   - Bytes are lent: when the function returns they are overwritten with junk,
//     those of a range already after their step.
//   - An update fails with [ErrMisuse] where lent bytes were written to, or
//     bytes that were put were changed before the transaction ended.
//
// It is safe for concurrent use.
type Memory struct {
	// writer has room for one: who put something in may write, and guards
	// revision and projections.
	writer      chan struct{}
	revision    uint64
	projections []core.Projection
	owner       atomic.Uint64 // the writer's goroutine, 0 for none

	mu       sync.Mutex // guards what follows
	state    *tree
	closed   bool
	views    sync.WaitGroup
	watchers []*func(core.Commit)
}

var _ core.Store = (*Memory)(nil)

// ErrMisuse is a function that did with an engine's bytes what the contract
// forbids.
var ErrMisuse = errors.New("the contract of the store is broken")

// NewMemory gives an empty store that is closed at the test's end.
func NewMemory(t testing.TB) *Memory {
	t.Helper()
	m := &Memory{writer: make(chan struct{}, 1), state: newTree()}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

// entry is one key with its value. Ids and the versions of projections have
// spaces that nobody else can name.
type entry struct {
	space      core.Space
	key, value string
}

type tree = btree.BTreeG[entry]

func newTree() *tree {
	return btree.NewBTreeGOptions(before, btree.Options{NoLocks: true})
}

func before(a, b entry) bool {
	if a.space != b.space {
		return a.space < b.space
	}
	return a.key < b.key
}

// View implements [core.Store].
func (m *Memory) View(ctx context.Context, fn func(core.View) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("view: %w", err)
	}
	state, err := m.look()
	if err != nil {
		return fmt.Errorf("view: %w", err)
	}
	defer m.views.Done()
	v := &memoryView{ctx: ctx, state: state}
	defer v.end()
	if err := fn(v); err != nil {
		return err
	}
	return v.untouched()
}

// look gives the present state to a view, which Close then waits for.
func (m *Memory) look() (*tree, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, core.ErrClosed
	}
	m.views.Add(1)
	return m.state, nil
}

// Update implements [core.Store]. It runs fn twice.
func (m *Memory) Update(ctx context.Context, fn func(core.Tx) error) error {
	if err := m.enter(ctx); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	defer m.leave()
	if m.isClosed() {
		return fmt.Errorf("update: %w", core.ErrClosed)
	}
	if _, err := m.run(ctx, fn); err != nil {
		return err
	}
	t, err := m.run(ctx, fn)
	if err != nil {
		return err
	}
	m.commit(t)
	return nil
}

// run is one run of an update on a state of its own.
func (m *Memory) run(ctx context.Context, fn func(core.Tx) error) (*memoryTx, error) {
	t := &memoryTx{memoryView: memoryView{ctx: ctx, state: m.state.Copy()}}
	defer t.end()
	if err := fn(t); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("update: %w", err)
	}
	t.touches = t.listTouched()
	if err := t.project(m.projections); err != nil {
		return nil, fmt.Errorf("update: %w", err)
	}
	if err := errors.Join(t.untouched(), t.unchanged()); err != nil {
		return nil, fmt.Errorf("update: %w", err)
	}
	return t, nil
}

// commit makes t the state and tells the watchers. What wrote nothing is
// announced only for its events.
func (m *Memory) commit(t *memoryTx) {
	if t.writes == 0 && len(t.events) == 0 {
		return
	}
	if t.writes > 0 {
		m.revision++
	}
	m.mu.Lock()
	m.state = t.state
	watchers := m.watchers
	m.mu.Unlock()
	for _, fn := range watchers {
		(*fn)(core.Commit{Revision: m.revision, Events: t.events, Touched: t.touches})
	}
}

// Watch implements [core.Store].
func (m *Memory) Watch(fn func(core.Commit)) (stop func()) {
	mine := &fn
	m.mu.Lock()
	defer m.mu.Unlock()
	m.watchers = append(m.watchers[:len(m.watchers):len(m.watchers)], mine)
	return func() { m.forget(mine) }
}

func (m *Memory) forget(gone *func(core.Commit)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var rest []*func(core.Commit)
	for _, fn := range m.watchers {
		if fn != gone {
			rest = append(rest, fn)
		}
	}
	m.watchers = rest
}

// Close implements [core.Store]. From within an update it is refused with
// [core.ErrNested].
func (m *Memory) Close() error {
	if m.owner.Load() == goroutine() {
		return fmt.Errorf("close the store: %w", core.ErrNested)
	}
	m.writer <- struct{}{}
	defer m.leave()
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	m.views.Wait()
	return nil
}

func (m *Memory) isClosed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.closed
}

// enter waits for the turn to write.
func (m *Memory) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	self := goroutine()
	if m.owner.Load() == self {
		return core.ErrNested
	}
	select {
	case m.writer <- struct{}{}:
		m.owner.Store(self)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (m *Memory) leave() {
	m.owner.Store(0)
	<-m.writer
}

// goroutine is the number of the calling goroutine, from the first line of a
// stack trace ("goroutine 18 [running]:"). It panics where Go writes another
// one: the tests then say so.
func goroutine() uint64 {
	var trace [64]byte
	words := bytes.Fields(trace[:runtime.Stack(trace[:], false)])
	n, err := strconv.ParseUint(string(words[1]), 10, 64)
	if err != nil {
		panic(fmt.Errorf("read the number of a goroutine: %w", err))
	}
	return n
}
