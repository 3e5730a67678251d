package archive

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"willcall/storage"
)

// TestABackupThatChangesBeforeItIsCopiedIsRefused: it was verified before.
func TestABackupThatChangesBeforeItIsCopiedIsRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{storage.DatabaseName, "captured/00000000000000000001.seg"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			backup, data := backedUp(t, true)
			plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(backup, filepath.FromSlash(name))
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			raw[len(raw)-1] ^= 1
			replace(t, path, raw)
			if _, err := plan.Run(t.Context(), noAct, silent); !errors.Is(err, ErrChanged) {
				t.Errorf("got %v", err)
			}
			if got := stateOf(t, data); got != "new" || len(namesIn(t, filepath.Dir(data))) != 1 {
				t.Errorf("the data is %q beside %v", got, namesIn(t, filepath.Dir(data)))
			}
		})
	}
}

// TestFilesAreNoLeftovers though they are called like them.
func TestFilesAreNoLeftovers(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{partialPrefix + "file", partialPrefix + "folder/part", "other/part"} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		replace(t, path, nil)
	}
	if err := sweep(folder, partialPrefix); err != nil {
		t.Fatal(err)
	}
	if got := namesIn(t, folder); !slices.Equal(got, []string{partialPrefix + "file", "other"}) {
		t.Errorf("left %s", strings.Join(got, ", "))
	}
}

// TestNoMoreIsDoneThanThereIs where a copy turned out larger than was thought.
func TestNoMoreIsDoneThanThereIs(t *testing.T) {
	t.Parallel()
	const of = 2*chunk + 7
	last := int64(0)
	m := &meter{of: of, tell: func(done, all int64) {
		if done < last || done > all || all != of {
			t.Errorf("after %d: %d of %d", last, done, all)
		}
		last = done
	}}
	for range 3 {
		m.add(chunk + 1)
	}
	if m.end(); last != of {
		t.Errorf("it ends at %d", last)
	}
	half := &meter{of: of, tell: func(done, _ int64) { last = done }}
	half.step(of)(3, 2)
	if last != of {
		t.Errorf("a step that went too far: %d of %d", last, int64(of))
	}
}

// TestWhereOneRenameFailsTheOtherIsTakenBack though the folders change their names
// one after the other.
func TestWhereOneRenameFailsTheOtherIsTakenBack(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	plan.exchange = func(_, _ string) error { return errors.ErrUnsupported }
	plan.reached = func(step string) {
		if step != "between" {
			return
		}
		for _, staged := range beginning(filepath.Dir(data), stagedPrefix) {
			if err := os.RemoveAll(staged); err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := plan.Run(t.Context(), noAct, silent); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if got := stateOf(t, data); got != "new" || len(namesIn(t, filepath.Dir(data))) != 1 {
		t.Errorf("the data is %q beside %v", got, namesIn(t, filepath.Dir(data)))
	}
}
