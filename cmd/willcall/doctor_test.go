package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"willcall/core/contacts"
	"willcall/storage"
)

// patient is the data folder of schema 1, brought up to the present one.
func patient(t *testing.T) (dir string) {
	t.Helper()
	dir, _ = unpackSchema1(t)
	store, err := storage.Open(t.Context(), dir, storage.Options{NoSync: true, InitialMap: 1 << 20})
	check(t, err)
	check(t, errors.Join(store.Project(t.Context(), contacts.Projection()), store.Close()))
	return dir
}

// seen is a folder as it is: modes and bytes by path.
func seen(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	check(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil || entry.IsDir() {
			all[path] = "folder"
			return err
		}
		raw, err := os.ReadFile(path) //nolint:gosec // of the test's folder
		all[path] = info.Mode().String() + string(raw)
		return err
	}))
	return all
}

// examined runs the doctor and gives what it answers.
func examined(t *testing.T, dir string, flags ...string) (code int, answer, said string) {
	t.Helper()
	var out, failed bytes.Buffer
	args := append([]string{"doctor", "--data", dir}, flags...)
	code = run(t.Context(), args, streams{nil, &out, &failed})
	return code, out.String(), failed.String()
}

// TestTheDoctorOnlyLooks, whatever it finds: without --repair nothing in the
// folder is another thing afterwards.
func TestTheDoctorOnlyLooks(t *testing.T) {
	t.Parallel()
	onPage := func(page func(path string) (int64, error)) func(dir string) error {
		return func(dir string) error {
			id, err := page(database(dir))
			return errors.Join(err, spoilPage(database(dir), id))
		}
	}
	for name, c := range map[string]struct {
		spoil func(dir string) error
		code  int
		says  string
	}{
		"a clean folder":  {func(string) error { return nil }, exitDone, ""},
		"a broken record": {func(dir string) error { return spoilEntry(dir, "contacts") }, exitFailed, "doctor --repair"},
		"a broken index":  {func(dir string) error { return spoilEntry(dir, "outbox.state") }, exitFailed, "doctor --repair"},
		"a torn leaf":     {onPage(largestLeaf), exitFailed, "saves what can still be read"},
		"a torn root":     {onPage(rootPage), exitFailed, "saves what can still be read"},
		"a broken header": {onPage(func(string) (int64, error) { return 1, nil }), exitFailed, "next two saves"},
		"both headers broken": {func(dir string) error {
			return errors.Join(spoilBytes(database(dir), 64), spoilBytes(database(dir), 64+int64(os.Getpagesize())))
		}, exitFailed, "too little of the database file"},
		"a key of another":  {func(dir string) error { return os.WriteFile(keyFile(dir), make([]byte, 32), 0o600) }, exitFailed, "key"},
		"an empty database": {func(dir string) error { return os.Truncate(database(dir), 0) }, exitFailed, "empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := patient(t)
			check(t, c.spoil(dir))
			check(t, errors.Join(os.RemoveAll(filepath.Join(dir, storage.ReserveName))))
			expectUntouched(t, dir, c.code, c.says)
		})
	}
	t.Run("an older schema", func(t *testing.T) {
		t.Parallel()
		dir, _ := unpackSchema1(t)
		expectUntouched(t, dir, exitFailed, "earlier version of willcall")
	})
	t.Run("a projection that was never made", func(t *testing.T) {
		t.Parallel()
		dir, _ := unpackSchema1(t)
		store, err := storage.Open(t.Context(), dir, storage.Options{NoSync: true, InitialMap: 1 << 20})
		check(t, errors.Join(err, store.Close()))
		expectUntouched(t, dir, exitDone, "")
	})
}

func expectUntouched(t *testing.T, dir string, code int, says string) {
	t.Helper()
	before := seen(t, dir)
	got, answer, said := examined(t, dir)
	if got != code || !strings.Contains(said, says) || says == "" && said != "" {
		t.Errorf("it ends with %d, answers %q and says %q; want %d and %q", got, answer, said, code, says)
	}
	if after := seen(t, dir); !maps.Equal(before, after) {
		t.Errorf("the folder was changed: it holds %q, held %q", slices.Sorted(maps.Keys(after)), slices.Sorted(maps.Keys(before)))
	}
}

// spoilBytes turns bits at a place in a file.
func spoilBytes(path string, at int64) error {
	file, err := os.OpenFile(filepath.Clean(path), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteAt([]byte{0xa5, 0x5a}, at)
	return errors.Join(err, file.Close())
}

// pagesOf are the pages of a database that are in use, of a kind.
func pagesOf(t *testing.T, path, kind string) (ids []int64) {
	t.Helper()
	check(t, eachPage(path, func(id int64, found string, _ int) {
		if found == kind {
			ids = append(ids, id)
		}
	}))
	return ids
}

// TestARepairSavesWhatDamagedPagesHold tears a page of the database: after it the
// file holds together, says what is lost, and the damaged one is kept; or nothing
// was changed.
func TestARepairSavesWhatDamagedPagesHold(t *testing.T) {
	t.Parallel()
	whole := patient(t)
	root, err := rootPage(database(whole))
	check(t, err)
	leaves := pagesOf(t, database(whole), "leaf")
	torn := pagesOf(t, database(whole), "branch")
	for i := 0; i < len(leaves); i += 4 {
		torn = append(torn, leaves[i])
	}
	for _, id := range torn {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "data")
			check(t, os.CopyFS(dir, os.DirFS(whole)))
			check(t, errors.Join(os.Chmod(database(dir), 0o600), os.Chmod(keyFile(dir), 0o600))) // whatever was copied
			check(t, spoilPage(database(dir), id))
			damaged, err := os.ReadFile(database(dir))
			check(t, err)
			before := seen(t, dir)
			code, out, said := examined(t, dir, "--repair", "--json")
			var answer doctorAnswer
			check(t, json.Unmarshal([]byte(out), &answer))
			if answer.Beyond { // a page of the list of spaces that the last commit left alone
				if id == root || code != exitFailed || !maps.Equal(before, seen(t, dir)) {
					t.Errorf("of torn page %d it says %s with %d, or changes the folder", id, said, code)
				}
				return
			}
			if code != exitPart || answer.Saved == nil || answer.Saved.Entries == 0 || !strings.Contains(said, "something is lost") {
				t.Fatalf("of torn page %d it says %s with %d: %s", id, said, code, out)
			}
			if kept, err := os.ReadFile(answer.Kept); err != nil || !bytes.Equal(kept, damaged) {
				t.Errorf("what is kept in %s isn't what there was (%v)", answer.Kept, err)
			}
			if code, out, said := examined(t, dir); code == exitFailed && !strings.Contains(said, "needs a person") || strings.Contains(out, "database file") {
				t.Errorf("afterwards the doctor ends with %d, answers %q and says %q", code, out, said)
			}
			if code := run(t.Context(), []string{"contacts", "list", "--data", dir, "--institution", "1"}, streams{nil, &bytes.Buffer{}, &bytes.Buffer{}}); code != exitDone {
				t.Errorf("the contacts are listed with %d", code)
			}
		})
	}
}
