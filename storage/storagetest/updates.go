package storagetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"willcall/core"
)

var errRefused = errors.New("refused by the test")

func errorRollsBack(t *testing.T, store core.Store) {
	fill(t, store, "a")
	err := store.Update(t.Context(), func(tx core.Tx) error {
		return errors.Join(putAll(tx, "b"), tx.Delete(things, []byte("a")), errRefused)
	})
	if !errors.Is(err, errRefused) {
		t.Errorf("the error of the function came back as %v", err)
	}
	expectOnlyA(t, store)
}

func panicRollsBack(t *testing.T, store core.Store) {
	fill(t, store, "a")
	if got := panicking(t, store); got != "boom" {
		t.Errorf("the panic came back as %v", got)
	}
	expectOnlyA(t, store)
}

func worksAfterPanic(t *testing.T, store core.Store) {
	panicking(t, store)
	fill(t, store, "a")
	expectOnlyA(t, store)
}

// panicking runs an update that panics and gives what it panicked with.
func panicking(t *testing.T, store core.Store) (value any) {
	defer func() { value = recover() }()
	err := store.Update(t.Context(), func(tx core.Tx) error {
		if err := putAll(tx, "b"); err != nil {
			return err
		}
		panic("boom")
	})
	t.Errorf("an update that panics returned %v", err)
	return nil
}

func expectOnlyA(t *testing.T, store core.Store) {
	t.Helper()
	look(t, store, func(v core.View) error {
		expectRange(t, v, "", "", "a")
		return nil
	})
}

func endsWithFunction(t *testing.T, store core.Store) {
	fill(t, store, "a")
	var kept core.Tx
	update(t, store, func(tx core.Tx) error {
		kept = tx
		return nil
	})
	if _, err := kept.Get(things, []byte("a")); err == nil {
		t.Error("a transaction that has ended was read")
	}
	if err := kept.Put(things, []byte("b"), nil); err == nil {
		t.Error("a transaction that has ended was written to")
	}
	if _, err := kept.NewID(1, things); err == nil {
		t.Error("a transaction that has ended gave an id")
	}
	expectOnlyA(t, store)
}

// nextID takes one id in an update of its own.
func nextID(t *testing.T, store core.Store, institution core.ID, space core.Space) (id core.ID) {
	t.Helper()
	update(t, store, func(tx core.Tx) (err error) {
		id, err = tx.NewID(institution, space)
		return err
	})
	return id
}

func idsAreDense(t *testing.T, store core.Store) {
	for want := core.ID(1); want <= 3; want++ {
		for _, institution := range []core.ID{core.Installation, 1, 2} {
			for _, space := range []core.Space{things, "thing", "others"} {
				if got := nextID(t, store, institution, space); got != want {
					t.Errorf("id in %d/%s: %d, want %d", institution, space, got, want)
				}
			}
		}
	}
	update(t, store, func(tx core.Tx) error {
		for want := core.ID(4); want <= 6; want++ {
			if got, err := tx.NewID(1, things); err != nil || got != want {
				t.Errorf("id within one update: %d, %v; want %d", got, err, want)
			}
		}
		return nil
	})
}

func idsAreNotReused(t *testing.T, store core.Store) {
	id := nextID(t, store, 1, things)
	update(t, store, func(tx core.Tx) error { return tx.Put(things, core.Key(1, id), nil) })
	update(t, store, func(tx core.Tx) error { return tx.Delete(things, core.Key(1, id)) })
	if again := nextID(t, store, 1, things); again <= id {
		t.Errorf("id %d came after %d was deleted", again, id)
	}
}

// expectLastID also holds that other institutions and spaces are counted apart.
func expectLastID(t testing.TB, v core.View, want core.ID) {
	t.Helper()
	for _, c := range []struct {
		institution core.ID
		space       core.Space
		want        core.ID
	}{{1, things, want}, {2, things, 0}, {core.Installation, things, 0}, {1, "thing", 0}} {
		if got, err := v.LastID(c.institution, c.space); err != nil || got != c.want {
			t.Errorf("the last id in %d/%s is %d, %v; want %d", c.institution, c.space, got, err, c.want)
		}
	}
}

func lastIDs(t *testing.T, store core.Store) {
	stands := func(want core.ID) {
		t.Helper()
		look(t, store, func(v core.View) error {
			expectLastID(t, v, want)
			return nil
		})
	}
	stands(0)
	two := func(tx core.Tx) error {
		for range 2 {
			if _, err := tx.NewID(1, things); err != nil {
				return err
			}
		}
		return nil
	}
	var kept core.Tx
	update(t, store, func(tx core.Tx) error {
		kept = tx
		expectLastID(t, tx, 0)
		err := two(tx)
		expectLastID(t, tx, 2)
		stands(0)
		return err
	})
	stands(2)
	if err := store.Update(t.Context(), func(tx core.Tx) error { return errors.Join(two(tx), errRefused) }); !errors.Is(err, errRefused) {
		t.Errorf("the error of the function came back as %v", err)
	}
	stands(2)
	if _, err := kept.LastID(1, things); err == nil {
		t.Error("a transaction that has ended told the last id")
	}
}

