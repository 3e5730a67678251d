package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// outlivingVariable makes the test binary a process that writes beyond the
// limit of its files.
const outlivingVariable = "WILLCALL_TEST_OUTLIVE"

func TestTheProgramOutlivesALimitOfFileSizes(t *testing.T) {
	if os.Getenv(outlivingVariable) == "" {
		t.Parallel()
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // this test binary
		child.Env = append(os.Environ(), outlivingVariable+"=1")
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	outliveFileSizeLimit()
	file := filepath.Join(t.TempDir(), "file")
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	most := limit.Cur
	limit.Cur = 1000
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, make([]byte, 2000), 0o600); !errors.Is(err, syscall.EFBIG) {
		t.Errorf("a write beyond the limit: %v", err)
	}
	limit.Cur = most // for what the test binary writes at its end
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
}
