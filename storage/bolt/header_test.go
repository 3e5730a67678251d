package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"willcall/core"
	"willcall/storage/bolt"
)

// breaks are what may be wrong with a copy of the header.
func breaks() map[string]func(page []byte) {
	return map[string]func(page []byte){
		"all of it":       func(page []byte) { copy(page, bytes.Repeat([]byte{0xa5}, len(page))) },
		"nothing there":   func(page []byte) { clear(page) },
		"the checksum":    func(page []byte) { page[72] ^= 1 },
		"its content":     func(page []byte) { page[40] ^= 1 },
		"the page's kind": func(page []byte) { page[8] ^= 1 },
		"its number":      func(page []byte) { page[0] ^= 1 },
	}
}

// readerOf opens a file to look at it alone, and closes it after fn.
func readerOf(t *testing.T, path string, fn func(r *bolt.Reader)) {
	t.Helper()
	r, err := bolt.OpenReader(t.Context(), path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fn(r)
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// valuesIn are the keys and values of things.
func valuesIn(t *testing.T, store interface {
	View(ctx context.Context, fn func(core.View) error) error
},
) (all []string) {
	t.Helper()
	err := store.View(t.Context(), func(v core.View) error {
		return v.Ascend(things, nil, nil, func(key, value []byte) error {
			all = append(all, string(key)+"="+string(value))
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestABrokenCopyOfTheHeaderIsToldAndMended also holds that nothing else is said
// to be wrong, and that saving mends it too.
func TestABrokenCopyOfTheHeaderIsToldAndMended(t *testing.T) {
	t.Parallel()
	for name, change := range breaks() {
		for id := range 2 {
			for way, mend := range map[string]func(*bolt.Store) error{
				"mending": func(s *bolt.Store) error { return s.MendHeader(t.Context()) },
				"saving": func(s *bolt.Store) error {
					return errors.Join(put(t.Context(), s, "a", nil), put(t.Context(), s, "b", nil))
				},
			} {
				t.Run(name+" "+way, func(t *testing.T) {
					t.Parallel()
					path, page := filled(t), os.Getpagesize()
					spoil(t, path, func(raw []byte) { change(raw[id*page : (id+1)*page]) })
					readerOf(t, path, func(r *bolt.Reader) {
						if broken := r.Header(); !slices.Equal(broken, []int{id + 1}) {
							t.Errorf("of copy %d it says %v", id+1, broken)
						}
						if err := r.Check(t.Context(), func(err error) { t.Error(err) }); err != nil {
							t.Error(err)
						}
					})
					store := open(t, path, quick())
					if err := mend(store); err != nil {
						t.Fatal(err)
					}
					closeStore(t, store)
					readerOf(t, path, func(r *bolt.Reader) {
						if broken := r.Header(); len(broken) > 0 {
							t.Errorf("%v are still broken", broken)
						}
					})
				})
			}
		}
	}
}

func TestMendingAHeaderChangesNothingElse(t *testing.T) {
	t.Parallel()
	store := open(t, filled(t), quick())
	told := 0
	defer store.Watch(func(c core.Commit) { told += len(c.Touched) })()
	before := valuesIn(t, store)
	if err := store.MendHeader(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := valuesIn(t, store); !slices.Equal(after, before) || told > 0 {
		t.Errorf("there are %d values, were %d; touched %d", len(after), len(before), told)
	}
}

// TestAReaderChangesNothing, reads what the store reads, keeps writers out and
// leaves no note.
func TestAReaderChangesNothing(t *testing.T) {
	t.Parallel()
	path := filled(t)
	store := open(t, path, quick())
	want := valuesIn(t, store)
	closeStore(t, store)
	before, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	readerOf(t, path, func(r *bolt.Reader) {
		if got := valuesIn(t, r); !slices.Equal(got, want) {
			t.Errorf("it reads %d values, want %d", len(got), len(want))
		}
		if version, err := r.Projected(t.Context(), "none"); version != 0 || err != nil {
			t.Errorf("a projection there never was is of version %d, %v", version, err)
		}
		short := quick()
		short.LockWait = 1
		if _, err := bolt.Open(t.Context(), path, short); !errors.Is(err, bolt.ErrLocked) {
			t.Errorf("beside it a store opens: %v", err)
		}
	})
	alone(t, path)
	if after, err := os.ReadFile(filepath.Clean(path)); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the file was changed (%v)", err)
	}
}

// TestAReaderChecksWhatDoesntOpen and doesn't read it.
func TestAReaderChecksWhatDoesntOpen(t *testing.T) {
	t.Parallel()
	path, page := filled(t), os.Getpagesize()
	spoil(t, path, func(raw []byte) { clear(raw[2*page:]) })
	readerOf(t, path, func(r *bolt.Reader) {
		found := 0
		if err := r.Check(t.Context(), func(error) { found++ }); err != nil || found == 0 {
			t.Errorf("the check found %d, %v", found, err)
		}
		if err := r.View(t.Context(), func(core.View) error { return nil }); !errors.Is(err, core.ErrDamaged) {
			t.Errorf("it is read: %v", err)
		}
	})
}
