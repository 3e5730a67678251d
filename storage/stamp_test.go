package storage_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"willcall/storage"
)

func TestAStampSaysThatItIsInUTC(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 1, 40, 3, 7, time.FixedZone("", 2*60*60))
	stamp := storage.Stamp(at)
	if stamp != "2026-11-21-234003-UTC" {
		t.Errorf("got %q", stamp)
	}
	for name, want := range map[string]bool{
		stamp: true, stamp + "-2": true, "2026-11-21-234003": true, "2026-11-21-2340": false, "2026-13-21-234003-UTC": false, "": false,
	} {
		read, ok := storage.Stamped(name)
		if ok != want || ok && !read.Equal(at.Truncate(time.Second)) {
			t.Errorf("%q: %v, %v", name, read, ok)
		}
	}
}

func FuzzStamped(f *testing.F) {
	f.Add("2026-11-21-234003-UTC")
	f.Add("2026-11-21-234003")
	f.Fuzz(func(t *testing.T, name string) {
		if at, ok := storage.Stamped(name); ok && storage.Stamp(at)[:17] != name[:17] {
			t.Errorf("%q is %v", name, at)
		}
	})
}

func TestAnUnusedNameIsNumbered(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "kept")
	for _, want := range []string{path, path + "-2", path + "-3"} {
		got := storage.Unused(path)
		if got != want {
			t.Fatalf("unused is %s, want %s", got, want)
		}
		if err := os.WriteFile(got, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
