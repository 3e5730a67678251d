package bolt_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"willcall/core"
	"willcall/storage/bolt"
	"willcall/storage/storagetest"
)

// onDisk opens a store on a small disk, with a reserve of 1 MiB and a clock that
// stands still: nothing here waits for the next measurement.
func onDisk(t *testing.T, dir string) *bolt.Store {
	t.Helper()
	options := spacious()
	options.NoSync = false
	options.Wall = func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) }
	return open(t, filepath.Join(dir, "store.db"), options)
}

func reserved(t *testing.T, dir string) bool {
	t.Helper()
	var info unix.Stat_t
	err := unix.Stat(filepath.Join(dir, "store.reserve"), &info)
	if err != nil && !errors.Is(err, unix.ENOENT) {
		t.Fatal(err)
	}
	if info.Size > 0 && (info.Size != mib || info.Blocks*512 < mib) {
		t.Errorf("the reserve has %d bytes in %d blocks", info.Size, info.Blocks)
	}
	return info.Size > 0
}

func isFull(err error) bool { return core.CodeOf(err) == core.CodeFull }

func TestAFullDiskTakesRemovalsOnly(t *testing.T) {
	t.Parallel()
	dir := storagetest.SmallDisk(t, 12*mib)
	store := onDisk(t, dir)
	told := make(chan core.Room, 1000)
	defer store.WatchRoom(func(r core.Room) { told <- r })()
	if !reserved(t, dir) {
		t.Fatal("there is no reserve")
	}
	n := fillUntil(t, store, 20*kib, isFull)
	if !store.Room().Spent || reserved(t, dir) {
		t.Fatalf("full with %+v, reserve %v", store.Room(), reserved(t, dir))
	}
	hear(t, told, true)
	expectFilled(t, store, n, 20*kib)
	removeWhileSpent(t, store, n)
	if !reserved(t, dir) || store.Room().Spent {
		t.Errorf("after removing: reserve %v, %+v", reserved(t, dir), store.Room())
	}
	hear(t, told, false)
	for i := range 20 {
		if err := put(t.Context(), store, fmt.Sprintf("later %d", i), make([]byte, 20*kib)); err != nil {
			t.Fatalf("after removing: %v", err)
		}
	}
}

// hear waits until it was told that space is spent, or isn't any more.
func hear(t *testing.T, told <-chan core.Room, spent bool) {
	t.Helper()
	for {
		select {
		case r := <-told:
			if r.Spent == spent {
				return
			}
		case <-t.Context().Done():
			t.Fatal("not told")
		}
	}
}

// removeWhileSpent removes from the front until space isn't spent any more.
func removeWhileSpent(t *testing.T, store *bolt.Store, n int) {
	t.Helper()
	removed := 0
	for ; store.Room().Spent && removed < n; removed++ {
		if err := remove(t, store, fmt.Sprintf("filled %06d", removed)); err != nil {
			t.Fatalf("remove %d of %d: %v", removed, n, err)
		}
	}
	if removed < 10 || removed > n/2 {
		t.Errorf("it took %d of %d removals to get on", removed, n)
	}
}

func TestTheReserveComesBackOnceTheDiskHasRoom(t *testing.T) {
	t.Parallel()
	dir := storagetest.SmallDisk(t, 16*mib)
	store := onDisk(t, dir)
	release := storagetest.Occupy(t, dir, 8*kib)
	err := put(t.Context(), store, "large", make([]byte, 512*kib))
	if !errors.Is(err, core.ErrFull) || !store.Room().Spent || reserved(t, dir) {
		t.Fatalf("on a full disk: %v, %+v", err, store.Room())
	}
	expectFilled(t, store, 0, 0)
	if err := put(t.Context(), store, "small", []byte("from the reserve")); err != nil {
		t.Errorf("what the desk takes: %v", err)
	}
	release()
	if r := store.Room(); r.Spent || reserved(t, dir) {
		t.Errorf("with room again: %+v, a reserve made by asking: %v", r, reserved(t, dir))
	}
	if err := put(t.Context(), store, "large", make([]byte, 512*kib)); err != nil || !reserved(t, dir) {
		t.Errorf("the retry: %v, reserve %v", err, reserved(t, dir))
	}
}

func TestSpentSpaceIsRememberedByTheDisk(t *testing.T) {
	t.Parallel()
	dir := storagetest.SmallDisk(t, 16*mib)
	store := onDisk(t, dir)
	release := storagetest.Occupy(t, dir, 8*kib)
	if err := put(t.Context(), store, "large", make([]byte, 512*kib)); !isFull(err) {
		t.Fatal(err)
	}
	if err := put(t.Context(), store, "small", make([]byte, 64*kib)); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	store = onDisk(t, dir)
	if r := store.Room(); !r.Spent || reserved(t, dir) {
		t.Errorf("opened again: %+v", r)
	}
	release()
	if r := store.Room(); r.Spent {
		t.Errorf("with room again: %+v", r)
	}
}

func TestAStoreOpensOnAFullDisk(t *testing.T) {
	t.Parallel()
	dir := storagetest.SmallDisk(t, 16*mib)
	store := onDisk(t, dir)
	if err := put(t.Context(), store, "filled 000000", make([]byte, kib)); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	release := storagetest.Occupy(t, dir, 0)
	store = onDisk(t, dir)
	if r := store.Room(); !r.Spent || reserved(t, dir) {
		t.Errorf("opened with nothing left: %+v", r)
	}
	expectFilled(t, store, 1, kib)
	if err := remove(t, store, "filled 000000"); err != nil {
		t.Error(err)
	}
	release()
	if r := store.Room(); r.Spent {
		t.Errorf("with room again: %+v", r)
	}
	if err := put(t.Context(), store, "small", nil); err != nil || !reserved(t, dir) {
		t.Errorf("with room again: %v, reserve %v", err, reserved(t, dir))
	}
}

