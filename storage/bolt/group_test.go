package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"willcall/core"
)

const things core.Space = "things"

var errRefused = errors.New("refused by the test")

// still is a store whose writer wasn't started: tests give it groups.
func still(t *testing.T) *Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	options := Options{
		NoSync: true, InitialMap: 1 << 20, MaxSize: 8 << 20,
		Wall: func() time.Time { return time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC) },
	}.withDefaults()
	if err := create(path, options); err != nil {
		t.Fatal(err)
	}
	db, err := openGuarded(path, options.engine())
	if err != nil {
		t.Fatal(err)
	}
	s, err := newStore(db, path, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(db.Close(), s.metas.Close()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// serve has the updates served as they come off the queue, and ends the writer.
func serve(s *Store, requests ...*request) {
	s.closing, s.finished = make(chan struct{}), make(chan struct{})
	close(s.closing)
	go (&writer{Store: s, groups: grouped(requests)}).work()
	<-s.finished
}

// updates makes a request of each function.
func updates(t *testing.T, fns ...func(core.Tx) error) []*request {
	t.Helper()
	var all []*request
	for _, fn := range fns {
		all = append(all, newRequest(t.Context(), fn))
	}
	return all
}

// writing puts key under itself, after asking what is refused.
func writing(key string, first ...func(core.Tx) error) func(core.Tx) error {
	return func(tx core.Tx) error {
		for _, fn := range first {
			if err := fn(tx); err != nil {
				return err
			}
		}
		return tx.Put(things, []byte(key), []byte(key))
	}
}

// unless refuses where another update wrote key.
func unless(key string) func(core.Tx) error {
	return func(tx core.Tx) error {
		raw, err := tx.Get(things, []byte(key))
		if err == nil && raw != nil {
			return errRefused
		}
		return err
	}
}

func keys(t *testing.T, s *Store) (all []string) {
	t.Helper()
	err := s.View(context.Background(), func(v core.View) error {
		return v.Ascend(things, nil, nil, func(key, _ []byte) error {
			all = append(all, string(key))
			return nil
		})
	})
	if err != nil {
		t.Error(err)
	}
	return all
}

func commits(t *testing.T, s *Store) int {
	t.Helper()
	tx, err := s.begin(false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	return tx.ID()
}

func expectKeys(t *testing.T, s *Store, want ...string) {
	t.Helper()
	if got := keys(t, s); !slices.Equal(got, want) {
		t.Errorf("the store has %q, want %q", got, want)
	}
}

// listen notes what watchers are told: revisions and keys.
func listen(s *Store) *[]string {
	var heard []string
	s.Watch(func(c core.Commit) {
		line := fmt.Sprint(c.Revision)
		for _, touch := range c.Touched {
			line += " " + touch.Key
		}
		heard = append(heard, line)
	})
	return &heard
}

func TestGroupSharesACommit(t *testing.T) {
	t.Parallel()
	s := still(t)
	heard, before := listen(s), commits(t, s)
	all := updates(t, writing("a"), writing("b"), func(tx core.Tx) error {
		tx.Emit(core.Event{Institution: 1})
		return nil
	}, func(core.Tx) error { return nil }, writing("c"))
	serve(s, all...)
	for _, r := range all {
		if r.ending.failed() {
			t.Errorf("an update ended with %+v", r.ending)
		}
	}
	expectKeys(t, s, "a", "b", "c")
	if n := commits(t, s) - before; n != 1 {
		t.Errorf("%d commits, want one", n)
	}
	if want := []string{"1 a", "2 b", "2", "3 c"}; !slices.Equal(*heard, want) {
		t.Errorf("watchers heard %q, want %q", *heard, want)
	}
}

func TestGroupWithoutWritesCommitsNothing(t *testing.T) {
	t.Parallel()
	s := still(t)
	before := commits(t, s)
	serve(s, updates(t, unless("a"), unless("b"))...)
	if n := commits(t, s) - before; n != 0 {
		t.Errorf("%d commits of nothing", n)
	}
}

// TestFailingMemberLeavesNothing puts each way to fail between two that write.
func TestFailingMemberLeavesNothing(t *testing.T) {
	t.Parallel()
	refuse := func(core.Tx) error { return errRefused }
	for name, c := range map[string]struct {
		fail func(core.Tx) error
		runs int // of the one before
		as   func(ending) bool
	}{
		"an error after writing":  {both(writing("x"), refuse), 2, func(e ending) bool { return errors.Is(e.err, errRefused) }},
		"an error before writing": {refuse, 1, func(e ending) bool { return errors.Is(e.err, errRefused) }},
		"a panic":                 {both(writing("x"), func(core.Tx) error { panic("boom") }), 2, func(e ending) bool { return e.panicked == "boom" }},
		"a panic before writing":  {func(core.Tx) error { panic("boom") }, 1, func(e ending) bool { return e.panicked == "boom" }},
		"the end of a goroutine":  {both(writing("x"), func(core.Tx) error { runtime.Goexit(); return nil }), 2, func(e ending) bool { return e.exited }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := still(t)
			heard, before, runs := listen(s), commits(t, s), 0
			all := updates(t, both(writing("a"), func(core.Tx) error { runs++; return nil }), c.fail, writing("b"))
			serve(s, all...)
			if !c.as(all[1].ending) {
				t.Errorf("it ended with %+v", all[1].ending)
			}
			expectKeys(t, s, "a", "b")
			if n := commits(t, s) - before; n != 1 || runs != c.runs {
				t.Errorf("%d commits, %d runs of the one before; want 1 and %d", n, runs, c.runs)
			}
			if want := []string{"1 a", "2 b"}; !slices.Equal(*heard, want) {
				t.Errorf("watchers heard %q, want %q", *heard, want)
			}
		})
	}
}

func both(one, two func(core.Tx) error) func(core.Tx) error {
	return func(tx core.Tx) error {
		if err := one(tx); err != nil {
			return err
		}
		return two(tx)
	}
}

// TestCancelledMember cancels one during its function, and after it from within
// the next one's.
func TestCancelledMember(t *testing.T) {
	t.Parallel()
	for name, during := range map[string]bool{"during": true, "after": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := still(t)
			ctx, cancel := context.WithCancel(t.Context())
			stop := func(core.Tx) error { cancel(); return nil }
			all := updates(t, writing("a"), writing("x"), writing("b"))
			all[1].ctx = ctx
			if during {
				all[1].fn = both(writing("x"), stop)
			} else {
				all[2].fn = both(writing("b"), stop)
			}
			serve(s, all...)
			if !errors.Is(all[1].ending.err, context.Canceled) {
				t.Errorf("it ended with %+v", all[1].ending)
			}
			expectKeys(t, s, "a", "b")
		})
	}
}

