package bolt

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"willcall/core"
)

// TestDraftIsLikeATransaction does the same to a space of a draft and to one of
// the file, and compares what is read of them.
func TestDraftIsLikeATransaction(t *testing.T) {
	t.Parallel()
	s := still(t)
	key := rapid.StringMatching(`[a-c]{1,3}`)
	rapid.Check(t, func(r *rapid.T) {
		serve(s, updates(t, func(tx core.Tx) error {
			plain, _ := tx.(*transaction)
			if err := plain.empty(things); err != nil {
				return err
			}
			d := newDraft(plain, []core.Space{copied})
			for range rapid.IntRange(0, 20).Draw(r, "writes") {
				k := []byte(key.Draw(r, "key"))
				for _, space := range []core.Space{things, copied} {
					if err := d.Put(space, k, slices.Clone(k)); err != nil {
						return err
					}
				}
			}
			from, to := rapid.SampledFrom([]string{"", "b", "bb"}).Draw(r, "from"), rapid.SampledFrom([]string{"", "b", "c"}).Draw(r, "to")
			for _, sweep := range []bool{false, true} {
				want, got := ranges(t, d, things, from, to, sweep), ranges(t, d, copied, from, to, sweep)
				if want != got {
					r.Errorf("from %q to %q the draft has %s, want %s", from, to, got, want)
				}
			}
			return errRefused
		})...)
	})
}

// ranges tells what is in a range and under its keys, upwards and downwards, and
// deletes what it sees on the way down if sweep says so.
func ranges(t *testing.T, tx core.Tx, space core.Space, from, to string, sweep bool) string {
	t.Helper()
	var all []byte
	note := func(key, value []byte) error {
		got, err := tx.Get(space, key)
		if !bytes.Equal(got, value) {
			t.Errorf("under %q is %q in a range and %q else", key, value, got)
		}
		all = fmt.Appendf(all, "%s=%s ", key, value)
		return err
	}
	err := tx.Ascend(space, []byte(from), []byte(to), note)
	if err == nil {
		err = tx.Descend(space, []byte(from), []byte(to), func(key, value []byte) error {
			if err := note(key, value); err != nil || !sweep {
				return err
			}
			return tx.Delete(space, key)
		})
	}
	if err == nil {
		err = tx.Ascend(space, nil, nil, note)
	}
	if err != nil {
		t.Error(err)
	}
	return string(all)
}

// TestNewProjectionFillsItsPages derives in an order that isn't the keys'.
func TestNewProjectionFillsItsPages(t *testing.T) {
	t.Parallel()
	s := still(t)
	serve(s, updates(t, func(tx core.Tx) error {
		for i := range 5000 {
			if err := tx.Put(things, fmt.Appendf(nil, "%05d", i*7919%5000), nil); err != nil {
				return err
			}
		}
		return nil
	}, func(tx core.Tx) error {
		return (&renewal{p: &copies{}, batch: renewBatch}).step(tx)
	})...)
	tx, err := s.begin(false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	stats := tx.Bucket([]byte(copied)).Stats()
	if stats.KeyN != 5000 || stats.LeafInuse*10 < stats.LeafAlloc*9 {
		t.Errorf("%d keys fill %d bytes of %d", stats.KeyN, stats.LeafInuse, stats.LeafAlloc)
	}
}
