package bolt_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"willcall/core"
	"willcall/storage/bolt"
)

// check gives what the checker reports of an open store.
func check(t *testing.T, store *bolt.Store) (reports []error) {
	t.Helper()
	err := store.Check(t.Context(), func(err error) { reports = append(reports, err) })
	if err != nil {
		t.Fatal(err)
	}
	return reports
}

func TestCheckOfAWholeStore(t *testing.T) {
	t.Parallel()
	store := open(t, filled(t), quick())
	if reports := check(t, store); len(reports) > 0 {
		t.Errorf("a whole store: %v", reports)
	}
	if err := put(t.Context(), store, "after", nil); err != nil {
		t.Errorf("a write after a check: %v", err)
	}
}

// spoilt makes a store of many small keys, with one page of them spoilt by
// change, and opens it.
func spoilt(t *testing.T, change func(page []byte)) *bolt.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	store := open(t, path, quick())
	for i := range 3 {
		err := store.Update(t.Context(), func(tx core.Tx) error {
			for k := range 200 {
				if err := tx.Put(things, fmt.Appendf(nil, "%d-%04d", i, k), make([]byte, 40)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	closeStore(t, store)
	spoil(t, path, func(raw []byte) {
		size := os.Getpagesize()
		for at := len(raw) - size; at > 0; at -= size {
			page := raw[at : at+size]
			if binary.NativeEndian.Uint16(page[8:]) == 2 && binary.NativeEndian.Uint16(page[10:]) > 20 {
				change(page)
			}
		}
	})
	return open(t, path, quick())
}

func TestCheckReportsDamage(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(page []byte){
		"keys out of order":      func(page []byte) { copy(page[len(page)/2:], "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz") },
		"another kind of page":   func(page []byte) { binary.NativeEndian.PutUint16(page[8:], 0x40) },
		"a key beyond the file":  func(page []byte) { binary.NativeEndian.PutUint32(page[16+4:], 1<<30) },
		"a value beyond the end": func(page []byte) { binary.NativeEndian.PutUint32(page[16+12:], 1<<28) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := spoilt(t, change)
			reports := check(t, store)
			if len(reports) == 0 {
				t.Fatal("nothing was reported")
			}
			for _, report := range reports {
				if !errors.Is(report, core.ErrDamaged) {
					t.Errorf("reported is %v", report)
				}
			}
		})
	}
}

func TestACancelledCheckEnds(t *testing.T) {
	t.Parallel()
	store := open(t, filled(t), quick())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := store.Check(ctx, func(err error) { t.Errorf("reported %v", err) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled check: %v", err)
	}
}

func TestCheckOfAClosedStore(t *testing.T) {
	t.Parallel()
	store := open(t, filled(t), quick())
	closeStore(t, store)
	if err := store.Check(t.Context(), func(error) {}); !errors.Is(err, core.ErrClosed) {
		t.Errorf("a closed store: %v", err)
	}
}