func nestedRefused(t *testing.T, store core.Store) {
	nothing := func(core.Tx) error { return nil }
	var nested error
	update(t, store, func(core.Tx) error {
		nested = store.Update(t.Context(), nothing)
		return nil
	})
	if !errors.Is(nested, core.ErrNested) {
		t.Errorf("an update inside an update: %v", nested)
	}
	update(t, store, nothing)
}

func viewInsideUpdate(t *testing.T, store core.Store) {
	fill(t, store, "a")
	update(t, store, func(tx core.Tx) error {
		if err := putAll(tx, "b"); err != nil {
			return err
		}
		expectOnlyA(t, store)
		return nil
	})
}

func cancelledBefore(t *testing.T, store core.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := store.Update(ctx, func(core.Tx) error {
		t.Error("the function of a cancelled update ran")
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled update: %v", err)
	}
	err = store.View(ctx, func(core.View) error {
		t.Error("the function of a cancelled view ran")
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled view: %v", err)
	}
}

func cancelledDuring(t *testing.T, store core.Store) {
	fill(t, store, "a")
	ctx, cancel := context.WithCancel(t.Context())
	err := store.Update(ctx, func(tx core.Tx) error {
		cancel()
		return putAll(tx, "b")
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("an update cancelled on its way: %v", err)
	}
	expectOnlyA(t, store)
}

// attended is a context that says when somebody waits for its end.
type attended struct {
	context.Context
	waiting func()
}

func (a attended) Done() <-chan struct{} {
	a.waiting()
	return a.Context.Done()
}

func cancelledWaiting(t *testing.T, store core.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	waiting, waited := make(chan struct{}), make(chan error)
	watched := attended{ctx, sync.OnceFunc(func() { close(waiting) })}
	update(t, store, func(core.Tx) error {
		go func() { waited <- store.Update(watched, func(core.Tx) error { return nil }) }()
		<-waiting
		cancel()
		if err := <-waited; !errors.Is(err, context.Canceled) {
			t.Errorf("an update cancelled while it waited: %v", err)
		}
		return nil
	})
}

func cancelledRange(t *testing.T, store core.Store) {
	fill(t, store, "a", "b", "c")
	ctx, cancel := context.WithCancel(t.Context())
	seen := 0
	err := store.View(ctx, func(v core.View) error {
		return v.Ascend(things, nil, nil, func(_, _ []byte) error {
			seen++
			cancel()
			return nil
		})
	})
	if !errors.Is(err, context.Canceled) || seen != 1 {
		t.Errorf("a range cancelled at its first key: %d keys, %v", seen, err)
	}
}

func closedRefuses(t *testing.T, store core.Store) {
	fill(t, store, "a")
	if err := store.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	err := store.View(t.Context(), func(core.View) error { return nil })
	if !errors.Is(err, core.ErrClosed) {
		t.Errorf("a view of a closed store: %v", err)
	}
	err = store.Update(t.Context(), func(core.Tx) error { return nil })
	if !errors.Is(err, core.ErrClosed) {
		t.Errorf("an update of a closed store: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

func closeWaits(t *testing.T, store core.Store) {
	fill(t, store, "a")
	closed := make(chan error, 1)
	look(t, store, func(v core.View) error {
		go func() { closed <- store.Close() }()
		for range 100 {
			expect(t, v, "a", "a")
		}
		select {
		case err := <-closed:
			t.Errorf("closed under a running view: %v", err)
		default:
		}
		return nil
	})
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
}

func closeInsideRefused(t *testing.T, store core.Store) {
	update(t, store, func(tx core.Tx) error {
		if err := store.Close(); !errors.Is(err, core.ErrNested) {
			t.Errorf("closing inside an update: %v", err)
		}
		return putAll(tx, "a")
	})
	expectOnlyA(t, store)
}

// closeAnswers holds that who waits while the store is closed is answered: its
// update was done, and told of, or refused.
func closeAnswers(t *testing.T, store core.Store) {
	told := 0
	store.Watch(func(core.Commit) { told++ })
	var members []*member
	for range 8 {
		members = append(members, &member{fn: func(tx core.Tx) error { return putAll(tx, "a") }})
	}
	closed := make(chan error, 1)
	members = append(members, &member{fn: func(core.Tx) error {
		go func() { closed <- store.Close() }()
		return errRefused
	}})
	together(t, store, members...)
	if !errors.Is(members[8].err, errRefused) {
		t.Fatalf("the update that has the store closed: %v", members[8].err)
	}
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
	done := 0
	for _, m := range members[:8] {
		switch {
		case m.err == nil:
			done++
		case !errors.Is(m.err, core.ErrClosed):
			t.Errorf("an update while the store was closed: %v", m.err)
		}
	}
	if done != told {
		t.Errorf("%d updates were done, %d told of", done, told)
	}
}
