package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"willcall/core"
)

func TestWriterTakesWhatWaits(t *testing.T) {
	t.Parallel()
	const waits = groupMost + 10
	s := &Store{queue: make(chan *request, waits)}
	for range waits {
		s.queue <- newRequest(t.Context(), nil)
	}
	w := &writer{Store: s}
	for _, want := range []int{groupMost, waits - groupMost} {
		groups := grouped(w.drain(<-s.queue))
		if len(groups) != 1 || len(groups[0].members) != want {
			t.Errorf("took %d groups, want one of %d", len(groups), want)
		}
	}
}

func TestProjectionIsRegisteredAlone(t *testing.T) {
	t.Parallel()
	all := updates(t, nil, nil, nil, nil)
	all[2].renewal = &renewal{p: &copies{}}
	var sizes []int
	for _, g := range grouped(all) {
		sizes = append(sizes, len(g.members))
	}
	if want := []int{2, 1, 1}; !slices.Equal(sizes, want) {
		t.Errorf("groups of %v, want %v", sizes, want)
	}
}

// copies derives a copy of each thing, unless fail says otherwise.
type copies struct {
	core.Projection
	applied int
	fail    func(key string) error
}

const copied core.Space = "copied"

func (*copies) Name() string          { return "copies" }
func (*copies) Version() uint64       { return 1 }
func (*copies) Sources() []core.Space { return []core.Space{things} }
func (*copies) Derived() []core.Space { return []core.Space{copied} }

func (c *copies) Apply(tx core.Tx, changed []core.Touch) error {
	c.applied++
	for _, touch := range changed {
		if c.fail != nil {
			if err := c.fail(touch.Key); err != nil {
				return err
			}
		}
		if err := tx.Put(copied, []byte(touch.Key), nil); err != nil {
			return err
		}
	}
	return nil
}

// registering is the request behind Project for a projection of the writer.
func registering(t *testing.T, p core.Projection) *request {
	t.Helper()
	n := &renewal{p: p, batch: renewBatch, next: progress{finished: true}}
	r := newRequest(t.Context(), func(core.Tx) error { return nil })
	r.renewal = n
	return r
}

func TestProjectionIsAppliedOnceToAGroup(t *testing.T) {
	t.Parallel()
	s := still(t)
	p := &copies{}
	heard := listen(s)
	serve(s, append([]*request{registering(t, p)}, updates(t, writing("a"), writing("b"), writing("a"))...)...)
	if p.applied != 1 {
		t.Errorf("applied %d times", p.applied)
	}
	if want := []string{"1 a", "2 b", "3 a"}; !slices.Equal(*heard, want) {
		t.Errorf("watchers heard %q, want %q", *heard, want)
	}
}

// TestProjectionFailsForOne lets it fail for what the second of three wrote.
func TestProjectionFailsForOne(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fail func() error
		as   func(ending) bool
	}{
		"an error":               {func() error { return errRefused }, func(e ending) bool { return errors.Is(e.err, errRefused) }},
		"a panic":                {func() error { panic("boom") }, func(e ending) bool { return e.panicked == "boom" }},
		"the end of a goroutine": {func() error { runtime.Goexit(); return nil }, func(e ending) bool { return e.exited }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := still(t)
			p := &copies{fail: func(key string) error {
				if key == "x" {
					return c.fail()
				}
				return nil
			}}
			all := updates(t, writing("a"), writing("x"), writing("b"))
			heard := listen(s)
			serve(s, append([]*request{registering(t, p)}, all...)...)
			if !c.as(all[1].ending) || all[0].ending.failed() || all[2].ending.failed() {
				t.Errorf("they ended with %+v, %+v, %+v", all[0].ending, all[1].ending, all[2].ending)
			}
			expectKeys(t, s, "a", "b")
			if want := []string{"1 a", "2 b"}; !slices.Equal(*heard, want) {
				t.Errorf("watchers heard %q, want %q", *heard, want)
			}
		})
	}
}

// TestWatcherFails holds that the others are told and answered all the same, and
// that nothing is told or written twice.
func TestWatcherFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fail func()
		as   func(ending) bool
	}{
		"a panic":                {func() { panic("boom") }, func(e ending) bool { return e.panicked == "boom" }},
		"the end of a goroutine": {runtime.Goexit, func(e ending) bool { return e.exited }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := still(t)
			before, early := commits(t, s), listen(s)
			s.Watch(func(commit core.Commit) {
				if commit.Revision == 2 {
					c.fail()
				}
			})
			late := listen(s)
			all := updates(t, writing("a"), writing("b"), writing("c"))
			serve(s, all...)
			if !c.as(all[1].ending) || all[0].ending.failed() || all[2].ending.failed() {
				t.Errorf("they ended with %+v, %+v, %+v", all[0].ending, all[1].ending, all[2].ending)
			}
			for when, heard := range map[string][]string{"before": *early, "behind": *late} {
				if want := []string{"1 a", "2 b", "3 c"}; !slices.Equal(heard, want) {
					t.Errorf("the watcher %s it heard %q, want %q", when, heard, want)
				}
			}
			if n := commits(t, s) - before; n != 1 {
				t.Errorf("%d commits, want one", n)
			}
		})
	}
}

func TestCallerEndsAsItsFunctionDid(t *testing.T) {
	t.Parallel()
	if err := (ending{err: errRefused}).pass(); !errors.Is(err, errRefused) {
		t.Errorf("an error came back as %v", err)
	}
	func() {
		defer func() {
			if value := recover(); value != "boom" {
				t.Errorf("a panic came back as %v", value)
			}
		}()
		_ = ending{panicked: "boom"}.pass()
	}()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = ending{exited: true}.pass()
		t.Error("a goroutine that was to end went on")
	}()
	<-ended
}

// attended is a context that says when somebody waits for its end.
type attended struct {
	context.Context
	waits func()
}

func (a attended) Done() <-chan struct{} {
	a.waits()
	return a.Context.Done()
}

// TestCloseRefusesWhatWaits closes while one update runs and another waits.
func TestCloseRefusesWhatWaits(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), Options{NoSync: true, InitialMap: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	begun, waits := make(chan struct{}), make(chan struct{}, 2)
	ran, refused, closed := make(chan error), make(chan error), make(chan error)
	go func() {
		ran <- s.Update(t.Context(), func(tx core.Tx) error {
			close(begun)
			<-s.closing
			return writing("a")(tx)
		})
	}()
	<-begun
	ctx := attended{t.Context(), func() { waits <- struct{}{} }}
	go func() { refused <- s.Update(ctx, writing("b")) }()
	<-waits
	go func() { closed <- s.Close() }()
	for name, c := range map[string]struct {
		end  chan error
		want error
	}{"running": {ran, nil}, "waiting": {refused, core.ErrClosed}, "close": {closed, nil}} {
		if err := <-c.end; !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

func TestCloseInsideAnUpdateIsRefused(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), Options{NoSync: true, InitialMap: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(core.Tx) error {
		if err := s.Close(); !errors.Is(err, core.ErrNested) {
			return fmt.Errorf("close: %w", err)
		}
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Error(err)
	}
}
