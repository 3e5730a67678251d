package bolt

import (
	"errors"
	"io"
	"os"
	"runtime"
	"syscall"
)

// SyncFolder makes the names in a folder last; Windows has no such call.
func SyncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(path) //nolint:gosec // the caller's own choice of folder
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Place gives a finished file the name path in the same folder, where nothing
// has it yet: it fails with [fs.ErrExist] else. draft may be left beside it.
func Place(draft, path string) error { return placeBy(os.Link, draft, path) }

// placeBy uses a second name where the file system has such, since that is made in
// one step. Else the name is taken by an empty file first, which a crash may
// leave.
func placeBy(link func(from, to string) error, draft, path string) error {
	err := link(draft, path)
	if !isLinkless(err) {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode) //nolint:gosec // the caller's own choice of file
	if err != nil {
		return err
	}
	if err := errors.Join(file.Close(), os.Rename(draft, path)); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// keepBy gives a file another name beside its own, or to a copy of it where the
// file system has no second names.
func keepBy(link func(from, to string) error, path, name string) error {
	err := link(path, name)
	if !isLinkless(err) {
		return err
	}
	from, err := os.Open(path) //nolint:gosec // the caller's own choice of file
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	to, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode) //nolint:gosec // as above
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Sync(), to.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}

// isLinkless reports whether a file system refused a second name because it has
// none (Linux says EPERM on FAT).
func isLinkless(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EPERM)
}
