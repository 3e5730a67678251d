//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package archive

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// claim locks a file or folder for this process, until release or the process's
// end. taken tells that another one has it.
func claim(path string) (release func() error, taken bool, err error) {
	file, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0) //nolint:gosec // what the user named, or beside it; a pipe isn't waited for
	if err != nil {
		return nil, false, err
	}
	err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err != nil {
		err = errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
		return nil, errors.Is(err, unix.EWOULDBLOCK), err
	}
	return file.Close, false, nil
}
