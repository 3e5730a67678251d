package archive

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"willcall/storage"
)

// TestARestoreSetsNothingForeignAside names places for a restore that hold
// something else than a data folder, or lie in one.
func TestARestoreSetsNothingForeignAside(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	other, _ := backedUp(t, true)
	home, half := t.TempDir(), t.TempDir()
	for _, path := range []string{
		filepath.Join(home, "letter.txt"), filepath.Join(home, storage.CapturedName), filepath.Join(half, "willcall.log"),
	} {
		replace(t, path, nil)
	}
	for _, c := range []struct {
		what, at string
		want     error
	}{
		{"a folder of other things", home, ErrForeign},
		{"another backup", other, ErrForeign},
		{"a folder in a data folder", filepath.Join(data, "sub"), ErrNested},
		{"a folder deep in a data folder", filepath.Join(data, "sub", "sub"), ErrNested},
		{"a file", filepath.Join(home, "letter.txt"), ErrNoFolder},
		{"an empty folder", t.TempDir(), nil},
		{"a folder of which the database is lost", half, nil},
		{"a data folder", data, nil},
	} {
		before := listing(t, existing(c.at))
		if _, err := NewPlan(t.Context(), backup, c.at, "", at(), silent); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
		if !equal(before, listing(t, existing(c.at))) {
			t.Errorf("%s was touched", c.what)
		}
	}
	replace(t, filepath.Join(data, "notes.txt"), nil) // beside the data: the user's own
	if _, err := NewPlan(t.Context(), backup, data, "", at(), silent); err != nil {
		t.Errorf("a data folder with notes in it: %v", err)
	}
	if _, err := os.Stat(filepath.Join(data, "sub")); err == nil {
		t.Error("a folder was made")
	}
}

// TestWhatIsNoBackupAndNoKey is told as that, not as an error of the system.
func TestWhatIsNoBackupAndNoKey(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	file := filepath.Join(t.TempDir(), "file")
	replace(t, file, nil)
	if _, err := NewPlan(t.Context(), file, data, "", at(), silent); !errors.Is(err, ErrNone) {
		t.Errorf("a file as backup: %v", err)
	}
	if _, err := NewPlan(t.Context(), backup, data, filepath.Dir(file), at(), silent); !errors.Is(err, ErrKey) {
		t.Errorf("a folder as key: %v", err)
	}
	long := filepath.Join(t.TempDir(), "long")
	if replace(t, long, nil); os.Truncate(long, 1<<40) == nil { // more than there is memory
		if _, err := NewPlan(t.Context(), backup, data, long, at(), silent); !errors.Is(err, ErrKey) {
			t.Errorf("a long file as key: %v", err)
		}
	}
}

// TestAFormerFolderKeepsNoReserve: the space is the new one's.
func TestAFormerFolderKeepsNoReserve(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	replace(t, filepath.Join(data, storage.ReserveName), []byte("nothing"))
	plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	r, err := plan.Run(t.Context(), noAct, silent)
	if err != nil || there(r.Former, storage.ReserveName) || !there(r.Former, storage.DatabaseName) {
		t.Errorf("%+v, %v", r, err)
	}
}
