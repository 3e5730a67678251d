package storage

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"willcall/core"
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
		raw, err := v.Get(spaceMeta, []byte(schemaKey))
		got := binary.BigEndian.Uint64(raw)
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
		expectReason(t, err, ReasonNewer, filepath.Join(folder, fileName))
	}
}

func expectReason(t *testing.T, err error, want Reason, path string) {
	t.Helper()
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Reason != want || refusal.Path != path {
		t.Errorf("%v, want it refused as %q of %s", err, want, path)
	}
}

func TestDamagedSchemaVersionIsRefused(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{"short": {1}, "zero": binary.BigEndian.AppendUint64(nil, 0)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			plant(t, folder, func(tx core.Tx) error { return tx.Put(spaceMeta, []byte(schemaKey), raw) })
			_, err := Open(t.Context(), folder, quick())
			expectReason(t, err, ReasonDamaged, filepath.Join(folder, fileName))
		})
	}
}

// plant makes a store in a folder and lets fn write to it.
func plant(t *testing.T, folder string, fn func(core.Tx) error) {
	t.Helper()
	store, err := Open(t.Context(), folder, quick())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(store.Update(t.Context(), fn), store.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestARefusedFolderIsLeftAsItIs also holds that no reserve is made or given up
// for what is then refused.
func TestARefusedFolderIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	plant(t, folder, func(tx core.Tx) error { return setSchema(tx, SchemaVersion()+1) })
	before := names(t, folder)
	options := quick()
	options.Reserve = 1 << 16
	if _, err := Open(t.Context(), folder, options); !errors.Is(err, ErrNewerSchema) {
		t.Fatal(err)
	}
	if after := names(t, folder); !slices.Equal(after, before) {
		t.Errorf("refused, and the folder went from %v to %v", before, after)
	}
}

func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}
