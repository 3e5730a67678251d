package bolt

import (
	"fmt"
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
	block := disk.Frsize
	if block <= 0 {
		block = disk.Bsize
	}
	return product(disk.Bavail, uint64(max(block, 0)))
}

// allocate takes size bytes for a new file without writing them.
func allocate(file *os.File, size int64) error {
	if err := unix.Fallocate(int(file.Fd()), 0, 0, size); err != nil {
		return fmt.Errorf("allocate %d bytes: %w", size, err)
	}
	return nil
}

// fileSizeLimit is the size that no file of this process may pass, as set by
// "ulimit -f".
func fileSizeLimit() int64 {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		return math.MaxInt64
	}
	return int64(min(limit.Cur, math.MaxInt64))
}
