package bolt_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"willcall/core"
	"willcall/storage/bolt"
)

const things core.Space = "things"

// quick are options for tests: no syncing, a fixed clock. A process that is being
// started by another test holds copies of all open files for a moment: the wait
// outlasts it.
func quick() bolt.Options {
	return bolt.Options{
		NoSync: true, InitialMap: 1 << 20, LockWait: 2 * time.Second,
		Wall: func() time.Time { return time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC) },
	}
}

func open(t *testing.T, path string, options bolt.Options) *bolt.Store {
	t.Helper()
	store, err := bolt.Open(t.Context(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, store) })
	return store
}

func closeStore(t *testing.T, store *bolt.Store) {
	t.Helper()
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

func put(ctx context.Context, store core.Store, key string, value []byte) error {
	return store.Update(ctx, func(tx core.Tx) error { return tx.Put(things, []byte(key), value) })
}

// filled makes a closed store of several pages and gives its path.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	store := open(t, path, quick())
	for i := range 20 {
		if err := put(t.Context(), store, fmt.Sprint(i), make([]byte, 3000)); err != nil {
			t.Fatal(err)
		}
	}
	closeStore(t, store)
	return path
}

func TestReopeningKeepsEverything(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	for want := core.ID(1); want <= 3; want++ {
		store := open(t, path, quick())
		err := store.Update(t.Context(), func(tx core.Tx) error {
			id, err := tx.NewID(1, things)
			if id != want {
				t.Errorf("id %d after %d openings", id, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		closeStore(t, store)
	}
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "store.db")
	store := open(t, path, quick())
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 2 {
		t.Fatalf("an open store has the files %v, %v; want the store and its note", entries, err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", entry.Name(), info.Mode())
		}
	}
	closeStore(t, store)
	if _, err := os.Stat(path + ".lock"); err == nil {
		t.Error("the note of the holder outlives the store")
	}
}

func TestSecondOpenNamesTheHolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	store := open(t, path, quick())
	_, err := bolt.Open(t.Context(), path, quick())
	var locked *bolt.LockedError
	if !errors.Is(err, bolt.ErrLocked) || !errors.As(err, &locked) {
		t.Fatalf("a second open: %v", err)
	}
	want := bolt.Holder{PID: os.Getpid(), Started: quick().Wall()}
	if locked.Holder != want {
		t.Errorf("the holder is %+v, want %+v", locked.Holder, want)
	}
	says := fmt.Sprintf("by process %d since 2026-11-21T18:00:00Z", os.Getpid())
	if !strings.Contains(err.Error(), says) {
		t.Errorf("%q doesn't say %q", err, says)
	}
	closeStore(t, store)
	open(t, path, quick())
}

func TestSecondOpenWithoutANote(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	open(t, path, quick())
	if err := os.WriteFile(path+".lock", []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := bolt.Open(t.Context(), path, quick())
	if !errors.Is(err, bolt.ErrLocked) || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a second open without a readable note: %v", err)
	}
}

func TestOpenWaitsForTheLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	first := open(t, path, quick())
	options := quick()
	options.LockWait = time.Minute
	opened := make(chan error)
	go func() {
		second, err := bolt.Open(t.Context(), path, options)
		if err == nil {
			err = second.Close()
		}
		opened <- err
	}()
	closeStore(t, first)
	if err := <-opened; err != nil {
		t.Errorf("open after the first let go: %v", err)
	}
}

func TestCancellingEndsTheWaitForTheLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	open(t, path, quick())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	options := quick()
	options.LockWait = time.Hour
	if _, err := bolt.Open(ctx, path, options); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled open: %v", err)
	}
}

func TestOpenRefusesWhatIsNoStore(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"an empty file": {nil, bolt.ErrEmpty},
		"a short file":  {[]byte("hello"), bolt.ErrForeign},
		"another file":  {[]byte(strings.Repeat("SQLite format 3\x00", 4096)), bolt.ErrForeign},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "store.db")
			if err := os.WriteFile(path, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
			expectRefusal(t, path, c.want)
			after, err := os.ReadFile(filepath.Clean(path))
			if err != nil || string(after) != string(c.content) {
				t.Errorf("the refused file was changed (%v)", err)
			}
		})
	}
}

// expectRefusal opens a file to work with it, and to read it, where that isn't
// refused less.
func expectRefusal(t *testing.T, path string, want error) {
	t.Helper()
	if !errors.Is(want, bolt.ErrDamaged) {
		reader, err := bolt.OpenReader(t.Context(), path, quick())
		if err == nil {
			err = reader.Close()
		}
		if !errors.Is(err, want) {
			t.Errorf("open to read gave %v, want %v", err, want)
		}
	}
	store, err := bolt.Open(t.Context(), path, quick())
	if err == nil {
		closeStore(t, store)
	}
	if !errors.Is(err, want) {
		t.Errorf("open gave %v, want %v", err, want)
	}
}

func TestOpenRefusesAFolder(t *testing.T) {
	t.Parallel()
	expectRefusal(t, t.TempDir(), bolt.ErrForeign)
}

