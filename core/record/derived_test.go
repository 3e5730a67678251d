package record_test

import (
	"errors"
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/record"
	"willcall/storage/storagetest"
)

// roll is a projection that reads what it derives in every way there is: a line
// for each name, and all of them from both ends.
type roll struct{}

const (
	names core.Space = "names"
	lines core.Space = "names.lines"
	ends  core.Space = "names.ends"
)

func (roll) Name() string          { return "roll" }
func (roll) Version() uint64       { return 1 }
func (roll) Sources() []core.Space { return []core.Space{names} }
func (roll) Derived() []core.Space { return []core.Space{lines, ends} }

// Apply implements [core.Projection].
func (r roll) Apply(tx core.Tx, changed []core.Touch) error {
	for _, touch := range changed {
		key := []byte(touch.Key)
		// Written, taken back and written again, as a correction would.
		err := errors.Join(tx.Put(lines, key, []byte("?")), tx.Delete(lines, key), tx.Put(lines, key, []byte("line of "+touch.Key)))
		if err != nil {
			return err
		}
	}
	var up, down []byte
	err := errors.Join(
		tx.Ascend(lines, []byte("a"), []byte("c"), func(key, _ []byte) error {
			up = append(up, key...)
			return nil
		}),
		tx.Descend(lines, nil, nil, func(key, value []byte) error {
			if down = append(down, value...); string(key) == "b" {
				return core.Stop
			}
			return nil
		}))
	return errors.Join(err, tx.Put(ends, []byte("up"), up), tx.Put(ends, []byte("down"), down))
}

// TestWhatIsDerivedIsHeldAgainstItsSources, where it stands as it should and
// where it doesn't.
func TestWhatIsDerivedIsHeldAgainstItsSources(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	put := func(space core.Space, key, value string) {
		err := store.Update(t.Context(), func(tx core.Tx) error { return tx.Put(space, []byte(key), []byte(value)) })
		if err != nil {
			t.Fatal(err)
		}
	}
	found := func() (all []string, mends []record.Finding) {
		err := store.View(t.Context(), func(v core.View) error {
			mends = nil
			return record.ExamineDerived(v, roll{}, func(f record.Finding) error {
				mends = append(mends, f)
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range mends {
			all = append(all, f.Fault.String()+" "+string(f.Key))
		}
		slices.Sort(all)
		return all, mends
	}
	for _, name := range []string{"a", "b", "c"} {
		put(names, name, "")
	}
	put(lines, "a", "line of a")
	put(lines, "b", "line of another")
	put(lines, "d", "line of d")
	put(ends, "up", "ab")
	all, wrong := found()
	if want := []string{"missing c", "missing down", "stray d", "wrong b"}; !slices.Equal(all, want) {
		t.Errorf("found %q, want %q", all, want)
	}
	mend(t, store, wrong)
	put(ends, "down", "line of cline of b")
	if all, _ := found(); len(all) > 0 {
		t.Errorf("found %q where all stands as it should", all)
	}
}