func TestWithdrawnMemberNeverRuns(t *testing.T) {
	t.Parallel()
	s := still(t)
	all := updates(t, writing("a"), writing("x"))
	all[0].fn = both(writing("a"), func(core.Tx) error {
		if !all[1].withdraw() {
			t.Error("an update that waits in its group can't be withdrawn")
		}
		return nil
	})
	serve(s, all...)
	if all[0].withdraw() {
		t.Error("an update that ran can be withdrawn")
	}
	expectKeys(t, s, "a")
}

// TestRefusalIsAskedAgain lets the second of three be refused because of what the
// first wrote, which then doesn't come to be.
func TestRefusalIsAskedAgain(t *testing.T) {
	t.Parallel()
	huge := func(tx core.Tx) error { return tx.Put(things, []byte("huge"), make([]byte, 16<<20)) }
	t.Run("as the commit failed", func(t *testing.T) {
		t.Parallel()
		s := still(t)
		all := updates(t, both(writing("a"), huge), writing("b", unless("a")), writing("c"))
		serve(s, all...)
		if !errors.Is(all[0].ending.err, core.ErrFull) {
			t.Errorf("the huge one ended with %+v", all[0].ending)
		}
		expectKeys(t, s, "b", "c")
	})
	t.Run("as the first was cancelled", func(t *testing.T) {
		t.Parallel()
		s := still(t)
		ctx, cancel := context.WithCancel(t.Context())
		refused := 0
		all := updates(t, writing("a"), both(writing("b"), func(tx core.Tx) error {
			err := unless("a")(tx)
			if err != nil {
				refused++
			}
			return err
		}), both(writing("c"), func(core.Tx) error { cancel(); return nil }))
		all[0].ctx = ctx
		serve(s, all...)
		if refused != 1 || all[1].ending.failed() {
			t.Errorf("refused %d times, ended with %+v", refused, all[1].ending)
		}
		expectKeys(t, s, "b", "c")
	})
}

// TestRefusalIsAskedAgainBehindOthers has a third refused behind the first and
// then, when that one is cancelled, run behind the second, which wrote only then:
// as many wrote before it, but not the same.
func TestRefusalIsAskedAgainBehindOthers(t *testing.T) {
	t.Parallel()
	s := still(t)
	ctx, cancel := context.WithCancel(t.Context())
	all := updates(t, writing("a"), func(tx core.Tx) error {
		raw, err := tx.Get(things, []byte("a"))
		if err != nil || raw != nil {
			return err
		}
		return writing("b")(tx)
	}, both(writing("c"), func(tx core.Tx) error {
		err := unless("a")(tx)
		if err != nil {
			cancel()
		}
		return err
	}))
	all[0].ctx = ctx
	serve(s, all...)
	if all[2].ending.failed() {
		t.Errorf("refused because of what was never committed: %+v", all[2].ending)
	}
	expectKeys(t, s, "b", "c")
}

