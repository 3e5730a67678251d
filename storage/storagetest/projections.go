package storagetest

import (
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"willcall/core"
)

// initials is a projection that counts things by the first letter of their
// keys. It keeps which things it counted, as nobody tells what was before.
type initials struct {
	version uint64
	poison  string // a key that it can't stand
}

const (
	byInitial core.Space = "initials"
	counted   core.Space = "initials.counted"
)

var errPoison = errors.New("poisoned by the test")

// Name implements [core.Projection].
func (initials) Name() string { return "initials" }

// Version implements [core.Projection].
func (p initials) Version() uint64 { return p.version }

// Sources implements [core.Projection].
func (initials) Sources() []core.Space { return []core.Space{things} }

// Derived implements [core.Projection].
func (initials) Derived() []core.Space { return []core.Space{byInitial, counted} }

// Apply implements [core.Projection].
func (p initials) Apply(tx core.Tx, changed []core.Touch) error {
	for _, touch := range changed {
		if touch.Key == p.poison {
			return errPoison
		}
		now, err := tx.Get(things, []byte(touch.Key))
		if err != nil {
			return err
		}
		before, err := tx.Get(counted, []byte(touch.Key))
		if err != nil {
			return err
		}
		if err := p.count(tx, touch.Key, before != nil, now != nil); err != nil {
			return err
		}
	}
	return nil
}

func (p initials) count(tx core.Tx, key string, before, now bool) error {
	if before == now {
		return nil
	}
	initial := []byte(key[:1])
	raw, err := tx.Get(byInitial, initial)
	if err != nil {
		return err
	}
	if now {
		return errors.Join(
			tx.Put(counted, []byte(key), nil), tx.Put(byInitial, initial, number(count(raw)+1)))
	}
	if err := tx.Delete(counted, []byte(key)); err != nil {
		return err
	}
	if n := count(raw) - 1; n > 0 {
		return tx.Put(byInitial, initial, number(n))
	}
	return tx.Delete(byInitial, initial)
}

// recomputed is what the projection has to hold, from its sources.
func recomputed(v core.View) (map[string]string, error) {
	sources, counts, want := map[string]string{}, map[string]uint64{}, map[string]string{}
	err := readSpace(v, things, sources)
	for key := range sources {
		counts[key[:1]]++
		want[key[:1]] = string(number(counts[key[:1]]))
	}
	return want, err
}

// derived holds the derived data against its recomputation, in one state.
func derived(v core.View) error {
	got := map[string]string{}
	want, err := recomputed(v)
	if err := errors.Join(err, readSpace(v, byInitial, got)); err != nil {
		return err
	}
	if !maps.Equal(got, want) {
		return errors.New("derived data isn't that of its sources")
	}
	return nil
}

func project(t testing.TB, store core.Store, p core.Projection) {
	t.Helper()
	if err := store.Project(t.Context(), p); err != nil {
		t.Fatalf("project: %v", err)
	}
}

func derivedEqualsRecomputed(t *testing.T, store core.Store) {
	fill(t, store, "apple", "avocado", "cherry")
	project(t, store, initials{version: 1})
	look(t, store, derived)
	rapid.Check(t, func(r *rapid.T) {
		for _, c := range changes().Draw(r, "changes") {
			if err := c.do(t.Context(), store); (err == nil) != (c.Ends == endsWell) {
				r.Fatalf("%+v: %v", c, err)
			}
			look(t, store, derived)
		}
	})
}

// derivedWithSources looks while others write: no state has one without the
// other.
func derivedWithSources(t *testing.T, store core.Store) {
	project(t, store, initials{version: 1})
	var looking sync.WaitGroup
	written := make(chan struct{})
	looking.Go(func() {
		for done := false; !done; {
			select {
			case <-written:
				done = true
			default:
			}
			if err := store.View(t.Context(), derived); err != nil {
				t.Errorf("beside updates: %v", err)
				done = true
			}
		}
	})
	concurrently(t, func() error {
		return store.Update(t.Context(), func(tx core.Tx) error {
			id, err := tx.NewID(1, things)
			if err != nil {
				return err
			}
			key := []byte{'a' + byte(id%5), 'a' + byte(id%7)}
			return errors.Join(tx.Put(things, key, nil), tx.Delete(things, []byte{'a' + byte(id%5), 'b'}))
		})
	})
	close(written)
	looking.Wait()
}

// projectionRenewed leaves a mark among the derived data: it is gone once the
// projection was made anew.
func projectionRenewed(t *testing.T, store core.Store) {
	marked := func() bool { return all(t, store, byInitial)["mark"] != "" }
	mark := func() {
		update(t, store, func(tx core.Tx) error { return tx.Put(byInitial, []byte("mark"), []byte("mark")) })
	}
	fill(t, store, "apple", "cherry")
	mark()
	for _, c := range []struct {
		version uint64
		anew    bool
	}{{1, true}, {1, false}, {2, true}, {2, false}} {
		project(t, store, initials{version: c.version})
		if marked() == c.anew {
			t.Errorf("version %d: made anew %t, want %t", c.version, !marked(), c.anew)
		}
		if c.anew {
			look(t, store, derived)
		}
		mark()
	}
}

// projectionFails holds that an update whose derived data can't be made leaves
// nothing, and those that wait with it do.
func projectionFails(t *testing.T, store core.Store) {
	project(t, store, initials{version: 1, poison: "poison"})
	defer store.Watch(func(c core.Commit) {
		for _, touch := range c.Touched {
			if strings.HasPrefix(touch.Key, "p") {
				t.Errorf("told of %q, which failed", touch.Key)
			}
		}
	})()
	put := func(keys ...string) *member {
		return &member{fn: func(tx core.Tx) error { return putAll(tx, keys...) }}
	}
	good, bad, after := put("apple"), put("plum", "poison"), put("cherry")
	together(t, store, good, bad, after)
	if !errors.Is(bad.err, errPoison) {
		t.Errorf("the update that can't be derived from got %v", bad.err)
	}
	if err := errors.Join(good.err, after.err); err != nil {
		t.Errorf("the others got %v", err)
	}
	if got := all(t, store, things); len(got) != 2 {
		t.Errorf("the store holds %v", got)
	}
	fill(t, store, "cashew")
	look(t, store, derived)
}

// projectionRefused holds that a projection which fails leaves nothing behind.
func projectionRefused(t *testing.T, store core.Store) {
	fill(t, store, "apple", "poison")
	if err := store.Project(t.Context(), initials{version: 1, poison: "poison"}); !errors.Is(err, errPoison) {
		t.Errorf("registering a projection that fails: %v", err)
	}
	if got := all(t, store, byInitial); len(got) != 0 {
		t.Errorf("it left %v", got)
	}
	fill(t, store, "poison")
}
