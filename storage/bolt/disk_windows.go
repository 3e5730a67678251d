package bolt

import (
	"errors"
	"math"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// freeBytes is how much this user may still write to the disk that holds path;
// without end where that can't be told.
func freeBytes(path string) int64 {
	folder, err := windows.UTF16PtrFromString(filepath.Dir(path))
	if err != nil {
		return math.MaxInt64
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(folder, &free, nil, nil); err != nil {
		return math.MaxInt64
	}
	return product(free, 1)
}

// allocate is left to writing, which works on every file system.
func allocate(*os.File, int64) error { return errors.ErrUnsupported }

// fileSizeLimit: the system sets processes no such limit.
func fileSizeLimit() int64 { return math.MaxInt64 }
