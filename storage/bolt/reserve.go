package bolt

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

const (
	// defaultReserve is enough for thousands of removals: each writes a few
	// pages anew.
	defaultReserve = 32 << 20
	// openShare of the reserve is enough to open a store, which writes little.
	openShare = 8
)

// reserve is a file that only takes space, so that there is some to give up
// when the disk is full. Nothing is ever read from it.
type reserve struct {
	path string
	size int64 // in bytes; none where it isn't positive
}

// reserveOf is the reserve beside a store: willcall.reserve for willcall.db.
func reserveOf(path string, o Options) reserve {
	return reserve{path: strings.TrimSuffix(path, filepath.Ext(path)) + ".reserve", size: o.Reserve}
}

// relieve gives the reserve up where the disk hasn't even room for opening. A
// reserve that can't be removed stays: then opening fails by itself.
func (r reserve) relieve() {
	if r.size > 0 && r.held() && freeBytes(r.path) < r.size/openShare {
		_ = r.giveUp()
	}
}

// held reports whether the reserve is there. One that a crash left unfinished
// is not.
func (r reserve) held() bool {
	info, err := os.Lstat(r.path)
	return err == nil && info.Mode().IsRegular() && info.Size() == r.size
}

// make takes the space. Where it fails nothing is left of it.
func (r reserve) make() error {
	if err := r.giveUp(); err != nil {
		return err
	}
	file, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return fmt.Errorf("make the reserve: %w", err)
	}
	if err := errors.Join(take(file, r.size), file.Close()); err != nil {
		return errors.Join(fmt.Errorf("make the reserve: %w", err), r.giveUp())
	}
	return nil
}

// giveUp frees the space. It is no error where there was no reserve.
func (r reserve) giveUp() error {
	if err := os.Remove(r.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("give up the reserve: %w", err)
	}
	return nil
}

// take gets size bytes for a new file. Where the file system can't promise
// them they are written, as noise: it might store anything else in less.
func take(file *os.File, size int64) error {
	if allocate(file, size) == nil {
		return nil
	}
	noise := rand.NewChaCha8([32]byte{}) //nolint:forbidigo // nothing secret: bytes that no file system stores in less
	if _, err := io.CopyN(file, noise, size); err != nil {
		return fmt.Errorf("write %d bytes: %w", size, err)
	}
	return file.Sync()
}
