package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/record"
	"willcall/storage"
	"willcall/ui/text"
)

// TestKeptCopiesAreTold with what they mean for who was deleted.
func TestKeptCopiesAreTold(t *testing.T) {
	t.Parallel()
	dir := emptyHouse(t)
	words, err := text.Load()
	check(t, err)
	show := func() string {
		var out, said bytes.Buffer
		if code := run(t.Context(), []string{"settings", "storage", "show", "--data", dir}, streams{nil, &out, &said}); code != exitDone {
			t.Fatalf("ends with %d: %s", code, said.String())
		}
		return out.String()
	}
	note := words.In(text.English).T("command.kept")
	if got := show(); strings.Contains(got, note) {
		t.Errorf("without any it says %s", got)
	}
	store, err := storage.Open(t.Context(), dir, storage.Options{NoSync: true, InitialMap: 1 << 20})
	check(t, err)
	check(t, store.Update(t.Context(), func(tx core.Tx) error {
		key := core.Key(1, 1)
		if err := tx.Put("contacts", key, []byte("broken")); err != nil {
			return err
		}
		return record.SetAside("contacts", key)(tx)
	}))
	check(t, store.Close())
	if got := show(); !strings.Contains(got, note) || !strings.Contains(got, "set aside") {
		t.Errorf("with an entry set aside it says %s", got)
	}
	kept := filepath.Join(dir, storage.DatabaseName+".before-repair-2026-11-22-054003")
	check(t, os.WriteFile(kept, []byte("kept"), 0o600))
	if got, want := show(), "2026-11-22T05:40:03Z "+kept+" 4 B\n"; !strings.Contains(got, want) || !strings.Contains(got, note) {
		t.Errorf("it says %s, want %s", got, want)
	}
}
