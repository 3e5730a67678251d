package storagetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"willcall/core"
)

// member is one of several updates that wait for the same writer.
type member struct {
	fn  func(core.Tx) error
	ctx context.Context // nil for the test's
	// end is what a caller of Update saw.
	err      error
	panicked any
	gone     bool // its goroutine ended
}

// together lets all members wait while another update is inside its function,
// and returns once all of them have ended. An engine that gathers what waits
// finds them together; one that doesn't has to give the same results.
func together(t *testing.T, store core.Store, members ...*member) {
	t.Helper()
	var ended, waiting sync.WaitGroup
	held, release := make(chan struct{}), make(chan struct{})
	ended.Go(func() {
		first := sync.OnceFunc(func() { close(held) })
		err := store.Update(t.Context(), func(core.Tx) error {
			first()
			<-release
			return nil
		})
		if err != nil {
			t.Errorf("the update that others wait for: %v", err)
		}
	})
	<-held
	for _, m := range members {
		if m.ctx == nil {
			m.ctx = t.Context()
		}
		waiting.Add(1)
		m.ctx = attended{m.ctx, sync.OnceFunc(waiting.Done)}
		ended.Go(func() { m.update(store) })
	}
	waiting.Wait()
	close(release)
	ended.Wait()
}

func (m *member) update(store core.Store) {
	var ended sync.WaitGroup
	ended.Go(func() {
		m.gone = true
		defer func() {
			if m.panicked = recover(); m.panicked != nil {
				m.gone = false
			}
		}()
		m.err = store.Update(m.ctx, m.fn)
		m.gone = false
	})
	ended.Wait()
}

// spoilt are ways for an update to fail after it wrote.
func spoilt(t *testing.T) map[string]*member {
	write := func(tx core.Tx) error { return putAll(tx, "spoilt") }
	cancelled, cancel := context.WithCancel(t.Context())
	return map[string]*member{
		"error":  {fn: func(tx core.Tx) error { return errors.Join(write(tx), errRefused) }},
		"panic":  {fn: func(tx core.Tx) error { panic(fmt.Sprint("boom", write(tx))) }},
		"goexit": {fn: func(tx core.Tx) error { _ = write(tx); runtime.Goexit(); return nil }},
		"cancel": {ctx: cancelled, fn: func(tx core.Tx) error { cancel(); return write(tx) }},
	}
}

// groupsRerun holds that an update which shares a group with failing ones
// counts as if they had never been.
func groupsRerun(t *testing.T, store core.Store) {
	const good = 6
	var seen [good]uint64
	var runs [good]int
	var members []*member
	for i := range good {
		members = append(members, &member{fn: func(tx core.Tx) error {
			runs[i]++
			n, err := increase(tx, "counter")
			seen[i] = n
			return errors.Join(err, putAll(tx, fmt.Sprint("by", i)))
		}})
	}
	bad := spoilt(t)
	members = slices.Insert(members, 1, bad["panic"])
	members = slices.Insert(members, 3, bad["error"], bad["goexit"])
	together(t, store, append(members, bad["cancel"])...)
	if !errors.Is(bad["error"].err, errRefused) {
		t.Errorf("the failing update got %v", bad["error"].err)
	}
	if bad["panic"].panicked != "boom<nil>" {
		t.Errorf("the panicking update got %v, %v", bad["panic"].panicked, bad["panic"].err)
	}
	if !bad["goexit"].gone {
		t.Errorf("the update that ended its goroutine got %v", bad["goexit"].err)
	}
	if !errors.Is(bad["cancel"].err, context.Canceled) {
		t.Errorf("the cancelled update got %v", bad["cancel"].err)
	}
	slices.Sort(seen[:])
	if want := [good]uint64{0, 1, 2, 3, 4, 5}; seen != want {
		t.Errorf("the others read %v after %v runs, want %v", seen, runs, want)
	}
	for _, m := range members {
		if m.err != nil && m != bad["error"] {
			t.Errorf("one of the others got %v", m.err)
		}
	}
	look(t, store, func(v core.View) error {
		expect(t, v, "spoilt", "")
		for i := range good {
			expect(t, v, fmt.Sprint("by", i), fmt.Sprint("by", i))
		}
		return nil
	})
}

// increase adds one to a counter and gives what it was.
func increase(tx core.Tx, key string) (uint64, error) {
	raw, err := tx.Get(things, []byte(key))
	if err != nil {
		return 0, err
	}
	n := count(raw)
	return n, tx.Put(things, []byte(key), number(n+1))
}

// idsInGroups holds that ids are dense although updates of the group failed.
func idsInGroups(t *testing.T, store core.Store) {
	ids := make([]core.ID, 4)
	var members []*member
	for i := range ids {
		members = append(members, &member{fn: func(tx core.Tx) (err error) {
			ids[i], err = tx.NewID(1, things)
			return err
		}}, &member{fn: func(tx core.Tx) error {
			_, err := tx.NewID(1, things)
			return errors.Join(err, errRefused)
		}})
	}
	together(t, store, members...)
	slices.Sort(ids)
	if !slices.Equal(ids, []core.ID{1, 2, 3, 4}) {
		t.Errorf("ids %v, want 1 to 4", ids)
	}
}

// goexitRollsBack is what a failed assertion within an update does.
func goexitRollsBack(t *testing.T, store core.Store) {
	fill(t, store, "a")
	m := spoilt(t)["goexit"]
	m.ctx = t.Context()
	m.update(store)
	if !m.gone {
		t.Errorf("an update that ended its goroutine came back with %v", m.err)
	}
	expectOnlyA(t, store)
	fill(t, store, "b")
}

// revisionsOfTheirOwn holds that each update of a group is told on its own.
func revisionsOfTheirOwn(t *testing.T, store core.Store) {
	var heard []core.Commit
	defer store.Watch(func(c core.Commit) { heard = append(heard, c) })()
	var members []*member
	for i := range 5 {
		members = append(members, &member{fn: func(tx core.Tx) error {
			tx.Emit(core.Event{Institution: core.ID(i + 1)})
			return putAll(tx, fmt.Sprint(i))
		}})
	}
	together(t, store, append(members, spoilt(t)["error"])...)
	if len(heard) != 5 {
		t.Fatalf("%d commits heard, want 5: %v", len(heard), heard)
	}
	for i, c := range heard {
		if c.Revision != heard[0].Revision+uint64(i) {
			t.Errorf("commit %d has revision %d after %d", i, c.Revision, heard[0].Revision)
		}
		if len(c.Events) != 1 || len(c.Touched) != 1 || c.Touched[0].Key != fmt.Sprint(c.Events[0].Institution-1) {
			t.Errorf("commit %d tells of another update's writes: %v", i, c)
		}
	}
}
