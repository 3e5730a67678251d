package storagetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"willcall/core"
)

// change is one random update for watchers: what it puts and deletes, and how
// it ends.
type change struct {
	Put, Gone []string
	Ends      int // one of the endings
}

const (
	endsWell = iota
	endsInError
	endsInPanic
	endsCancelled
	endings
)

func changes() *rapid.Generator[[]change] {
	key := rapid.StringMatching(`[a-d]{1,2}`)
	one := rapid.Custom(func(r *rapid.T) change {
		return change{
			Put:  rapid.SliceOfN(key, 0, 4).Draw(r, "put"),
			Gone: rapid.SliceOfN(key, 0, 4).Draw(r, "gone"),
			Ends: max(endsWell, rapid.IntRange(-endings, endings-1).Draw(r, "ends")),
		}
	})
	return rapid.SliceOfN(one, 1, 12)
}

func (c change) do(ctx context.Context, store core.Store) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("a panic: %v", value)
		}
	}()
	return store.Update(ctx, func(tx core.Tx) error {
		if err := putAll(tx, c.Put...); err != nil {
			return err
		}
		for _, key := range c.Gone {
			if err := tx.Delete(things, []byte(key)); err != nil {
				return err
			}
		}
		switch c.Ends {
		case endsInError:
			return errRefused
		case endsInPanic:
			panic("boom")
		case endsCancelled:
			cancel()
		}
		return nil
	})
}

// touched is what a watcher has to hear of a change: "+" for put, "-" for
// deleted. A key that was put and then deleted counts as deleted; deleting
// what isn't there is nothing.
func (c change) touched(there map[string]string) map[string]string {
	all := map[string]string{}
	for _, key := range c.Put {
		all[key] = "+"
	}
	for _, key := range c.Gone {
		if _, ok := there[key]; ok || all[key] != "" {
			all[key] = "-"
		}
	}
	return all
}

// follow does to a map what a watcher was told.
func follow(model, touched map[string]string) {
	for key, sign := range touched {
		if sign == "-" {
			delete(model, key)
		} else {
			model[key] = key
		}
	}
}

// watchersKeepMap replays what a watcher hears into a map: each commit exactly
// once, each key once, nothing of what failed.
func watchersKeepMap(t *testing.T, store core.Store) {
	shadow := map[string]string{}
	var heard []map[string]string
	defer store.Watch(func(c core.Commit) {
		signs := map[string]string{}
		for _, touch := range c.Touched {
			sign := "+"
			if touch.Deleted {
				sign = "-"
			}
			if signs[touch.Key] != "" {
				t.Errorf("told of %q twice", touch.Key)
			}
			signs[touch.Key] = sign
		}
		heard = append(heard, signs)
		follow(shadow, signs)
	})()
	rapid.Check(t, func(r *rapid.T) {
		for _, c := range changes().Draw(r, "changes") {
			want := c.touched(shadow)
			heard = nil
			err := c.do(t.Context(), store)
			if (err == nil) != (c.Ends == endsWell) {
				r.Fatalf("%+v: %v", c, err)
			}
			told := len(heard) == 1 && maps.Equal(heard[0], want)
			if silent := c.Ends != endsWell || len(want) == 0; silent && len(heard) > 0 || !silent && !told {
				r.Fatalf("%+v: heard %v, want %v", c, heard, want)
			}
		}
		if got := all(t, store, things); !maps.Equal(got, shadow) {
			r.Fatalf("the store holds %v, the watcher %v", got, shadow)
		}
	})
}

// all reads a space.
func all(t testing.TB, store core.Store, space core.Space) map[string]string {
	t.Helper()
	found := map[string]string{}
	look(t, store, func(v core.View) error { return readSpace(v, space, found) })
	return found
}

func readSpace(v core.View, space core.Space, into map[string]string) error {
	return v.Ascend(space, nil, nil, func(key, value []byte) error {
		into[string(key)] = string(value)
		return nil
	})
}

// eventsAlone are told without a commit's number: nothing was written.
func eventsAlone(t *testing.T, store core.Store) {
	fill(t, store, "a")
	var heard []core.Commit
	defer store.Watch(func(c core.Commit) { heard = append(heard, c) })()
	fill(t, store, "b")
	update(t, store, func(tx core.Tx) error {
		tx.Emit(core.Event{Institution: 7})
		return tx.Delete(things, []byte("missing"))
	})
	update(t, store, func(tx core.Tx) error {
		_, err := tx.Get(things, []byte("a"))
		return errors.Join(err, tx.Delete(things, []byte("missing")))
	})
	fill(t, store, "c")
	if len(heard) != 3 {
		t.Fatalf("%d commits heard, want 3: %v", len(heard), heard)
	}
	if len(heard[1].Touched) != 0 || len(heard[1].Events) != 1 || heard[1].Revision != heard[0].Revision {
		t.Errorf("an event alone was told as %v after %v", heard[1], heard[0])
	}
	if heard[2].Revision != heard[0].Revision+1 {
		t.Errorf("revision %d after %d", heard[2].Revision, heard[0].Revision)
	}
}
