package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"willcall/core"
	"willcall/core/backup"
	"willcall/ui/text"
)

// TestAFolderThatTakesNoBackupIsTold as one of the field, never as a defect.
func TestAFolderThatTakesNoBackupIsTold(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	long := strings.Repeat("x", 300)
	folders := map[string]string{
		filepath.Join(t.TempDir(), long): "name", long: "name", filepath.Join(s.h.dir, "inside"): "inside",
		filepath.Join(t.TempDir(), "a\x00b"): "name",
	}
	if runtime.GOOS == "linux" {
		folders["/proc"], folders["/proc/foo"] = "place", "place"
	}
	for folder, why := range folders {
		_, err := s.h.backup.Make(t.Context(), localRequest(), backup.Wish{Folder: folder}, nil)
		var refusal *core.Error
		if !errors.As(err, &refusal) || refusal.Field != "folder" || refusal.Args["why"] != why {
			t.Errorf("%.20q: %v, want %s", folder, err, why)
		}
	}
}

func TestAFullDiskIsNamedWithWhatHelps(t *testing.T) {
	t.Parallel()
	words, err := text.Load()
	check(t, err)
	for _, cause := range []error{core.ErrFull, fmt.Errorf("write: %w: %w", core.ErrFull, syscall.ENOSPC)} {
		got := words.In(text.English).Error(refuseFolder("/mnt/safe", cause))
		if !strings.Contains(got, "/mnt/safe") || !strings.Contains(got, "another disk") {
			t.Errorf("it says %q", got)
		}
		if err := refuseFolder("/mnt/safe", cause); core.CodeOf(err) != core.CodeFull {
			t.Errorf("the code is %s", core.CodeOf(err))
		}
	}
}

// TestTheDefaultFolderIsNamedWhereItTakesNothing and no flag is, which wasn't
// given.
func TestTheDefaultFolderIsNamedWhereItTakesNothing(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	dir := s.h.dir
	s.must(s.h.close())
	check(t, os.WriteFile(dir+"-backups", nil, 0o600))
	var out, said bytes.Buffer
	code := run(t.Context(), []string{"backup", "--data", dir}, streams{nil, &out, &said})
	want := fmt.Sprintf("willcall: %s-backups: There is a file of this name. Choose a folder. Name one with --to\n", dir)
	if code != exitFailed || said.String() != want {
		t.Errorf("it ends with %d and says %q, want %q", code, said.String(), want)
	}
	said.Reset()
	code = run(t.Context(), []string{"backup", "--data", dir, "--to", dir + "-backups"}, streams{nil, &out, &said})
	if code != exitUsage || !strings.HasPrefix(said.String(), "willcall: --to: ") {
		t.Errorf("with --to it ends with %d and says %q", code, said.String())
	}
}
