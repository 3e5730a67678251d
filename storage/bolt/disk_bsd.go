//go:build darwin || freebsd

package bolt

import (
	"errors"
	"math"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// freeBytes is how much an unprivileged user may still write to the disk that
// holds path; without end where that can't be told.
func freeBytes(path string) int64 {
	var disk unix.Statfs_t
	if err := unix.Statfs(filepath.Dir(path), &disk); err != nil || disk.Blocks == 0 { // as some answer that don't count
		return math.MaxInt64
	}
	if int64(disk.Bavail) < 0 { // FreeBSD counts what only its administrator may take
		return 0
	}
	return product(uint64(disk.Bavail), uint64(disk.Bsize))
}

// allocate is left to writing: neither system promises space for a new file in
// one call on every file system.
func allocate(*os.File, int64) error { return errors.ErrUnsupported }

// fileSizeLimit is the size that no file of this process may pass, as set by
// "ulimit -f".
func fileSizeLimit() int64 {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &limit); err != nil || limit.Cur < 0 || uint64(limit.Cur) > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(limit.Cur)
}
