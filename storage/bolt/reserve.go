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
// when the disk is full. Nothing is ever read from it. Given up it stays, of no
// bytes: so it is remembered, and giving it up needs no room.
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

// given reports whether the reserve was given up.
func (r reserve) given() bool {
	info, err := os.Lstat(r.path)
	return r.size > 0 && err == nil && info.Mode().IsRegular() && info.Size() == 0
}

// make takes the space. Where it fails it is as given up as it was.
func (r reserve) make() error {
	given := r.given()
	if !given {
		if err := r.remove(); err != nil { // what is left of another one
			return err
		}
	}
	file, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE, fileMode)
	if err != nil {
		return fmt.Errorf("make the reserve: %w", err)
	}
	err = errors.Join(take(file, r.size), file.Close())
	switch {
	case err == nil:
		return nil
	case given:
		return errors.Join(fmt.Errorf("make the reserve: %w", err), r.giveUp())
	}
	return errors.Join(fmt.Errorf("make the reserve: %w", err), r.remove())
}

// giveUp frees the space.
func (r reserve) giveUp() error {
	if err := os.Truncate(r.path, 0); err != nil {
		return fmt.Errorf("give up the reserve: %w", err)
	}
	return nil
}

// remove leaves nothing of the reserve.
func (r reserve) remove() error {
	if err := os.Remove(r.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the reserve: %w", err)
	}
	return nil
}

// take gets size bytes for a new file. Where the file system can't promise
// them they are written, as noise: it might store anything else in less.
func take(file *os.File, size int64) error {
	if err := allocate(file, size); err == nil || isFull(err) {
		return err
	}
	noise := rand.NewChaCha8([32]byte{}) //nolint:forbidigo // nothing secret: bytes that no file system stores in less
	if _, err := io.CopyN(file, noise, size); err != nil {
		return fmt.Errorf("write %d bytes: %w", size, err)
	}
	return file.Sync()
}
