package storagetest

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"testing"

	"willcall/core"
)

func watchersHear(t *testing.T, store core.Store) {
	fill(t, store, "old")
	var heard []core.Commit
	defer store.Watch(func(c core.Commit) { heard = append(heard, c) })()
	events := []core.Event{
		{Institution: 1, Subject: core.Ref{Kind: core.KindContact, ID: 7}, Action: core.ActContactsEdit},
		{Institution: 1, Subject: core.Ref{Kind: core.KindContact, ID: 8}, Action: core.ActContactsEdit},
	}
	update(t, store, func(tx core.Tx) error {
		tx.Emit(events[0])
		if err := putAll(tx, "new", "new", "gone"); err != nil {
			return err
		}
		tx.Emit(events[1])
		if err := tx.Delete(things, []byte("gone")); err != nil {
			return err
		}
		return tx.Delete(things, []byte("old"))
	})
	if len(heard) != 1 {
		t.Fatalf("%d commits heard, want 1", len(heard))
	}
	if !slices.Equal(heard[0].Events, events) {
		t.Errorf("events %v, want %v", heard[0].Events, events)
	}
	want := map[core.Touch]bool{
		{Space: things, Key: "new"}:                 true,
		{Space: things, Key: "gone", Deleted: true}: true,
		{Space: things, Key: "old", Deleted: true}:  true,
	}
	for _, touch := range heard[0].Touched {
		if !want[touch] {
			t.Errorf("touched %v, or touched it twice", touch)
		}
		delete(want, touch)
	}
	if len(want) != 0 {
		t.Errorf("not told of %v", want)
	}
}

func watchersMissRollbacks(t *testing.T, store core.Store) {
	defer store.Watch(func(c core.Commit) { t.Errorf("heard %v of an update that failed", c) })()
	_ = store.Update(t.Context(), func(tx core.Tx) error {
		tx.Emit(core.Event{Institution: 1})
		if err := putAll(tx, "a"); err != nil {
			return err
		}
		return errRefused
	})
}

func stoppedWatcher(t *testing.T, store core.Store) {
	before, after := 0, 0
	stop := store.Watch(func(core.Commit) { before++ })
	defer store.Watch(func(core.Commit) { after++ })()
	fill(t, store, "a")
	stop()
	fill(t, store, "b")
	if before != 1 || after != 2 {
		t.Errorf("the stopped watcher heard %d commits, the other %d; want 1 and 2", before, after)
	}
}

const (
	writers = 8
	rounds  = 25
)

// watchersInOrder lets each update write the number of the update before plus
// one, so that the order of the commits is in their keys.
func watchersInOrder(t *testing.T, store core.Store) {
	var heard []core.Commit
	defer store.Watch(func(c core.Commit) { heard = append(heard, c) })()
	concurrently(t, func() error {
		return store.Update(t.Context(), func(tx core.Tx) error {
			id, err := tx.NewID(1, things)
			if err != nil {
				return err
			}
			return tx.Put(things, core.Key(1, id), nil)
		})
	})
	if len(heard) != writers*rounds {
		t.Fatalf("%d commits heard, want %d", len(heard), writers*rounds)
	}
	for i, c := range heard {
		want := core.Touch{Space: things, Key: string(core.Key(1, core.ID(i+1)))}
		if !slices.Equal(c.Touched, []core.Touch{want}) {
			t.Errorf("commit %d touched %v, want %v", i, c.Touched, want)
		}
		if step := c.Revision - heard[0].Revision; step != uint64(i) {
			t.Errorf("commit %d is %d revisions after the first", i, step)
		}
	}
}

// serialisable counts up from many goroutines, reading before writing.
func serialisable(t *testing.T, store core.Store) {
	counter := []byte("counter")
	concurrently(t, func() error {
		return store.Update(t.Context(), func(tx core.Tx) error {
			raw, err := tx.Get(things, counter)
			if err != nil {
				return err
			}
			return tx.Put(things, counter, number(count(raw)+1))
		})
	})
	look(t, store, func(v core.View) error {
		raw, err := v.Get(things, counter)
		if got := count(raw); got != writers*rounds {
			t.Errorf("counted %d, want %d", got, writers*rounds)
		}
		return err
	})
}

func count(raw []byte) uint64 {
	if raw == nil {
		return 0
	}
	return binary.BigEndian.Uint64(raw)
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// concurrently calls fn several times from each of several goroutines.
func concurrently(t *testing.T, fn func() error) {
	t.Helper()
	var group sync.WaitGroup
	failed := make(chan error, writers*rounds)
	for range writers {
		group.Go(func() {
			for range rounds {
				if err := fn(); err != nil {
					failed <- err
				}
			}
		})
	}
	group.Wait()
	close(failed)
	for err := range failed {
		t.Error(fmt.Errorf("one of many: %w", err))
	}
}
