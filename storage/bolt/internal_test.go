package bolt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"willcall/core"
)

func FuzzNote(f *testing.F) {
	f.Add([]byte(`{"pid":1,"started":"2026-11-21T18:00:00Z"}`))
	f.Add([]byte(`{"pid":-1}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		holder := parseNote(raw)
		if holder == (Holder{}) {
			return
		}
		again, err := json.Marshal(holder)
		if err != nil {
			t.Fatalf("a note that was read can't be written: %v", err)
		}
		if got := parseNote(again); got.PID != holder.PID || !got.Started.Equal(holder.Started) {
			t.Errorf("%+v became %+v", holder, got)
		}
	})
}

// FuzzMeta reads anything as a meta page and the pages behind it.
func FuzzMeta(f *testing.F) {
	path := filepath.Join(f.TempDir(), "store.db")
	if err := create(path, Options{NoSync: true}.withDefaults()); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:os.Getpagesize()+1])
	f.Fuzz(func(t *testing.T, raw []byte) {
		used, free, err := readUse(bytes.NewReader(raw), int64(os.Getpagesize()))
		if err == nil && (used < 0 || free < 0 || free > used) {
			t.Errorf("%d free of %d pages", free, used)
		}
		if bytes.Equal(raw, whole) && (err != nil || used < 4) {
			t.Errorf("a new store has %d pages: %v", used, err)
		}
	})
}

func TestFailedCommits(t *testing.T) {
	t.Parallel()
	s := still(t)
	newest := commits(t, s)
	noSpace := &os.PathError{Op: "write", Path: "store.db", Err: syscall.ENOSPC}
	for name, c := range map[string]struct {
		id    int
		cause error
		want  error
	}{
		"no space, nothing visible":         {newest + 1, noSpace, core.ErrFull},
		"no space, told as text":            {newest + 1, errors.New("file resize error: " + noSpace.Error()), core.ErrFull},
		"a broken disk, nothing visible":    {newest + 1, syscall.EIO, syscall.EIO},
		"a broken disk, the commit visible": {newest, syscall.EIO, core.ErrOutcomeUnknown},
		"no space, the commit visible":      {newest, noSpace, core.ErrOutcomeUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.commitError(c.id, fmt.Errorf("commit: %w", c.cause))
			if !errors.Is(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			for _, other := range []error{core.ErrFull, core.ErrOutcomeUnknown} {
				if !errors.Is(c.want, other) && errors.Is(got, other) {
					t.Errorf("got %v, which is %v", got, other)
				}
			}
		})
	}
}
