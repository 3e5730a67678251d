package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"willcall/core"
)

func readsOwnWrites(t *testing.T, store core.Store) {
	fill(t, store, "a", "b")
	update(t, store, func(tx core.Tx) error {
		if err := tx.Put(things, []byte("a"), []byte("new")); err != nil {
			return err
		}
		if err := tx.Delete(things, []byte("b")); err != nil {
			return err
		}
		expect(t, tx, "a", "new")
		expect(t, tx, "b", "")
		return tx.Delete(things, []byte("missing"))
	})
}

func commitsForViews(t *testing.T, store core.Store) {
	look(t, store, func(v core.View) error {
		expect(t, v, "a", "")
		return nil
	})
	fill(t, store, "a")
	look(t, store, func(v core.View) error {
		expect(t, v, "a", "a")
		return nil
	})
}

func viewSeesOneState(t *testing.T, store core.Store) {
	fill(t, store, "a")
	begun, written := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(written)
		<-begun
		fill(t, store, "b")
	}()
	look(t, store, func(v core.View) error {
		expect(t, v, "a", "a")
		close(begun)
		<-written
		expect(t, v, "b", "")
		return nil
	})
}

func emptyValue(t *testing.T, store core.Store) {
	there := func(v core.View) {
		for _, key := range []string{"nil", "empty"} {
			got, err := v.Get(things, []byte(key))
			if err != nil || got == nil || len(got) != 0 {
				t.Errorf("under %q: %v (nil: %t), %v", key, got, got == nil, err)
			}
		}
	}
	update(t, store, func(tx core.Tx) error {
		err := errors.Join(tx.Put(things, []byte("nil"), nil), tx.Put(things, []byte("empty"), []byte{}))
		there(tx)
		return err
	})
	look(t, store, func(v core.View) error {
		there(v)
		return nil
	})
}

func spacesAreApart(t *testing.T, store core.Store) {
	fill(t, store, "a")
	look(t, store, func(v core.View) error {
		got, err := v.Get("others", []byte("a"))
		if got != nil {
			t.Errorf("the key of one space is in another: %q", got)
		}
		return err
	})
}

// keysOf collects a range of things.
func keysOf(v core.View, from, to string, backwards bool) ([]string, error) {
	var keys []string
	walk := v.Ascend
	if backwards {
		walk = v.Descend
	}
	err := walk(things, []byte(from), []byte(to), func(key, value []byte) error {
		if string(key) != string(value) {
			return fmt.Errorf("under %q is %q", key, value)
		}
		keys = append(keys, string(key))
		return nil
	})
	return keys, err
}

// expectRange holds a range, both ways, against the keys in ascending order.
func expectRange(t testing.TB, v core.View, from, to, want string) {
	t.Helper()
	ascending := strings.Fields(want)
	got, err := keysOf(v, from, to, false)
	if err != nil || !slices.Equal(got, ascending) {
		t.Errorf("up from %q to %q: %q, %v; want %q", from, to, got, err, ascending)
	}
	slices.Reverse(ascending)
	got, err = keysOf(v, from, to, true)
	if err != nil || !slices.Equal(got, ascending) {
		t.Errorf("down from %q to %q: %q, %v; want %q", from, to, got, err, ascending)
	}
}

func rangesWithBounds(t *testing.T, store core.Store) {
	look(t, store, func(v core.View) error {
		expectRange(t, v, "", "", "")
		return nil
	})
	fill(t, store, "b", "d", "c", "da", "\xff")
	look(t, store, func(v core.View) error {
		for _, c := range []struct{ from, to, want string }{
			{"", "", "b c d da \xff"},
			{"b", "d", "b c"},
			{"bb", "db", "c d da"},
			{"d", "", "d da \xff"},
			{"", "c", "b"},
			{"", "b", ""},
			{"\xff\xff", "", ""},
			{"", "\xff\xff", "b c d da \xff"},
			{"c", "c", ""},
			{"d", "c", ""},
		} {
			expectRange(t, v, c.from, c.to, c.want)
		}
		return nil
	})
}

func rangesAfterDeletes(t *testing.T, store core.Store) {
	fill(t, store, "a", "b", "c", "d")
	update(t, store, func(tx core.Tx) error {
		return errors.Join(tx.Delete(things, []byte("a")), tx.Delete(things, []byte("c")))
	})
	look(t, store, func(v core.View) error {
		expectRange(t, v, "", "", "b d")
		expectRange(t, v, "a", "d", "b")
		return nil
	})
}

