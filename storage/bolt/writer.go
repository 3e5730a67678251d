package bolt

import (
	"context"
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"willcall/core"
)

const (
	// groupMost is how many updates share a commit at most.
	groupMost = 256
	// patience is how often the writer, having found nobody waiting, lets others
	// run before it goes to work: those it just answered together come back
	// together then, instead of one now and the others in the next group.
	patience = 4
)

// request is an update on its way to the writer and back.
type request struct {
	ctx      context.Context
	fn       func(core.Tx) error
	answered chan struct{}
	state    atomic.Uint32

	// renewal is of a projection to register with the last commit, which nothing
	// else shares.
	renewal *renewal

	// What follows is the writer's until answered is closed.
	ending   ending
	tx       *transaction // of the last run
	out      bool         // of the group's transaction, where it must leave nothing
	doubtful bool         // it isn't known whether what it did was saved
	behind   []*request   // those before it in the group that had written when it ran last

	news   core.Commit
	untold []*func(core.Commit) // watchers that are to hear it
	heard  ending               // of the last one that did
	told   bool                 // it is known who is to hear it
}

func newRequest(ctx context.Context, fn func(core.Tx) error) *request {
	return &request{ctx: ctx, fn: fn, answered: make(chan struct{})}
}

// States of a request: the writer takes it, or its caller withdraws it.
const (
	waiting uint32 = iota
	taken
	withdrawn
)

func (r *request) take() bool {
	return r.state.Load() == taken || r.state.CompareAndSwap(waiting, taken)
}

func (r *request) withdraw() bool { return r.state.CompareAndSwap(waiting, withdrawn) }

// writer is the one goroutine that updates run on. A function that ends its
// goroutine ends the writer's too; the next one takes over its groups.
type writer struct {
	*Store

	self        uint64   // its goroutine
	groups      []*group // to be served, in order
	crowded     bool     // several waited when it last looked
	revision    uint64
	projections []core.Projection
}

// work serves groups until the store is closed.
func (w *writer) work() {
	over := false
	defer func() {
		if !over {
			go w.work()
			return
		}
		close(w.finished)
	}()
	debug.SetPanicOnFault(true) // this goroutine does nothing but read the file
	w.calling.Store(0)
	w.self = goroutine()
	for len(w.groups) > 0 || w.gather() {
		w.room.before()
		w.serve(w.groups[0])
		w.groups = w.groups[1:]
		w.tellRoom()
	}
	over = true
}

// tellRoom tells of the space once all are answered: a watcher that panics ends
// the process, and one that ends the goroutine leaves the groups to the next.
func (w *writer) tellRoom() {
	w.calling.Store(w.self)
	w.room.tell()
	w.calling.Store(0)
}

// gather waits for an update and takes what else waits with it. It reports
// whether there was one before the store was closed.
func (w *writer) gather() bool {
	select {
	case <-w.closing:
		return false
	default:
	}
	select {
	case r := <-w.queue:
		w.groups = grouped(w.drain(r))
		return true
	case <-w.closing:
		return false
	}
}

// drain takes what waits, up to the most that a group may have. Where callers
// come one at a time it doesn't give way.
func (w *writer) drain(first *request) []*request {
	all := []*request{first}
	for idle := 0; len(all) < groupMost; {
		select {
		case r := <-w.queue:
			all = append(all, r)
			w.crowded = true
			continue
		default:
		}
		if !w.crowded || idle == patience {
			break
		}
		idle++
		runtime.Gosched()
	}
	w.crowded = len(all) > 1
	return all
}

// grouped puts requests into groups, in order.
func grouped(all []*request) []*group {
	var groups []*group
	open := false
	for _, r := range all {
		alone := r.renewal != nil
		if !open || alone {
			groups = append(groups, &group{})
		}
		g := groups[len(groups)-1]
		g.members = append(g.members, r)
		open = !alone
	}
	return groups
}

// ending is how a function that the writer was given came to its end.
type ending struct {
	err      error
	panicked any  // what it panicked with
	exited   bool // it ended its goroutine
}

func (e ending) failed() bool { return e.err != nil || e.panicked != nil || e.exited }

// pass ends the caller's call as the function ended.
func (e ending) pass() error {
	switch {
	case e.exited:
		runtime.Goexit()
	case e.panicked != nil:
		panic(e.panicked)
	}
	return e.err
}

// call runs fn and sets end. Where fn ends the goroutine, call doesn't return.
func (w *writer) call(end *ending, fn func() error) {
	*end = ending{exited: true}
	w.calling.Store(w.self)
	defer func() {
		w.calling.Store(0)
		if !end.exited {
			return
		}
		if value := recover(); value != nil {
			*end = ending{panicked: value}
		}
	}()
	*end = ending{err: fn()}
}
