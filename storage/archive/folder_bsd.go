//go:build darwin || freebsd || netbsd || openbsd || dragonfly

package archive

import (
	"path/filepath"

	"golang.org/x/sys/unix"
)

// writable fails where this process can't make and rename things in a folder.
func writable(folder string) error { return unix.Access(folder, unix.W_OK|unix.X_OK) }

// isMount reports whether a folder is on another disk than the one above it.
func isMount(folder string) bool {
	var at, above unix.Stat_t
	if unix.Stat(folder, &at) != nil || unix.Stat(filepath.Dir(folder), &above) != nil {
		return false
	}
	return at.Dev != above.Dev
}
