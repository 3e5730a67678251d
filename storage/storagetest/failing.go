package storagetest

import (
	"context"
	"sync"

	"willcall/core"
)

// Fault is what befalls a [Failing] store. At most one field but Err is set.
type Fault struct {
	// Write is which write fails, from 1: a Put, a Delete or a NewID, of
	// projections too. It counts those of committed updates, and those of the
	// run that is under way. All later ones fail as well.
	Write int
	// Commit lets every update fail after its function.
	Commit bool
	// Answer lets every update that wrote be saved, but answered with
	// [core.ErrOutcomeUnknown].
	Answer bool
	// Err is what writes and commits fail with; nil is [core.ErrFull].
	Err error
}

// Failing is a store on another one whose disk fails where a test says so. It
// counts rightly for one update at a time; otherwise it is safe for concurrent
// use.
type Failing struct {
	core.Store

	mu    sync.Mutex
	fault Fault
	saved int // writes of committed updates
	run   int // writes of the present run
}

// FailingAt gives a store that fails at its nth write, with [core.ErrFull]. With
// an n of 0 it works until [Failing.Arm].
func FailingAt(store core.Store, n int) *Failing {
	return &Failing{Store: store, fault: Fault{Write: n}}
}

// Arm sets the fault, and counts writes from here. The zero fault is none.
func (f *Failing) Arm(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault, f.saved, f.run = fault, 0, 0
}

// Writes is how many writes were committed since the last [Failing.Arm].
func (f *Failing) Writes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.saved
}

// Update implements [core.Store].
func (f *Failing) Update(ctx context.Context, fn func(core.Tx) error) error {
	err := f.Store.Update(ctx, func(tx core.Tx) error {
		f.begin()
		if err := fn(failingTx{tx, f}); err != nil {
			return err
		}
		return f.commit()
	})
	if err != nil {
		return err
	}
	return f.answer()
}

// Project implements [core.Store].
func (f *Failing) Project(ctx context.Context, p core.Projection) error {
	return f.Store.Project(ctx, failingProjection{p, f})
}

func (f *Failing) begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.run = 0
}

// write counts a write and fails it where it is its turn.
func (f *Failing) write() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.run++
	if f.fault.Write > 0 && f.saved+f.run >= f.fault.Write {
		return f.fault.err()
	}
	return nil
}

func (f *Failing) commit() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fault.Commit {
		return f.fault.err()
	}
	return nil
}

func (f *Failing) answer() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	wrote := f.run > 0
	f.saved, f.run = f.saved+f.run, 0
	if f.fault.Answer && wrote {
		return core.ErrOutcomeUnknown
	}
	return nil
}

func (f Fault) err() error {
	if f.Err != nil {
		return f.Err
	}
	return core.ErrFull
}

// failingTx is a transaction on the failing disk.
type failingTx struct {
	core.Tx
	f *Failing
}

// Put implements [core.Tx].
func (t failingTx) Put(space core.Space, key, value []byte) error {
	if err := t.f.write(); err != nil {
		return err
	}
	return t.Tx.Put(space, key, value)
}

// Delete implements [core.Tx].
func (t failingTx) Delete(space core.Space, key []byte) error {
	if err := t.f.write(); err != nil {
		return err
	}
	return t.Tx.Delete(space, key)
}

// NewID implements [core.Tx].
func (t failingTx) NewID(institution core.ID, space core.Space) (core.ID, error) {
	if err := t.f.write(); err != nil {
		return 0, err
	}
	return t.Tx.NewID(institution, space)
}

// failingProjection derives onto the failing disk.
type failingProjection struct {
	core.Projection
	f *Failing
}

// Apply implements [core.Projection].
func (p failingProjection) Apply(tx core.Tx, changed []core.Touch) error {
	return p.Projection.Apply(failingTx{tx, p.f}, changed)
}