func TestCancelledMemberDoesNotRunAgain(t *testing.T) {
	t.Parallel()
	s := still(t)
	ctx, cancel := context.WithCancel(t.Context())
	after := func(core.Tx) error {
		if ctx.Err() != nil {
			t.Error("an update ran after it was cancelled")
		}
		return nil
	}
	all := updates(t, writing("a", after), writing("b", after), both(writing("c"), func(core.Tx) error { cancel(); return nil }))
	all[0].ctx, all[1].ctx = ctx, ctx
	serve(s, all...)
	expectKeys(t, s, "c")
}

func TestManyFailingMembersAreKeptInProportion(t *testing.T) {
	t.Parallel()
	s := still(t)
	runs := 0
	var fns []func(core.Tx) error
	var want []string
	for i := range 100 {
		key := fmt.Sprintf("%03d", i)
		fn := both(writing(key), func(core.Tx) error { runs++; return nil })
		if i%2 == 0 {
			fn = both(fn, func(core.Tx) error { return errRefused })
		} else {
			want = append(want, key)
		}
		fns = append(fns, fn)
	}
	serve(s, updates(t, fns...)...)
	expectKeys(t, s, want...)
	if most := 8 * len(fns); runs > most {
		t.Errorf("%d runs of %d updates, want at most %d", runs, len(fns), most)
	}
}

// TestUnknownOutcome has a commit fail although its meta page is there already.
// Who ran before anybody wrote knows what happened, who ran behind doesn't.
func TestUnknownOutcome(t *testing.T) {
	t.Parallel()
	s := still(t)
	heard := listen(s)
	next := commits(t, s) + 1
	ctx, cancel := context.WithCancel(t.Context())
	all := updates(t, unless("a"), writing("a"), unless("missing"), unless("a"), func(core.Tx) error { cancel(); return nil },
		func(core.Tx) error { panic("boom") }, func(tx core.Tx) error {
			forge(t, s.path, next)
			return tx.Put(things, []byte("huge"), make([]byte, 16<<20))
		})
	all[4].ctx = ctx
	serve(s, all...)
	for i, want := range []error{
		nil, core.ErrOutcomeUnknown, core.ErrOutcomeUnknown, core.ErrOutcomeUnknown, context.Canceled, nil, core.ErrOutcomeUnknown,
	} {
		if !errors.Is(all[i].ending.err, want) {
			t.Errorf("update %d ended with %+v, want %v", i, all[i].ending, want)
		}
	}
	if all[5].ending.panicked != "boom" {
		t.Errorf("a panic ended as %+v", all[5].ending)
	}
	if want := []string{"1 a", "2 huge"}; !slices.Equal(*heard, want) {
		t.Errorf("watchers heard %q, want %q", *heard, want)
	}
}

// forge makes the meta page of a transaction out of the one before.
func forge(t *testing.T, path string, id int) {
	t.Helper()
	file, err := os.OpenFile(filepath.Clean(path), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	const checksumAt = 56
	raw := make([]byte, checksumAt+8)
	page := int64(os.Getpagesize())
	if _, err := file.ReadAt(raw, int64((id-1)%2)*page+magicOffset); err != nil {
		t.Fatal(err)
	}
	binary.NativeEndian.PutUint64(raw[checksumAt-8:], uint64(id))
	sum := fnv.New64a()
	_, _ = sum.Write(raw[:checksumAt])
	binary.NativeEndian.PutUint64(raw[checksumAt:], sum.Sum64())
	if _, err := file.WriteAt(raw, int64(id%2)*page+magicOffset); err != nil {
		t.Fatal(err)
	}
}

// TestTransactionEndsWithItsFunction uses one while the next of its group runs.
func TestTransactionEndsWithItsFunction(t *testing.T) {
	t.Parallel()
	s := still(t)
	var kept core.Tx
	all := updates(t, both(writing("a"), func(tx core.Tx) error { kept = tx; return nil }), func(core.Tx) error {
		if err := writing("x")(kept); !errors.Is(err, errEnded) {
			t.Errorf("a transaction that has ended was written to: %v", err)
		}
		return nil
	})
	serve(s, all...)
	expectKeys(t, s, "a")
}
