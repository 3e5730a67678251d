package storage

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"willcall/core"
)

// plantSchema1 fills a folder with a store of schema 1.
func plantSchema1(t *testing.T, folder string) (database []byte) {
	t.Helper()
	plant(t, folder, func(tx core.Tx) error {
		for _, one := range []struct {
			space      core.Space
			key, value string
		}{
			{"contacts", "a key", "\x01\x01fields"},
			{"contacts", "broken", "\x07"},
			{"contacts", "empty", ""},
			{"contacts.lines", "line", "words"},
			{"contacts.relays", "entry", ""},
			{"secrets", "token", "fields"},
			{"clock", "mark", "12345678"},
		} {
			if err := tx.Put(one.space, []byte(one.key), []byte(one.value)); err != nil {
				return err
			}
		}
		if _, err := tx.NewID(1, "contacts"); err != nil {
			return err
		}
		return setSchema(tx, 1)
	})
	database, err := os.ReadFile(filepath.Join(folder, fileName))
	if err != nil {
		t.Fatal(err)
	}
	return database
}

func TestMigrationSealsRecordsAndKeepsTheOldStore(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	before := plantSchema1(t, folder)
	options, told, kept := quick(), int64(0), ""
	options.Migrated = func(name string) { kept = name }
	options.Progress = func(done, of int64) { told = max(told, done*100/of) }
	store, err := Open(t.Context(), folder, options)
	if err != nil {
		t.Fatal(err)
	}
	expectSchema(t, store, SchemaVersion())
	for key, want := range map[[2]string]string{
		{"contacts", "a key"}:        "\x02\x01fields\xdc\x5d\x58\x72",
		{"contacts", "broken"}:       "\x07",
		{"contacts.lines", "line"}:   "",
		{"contacts.relays", "entry"}: "",
		{"secrets", "token"}:         "\x02fields\x10\xe7\x11\x6f",
		{"clock", "mark"}:            "12345678",
		{"secrets.epoch", "epoch"}:   string(seal2("secrets.epoch", []byte("epoch"), nil)),
	} {
		if got := valueIn(t, store, core.Space(key[0]), key[1]); got != want {
			t.Errorf("%s of %s is %q, want %q", key[1], key[0], got, want)
		}
	}
	within(t, store, func(tx core.Tx) error {
		id, err := tx.NewID(1, "contacts")
		if id != 2 {
			t.Errorf("the next id is %d, want 2", id)
		}
		return err
	})
	if err := store.Close(); err != nil {
		t.Error(err)
	}
	if want := filepath.Join(folder, "willcall.db.schema-1"); kept != want || told != 100 {
		t.Errorf("kept as %s, want %s; progress to %d%%", kept, want, told)
	}
	if after, err := os.ReadFile(kept); !bytes.Equal(after, before) || err != nil {
		t.Errorf("the store that is kept is another: %v", err)
	}
}

func TestMigrationKeepsTheEpochOfSecrets(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	plant(t, folder, func(tx core.Tx) error {
		if err := tx.Put("secrets.epoch", []byte("epoch"), []byte{6: 1, 7: 4}); err != nil {
			return err
		}
		return setSchema(tx, 1)
	})
	store, err := Open(t.Context(), folder, quick())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	// 260 is 0x84 0x02 in base 128.
	want := string(seal2("secrets.epoch", []byte("epoch"), []byte{8, 0x84, 2}))
	if got := valueIn(t, store, "secrets.epoch", "epoch"); got != want {
		t.Errorf("the epoch is %q, want %q", got, want)
	}
}

func within(t *testing.T, store core.Store, fn func(core.Tx) error) {
	t.Helper()
	if err := store.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func valueIn(t *testing.T, store core.Store, space core.Space, key string) (value string) {
	t.Helper()
	err := store.View(t.Context(), func(v core.View) error {
		raw, err := v.Get(space, []byte(key))
		value = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// TestMigrationAfterACrash begins where a killed process may have left off.
func TestMigrationAfterACrash(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(path string) error
		kept   string
	}{
		"half written": {func(path string) error { return os.WriteFile(path+".migrated", []byte("half"), 0o600) }, "willcall.db.schema-1"},
		"just kept":    {func(path string) error { return os.Link(path, path+".schema-1") }, "willcall.db.schema-1"},
		"another is kept": {func(path string) error {
			return os.WriteFile(path+".schema-1", []byte("from an earlier life"), 0o600)
		}, "willcall.db.schema-1-2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			plantSchema1(t, folder)
			if err := c.before(filepath.Join(folder, fileName)); err != nil {
				t.Fatal(err)
			}
			options, kept := quick(), ""
			options.Migrated = func(name string) { kept = filepath.Base(name) }
			store, err := Open(t.Context(), folder, options)
			if err != nil {
				t.Fatal(err)
			}
			expectSchema(t, store, SchemaVersion())
			if err := store.Close(); err != nil || kept != c.kept {
				t.Errorf("kept as %s, %v", kept, err)
			}
			left, err := filepath.Glob(filepath.Join(folder, "*.migrated"))
			if len(left) > 0 || err != nil {
				t.Errorf("left %v, %v", left, err)
			}
		})
	}
}

func TestAMigrationThatIsGivenUpChangesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	change := func(core.Space, []byte, []byte) ([]byte, error) {
		cancel()
		return []byte{}, nil
	}
	store, err := Open(ctx, folder, quick())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, fileName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Rewrite(ctx, path+".kept", change, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if after, err := os.ReadFile(path); !bytes.Equal(after, whole) || err != nil {
		t.Errorf("the store was changed: %v", err)
	}
	left, err := os.ReadDir(folder)
	for _, entry := range left {
		if strings.Contains(entry.Name(), "migrated") || strings.Contains(entry.Name(), "kept") {
			t.Errorf("left %s, %v", entry.Name(), err)
		}
	}
}