func TestOpenRefusesAnotherProgramsStore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	expectRefusal(t, path, bolt.ErrForeign)
}

func TestOpenRefusesACutFile(t *testing.T) {
	t.Parallel()
	page := int64(os.Getpagesize())
	for _, size := range []int64{page + 10, 2 * page, 3*page + 1, 8 * page} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			path := filled(t)
			if err := os.Truncate(path, size); err != nil {
				t.Fatal(err)
			}
			expectRefusal(t, path, bolt.ErrTruncated)
		})
	}
}

// spoil rewrites a file as change leaves its content.
func spoil(t *testing.T, path string, change func(raw []byte)) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	change(raw)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestOpenRefusesADamagedFile spoils the header of every page but the first
// two, the free list's among them, which bbolt answers with a panic.
func TestOpenRefusesADamagedFile(t *testing.T) {
	t.Parallel()
	path := filled(t)
	spoil(t, path, func(raw []byte) {
		for page := 2 * os.Getpagesize(); page < len(raw); page += os.Getpagesize() {
			binary.NativeEndian.PutUint16(raw[page+8:], 0x40)
		}
	})
	expectRefusal(t, path, bolt.ErrDamaged)
}

func TestOpenRefusesBrokenMetaPages(t *testing.T) {
	t.Parallel()
	path := filled(t)
	spoil(t, path, func(raw []byte) {
		for page := range 2 {
			raw[page*os.Getpagesize()+64] ^= 0xff // in the transaction id, so the checksum fails
		}
	})
	expectRefusal(t, path, bolt.ErrDamaged)
}

func TestFullStoreTakesNothingAndGoesOn(t *testing.T) {
	t.Parallel()
	options := quick()
	options.MaxSize = 1 << 20
	store := open(t, filepath.Join(t.TempDir(), "store.db"), options)
	if err := put(t.Context(), store, "before", []byte("kept")); err != nil {
		t.Fatal(err)
	}
	err := put(t.Context(), store, "large", make([]byte, 4<<20))
	if !errors.Is(err, core.ErrFull) || core.CodeOf(err) != core.CodeFull {
		t.Errorf("beyond the size limit: %v", err)
	}
	if err := put(t.Context(), store, "after", []byte("kept")); err != nil {
		t.Errorf("a small update after a refused one: %v", err)
	}
	err = store.View(t.Context(), func(v core.View) error {
		for key, want := range map[string]string{"before": "kept", "large": "", "after": "kept"} {
			if got, err := v.Get(things, []byte(key)); err != nil || string(got) != want {
				t.Errorf("%s: %d bytes, %v", key, len(got), err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRevisionRisesWithWritesOnly(t *testing.T) {
	t.Parallel()
	store := open(t, filepath.Join(t.TempDir(), "store.db"), quick())
	var heard []uint64
	defer store.Watch(func(c core.Commit) { heard = append(heard, c.Revision) })()
	for _, fn := range []func(core.Tx) error{
		func(tx core.Tx) error { return tx.Put(things, []byte("a"), nil) },
		func(core.Tx) error { return nil },
		func(tx core.Tx) error { tx.Emit(core.Event{Institution: 1}); return nil },
		func(tx core.Tx) error { return tx.Delete(things, []byte("missing")) },
		func(tx core.Tx) error { return tx.Delete(things, []byte("a")) },
	} {
		if err := store.Update(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	if got := fmt.Sprint(heard); got != "[1 1 2]" {
		t.Errorf("revisions %s, want [1 1 2]", got)
	}
}

func TestUpdateFromAWatcherIsRefused(t *testing.T) {
	t.Parallel()
	store := open(t, filepath.Join(t.TempDir(), "store.db"), quick())
	var err error
	defer store.Watch(func(core.Commit) { err = put(t.Context(), store, "b", nil) })()
	if err := put(t.Context(), store, "a", nil); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(err, core.ErrNested) {
		t.Errorf("an update from a watcher: %v", err)
	}
}

func TestUpdateOfAnotherStoreIsNotNested(t *testing.T) {
	t.Parallel()
	one := open(t, filepath.Join(t.TempDir(), "one.db"), quick())
	two := open(t, filepath.Join(t.TempDir(), "two.db"), quick())
	err := one.Update(t.Context(), func(core.Tx) error { return put(t.Context(), two, "a", nil) })
	if err != nil {
		t.Errorf("an update of another store: %v", err)
	}
}

func TestBadNamesAndKeysAreRefused(t *testing.T) {
	t.Parallel()
	store := open(t, filepath.Join(t.TempDir(), "store.db"), quick())
	for _, c := range []struct {
		space core.Space
		key   string
	}{{"", "a"}, {"\x00willcall", "layout"}, {things, ""}, {things, strings.Repeat("k", 1<<16)}} {
		err := store.Update(t.Context(), func(tx core.Tx) error { return tx.Put(c.space, []byte(c.key), nil) })
		if err == nil {
			t.Errorf("put into %q under a key of %d bytes went well", c.space, len(c.key))
		}
	}
}