// TestNobodyIsToldWhileNothingHappens fills and empties the disk behind the
// store's back: it notices when it is used.
func TestNobodyIsToldWhileNothingHappens(t *testing.T) {
	t.Parallel()
	dir := storagetest.SmallDisk(t, 16*mib)
	store := onDisk(t, dir)
	told := make(chan core.Room, 10)
	defer store.WatchRoom(func(r core.Room) { told <- r })()
	for i := range 3 {
		if err := put(t.Context(), store, fmt.Sprint(i), nil); err != nil {
			t.Fatal(err)
		}
	}
	release := storagetest.Occupy(t, dir, 8*kib)
	if len(told) != 0 {
		t.Error("told though nothing changed or nobody looked")
	}
	if err := put(t.Context(), store, "large", make([]byte, 512*kib)); !isFull(err) || !(<-told).Spent {
		t.Errorf("on a full disk: %v", err)
	}
	release()
	if len(told) != 0 || store.Room().Spent || (<-told).Spent || len(told) != 0 {
		t.Errorf("told %d times more of %+v", len(told), store.Room())
	}
}

// TestASmallDiskIsNotSpentFromTheStart opens a new store where there is less room
// than for a reserve of the usual size: nothing was given up.
func TestASmallDiskIsNotSpentFromTheStart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(storagetest.SmallDisk(t, 50*mib), "store.db")
	for range 2 {
		store, err := bolt.Open(t.Context(), path, bolt.Options{InitialMap: mib})
		if err != nil {
			t.Fatal(err)
		}
		if r := store.Room(); r.Spent || !r.NoReserve {
			t.Errorf("with %d MiB free: %+v", r.Free/mib, r)
		}
		closeStore(t, store)
	}
}

// TestRemovingWorksOnASmallDisk has little more than twice the reserve free.
func TestRemovingWorksOnASmallDisk(t *testing.T) {
	t.Parallel()
	for _, size := range []int{600, 20 * kib} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			store := onDisk(t, storagetest.SmallDisk(t, 3*mib+512*kib))
			n := fillUntil(t, store, size, isFull)
			for i := range n {
				if err := remove(t, store, fmt.Sprintf("filled %06d", i)); err != nil {
					t.Fatalf("remove %d of %d: %v", i, n, err)
				}
			}
		})
	}
}

// TestADiskWithoutANumberOfBlocks has as much room as anybody knows.
func TestADiskWithoutANumberOfBlocks(t *testing.T) {
	t.Parallel()
	dir := storagetest.SmallDisk(t, 0)
	if r := onDisk(t, dir).Room(); r.Spent || r.Free != math.MaxInt64 {
		t.Errorf("without a limit: %+v", r)
	}
}

// limitedFiles makes this test binary a process whose files may not pass a
// size: "before" or "after" the store was opened, or are not to be written at all.
const limitedFiles = "WILLCALL_TEST_FILE_LIMIT"

func TestUnderALimitOfFileSizes(t *testing.T) {
	t.Parallel()
	switch when := os.Getenv(limitedFiles); when {
	case "":
		for _, when := range []string{"before", "after", "none"} {
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestUnderALimitOfFileSizes$") //nolint:gosec // this test binary
			child.Env = append(os.Environ(), limitedFiles+"="+when)
			if out, err := child.CombinedOutput(); err != nil {
				t.Errorf("limited %s: %v\n%s", when, err, out)
			}
		}
	case "none":
		signal.Ignore(syscall.SIGXFSZ)
		withoutAByte(t)
	default:
		signal.Ignore(syscall.SIGXFSZ)
		underLimit(t, when == "before")
	}
}

func underLimit(t *testing.T, before bool) {
	t.Helper()
	const size = 20 * kib
	path := filepath.Join(t.TempDir(), "store.db")
	if before {
		limitFiles(t, 3*mib)
	}
	store := open(t, path, spacious())
	if !before {
		limitFiles(t, 3*mib)
	}
	n := fillUntil(t, store, size, isFull)
	expectFilled(t, store, n, size)
	if before {
		if r := store.Room(); !r.Spent || r.Limit != 3*mib {
			t.Errorf("at the limit: %+v", r)
		}
		for i := range n {
			if err := remove(t, store, fmt.Sprintf("filled %06d", i)); err != nil {
				t.Fatalf("remove %d of %d: %v", i, n, err)
			}
		}
		n = 0
	} else {
		limitFiles(t, 64*mib)
	}
	if err := put(t.Context(), store, fmt.Sprintf("filled %06d", n), make([]byte, size)); err != nil {
		t.Errorf("the retry: %v", err)
	}
	expectFilled(t, store, n+1, size)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	expectFilled(t, open(t, path, spacious()), n+1, size)
}

// withoutAByte opens a store where not even the note of who holds it can be
// written: it is read, and locked all the same.
func withoutAByte(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	store := open(t, path, spacious())
	n := 0
	fillUntil(t, store, 20*kib, func(error) bool { n++; return n == 30 })
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	limitFiles(t, 0)
	store = open(t, path, spacious())
	expectFilled(t, store, n, 20*kib)
	if err := put(t.Context(), store, "another", nil); !isFull(err) {
		t.Errorf("written: %v", err)
	}
	var locked *bolt.LockedError
	if _, err := bolt.Open(t.Context(), path, bolt.Options{LockWait: 1}); !errors.As(err, &locked) || locked.Holder.PID != 0 {
		t.Errorf("opened twice: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

func limitFiles(t *testing.T, size uint64) {
	t.Helper()
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	limit.Cur = size
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
}