func rangesSeeOwnWrites(t *testing.T, store core.Store) {
	fill(t, store, "a", "c")
	update(t, store, func(tx core.Tx) error {
		if err := errors.Join(putAll(tx, "b"), tx.Delete(things, []byte("c"))); err != nil {
			return err
		}
		expectRange(t, tx, "", "", "a b")
		return nil
	})
}

// manyKeys are enough for several pages of an engine, in ascending order.
func manyKeys() []string {
	var keys []string
	for i := range 3000 {
		keys = append(keys, fmt.Sprintf("key-%05d", i))
	}
	return keys
}

func rangesOverGap(t *testing.T, store core.Store) {
	keys := manyKeys()
	fill(t, store, keys...)
	update(t, store, func(tx core.Tx) error {
		for _, key := range keys[1000:2000] {
			if err := tx.Delete(things, []byte(key)); err != nil {
				return err
			}
		}
		expectRange(t, tx, "", "", strings.Join(append(keys[:1000:1000], keys[2000:]...), " "))
		expectRange(t, tx, keys[1000], keys[2000], "")
		return nil
	})
}

// rangeWhileDeleting is what sweeps do.
func rangeWhileDeleting(t *testing.T, store core.Store) {
	keys := manyKeys()
	for _, backwards := range []bool{false, true} {
		fill(t, store, keys...)
		seen := 0
		update(t, store, func(tx core.Tx) error {
			seen = 0
			walk := tx.Ascend
			if backwards {
				walk = tx.Descend
			}
			return walk(things, nil, nil, func(key, _ []byte) error {
				seen++
				return tx.Delete(things, key)
			})
		})
		if seen != len(keys) {
			t.Errorf("backwards %t: %d keys seen, want %d", backwards, seen, len(keys))
		}
		look(t, store, func(v core.View) error {
			expectRange(t, v, "", "", "")
			return nil
		})
	}
}

func stopEndsRange(t *testing.T, store core.Store) {
	fill(t, store, "a", "b", "c")
	look(t, store, func(v core.View) error {
		for _, walk := range []func(core.Space, []byte, []byte, func(_, _ []byte) error) error{v.Ascend, v.Descend} {
			seen := 0
			err := walk(things, nil, nil, func(_, _ []byte) error {
				if seen++; seen == 2 {
					return fmt.Errorf("enough: %w", core.Stop)
				}
				return nil
			})
			if err != nil || seen != 2 {
				t.Errorf("after a stop: %d keys, %v; want 2 and no error", seen, err)
			}
		}
		return nil
	})
}

func errorEndsRange(t *testing.T, store core.Store) {
	fill(t, store, "a", "b")
	look(t, store, func(v core.View) error {
		seen := 0
		err := v.Ascend(things, nil, nil, func(_, _ []byte) error {
			seen++
			return errRefused
		})
		if !errors.Is(err, errRefused) || seen != 1 {
			t.Errorf("after an error: %d keys, %v; want 1 and the error", seen, err)
		}
		return nil
	})
}

// behavesLikeMap compares random updates with a map.
func behavesLikeMap(t *testing.T, store core.Store) {
	key := rapid.StringMatching(`[a-c]{1,3}`)
	model := map[string]string{}
	rapid.Check(t, func(r *rapid.T) {
		gone := rapid.SliceOfN(key, 0, 10).Draw(r, "gone")
		put := rapid.SliceOfN(key, 1, 10).Draw(r, "put")
		update(t, store, func(tx core.Tx) error {
			for _, k := range gone {
				if err := tx.Delete(things, []byte(k)); err != nil {
					return err
				}
			}
			return putAll(tx, put...)
		})
		for _, k := range gone {
			delete(model, k)
		}
		for _, k := range put {
			model[k] = k
		}
		from, to := key.Draw(r, "from"), key.Draw(r, "to")
		look(t, store, func(v core.View) error {
			expectRange(t, v, from, to, within(model, from, to))
			return nil
		})
	})
}

func within(model map[string]string, from, to string) string {
	var keys []string
	for k := range model {
		if k >= from && k < to {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return strings.Join(keys, " ")
}
