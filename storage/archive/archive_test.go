package archive

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/storage"
	"willcall/storage/bolt"
)

func at() time.Time { return time.Date(2026, 11, 22, 5, 40, 3, 0, time.UTC) }

func quick() storage.Options { return storage.Options{NoSync: true, InitialMap: 1 << 20, LockWait: 1} }

// opened is a data folder that is open, with the state given in it.
func opened(ctx context.Context, dir, state string) (*storage.Store, Source, error) {
	key, err := storage.Key(dir, strings.NewReader(strings.Repeat("k", 32)))
	if err != nil {
		return nil, Source{}, err
	}
	store, err := storage.Open(ctx, dir, quick())
	if err != nil {
		return nil, Source{}, err
	}
	err = store.Update(ctx, func(tx core.Tx) error {
		for i := range 400 {
			if err := tx.Put("things", fmt.Appendf(nil, "%04d", i), []byte(state)); err != nil {
				return err
			}
		}
		return nil
	})
	captured := func(ctx context.Context, dir string, progress func(done, of int64)) error {
		for n := range 2 {
			name := filepath.Join(dir, fmt.Sprintf("%020d.seg", n+1))
			if err := writeFile(name, bytes.Repeat([]byte(state), 2000)); err != nil {
				return err
			}
			progress(int64(n)+1, 2)
		}
		return ctx.Err()
	}
	return store, Source{
		Data: dir, Key: key, Database: store.Copy, Captured: captured, DatabaseBytes: 1 << 16, CapturedBytes: 1 << 14,
	}, err
}

func silent(int64, int64) {}

// source is a data folder in a folder of the test's own, open until the test
// ends, in the state "old".
func source(t *testing.T) Source {
	t.Helper()
	store, s, err := opened(t.Context(), filepath.Join(t.TempDir(), "data"), "old")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return s
}

// backedUp is a backup of a state, and a closed data folder with another one.
func backedUp(t *testing.T, withKey bool) (backup, data string) {
	t.Helper()
	w, err := Write(t.Context(), source(t), Order{Folder: filepath.Join(t.TempDir(), "safe"), At: at(), WithKey: withKey}, silent)
	if err != nil {
		t.Fatal(err)
	}
	data = filepath.Join(t.TempDir(), "data")
	store, _, err := opened(t.Context(), data, "new")
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	return w.Path, data
}

// stateOf opens a data folder and tells which state is in it.
func stateOf(t *testing.T, dir string) (state string) {
	t.Helper()
	store, err := storage.Open(t.Context(), dir, quick())
	if err != nil {
		t.Fatal(err)
	}
	err = store.View(t.Context(), func(v core.View) error {
		return v.Ascend("things", nil, nil, func(_, value []byte) error {
			if state != "" && state != string(value) {
				t.Errorf("%s holds %q and %q", dir, state, value)
			}
			state = string(value)
			return nil
		})
	})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	return state
}

// listing is what is in a folder, with every file's content.
func listing(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			all[path] = ""
			return err
		}
		raw, err := os.ReadFile(path) //nolint:gosec // the test's own folder
		all[path] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func namesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func noAct(context.Context, string) error { return nil }

func TestABackupIsAFolderOfItsOwn(t *testing.T) {
	t.Parallel()
	s := source(t)
	folder := filepath.Join(t.TempDir(), "deep", "safe")
	last, all := int64(0), int64(0)
	w, err := Write(t.Context(), s, Order{Folder: folder, At: at()}, func(done, of int64) {
		if done < last || done > of {
			t.Errorf("after %d: %d of %d", last, done, of)
		}
		last, all = done, of
	})
	if err != nil {
		t.Fatal(err)
	}
	if last != all || last == 0 {
		t.Errorf("ended at %d of %d", last, all)
	}
	if filepath.Base(w.Path) != "willcall-2026-11-22-054003-UTC" || w.Files != 3 {
		t.Errorf("wrote %+v", w)
	}
	second, err := Write(t.Context(), s, Order{Folder: folder, At: at(), WithKey: true}, silent)
	if err != nil || second.Path != w.Path+"-2" || second.Files != 4 {
		t.Errorf("in the same second: %+v, %v", second, err)
	}
	for path := range listing(t, folder) {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v, %v", path, info.Mode(), err)
		}
	}
	for path, hasKey := range map[string]bool{w.Path: false, second.Path: true} {
		b, err := Read(path)
		if err != nil || b.HasKey() != hasKey || b.Schema != storage.SchemaVersion() || !b.Made.Equal(at()) {
			t.Errorf("%+v, %v", b, err)
		}
		if err := b.Verify(t.Context(), silent); err != nil {
			t.Error(err)
		}
	}
}

