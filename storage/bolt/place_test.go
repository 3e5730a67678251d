package bolt

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// linkless is a file system without second names.
func linkless(from, to string) error {
	return &os.LinkError{Op: "link", Old: from, New: to, Err: syscall.EPERM}
}

func TestPlaceReplacesNothing(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]func(from, to string) error{"with links": os.Link, "without": linkless} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "file")
			for i, text := range []string{"first", "second"} {
				draft := filepath.Join(dir, text)
				if err := os.WriteFile(draft, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				if err := placeBy(link, draft, path); errors.Is(err, fs.ErrExist) != (i == 1) || i == 0 && err != nil {
					t.Errorf("%s: %v", text, err)
				}
			}
			if raw, err := os.ReadFile(path); string(raw) != "first" || err != nil {
				t.Errorf("it holds %q, %v", raw, err)
			}
		})
	}
}

func TestKeepLeavesBoth(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]func(from, to string) error{"with links": os.Link, "without": linkless} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := keepBy(link, path, path+".kept"); err != nil {
				t.Error(err)
			}
			for _, path := range []string{path, path + ".kept"} {
				if raw, err := os.ReadFile(path); string(raw) != "text" || err != nil {
					t.Errorf("%s holds %q, %v", path, raw, err)
				}
			}
		})
	}
}

// TestTheNoteOfTheNextIsLeft has another hold the file that took the place of a
// store's when that store is closed.
func TestTheNoteOfTheNextIsLeft(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	options := Options{NoSync: true, InitialMap: 1 << 20, LockWait: 1}
	s, err := Open(t.Context(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path, path+".kept"); err != nil {
		t.Fatal(err)
	}
	next, err := Open(t.Context(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	_, err = Open(t.Context(), path, options)
	var locked *LockedError
	if !errors.As(err, &locked) || locked.Holder.PID != os.Getpid() {
		t.Errorf("the holder isn't named: %v", err)
	}
	if err := next.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(notePath(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a note is left: %v", err)
	}
}
