package capture

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"willcall/core/mail"
)

// segmentsOf fills a folder with mails in several segments, closes it and names
// the segments.
func segmentsOf(t *testing.T) (dir string, names []string) {
	t.Helper()
	dir = t.TempDir()
	l, err := Open(t.Context(), dir, Options{SegmentBytes: 4096})
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		if _, err := l.Append(t.Context(), mail.Envelope{From: "a@example.org"}, make([]byte, 1500)); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if names, err = filepath.Glob(filepath.Join(dir, "*"+segmentSuffix)); err != nil || len(names) < 3 {
		t.Fatalf("segments: %v, %v", names, err)
	}
	return dir, names
}

func TestCheckTellsOfDamageAndChangesNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		segment func(names []string) string
		change  func(raw []byte) []byte
		want    int
	}{
		"nothing":         {func(names []string) string { return names[0] }, func(raw []byte) []byte { return raw }, 0},
		"a record":        {func(names []string) string { return names[0] }, func(raw []byte) []byte { copy(raw[200:], "otherwise"); return raw }, 1},
		"a header":        {func(names []string) string { return names[0] }, func(raw []byte) []byte { clear(raw[:8]); return raw }, 1},
		"a cut segment":   {func(names []string) string { return names[0] }, func(raw []byte) []byte { return raw[:len(raw)-9] }, 1},
		"an empty one":    {func(names []string) string { return names[0] }, func([]byte) []byte { return nil }, 1},
		"the torn tail":   {func(names []string) string { return names[len(names)-1] }, func(raw []byte) []byte { return raw[:len(raw)-9] }, 0},
		"the last, empty": {func(names []string) string { return names[len(names)-1] }, func([]byte) []byte { return nil }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, names := segmentsOf(t)
			at := c.segment(names)
			raw, err := os.ReadFile(filepath.Clean(at))
			if err != nil {
				t.Fatal(err)
			}
			raw = c.change(raw)
			if err := os.WriteFile(at, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			found := 0
			err = Check(t.Context(), dir, func(err error) {
				var damage *DamageError
				if found++; !errors.As(err, &damage) || damage.File != filepath.Base(at) {
					t.Errorf("reported: %v", err)
				}
			})
			if err != nil || found != c.want {
				t.Errorf("%d were reported (%v), want %d", found, err, c.want)
			}
			if after, err := os.ReadFile(filepath.Clean(at)); err != nil || string(after) != string(raw) {
				t.Errorf("the check changed the segment (%v)", err)
			}
		})
	}
}

func TestCheckEndsWithItsContext(t *testing.T) {
	t.Parallel()
	dir, _ := segmentsOf(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Check(ctx, dir, func(error) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled check: %v", err)
	}
	if err := Check(t.Context(), filepath.Join(dir, "nowhere"), func(error) {}); err != nil {
		t.Errorf("a folder that isn't there: %v", err)
	}
}

// A folder's name is a name, also where it would be a pattern: not seeing the
// segments in it would begin the first one anew, over what is in it.
func TestTheNameOfTheFolderIsNoPattern(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "house [a-b]")
	for n := range 2 {
		l := openLog(t, dir, Options{})
		if got := len(listAll(t, l)); got != n {
			t.Errorf("%d mails are there, want %d", got, n)
		}
		appendMail(t, l, n+1)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	path := segmentName(dir, 1)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[segmentHeader+100]++
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	found := 0
	if err := Check(t.Context(), dir, func(error) { found++ }); err != nil || found == 0 {
		t.Errorf("%d damages are found: %v", found, err)
	}
	if kept, err := Mend(t.Context(), dir); err != nil || len(kept) != 1 {
		t.Errorf("kept %v: %v", kept, err)
	}
}
