package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestR82_RecoveryCodesLieInAFileOfTheirOwn that nobody else may read; one that
// is there already is never written over.
func TestR82_RecoveryCodesLieInAFileOfTheirOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keep := keepIn(dir)
	for nth, text := range []string{"first", "second"} {
		path, err := keep(text)
		if err != nil {
			t.Fatal(err)
		}
		if want := recoveryPath(dir, nth+1); path != want {
			t.Errorf("written to %s, want %s", path, want)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be used by others: %v", path, info.Mode())
		}
	}
	for nth, text := range []string{"first", "second"} {
		if got, err := os.ReadFile(recoveryPath(dir, nth+1)); err != nil || string(got) != text {
			t.Errorf("file %d holds %q, %v", nth+1, got, err)
		}
	}
}

func TestRecoveryCodesThatCannotBeWrittenSaySo(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing")
	if path, err := keepIn(missing)("codes"); err == nil || path != recoveryPath(missing, 1) {
		t.Errorf("written to %s, %v", path, err)
	}
	if keepIn("") != nil {
		t.Error("files are written without a folder")
	}
}
