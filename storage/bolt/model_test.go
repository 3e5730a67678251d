package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"willcall/core"
	"willcall/storage/bolt"
	"willcall/storage/storagetest"
)

// TestModel holds a store against a plain map through random updates that end
// well or not, ranges, ids, closing and crashes.
func TestModel(t *testing.T) {
	t.Parallel()
	for range storagetest.Rounds(t) {
		rapid.Check(t, func(r *rapid.T) {
			m := &model{ctx: t.Context(), dir: t.TempDir(), want: newContents()}
			defer m.abandon()
			m.open(r)
			r.Repeat(map[string]func(*rapid.T){
				"update": m.update, "together": m.together, "range": m.ranges,
				"reopen": m.reopen, "crash": m.crash, "crash in an update": m.crashInside,
				"": m.same,
			})
		})
	}
}

// contents are what a store holds, as plain maps.
type contents struct {
	values map[slot]string
	ids    map[slot]core.ID // the last one of each institution and space
}

type slot struct {
	space core.Space
	key   string
}

func newContents() contents {
	return contents{values: map[slot]string{}, ids: map[slot]core.ID{}}
}

func (c contents) clone() contents { return contents{maps.Clone(c.values), maps.Clone(c.ids)} }

// model is a store, its files and what it should hold.
type model struct {
	ctx   context.Context
	dir   string
	files int
	path  string
	store *bolt.Store
	left  []*bolt.Store // after crashes
	want  contents
}

func (m *model) nextPath() string {
	m.files++
	return filepath.Join(m.dir, fmt.Sprintf("%d.db", m.files))
}

// open opens the present file, or makes one.
func (m *model) open(r *rapid.T) {
	if m.path == "" {
		m.path = m.nextPath()
	}
	store, err := bolt.Open(m.ctx, m.path, bolt.Options{NoSync: true, InitialMap: 1 << 20})
	if err != nil {
		r.Fatalf("open: %v", err)
	}
	m.store = store
}

func (m *model) abandon() {
	for _, store := range append(m.left, m.store) {
		if store != nil {
			_ = store.Close()
		}
	}
}

// write is one thing that an update does.
type write struct {
	At     slot
	Value  string
	Delete bool
	NewID  bool
}

// ends are the ways in which the function of an update comes to its end.
var ends = []string{"well", "well", "well", "well", "error", "panic", "cancel"}

func slots() *rapid.Generator[slot] {
	return rapid.Custom(func(r *rapid.T) slot {
		key := rapid.OneOf(rapid.StringMatching(`[a-c]{1,3}`), rapid.Just(string(bytes.Repeat([]byte("k"), 700))))
		return slot{rapid.SampledFrom([]core.Space{"one", "two"}).Draw(r, "space"), key.Draw(r, "key")}
	})
}

func writes() *rapid.Generator[[]write] {
	return rapid.SliceOfN(rapid.Custom(func(r *rapid.T) write {
		return write{
			At:     slots().Draw(r, "at"),
			Value:  string(bytes.Repeat([]byte{'v'}, rapid.SampledFrom([]int{0, 1, 10, 300, 5000}).Draw(r, "size"))),
			Delete: rapid.IntRange(0, 2).Draw(r, "delete") == 0,
			NewID:  rapid.IntRange(0, 5).Draw(r, "id") == 0,
		}
	}), 0, 15)
}

// do writes to the store and to the model of it.
func (w write) do(tx core.Tx, c contents) error {
	switch {
	case w.NewID:
		of := slot{w.At.space, fmt.Sprint(len(w.Value))}
		c.ids[of]++
		id, err := tx.NewID(core.ID(len(w.Value)), w.At.space)
		if err == nil && id != c.ids[of] {
			err = fmt.Errorf("got the id %d, want %d", id, c.ids[of])
		}
		return err
	case w.Delete:
		delete(c.values, w.At)
		return tx.Delete(w.At.space, []byte(w.At.key))
	}
	c.values[w.At] = w.Value
	return tx.Put(w.At.space, []byte(w.At.key), []byte(w.Value))
}

var errGivenUp = errors.New("given up by the test")

// submit does one update whose function comes to an end of some kind.
func (m *model) submit(end string, fn func(tx core.Tx) error) (err error) {
	ctx, cancel := context.WithCancel(m.ctx)
	defer cancel()
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("%w: %v", errGivenUp, value)
		}
	}()
	return m.store.Update(ctx, func(tx core.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		switch end {
		case "error":
			return errGivenUp
		case "panic":
			panic("given up")
		case "cancel":
			cancel()
		}
		return nil
	})
}

// given reports whether an update ended as it should.
func given(end string, err error) bool {
	switch end {
	case "well":
		return err == nil
	case "cancel":
		return errors.Is(err, context.Canceled)
	}
	return errors.Is(err, errGivenUp)
}

