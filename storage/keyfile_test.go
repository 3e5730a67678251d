package storage

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"willcall/core"
)

// TestAnEmptyKeyFileIsMadeAnew begins where a start was killed that wrote no key,
// and refuses it where a database is there that may need the key that is gone.
func TestAnEmptyKeyFileIsMadeAnew(t *testing.T) {
	t.Parallel()
	folder, random := t.TempDir(), bytes.Repeat([]byte{7}, keyBytes)
	path := filepath.Join(folder, keyFileName)
	empty := func() {
		t.Helper()
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	empty()
	for range 2 {
		key, err := Key(folder, bytes.NewReader(random))
		if err != nil || !bytes.Equal(key, random) {
			t.Errorf("the key is %x, %v", key, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || !slices.Equal(names(t, folder), []string{keyFileName}) {
		t.Errorf("the key file is %v (%v) among %v", info, err, names(t, folder))
	}
	plant(t, folder, func(core.Tx) error { return nil })
	empty()
	_, err = Key(folder, bytes.NewReader(random))
	expectReason(t, err, ReasonKeyBroken, path)
	if os.Truncate(path, 1<<40) == nil { // more than there is memory
		_, err = Key(folder, bytes.NewReader(random))
		expectReason(t, err, ReasonKeyBroken, path)
	}
}
