package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatWasCancelledIsSaid runs the long commands with a context that ended.
func TestWhatWasCancelledIsSaid(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	made, dir := s.backUp(true), s.h.dir
	s.must(s.h.close())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for want, line := range map[string][]string{
		"nothing of the backup is left": {"backup", "--to", filepath.Join(t.TempDir(), "safe")},
		"what was not mended yet":       {"doctor", "--repair"},
		"nothing was changed":           {"restore", made.Path},
		"cancelled before it was done":  {"contacts", "list"},
	} {
		var out, said bytes.Buffer
		code := run(ctx, append(line, "--data", dir), streams{nil, &out, &said})
		if code != exitCancelled || !strings.Contains(said.String(), want) || out.Len() > 0 {
			t.Errorf("%s ends with %d and says %q and %q", line[0], code, said.String(), out.String())
		}
	}
}
