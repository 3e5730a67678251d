package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/storage"
	"willcall/ui/text"
)

// wrecked is a data folder that isn't opened: what is done to it, and what the
// program says of it.
type wrecked struct {
	name   string
	do     func(dir string) error
	reason storage.Reason
	at     string // the file that is the cause; empty for the folder
}

func database(dir string) string { return filepath.Join(dir, storage.DatabaseName) }

func keyFile(dir string) string { return filepath.Join(dir, storage.KeyName) }

// rewritten changes the bytes of a database.
func rewritten(change func(raw []byte) []byte) func(dir string) error {
	return func(dir string) error {
		raw, err := os.ReadFile(database(dir))
		if err != nil {
			return err
		}
		return os.WriteFile(database(dir), change(raw), 0o600)
	}
}

func folderFor(path func(string) string) func(dir string) error {
	return func(dir string) error { return errors.Join(os.Remove(path(dir)), os.Mkdir(path(dir), 0o700)) }
}

func wrecks() []wrecked {
	const data, key = storage.DatabaseName, storage.KeyName
	both := 2 * os.Getpagesize()
	return []wrecked{
		{"empty", rewritten(func([]byte) []byte { return nil }), storage.ReasonEmpty, data},
		{"foreign", rewritten(func([]byte) []byte { return []byte("a letter") }), storage.ReasonForeign, data},
		{"cut off", rewritten(func(raw []byte) []byte { return raw[:both+1] }), storage.ReasonTruncated, data},
		{"no meta pages", rewritten(func(raw []byte) []byte { clear(raw[:both]); return raw }), storage.ReasonForeign, data},
		{"broken meta pages", rewritten(func(raw []byte) []byte {
			raw[64] ^= 1
			raw[64+os.Getpagesize()] ^= 1
			return raw
		}), storage.ReasonDamaged, data},
		{"database open to others", func(dir string) error { return os.Chmod(database(dir), 0o640) }, storage.ReasonFileMode, data}, //nolint:gosec // that is the fault
		{"key open to others", func(dir string) error { return os.Chmod(keyFile(dir), 0o604) }, storage.ReasonFileMode, key},        //nolint:gosec // as above
		{"folder open to others", func(dir string) error { return os.Chmod(dir, 0o770) }, storage.ReasonFolderMode, ""},             //nolint:gosec // that is the fault
		{"no key", func(dir string) error { return os.Remove(keyFile(dir)) }, storage.ReasonKeyMissing, key},
		{"short key", func(dir string) error { return os.Truncate(keyFile(dir), 31) }, storage.ReasonKeyBroken, key},
		{"another's key", func(dir string) error {
			return os.WriteFile(keyFile(dir), bytes.Repeat([]byte{7}, 32), 0o600)
		}, storage.ReasonKeyOther, key},
		{"database is a folder", folderFor(database), storage.ReasonNotFile, data},
		{"key is a folder", folderFor(keyFile), storage.ReasonNotFile, key},
		{"folder is a file", func(dir string) error {
			return errors.Join(os.RemoveAll(dir), os.WriteFile(dir, nil, 0o600))
		}, storage.ReasonNotFolder, ""},
		{"database lost", func(dir string) error { return os.Remove(database(dir)) }, storage.ReasonLost, data},
		{"database and key lost", func(dir string) error {
			return errors.Join(os.Remove(database(dir)), os.Remove(keyFile(dir)))
		}, storage.ReasonLost, data},
		{"database is a link to nowhere", func(dir string) error {
			return errors.Join(os.Remove(database(dir)), os.Symlink("gone", database(dir)))
		}, storage.ReasonLink, data},
		{"newer", func(dir string) error { return newerSchema(context.Background(), dir) }, storage.ReasonNewer, data},
	}
}

// newerSchema makes a database what a newer program would have made of it.
func newerSchema(ctx context.Context, dir string) error {
	store, err := storage.Open(ctx, dir, storage.Options{NoSync: true, InitialMap: 1 << 20})
	if err != nil {
		return err
	}
	err = store.Update(ctx, func(tx core.Tx) error {
		return tx.Put("meta", []byte("schema"), []byte{0, 0, 0, 0, 0, 0, 0, byte(storage.SchemaVersion() + 1)})
	})
	return errors.Join(err, store.Close())
}

// emptyHouse makes a data folder in which nothing is set up yet.
func emptyHouse(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	h, err := openHouse(t.Context(), storyOptions(dir, "", coretest.Random(7), core.SystemWall))
	check(t, err)
	check(t, h.close())
	return dir
}

func TestAFolderThatIsNotOpened(t *testing.T) {
	t.Parallel()
	for _, w := range wrecks() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			dir := emptyHouse(t)
			check(t, w.do(dir))
			before, _ := os.ReadFile(database(dir))
			expectRefused(t, dir, w.reason, filepath.Join(dir, w.at))
			if after, _ := os.ReadFile(database(dir)); !bytes.Equal(before, after) {
				t.Error("the database was changed")
			}
		})
	}
}

