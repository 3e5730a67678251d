package archive

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"willcall/storage"
)

// TestWhatIsKeptIsListed with its size and time, and nothing else is.
func TestWhatIsKeptIsListed(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	r, err := plan.Run(t.Context(), noAct, silent)
	if err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(data, storage.DatabaseName+".schema-1")
	repaired := filepath.Join(data, storage.DatabaseName+".before-repair-2026-11-20-080910-2")
	for _, path := range []string{old, repaired, data + "-other", data + ".before-restoration"} {
		replace(t, path, []byte("kept"))
	}
	year := time.Date(2025, 11, 22, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(old, year, year); err != nil {
		t.Fatal(err)
	}
	got, err := Formers(data)
	if err != nil || len(got) != 3 {
		t.Fatalf("got %+v, %v", got, err)
	}
	size := int64(0)
	for _, content := range listing(t, r.Former) {
		size += int64(len(content))
	}
	for i, want := range []Former{
		{old, 4, year}, {repaired, 4, time.Date(2026, 11, 20, 8, 9, 10, 0, time.UTC)}, {r.Former, size, at()},
	} {
		if got[i] != want {
			t.Errorf("got %+v, want %+v", got[i], want)
		}
	}
	if got, err := Formers(filepath.Join(t.TempDir(), "none")); len(got) > 0 || err != nil {
		t.Errorf("of no data: %+v, %v", got, err)
	}
}

// TestWhatAKilledRestoreLeftIsListed as data that somebody may want to be gone,
// and not beside another data folder.
func TestWhatAKilledRestoreLeftIsListed(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	left := filepath.Join(filepath.Dir(data), stagedPrefix+"123")
	for _, folder := range []string{data, left} {
		if err := os.Mkdir(folder, folderMode); err != nil {
			t.Fatal(err)
		}
	}
	replace(t, filepath.Join(left, storage.DatabaseName), []byte("copied"))
	if err := note(left, data+formerInfix+storage.Stamp(at())); err != nil {
		t.Fatal(err)
	}
	got, err := Formers(data)
	if err != nil || len(got) != 1 || got[0].Path != left || got[0].Bytes < int64(len("copied")) {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := Formers(filepath.Join(filepath.Dir(data), "dat")); len(got) > 0 || err != nil {
		t.Errorf("beside another folder: %+v, %v", got, err)
	}
}
