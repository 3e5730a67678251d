package bolt_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"willcall/core"
	"willcall/storage/bolt"
)

// childStore makes the test binary a process that writes to the store at this
// path until it is killed.
const childStore = "WILLCALL_TEST_STORE"

func TestMain(m *testing.M) {
	if path := os.Getenv(childStore); path != "" {
		if err := writeForEver(context.Background(), path, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeForEver counts up in the store and reports each count once it is saved.
func writeForEver(ctx context.Context, path string, saved io.Writer) error {
	store, err := bolt.Open(ctx, path, bolt.Options{InitialMap: 1 << 20})
	if err != nil {
		return err
	}
	for n := uint64(1); ; n++ {
		if err := put(ctx, store, "count", binary.BigEndian.AppendUint64(nil, n)); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(saved, n); err != nil {
			return err
		}
	}
}

// TestKilledProcess holds that another process is named while it runs, and that
// what it reported as saved is there after it was killed.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$") //nolint:gosec // this test binary
	child.Env = append(os.Environ(), childStore+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var saved uint64
	lines := bufio.NewScanner(out)
	for saved < 20 && lines.Scan() {
		if _, err := fmt.Sscan(lines.Text(), &saved); err != nil {
			t.Errorf("the child said %q", lines.Text())
		}
	}
	var locked *bolt.LockedError
	if _, err := bolt.Open(t.Context(), path, quick()); !errors.As(err, &locked) || locked.Holder.PID != child.Process.Pid {
		t.Errorf("while process %d runs: %v", child.Process.Pid, err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		if _, err := fmt.Sscan(lines.Text(), &saved); err != nil {
			break // the last line was cut off
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the killed process ended by itself")
	}
	expectCount(t, path, saved)
}

func expectCount(t *testing.T, path string, least uint64) {
	t.Helper()
	options := quick()
	options.LockWait = time.Minute
	store := open(t, path, options)
	err := store.View(t.Context(), func(v core.View) error {
		raw, err := v.Get(things, []byte("count"))
		if len(raw) != 8 || binary.BigEndian.Uint64(raw) < least {
			t.Errorf("after the kill the count is %v, want at least %d", raw, least)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
