package bolt_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"willcall/core"
	"willcall/storage/bolt"
)

const kib, mib = 1 << 10, 1 << 20

// hours is a clock on which an hour passes between two looks, so that every
// measurement is past when the next is asked for.
func hours() core.Wall {
	var looks atomic.Int64
	return func() time.Time {
		return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC).Add(time.Duration(looks.Add(1)) * time.Hour)
	}
}

// spacious are options of a small store with a reserve, whatever the disk.
func spacious() bolt.Options {
	options := quick()
	options.Reserve, options.Wall = mib, hours()
	return options
}

func remove(t *testing.T, store core.Store, key string) error {
	t.Helper()
	return store.Update(t.Context(), func(tx core.Tx) error { return tx.Delete(things, []byte(key)) })
}

// fillUntil puts values of a size until stop, and gives how many were saved.
func fillUntil(t *testing.T, store core.Store, size int, stop func(error) bool) int {
	t.Helper()
	for n := range math.MaxInt {
		err := put(t.Context(), store, fmt.Sprintf("filled %06d", n), make([]byte, size))
		if stop(err) {
			if err == nil {
				n++
			}
			return n
		}
		if err != nil {
			t.Fatalf("value %d: %v", n, err)
		}
	}
	return 0
}

// expectFilled holds that exactly the first n values are there.
func expectFilled(t *testing.T, store core.Store, n, size int) {
	t.Helper()
	found := 0
	err := store.View(t.Context(), func(v core.View) error {
		return v.Ascend(things, nil, nil, func(key, value []byte) error {
			if want := fmt.Sprintf("filled %06d", found); string(key) != want || len(value) != size {
				t.Errorf("%q of %d bytes instead of %q", key, len(value), want)
			}
			found++
			return nil
		})
	})
	if err != nil || found != n {
		t.Errorf("%d of %d values, %v", found, n, err)
	}
}

func TestTheReserveIsMadeAtOpenAndStays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	for range 2 {
		store, err := bolt.Open(t.Context(), path, spacious())
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(dir, "store.reserve"))
		if err != nil || info.Size() != mib || info.Mode().Perm() != 0o600 {
			t.Errorf("the reserve is %v, %v", info, err)
		}
		if r := store.Room(); r.Spent || r.NoReserve || r.Free <= 0 || r.Size <= 0 || r.Limit != 8<<30 {
			t.Errorf("with a reserve: %+v", r)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnUnfinishedReserveIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	reserve := filepath.Join(dir, "store.reserve")
	if err := os.WriteFile(reserve, make([]byte, 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, filepath.Join(dir, "store.db"), spacious())
	if info, err := os.Stat(reserve); err != nil || info.Size() != mib {
		t.Errorf("the reserve is %v, %v", info, err)
	}
}

func TestNoReserveWhereItIsNotAskedForOrDoesNotHelp(t *testing.T) {
	t.Parallel()
	for name, reserve := range map[string]int64{"without sync": 0, "unwanted": -1, "larger than the disk": 1 << 50} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := spacious()
			options.Reserve = reserve
			dir := t.TempDir()
			if r := open(t, filepath.Join(dir, "store.db"), options).Room(); !r.NoReserve || r.Spent {
				t.Errorf("without a reserve: %+v", r)
			}
			if _, err := os.Stat(filepath.Join(dir, "store.reserve")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("there is a reserve: %v", err)
			}
		})
	}
}

func TestALostReserveIsMadeAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := open(t, filepath.Join(dir, "store.db"), spacious())
	if err := os.Remove(filepath.Join(dir, "store.reserve")); err != nil {
		t.Fatal(err)
	}
	if r := store.Room(); r.Spent {
		t.Errorf("without its reserve: %+v", r)
	}
	if err := put(t.Context(), store, "k", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "store.reserve")); err != nil {
		t.Error(err)
	}
}

// TestRemovingWorksAtTheLimit fills a store until it says that it is spent, as
// the desk would heed, removes everything one by one, and fills it again.
func TestRemovingWorksAtTheLimit(t *testing.T) {
	t.Parallel()
	for size, limit := range map[int]int{600: mib, 3000: mib, 40_000: 4 * mib} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			options := spacious()
			options.MaxSize = limit
			store := open(t, filepath.Join(t.TempDir(), "store.db"), options)
			spent := func(err error) bool { return errors.Is(err, core.ErrFull) || store.Room().Spent }
			first := fillUntil(t, store, size, spent)
			expectFilled(t, store, first, size)
			if !store.Room().Spent {
				t.Error("full, and not spent")
			}
			for n := range first {
				if err := remove(t, store, fmt.Sprintf("filled %06d", n)); err != nil {
					t.Fatalf("remove %d of %d: %v", n, first, err)
				}
			}
			if r := store.Room(); r.Spent || r.Size > r.Limit || r.Reusable < r.Size/2 {
				t.Errorf("after removing everything: %+v", r)
			}
			if again := fillUntil(t, store, size, spent); again < first*9/10 {
				t.Errorf("%d values had room before, %d after", first, again)
			}
		})
	}
}

// TestTheLimitHoldsBackEnough writes on where the desk would not, until bbolt
// itself refuses.
func TestTheLimitHoldsBackEnough(t *testing.T) {
	t.Parallel()
	options := spacious()
	options.MaxSize = 4 * mib
	path := filepath.Join(t.TempDir(), "store.db")
	store := open(t, path, options)
	spent := fillUntil(t, store, 3000, func(error) bool { return store.Room().Spent })
	var full error
	n := spent
	for ; full == nil; n++ {
		full = put(t.Context(), store, fmt.Sprintf("filled %06d", n), make([]byte, 3000))
	}
	if core.CodeOf(full) != core.CodeFull {
		t.Errorf("at the end: %v", full)
	}
	expectFilled(t, store, n-1, 3000)
	if behind := n - 1 - spent; behind < 20 {
		t.Errorf("only %d values had room behind the mark", behind)
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 4*mib {
		t.Errorf("the file has %d bytes, %v", info.Size(), err)
	}
}

func TestReusableIsWhatWasRemoved(t *testing.T) {
	t.Parallel()
	store := open(t, filepath.Join(t.TempDir(), "store.db"), spacious())
	if err := put(t.Context(), store, "large", make([]byte, 2*mib)); err != nil {
		t.Fatal(err)
	}
	before := store.Room()
	if err := remove(t, store, "large"); err != nil {
		t.Fatal(err)
	}
	after := store.Room()
	if grown := after.Reusable - before.Reusable; grown < 2*mib || grown > 2*mib+64*kib || after.Size < 2*mib {
		t.Errorf("removing 2 MiB made %d bytes reusable: %+v", grown, after)
	}
}

func TestRoomIsMeasuredInsideAnUpdateAndKnownAfterTheEnd(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	store := open(t, filepath.Join(dir, "store.db"), spacious())
	err := store.Update(t.Context(), func(tx core.Tx) error {
		if r := store.Room(); r.Size <= 0 {
			t.Errorf("inside: %+v", r)
		}
		return tx.Put(things, []byte("k"), []byte("v"))
	})
	if err != nil {
		t.Fatal(err)
	}
	last := store.Room()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if r := store.Room(); r != last || r.Size <= 0 {
		t.Errorf("after the end: %+v, %+v before", r, last)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error("asking a closed store for its room wrote into its folder")
	}
}
