package bolt

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"willcall/core"
)

func asIs(_ core.Space, _, value []byte) ([]byte, error) { return value, nil }

// TestARewriteLeavesNothingButBothStores with a projection to be made anew and no
// note of who held the former one, beside a file that has the name already.
func TestARewriteLeavesNothingButBothStores(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, kept := filepath.Join(dir, "store.db"), filepath.Join(dir, "store.db.kept")
	s, err := Open(t.Context(), path, Options{NoSync: true, InitialMap: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(s.Project(t.Context(), &copies{}), s.Update(t.Context(), writing("a")), os.WriteFile(kept, nil, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	done, of := int64(0), int64(0)
	name, err := s.Rewrite(t.Context(), kept, asIs, func(n, all int64) { done, of = n, all })
	if err != nil || name != kept+"-2" || done != of || of == 0 {
		t.Errorf("kept as %s, %v; %d of %d bytes were done", name, err, done, of)
	}
	for file, want := range map[string]uint64{path: 0, name: 1} {
		if got := projectedIn(t, file); got != want {
			t.Errorf("the projection in %s is of version %d, want %d", file, got, want)
		}
	}
	if _, err := os.Stat(notePath(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a note is left: %v", err)
	}
	if all, err := os.ReadDir(dir); err != nil || len(all) != 3 {
		t.Errorf("there are %v, %v", all, err)
	}
}

func projectedIn(t *testing.T, path string) uint64 {
	t.Helper()
	r, err := OpenReader(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	version, err := r.Projected(t.Context(), "copies")
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// TestARewriteAgainFindsWhatIsKept where one was cut off that had kept the store.
func TestARewriteAgainFindsWhatIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, kept := filepath.Join(dir, "store.db"), filepath.Join(dir, "store.db.kept")
	s, err := Open(t.Context(), path, Options{NoSync: true, InitialMap: 1 << 20})
	if err = errors.Join(err, os.Link(path, kept)); err != nil {
		t.Fatal(err)
	}
	if name, err := s.Rewrite(t.Context(), kept, asIs, nil); err != nil || name != kept {
		t.Errorf("kept as %s, %v", name, err)
	}
}

// TestASalvageEndsWithItsContext also while nothing that it finds is saved.
func TestASalvageEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := pageWalk{ctx: ctx, listed: true, uses: []use{used, used, used, unknown}}
	if err := w.adopt(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
