package archive

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"willcall/storage"
	"willcall/storage/storagetest"
)

// TestAMountIsToldInsteadOfTried for a disk and for a folder that is shown at
// another place of the same disk.
func TestAMountIsToldInsteadOfTried(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	disk := storagetest.SmallDisk(t, 1<<20)
	bound := filepath.Join(t.TempDir(), "bound")
	if err := errors.Join(os.Mkdir(bound, 0o700), unix.Mount(data, bound, "", unix.MS_BIND, "")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(bound, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	for _, place := range []string{disk, bound} {
		if _, err := NewPlan(t.Context(), backup, place, "", at(), silent); !errors.Is(err, ErrMount) {
			t.Errorf("%s: %v", place, err)
		}
	}
	if _, err := NewPlan(t.Context(), backup, data, "", at(), silent); err != nil {
		t.Errorf("what is shown elsewhere: %v", err)
	}
}

// TestRoomIsLookedForWhereTheDataGoes on a disk with room for the backup and
// not for opening it.
func TestRoomIsLookedForWhereTheDataGoes(t *testing.T) {
	t.Parallel()
	backup, _ := backedUp(t, true)
	b, err := Read(backup)
	if err != nil {
		t.Fatal(err)
	}
	disk := storagetest.SmallDisk(t, int(b.Bytes()+spareBytes+openingBytes/2))
	var room *storage.NoRoomError
	_, err = NewPlan(t.Context(), backup, filepath.Join(disk, "data"), "", at(), silent)
	if !errors.As(err, &room) || room.Need != b.Bytes()+spareBytes+openingBytes || room.Free >= room.Need {
		t.Errorf("got %v", err)
	}
}

// TestAFolderAboveThatIsNotTheUsers is found before anything is read or written.
func TestAFolderAboveThatIsNotTheUsers(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	above := filepath.Dir(data)
	if err := os.Chmod(above, 0o500); err != nil { //nolint:gosec // that is the fault
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(above, 0o700) }) //nolint:gosec // so that it can be removed
	asNobody(t, func() {
		for _, place := range []string{plan.Data, filepath.Join(above, "new"), filepath.Join(above, "deep", "new")} {
			if err := exchangeable(place); !errors.Is(err, ErrAbove) {
				t.Errorf("%s: %v", place, err)
			}
		}
	})
}

// asNobody runs fn with the rights of a user who is not the superuser, whom
// permissions don't stop.
func asNobody(t *testing.T, fn func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		fn()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		_, _, _ = syscall.RawSyscall(syscall.SYS_SETFSUID, 65534, 0, 0)
		fn()
	}()
	<-done
}