func TestARestoreExchangesTheFolders(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	r, err := plan.Run(t.Context(), func(_ context.Context, dir string) error {
		return os.WriteFile(filepath.Join(dir, "willcall.log"), []byte("acted"), 0o600)
	}, silent)
	if err != nil {
		t.Fatal(err)
	}
	if r.Former != data+".before-restore-2026-11-22-054003-UTC" {
		t.Errorf("the former folder is %s", r.Former)
	}
	if got := namesIn(t, filepath.Dir(data)); len(got) != 2 {
		t.Errorf("beside the data there is %v", got)
	}
	if now, before := stateOf(t, data), stateOf(t, r.Former); now != "old" || before != "new" {
		t.Errorf("the state is %q, was %q", now, before)
	}
	if _, err := os.Stat(filepath.Join(data, "willcall.log")); err != nil {
		t.Errorf("the act: %v", err)
	}
}

func TestARestoreMakesAFolder(t *testing.T) {
	t.Parallel()
	backup, _ := backedUp(t, true)
	data := filepath.Join(t.TempDir(), "deep", "data")
	plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	r, err := plan.Run(t.Context(), noAct, silent)
	if err != nil || r.Former != "" || stateOf(t, data) != "old" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestTwoRenamesDoWhereFoldersCantBeExchanged(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	plan.exchange = func(_, _ string) error { return errors.ErrUnsupported }
	r, err := plan.Run(t.Context(), noAct, silent)
	if err != nil || stateOf(t, data) != "old" || stateOf(t, r.Former) != "new" {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestEveryFlipIsRefused changes one byte of a backup at a time: every one of
// the manifest, some of the other files.
func TestEveryFlipIsRefused(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	before := listing(t, data)
	random := rand.New(rand.NewPCG(4, 2026))
	for path, content := range listing(t, backup) {
		var places []int
		for i := range len(content) {
			if filepath.Base(path) == manifestName || random.IntN(len(content)) < 30 {
				places = append(places, i)
			}
		}
		for _, place := range places {
			broken := []byte(content)
			broken[place] ^= byte(1 + random.IntN(255))
			replace(t, path, broken)
			if _, err := NewPlan(t.Context(), backup, data, "", at(), silent); err == nil {
				t.Errorf("%s: byte %d was %#x and may be %#x", filepath.Base(path), place, content[place], broken[place])
			}
		}
		if content != "" {
			replace(t, path, []byte(content)[:len(content)-1])
			if _, err := NewPlan(t.Context(), backup, data, "", at(), silent); err == nil {
				t.Errorf("%s may be cut off", path)
			}
			replace(t, path, []byte(content))
		}
	}
	if _, err := NewPlan(t.Context(), backup, data, "", at(), silent); err != nil {
		t.Errorf("the backup as it was: %v", err)
	}
	after := listing(t, filepath.Dir(data))
	delete(after, filepath.Dir(data))
	if !equal(before, after) {
		t.Error("the data was touched")
	}
}

func replace(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for path, content := range a {
		if other, ok := b[path]; !ok || other != content {
			return false
		}
	}
	return true
}

func TestAMissingFileAndALinkAreRefused(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	segment := filepath.Join(backup, "captured", fmt.Sprintf("%020d.seg", 1))
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Rename(segment, elsewhere); err != nil {
		t.Fatal(err)
	}
	if _, err := NewPlan(t.Context(), backup, data, "", at(), silent); !errors.Is(err, ErrChanged) {
		t.Errorf("without a segment: %v", err)
	}
	if err := os.Symlink(elsewhere, segment); err != nil {
		t.Fatal(err)
	}
	if _, err := NewPlan(t.Context(), backup, data, "", at(), silent); !errors.Is(err, ErrChanged) {
		t.Errorf("with a link to it: %v", err)
	}
}

func TestTheKeyHasToFit(t *testing.T) {
	t.Parallel()
	bare, data := backedUp(t, false)
	wrong, missing := filepath.Join(t.TempDir(), "wrong"), filepath.Join(t.TempDir(), "missing")
	replace(t, wrong, bytes.Repeat([]byte("w"), 32))
	for keyFile, want := range map[string]error{
		"": nil, wrong: ErrKey, missing: ErrKey, filepath.Join(data, storage.KeyName): nil,
	} {
		if _, err := NewPlan(t.Context(), bare, data, keyFile, at(), silent); !errors.Is(err, want) {
			t.Errorf("key %q: %v, want %v", keyFile, err, want)
		}
	}
	if _, err := NewPlan(t.Context(), bare, filepath.Join(t.TempDir(), "none"), "", at(), silent); !errors.Is(err, ErrKey) {
		t.Errorf("without any key: %v", err)
	}
	replace(t, filepath.Join(data, storage.KeyName), bytes.Repeat([]byte("w"), 32))
	if _, err := NewPlan(t.Context(), bare, data, "", at(), silent); !errors.Is(err, ErrKey) {
		t.Errorf("with another installation's key: %v", err)
	}
}

func TestFoldersOutOfPlaceAreRefused(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	for folder, want := range map[string]error{
		backup: ErrInside, filepath.Join(backup, "data"): ErrInside, filepath.Join(backup, manifestName): ErrInside,
	} {
		if _, err := NewPlan(t.Context(), backup, folder, "", at(), silent); !errors.Is(err, want) {
			t.Errorf("into %s: %v", folder, err)
		}
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(backup, link); err != nil {
		t.Fatal(err)
	}
	if _, err := NewPlan(t.Context(), backup, filepath.Join(link, "data"), "", at(), silent); !errors.Is(err, ErrInside) {
		t.Errorf("through a link: %v", err)
	}
	inner := filepath.Join(data, "safe")
	if err := os.Rename(backup, inner); err != nil {
		t.Fatal(err)
	}
	if _, err := NewPlan(t.Context(), inner, data, "", at(), silent); !errors.Is(err, ErrInside) {
		t.Errorf("a backup inside the data: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	replace(t, file, nil)
	if _, err := NewPlan(t.Context(), inner, file, "", at(), silent); err == nil {
		t.Error("a file is taken for a data folder")
	}
	if _, err := NewPlan(t.Context(), t.TempDir(), data, "", at(), silent); !errors.Is(err, ErrNone) {
		t.Errorf("an empty folder: %v", err)
	}
	s := source(t)
	for _, folder := range []string{s.Data, filepath.Join(s.Data, "safe")} {
		if _, err := Write(t.Context(), s, Order{Folder: folder, At: at()}, silent); !errors.Is(err, ErrInside) {
			t.Errorf("a backup into %s: %v", folder, err)
		}
	}
}

func TestAFolderInUseIsLeftAlone(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), data, quick())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	var locked *storage.LockedError
	if _, err := plan.Run(t.Context(), noAct, silent); !errors.As(err, &locked) || locked.Holder.PID != os.Getpid() {
		t.Errorf("opened since: %v", err)
	}
	if _, err := NewPlan(t.Context(), backup, data, "", at(), silent); !errors.Is(err, storage.ErrLocked) {
		t.Errorf("open: %v", err)
	}
	if got := namesIn(t, filepath.Dir(data)); !slices.Equal(got, []string{"data"}) {
		t.Errorf("beside the data there is %v", got)
	}
}

func TestADestroyedDatabaseCanBeReplaced(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, false)
	for _, content := range [][]byte{nil, []byte("no database"), bytes.Repeat([]byte{0xff}, 1<<16)} {
		replace(t, filepath.Join(data, storage.DatabaseName), content)
		plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plan.Run(t.Context(), noAct, silent); err != nil || stateOf(t, data) != "old" {
			t.Errorf("after %d bytes: %v", len(content), err)
		}
	}
}

func TestAFailedActLeavesEverythingAsItWas(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	before := listing(t, filepath.Dir(data))
	plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if _, err := plan.Run(t.Context(), func(context.Context, string) error { return broken }, silent); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	act := func(context.Context, string) error { cancel(); return nil }
	if _, err := plan.Run(ctx, act, silent); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if !equal(before, listing(t, filepath.Dir(data))) {
		t.Error("something was changed")
	}
}

// TestADatabaseThatWouldNotOpenIsRefused though the manifest, made for it, says
// otherwise.
func TestADatabaseThatWouldNotOpenIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil  func(core.Tx) error
		reason storage.Reason // none: the manifest says otherwise
	}{
		"newer": {func(tx core.Tx) error {
			return tx.Put("meta", []byte("schema"), binary.BigEndian.AppendUint64(nil, storage.SchemaVersion()+1))
		}, storage.ReasonNewer},
		"older than the manifest says": {func(tx core.Tx) error {
			return tx.Put("meta", []byte("schema"), binary.BigEndian.AppendUint64(nil, 1))
		}, ""},
		"sealed with another key": {func(tx core.Tx) error {
			return tx.Put("meta", []byte("key"), []byte("another"))
		}, ""},
		"no schema that can be read": {func(tx core.Tx) error {
			return tx.Put("meta", []byte("schema"), []byte("?"))
		}, storage.ReasonDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := source(t)
			s.Database = changing(s.Database, c.spoil)
			w, err := Write(t.Context(), s, Order{Folder: filepath.Join(t.TempDir(), "safe"), At: at(), WithKey: true}, silent)
			if err != nil {
				t.Fatal(err)
			}
			before := listing(t, w.Path)
			_, err = NewPlan(t.Context(), w.Path, filepath.Join(t.TempDir(), "data"), "", at(), silent)
			var refused *storage.Refusal
			if as := errors.As(err, &refused); as && refused.Reason != c.reason || !as && (c.reason != "" || !errors.Is(err, ErrChanged)) {
				t.Errorf("got %v, want %q", err, c.reason)
			}
			if !equal(before, listing(t, w.Path)) {
				t.Error("the backup was changed")
			}
		})
	}
}

// changing is a copy that is changed before it is summed up.
func changing(copyPart Copy, spoil func(core.Tx) error) Copy {
	return func(ctx context.Context, path string, progress func(done, of int64)) error {
		if err := copyPart(ctx, path, progress); err != nil {
			return err
		}
		store, err := bolt.Open(ctx, path, quick())
		if err != nil {
			return err
		}
		return errors.Join(store.Update(ctx, spoil), store.Close())
	}
}
