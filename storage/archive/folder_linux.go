package archive

import (
	"path/filepath"

	"golang.org/x/sys/unix"
)

// writable fails where this process can't make and rename things in a folder.
func writable(folder string) error {
	return unix.Faccessat(unix.AT_FDCWD, folder, unix.W_OK|unix.X_OK, unix.AT_EACCESS)
}

// isMount reports whether something is mounted at a folder, as far as the system
// tells.
func isMount(folder string) bool {
	var at unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, folder, 0, unix.STATX_BASIC_STATS, &at); err != nil {
		return false
	}
	if at.Attributes_mask&unix.STATX_ATTR_MOUNT_ROOT != 0 {
		return at.Attributes&unix.STATX_ATTR_MOUNT_ROOT != 0
	}
	var above unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, filepath.Dir(folder), 0, unix.STATX_BASIC_STATS, &above)
	return err == nil && (at.Dev_major != above.Dev_major || at.Dev_minor != above.Dev_minor)
}