func (m *model) update(r *rapid.T) {
	all, end := writes().Draw(r, "writes"), rapid.SampledFrom(ends).Draw(r, "end")
	var after contents
	err := m.submit(end, func(tx core.Tx) error {
		after = m.want.clone()
		return after.doAll(tx, all)
	})
	if !given(end, err) {
		r.Fatalf("ended %s: %v", end, err)
	}
	if err == nil {
		m.want = after
	}
}

// doAll writes, and reads its writes.
func (c contents) doAll(tx core.Tx, all []write) error {
	for _, w := range all {
		if err := w.do(tx, c); err != nil {
			return err
		}
	}
	return c.equal(tx)
}

// together does updates of keys of their own at once: the order doesn't matter.
func (m *model) together(r *rapid.T) {
	all := rapid.SliceOfN(rapid.SampledFrom(ends), 2, 6).Draw(r, "ends")
	own := func(i int) slot { return slot{"one", fmt.Sprint("own", i)} }
	errs := make([]error, len(all))
	var running sync.WaitGroup
	for i, end := range all {
		running.Go(func() {
			errs[i] = m.submit(end, func(tx core.Tx) error {
				return tx.Put(own(i).space, []byte(own(i).key), []byte(end))
			})
		})
	}
	running.Wait()
	for i, end := range all {
		if !given(end, errs[i]) {
			r.Fatalf("update %d, which ends %s: %v", i, end, errs[i])
		}
		if end == "well" {
			m.want.values[own(i)] = end
		}
	}
}

// reopen closes the store properly.
func (m *model) reopen(r *rapid.T) {
	if err := m.store.Close(); err != nil {
		r.Fatalf("close: %v", err)
	}
	m.open(r)
}

// crash goes on with the file as it is on disk, and without the process that
// wrote it.
func (m *model) crash(r *rapid.T) {
	path := m.nextPath()
	if err := copyFile(path, m.path); err != nil {
		r.Fatalf("%v", err)
	}
	m.goOn(r, path)
}

// crashInside is a crash while an update is in its function: it never was.
func (m *model) crashInside(r *rapid.T) {
	all, path := writes().Draw(r, "writes"), m.nextPath()
	err := m.store.Update(m.ctx, func(tx core.Tx) error {
		if err := m.want.clone().doAll(tx, all); err != nil {
			return err
		}
		return copyFile(path, m.path)
	})
	if err != nil {
		r.Fatalf("%v", err)
	}
	m.goOn(r, path)
}

func (m *model) goOn(r *rapid.T, path string) {
	m.left = append(m.left, m.store)
	m.path = path
	m.open(r)
}

func copyFile(to, from string) error {
	raw, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, raw, 0o600)
}

// same holds the store against the model.
func (m *model) same(r *rapid.T) {
	if err := m.store.View(m.ctx, m.want.equal); err != nil {
		r.Fatalf("%v", err)
	}
}

// ranges reads a part of a space, both ways.
func (m *model) ranges(r *rapid.T) {
	from, to := slots().Draw(r, "from"), slots().Draw(r, "to")
	err := m.store.View(m.ctx, func(v core.View) error {
		return m.want.equalWithin(v, from.space, from.key, to.key)
	})
	if err != nil {
		r.Fatalf("from %q to %q: %v", from.key, to.key, err)
	}
}

func (c contents) equal(v core.View) error {
	for at, want := range c.values {
		got, err := v.Get(at.space, []byte(at.key))
		if err != nil {
			return err
		}
		if string(got) != want || got == nil {
			return fmt.Errorf("under %s/%s are %d bytes, want %d", at.space, at.key, len(got), len(want))
		}
	}
	return errors.Join(c.equalWithin(v, "one", "", ""), c.equalWithin(v, "two", "", ""))
}

func (c contents) equalWithin(v core.View, space core.Space, from, to string) error {
	var want []string
	for at := range c.values {
		if at.space == space && at.key >= from && (to == "" || at.key < to) {
			want = append(want, at.key)
		}
	}
	slices.Sort(want)
	up, err := keysOf(v.Ascend, space, from, to)
	down, backErr := keysOf(v.Descend, space, from, to)
	slices.Reverse(down)
	if err := errors.Join(err, backErr); err != nil {
		return err
	}
	if !slices.Equal(up, want) || !slices.Equal(down, want) {
		return fmt.Errorf("in %s: up %.200q, down %.200q, want %.200q", space, up, down, want)
	}
	return nil
}

type walk func(space core.Space, from, to []byte, fn func(key, value []byte) error) error

func keysOf(walk walk, space core.Space, from, to string) (keys []string, err error) {
	err = walk(space, []byte(from), []byte(to), func(key, _ []byte) error {
		keys = append(keys, string(key))
		return nil
	})
	return keys, err
}
