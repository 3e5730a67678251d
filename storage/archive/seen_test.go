package archive

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"willcall/storage"
	"willcall/storage/bolt"
)

// begun is a data folder without a database.
func begun(t *testing.T) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	if _, err := makeFolders(data, bolt.SyncFolder); err != nil {
		t.Fatal(err)
	}
	replace(t, filepath.Join(data, "willcall.log"), []byte("{}\n"))
	return data
}

// TestAFolderThatIsOpenedMeanwhileStays opens a data folder that had no database
// at each step of a restore, and goes on using it.
func TestAFolderThatIsOpenedMeanwhileStays(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"staged", "copied", "acted", "looked"} {
		for name, exchanged := range map[string]func(a, b string) error{
			"": exchange, "/two": func(_, _ string) error { return errors.ErrUnsupported },
		} {
			t.Run(step+name, func(t *testing.T) {
				t.Parallel()
				backup, _ := backedUp(t, true)
				data := begun(t)
				plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
				if err != nil {
					t.Fatal(err)
				}
				var store *storage.Store
				plan.exchange = exchanged
				plan.reached = func(reached string) {
					if reached == step {
						if store, _, err = opened(t.Context(), data, "acknowledged"); err != nil {
							t.Fatal(err)
						}
					}
				}
				if _, err := plan.Run(t.Context(), noAct, silent); !errors.Is(err, storage.ErrLocked) {
					t.Errorf("got %v", err)
				}
				if err := store.Close(); err != nil || stateOf(t, data) != "acknowledged" {
					t.Errorf("what was saved meanwhile is gone: %v", err)
				}
				if got := namesIn(t, filepath.Dir(data)); len(got) != 1 {
					t.Errorf("beside the data there is %v", got)
				}
			})
		}
	}
}

// TestAFolderThatWasUsedSinceThePlanStays opens it and lets go again.
func TestAFolderThatWasUsedSinceThePlanStays(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	missing := filepath.Join(t.TempDir(), "data")
	for _, folder := range []string{data, begun(t), missing} {
		plan, err := NewPlan(t.Context(), backup, folder, "", at(), silent)
		if err != nil {
			t.Fatal(err)
		}
		store, _, err := opened(t.Context(), folder, "newer")
		if err := errors.Join(err, store.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := plan.Run(t.Context(), noAct, silent); !errors.Is(err, ErrUsed) {
			t.Errorf("got %v", err)
		}
		if got := stateOf(t, folder); got != "newer" {
			t.Errorf("the data is %q", got)
		}
	}
}

// TestAFolderThatIsMadeMeanwhileStays where there was none, also an empty one,
// whose place the data could take.
func TestAFolderThatIsMadeMeanwhileStays(t *testing.T) {
	t.Parallel()
	backup, _ := backedUp(t, true)
	data := filepath.Join(t.TempDir(), "data")
	plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	mine := func(context.Context, string) error { return os.Mkdir(data, 0o700) }
	if _, err := plan.Run(t.Context(), mine, silent); !errors.Is(err, ErrUsed) {
		t.Errorf("got %v", err)
	}
	if got := namesIn(t, data); len(got) != 0 {
		t.Errorf("in the folder there is %v", got)
	}
}
