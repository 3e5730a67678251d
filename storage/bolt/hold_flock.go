//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package bolt

import (
	"errors"
	"fmt"
	"os"

	boltErrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sys/unix"
)

// holdOnce locks a file for this process alone, as bbolt does, and without
// looking into it.
func holdOnce(path string) (release func() error, err error) {
	file, err := os.Open(path) //nolint:gosec // the caller's own choice of file
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	switch {
	case errors.Is(err, unix.EWOULDBLOCK), err == nil && !stillAt(file, path): // who held it put another file in its place
		return nil, errors.Join(boltErrors.ErrTimeout, file.Close())
	case err != nil:
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
	}
	return file.Close, nil
}
