package storage

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"willcall/core"
	"willcall/storage/storagetest"
)

func quick() Options { return Options{NoSync: true, InitialMap: 1 << 20, LockWait: 1} }

func TestOpenMakesAFolderOfTheOwners(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "deep", "data")
	store, err := Open(t.Context(), folder, quick())
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(folder)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", info.Mode(), err)
	}
	if _, err := Open(t.Context(), folder, quick()); !errors.Is(err, ErrLocked) {
		t.Errorf("opened twice: %v", err)
	}
	expectSchema(t, store, SchemaVersion())
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

func expectSchema(t *testing.T, store core.Store, want uint64) {
	t.Helper()
	err := store.View(t.Context(), func(v core.View) error {
		got, err := schemaOf(v)
		if got != want {
			t.Errorf("schema %d, want %d", got, want)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestOpenRefusesANewerSchemaAndLetsGo(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store, err := Open(t.Context(), folder, quick())
	if err != nil {
		t.Fatal(err)
	}
	err = store.Update(t.Context(), func(tx core.Tx) error { return setSchema(tx, SchemaVersion()+1) })
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := Open(t.Context(), folder, quick())
		if !errors.Is(err, ErrNewerSchema) || !strings.Contains(err.Error(), "newer version") {
			t.Errorf("open of a newer schema: %v", err)
		}
	}
}

// note is a migration that leaves its name.
func note(name string) migration {
	return func(tx core.Tx) error { return tx.Put("notes", []byte(name), []byte(name)) }
}

func expectNotes(t *testing.T, store core.Store, want string) {
	t.Helper()
	var got []string
	err := store.View(t.Context(), func(v core.View) error {
		return v.Ascend("notes", nil, nil, func(key, _ []byte) error {
			got = append(got, string(key))
			return nil
		})
	})
	if strings.Join(got, " ") != want || err != nil {
		t.Errorf("migrations run: %q, %v; want %q", got, err, want)
	}
}

func TestMigrationsRunOnceFromTheStoresVersion(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	if err := migrate(t.Context(), store, []migration{note("a")}); err != nil {
		t.Fatal(err)
	}
	expectNotes(t, store, "") // a new store begins at the newest version
	for range 2 {
		if err := migrate(t.Context(), store, []migration{note("a"), note("b"), note("c")}); err != nil {
			t.Fatal(err)
		}
		expectNotes(t, store, "b c")
		expectSchema(t, store, 4)
	}
}

func TestFailedMigrationKeepsTheStepsBefore(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	if err := migrate(t.Context(), store, nil); err != nil {
		t.Fatal(err)
	}
	errStep := errors.New("step failed")
	half := func(tx core.Tx) error { return errors.Join(note("half")(tx), errStep) }
	err := migrate(t.Context(), store, []migration{note("a"), half, note("c")})
	if !errors.Is(err, errStep) || !strings.Contains(err.Error(), "from schema 2") {
		t.Errorf("a failed step: %v", err)
	}
	expectNotes(t, store, "a")
	expectSchema(t, store, 2)
}

func TestDamagedSchemaVersionIsRefused(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{"short": {1}, "zero": binary.BigEndian.AppendUint64(nil, 0)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := storagetest.New(t)
			err := store.Update(t.Context(), func(tx core.Tx) error { return tx.Put(spaceMeta, []byte(schemaKey), raw) })
			if err != nil {
				t.Fatal(err)
			}
			if err := migrate(t.Context(), store, nil); !errors.Is(err, errSchema) {
				t.Errorf("a version of %v: %v", raw, err)
			}
		})
	}
}