// TestAKilledFirstStartGoesOn with the key file that it left.
func TestAKilledFirstStartGoesOn(t *testing.T) {
	t.Parallel()
	dir := emptyHouse(t)
	key, err := os.ReadFile(keyFile(dir))
	check(t, err)
	for _, name := range []string{storage.DatabaseName, storage.CapturedName} {
		check(t, os.RemoveAll(filepath.Join(dir, name)))
	}
	h, err := openHouse(t.Context(), storyOptions(dir, "", coretest.Random(8), core.SystemWall))
	check(t, err)
	needed, err := h.setup.Needed(t.Context())
	if err != nil || !needed {
		t.Errorf("a set-up is needed: %t, %v", needed, err)
	}
	check(t, h.close())
	if after, err := os.ReadFile(keyFile(dir)); err != nil || !bytes.Equal(after, key) {
		t.Errorf("the key was changed, %v", err)
	}
}

// expectRefused opens a folder as a command does and as the console does.
func expectRefused(t *testing.T, dir string, reason storage.Reason, path string) {
	t.Helper()
	words, err := text.Load()
	check(t, err)
	p := words.In(text.English)
	want := p.T("command.failed", "error", p.T("opening."+string(reason), "path", path)) + "\n"
	var out, said bytes.Buffer
	if code := run(t.Context(), []string{"contacts", "list", "--data", dir}, streams{nil, &out, &said}); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	if said.String() != want || out.Len() > 0 {
		t.Errorf("it says %q and %q, want %q", said.String(), out.String(), want)
	}
	said.Reset()
	_, err = openFolder(t.Context(), p, streams{nil, &out, &said}, options{
		dir: dir, wall: core.SystemWall, random: coretest.Random(7), cost: demoCost(),
		storage: storage.Options{NoSync: true, InitialMap: 1 << 20},
	})
	if code := report(t.Context(), p, streams{nil, &out, &said}, err); code != exitFailed || said.String() != want {
		t.Errorf("the console ends with %d and says %q, want %q", code, said.String(), want)
	}
}

func TestAFolderThatMayNotBeUsed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, folder fs.FileMode
		reason       storage.Reason
		at           string
	}{
		"unreadable database": {0, 0o700, storage.ReasonUnreadable, storage.DatabaseName},
		"read-only database":  {0o400, 0o700, storage.ReasonReadOnly, storage.DatabaseName},
		"read-only folder":    {0o600, 0o500, storage.ReasonReadOnly, storage.DatabaseName},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := emptyHouse(t)
			check(t, os.Chmod(database(dir), c.file))
			check(t, os.Chmod(dir, c.folder))
			t.Cleanup(func() { check(t, os.Chmod(dir, 0o700)) }) //nolint:gosec // so that it can be removed
			asNobody(t, dir, func() { expectRefused(t, dir, c.reason, filepath.Join(dir, c.at)) })
		})
	}
}

func TestADiskThatIsReadOnly(t *testing.T) {
	t.Parallel()
	err := storage.Refused("data/willcall.db", &fs.PathError{Op: "open", Path: "data/willcall.db", Err: syscall.EROFS})
	var refusal *storage.Refusal
	if !errors.As(err, &refusal) || refusal.Reason != storage.ReasonReadOnly {
		t.Errorf("a read-only disk: %v", err)
	}
}

// TestEveryReasonHasASentence in every language.
func TestEveryReasonHasASentence(t *testing.T) {
	t.Parallel()
	words, err := text.Load()
	check(t, err)
	for _, language := range text.Languages() {
		for _, reason := range storage.Reasons() {
			if !words.In(language).Has("opening." + string(reason)) {
				t.Errorf("%s: no sentence for %s", language, reason)
			}
		}
	}
}

// asNobody runs fn with the permissions of a user who owns the folder and is
// not the superuser, whom permissions don't stop.
func asNobody(t *testing.T, dir string, fn func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		fn()
		return
	}
	const nobody = 65534
	check(t, os.Chmod(filepath.Dir(filepath.Dir(dir)), 0o711)) //nolint:gosec // so that nobody gets there
	check(t, os.Chmod(filepath.Dir(dir), 0o711))               //nolint:gosec // as above
	check(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, nobody, nobody)) //nolint:gosec // nobody else is in the test's folder
	}))
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		filesAs(nobody)
		fn()
	}()
	<-done
}

// TestALeftoverOfARestoreIsTold: it has the name of former data, and is none.
func TestALeftoverOfARestoreIsTold(t *testing.T) {
	t.Parallel()
	dir := emptyHouse(t)
	words, err := text.Load()
	check(t, err)
	p := words.In(text.English)
	var said bytes.Buffer
	say := func() string {
		said.Reset()
		h, err := openFolder(t.Context(), p, streams{nil, &said, &said}, options{
			dir: dir, wall: core.SystemWall, random: coretest.Random(7), cost: demoCost(),
			storage: storage.Options{NoSync: true, InitialMap: 1 << 20},
		})
		check(t, err)
		check(t, h.close())
		return said.String()
	}
	left := dir + ".before-restore-2026-11-22-054003"
	check(t, os.Mkdir(left, 0o700))
	if got := say(); got != "" {
		t.Errorf("beside former data it says %q", got)
	}
	check(t, os.WriteFile(filepath.Join(left, storage.RestoringName), []byte(filepath.Base(left)), 0o600))
	if got, want := say(), p.T("opening.misnamed", "path", left)+"\n"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}
