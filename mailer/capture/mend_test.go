package capture

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"willcall/core/mail"
)

func TestMendKeepsWhatCanBeReadAndTheDamagedFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		segment int
		change  func(raw []byte) []byte
		mails   int // that are left of the 8
	}{
		"a record":     {0, func(raw []byte) []byte { copy(raw[200:], "otherwise"); return raw }, 7},
		"a header":     {0, func(raw []byte) []byte { clear(raw[:8]); return raw }, 8},
		"an empty one": {0, func([]byte) []byte { return nil }, 6},
		"the last":     {3, func(raw []byte) []byte { copy(raw[200:], "otherwise"); return raw }, 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, names := segmentsOf(t)
			path := names[min(c.segment, len(names)-1)]
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			raw = c.change(raw)
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			kept, err := Mend(t.Context(), dir)
			if err != nil || len(kept) != 1 {
				t.Fatalf("kept %v, %v", kept, err)
			}
			if was, err := os.ReadFile(kept[0]); !bytes.Equal(was, raw) || err != nil || filepath.Base(filepath.Dir(kept[0])) != damagedFolder {
				t.Errorf("%s isn't what was damaged: %v", kept[0], err)
			}
			if err := Check(t.Context(), dir, func(err error) { t.Error(err) }); err != nil {
				t.Error(err)
			}
			l, err := Open(t.Context(), dir, Options{Report: func(err error) { t.Error(err) }})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = l.Close() }()
			page, err := l.List(t.Context(), mail.Query{Everything: true, Limit: 20})
			if err != nil || len(page.Messages) != c.mails {
				t.Errorf("%d mails are left, want %d: %v", len(page.Messages), c.mails, err)
			}
		})
	}
}
