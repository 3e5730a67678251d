package bolt_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"willcall/core"
	"willcall/storage/bolt"
)

// toCopy is a store with n pairs, each of the same value under two keys, and as
// many deleted ones that held a name.
func toCopy(t *testing.T, n int) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), bolt.Options{NoSync: true, InitialMap: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	update(t, s, func(tx core.Tx) error {
		for i := range n {
			if err := putPair(tx, i, "first"); err != nil {
				return err
			}
			if err := tx.Put("gone", pairKey(i), []byte("Zebulon Quackenbush")); err != nil {
				return err
			}
		}
		return nil
	})
	update(t, s, func(tx core.Tx) error {
		for i := range n {
			if err := tx.Delete("gone", pairKey(i)); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func update(t *testing.T, s *bolt.Store, fn func(core.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func pairKey(i int) []byte { return fmt.Appendf(nil, "%08d", i) }

func putPair(tx core.Tx, i int, value string) error {
	return errors.Join(tx.Put("left", pairKey(i), []byte(value)), tx.Put("right", pairKey(i), []byte(value)))
}

func TestCopyIsOneStateWhileOthersWrite(t *testing.T) {
	t.Parallel()
	const n = 2000
	s := toCopy(t, n)
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for round := 0; ctx.Err() == nil; round++ {
				_ = s.Update(ctx, func(tx core.Tx) error {
					for i := w; i < n; i += 97 {
						if err := putPair(tx, i, fmt.Sprintf("writer %d round %d", w, round)); err != nil {
							return err
						}
					}
					return nil
				})
			}
		})
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	err := s.Copy(t.Context(), path, func(done, of int64) {
		if done < 0 || done > of {
			t.Errorf("%d of %d", done, of)
		}
	})
	stop()
	writers.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy is %v, %v", info, err)
	}
	if err := bolt.CheckFile(t.Context(), path); err != nil {
		t.Error(err)
	}
	if got := pairsOf(t, path); got != n {
		t.Errorf("%d pairs, want %d", got, n)
	}
	alone(t, path)
}

// pairsOf counts the pairs in a file, and holds their halves against each other.
func pairsOf(t *testing.T, path string) (n int) {
	t.Helper()
	s, err := bolt.Open(t.Context(), path, bolt.Options{NoSync: true, InitialMap: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(v core.View) error {
		return v.Ascend("left", nil, nil, func(key, value []byte) error {
			n++
			other, err := v.Get("right", key)
			if !bytes.Equal(value, other) {
				t.Errorf("%s: %q and %q", key, value, other)
			}
			return err
		})
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return n
}

// alone checks that nothing but path is in its folder.
func alone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(path) {
			t.Errorf("%s was left", e.Name())
		}
	}
}

func TestCopyHoldsNothingThatWasDeleted(t *testing.T) {
	t.Parallel()
	s := toCopy(t, 500)
	dir := t.TempDir()
	if err := s.Copy(t.Context(), filepath.Join(dir, "copy.db"), func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "copy.db"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("Quackenbush")) || !bytes.Contains(raw, []byte("first")) {
		t.Error("the copy holds a deleted value, or not a kept one")
	}
}

func TestCopyKeepsCounters(t *testing.T) {
	t.Parallel()
	s := toCopy(t, 1)
	var last core.ID
	next := func(s *bolt.Store) {
		update(t, s, func(tx core.Tx) (err error) {
			last, err = tx.NewID(3, "left")
			return err
		})
	}
	next(s)
	next(s)
	path, done, of := filepath.Join(t.TempDir(), "copy.db"), int64(0), int64(0)
	if err := s.Copy(t.Context(), path, func(n, all int64) { done, of = n, all }); err != nil {
		t.Fatal(err)
	}
	if done != of || of == 0 {
		t.Errorf("at the end %d of %d bytes were done", done, of)
	}
	second, err := bolt.Open(t.Context(), path, bolt.Options{NoSync: true, InitialMap: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = second.Close() }()
	if next(second); last != 3 {
		t.Errorf("the next id is %d, want 3", last)
	}
}

func TestCopyLeavesNothingWhereItEndsEarly(t *testing.T) {
	t.Parallel()
	s := toCopy(t, 20_000)
	for at := range 8 {
		ctx, cancel := context.WithCancel(t.Context())
		path := filepath.Join(t.TempDir(), "copy.db")
		told := 0
		err := s.Copy(ctx, path, func(int64, int64) {
			if told++; told > at {
				cancel()
			}
		})
		cancel()
		if _, exists := os.Stat(path); err == nil != (exists == nil) {
			t.Errorf("ended at %d: %v, and the file: %v", at, err, exists)
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("ended at %d: %v", at, err)
		}
		alone(t, path)
	}
}

func TestCopyReplacesNothing(t *testing.T) {
	t.Parallel()
	s := toCopy(t, 1)
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Copy(t.Context(), path, func(int64, int64) {}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	if raw, err := os.ReadFile(path); err != nil || string(raw) != "mine" {
		t.Errorf("the file holds %q, %v", raw, err)
	}
}

// TestACopyThatIsNotWholeIsNotKept damages what was written of it while the rest
// is.
func TestACopyThatIsNotWholeIsNotKept(t *testing.T) {
	t.Parallel()
	s, err := bolt.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), bolt.Options{NoSync: true, InitialMap: 1 << 26})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	update(t, s, func(tx core.Tx) error {
		for i := range 20 {
			if err := tx.Put("large", pairKey(i), bytes.Repeat([]byte{byte(i)}, 1<<20)); err != nil {
				return err
			}
		}
		return nil
	})
	dir, broken := t.TempDir(), false
	path := filepath.Join(dir, "copy.db")
	err = s.Copy(t.Context(), path, func(done, of int64) {
		if !broken && done < of && done > of*9/10 {
			broken = spoilLeaf(t, path+".part")
		}
	})
	left, readErr := os.ReadDir(dir)
	if !errors.Is(err, core.ErrDamaged) || !broken || len(left) > 0 || readErr != nil {
		t.Errorf("copied (damaged: %t): %v; there is %v, %v", broken, err, left, readErr)
	}
}

// spoilLeaf changes the kind of the first page that holds values.
func spoilLeaf(t *testing.T, path string) bool {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	for at := 0; at+page <= len(raw); at += page {
		id, kind, more := binary.NativeEndian.Uint64(raw[at:]), raw[at+8], raw[at+12:at+16]
		if id == uint64(at/page) && kind == 2 && !bytes.Equal(more, make([]byte, 4)) {
			file, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err == nil {
				_, err = file.WriteAt([]byte{0xff}, int64(at)+8)
				err = errors.Join(err, file.Close())
			}
			if err != nil {
				t.Fatal(err)
			}
			return true
		}
	}
	return false
}

func TestCheckFileFindsDamage(t *testing.T) {
	t.Parallel()
	s := toCopy(t, 2000)
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Copy(t.Context(), path, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	pages, missed := len(whole)/page-2, 0
	for at := 2 * page; at < len(whole); at += page { // the flags of every page
		broken := bytes.Clone(whole)
		broken[at+8] ^= 0xff
		if err := os.WriteFile(path, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := bolt.CheckFile(t.Context(), path); err == nil {
			missed++
		}
	}
	// A new file begins with a root and a list of free pages that are free once
	// it has others.
	if missed > 2 {
		t.Errorf("%d of %d pages may have any flags", missed, pages)
	}
}
