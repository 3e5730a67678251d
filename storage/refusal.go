package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"willcall/core"
	"willcall/storage/bolt"
)

// Reason says why a data folder is not opened.
type Reason string

// The reasons.
const (
	ReasonEmpty      Reason = "empty"       // an existing database of no bytes
	ReasonForeign    Reason = "foreign"     // not a database of this program
	ReasonTruncated  Reason = "truncated"   // a database that was cut off
	ReasonDamaged    Reason = "damaged"     // a database that doesn't hold together
	ReasonNewer      Reason = "newer"       // written by a newer program
	ReasonKeyMissing Reason = "key-missing" // a database without its key file
	ReasonKeyBroken  Reason = "key-broken"  // a key file of the wrong length
	ReasonKeyOther   Reason = "key-other"   // the key file of another database
	ReasonFileMode   Reason = "file-mode"   // a file that others may read or change
	ReasonFolderMode Reason = "folder-mode" // a folder that others may change
	ReasonUnreadable Reason = "unreadable"  // no permission to read
	ReasonReadOnly   Reason = "read-only"   // no permission to write, or no writing at all
	ReasonNotFile    Reason = "not-file"    // a folder where a file should be
	ReasonNotFolder  Reason = "not-folder"  // a file where a folder should be
	ReasonLost       Reason = "lost"        // no database where one was
	ReasonLink       Reason = "link"        // a link that leads nowhere
	ReasonFull       Reason = "full"        // no room on the disk for what opening has to write
	ReasonMigration  Reason = "migration"   // no room on the disk for a migration: a [NoRoomError]
)

// Reasons lists all of them.
func Reasons() []Reason {
	return []Reason{
		ReasonEmpty, ReasonForeign, ReasonTruncated, ReasonDamaged, ReasonNewer, ReasonKeyMissing, ReasonKeyBroken,
		ReasonKeyOther, ReasonFileMode, ReasonFolderMode, ReasonUnreadable, ReasonReadOnly, ReasonNotFile,
		ReasonNotFolder, ReasonLost, ReasonLink, ReasonFull, ReasonMigration,
	}
}

// Refusal is a data folder that is not opened, and why. What it names is as it
// was.
type Refusal struct {
	Reason Reason
	Path   string // of the file or folder that is the cause
	Err    error
}

// Error names the path, the reason and the cause.
func (r *Refusal) Error() string { return fmt.Sprintf("%s: %s: %v", r.Path, r.Reason, r.Err) }

// Unwrap is the cause.
func (r *Refusal) Unwrap() error { return r.Err }

func refuse(reason Reason, path, format string, args ...any) error {
	return &Refusal{Reason: reason, Path: path, Err: fmt.Errorf(format, args...)}
}

// Refused makes a [*Refusal] of an error of using the file or folder at path
// where its reason is known, and leaves other errors as they are.
func Refused(path string, err error) error {
	var already *Refusal
	if err == nil || errors.As(err, &already) || errors.Is(err, ErrLocked) {
		return err
	}
	if noRoom := (*NoRoomError)(nil); errors.As(err, &noRoom) {
		return &Refusal{ReasonMigration, path, err}
	}
	err = bolt.MarkFull(err)
	for _, known := range []struct {
		cause  error
		reason Reason
	}{
		{ErrEmpty, ReasonEmpty},
		{ErrForeign, ReasonForeign},
		{ErrTruncated, ReasonTruncated},
		{ErrDamaged, ReasonDamaged},
		{ErrNewerSchema, ReasonNewer},
		{errSchema, ReasonDamaged},
		{core.ErrDamaged, ReasonDamaged},
		{core.ErrFull, ReasonFull},
		{syscall.EROFS, ReasonReadOnly},
		{syscall.ENOTDIR, ReasonNotFolder},
		{syscall.EISDIR, ReasonNotFile},
	} {
		if errors.Is(err, known.cause) {
			return &Refusal{known.reason, path, err}
		}
	}
	if errors.Is(err, fs.ErrPermission) {
		return &Refusal{permission(path), path, err}
	}
	return err
}

// permission tells what may not even be read from what may not be changed.
func permission(path string) Reason {
	file, err := os.Open(path) //nolint:gosec // the data folder is the user's choice
	if errors.Is(err, fs.ErrPermission) {
		return ReasonUnreadable
	}
	if err == nil {
		_ = file.Close()
	}
	return ReasonReadOnly
}

// Prepare makes the data folder dir, with all above it, for its owner only, and
// checks it and the database in it before anything is opened: that the folder is
// one, which nobody else may change, and the database a file, which nobody else
// may read, or not there yet (see [Lost]). Errors are a [*Refusal] where the
// reason is known.
func Prepare(dir string) error {
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return Refused(dir, fmt.Errorf("make the data folder: %w", err))
	}
	info, err := os.Stat(dir)
	if err != nil {
		return Refused(dir, fmt.Errorf("look at the data folder: %w", err))
	}
	// As sshd has it, a folder that others list is no harm: its files are closed.
	if isOpen(info, 0o022) {
		return refuse(ReasonFolderMode, dir, "others may change the folder: its mode is %o", info.Mode().Perm())
	}
	if err := Lost(dir); err != nil {
		return err
	}
	return checkFile(filepath.Join(dir, fileName))
}

// Lost refuses a data folder without a database in which there was one: captured
// mail and kept copies are there only once it was made. To begin anew beside
// them would hide that it is gone. A key file alone is what a first start leaves
// that was killed.
func Lost(dir string) error {
	database := filepath.Join(dir, fileName)
	if _, err := os.Lstat(database); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return Refused(dir, fmt.Errorf("look into the data folder: %w", err))
	}
	for _, entry := range entries {
		name := entry.Name()
		if name == CapturedName || IsKept(name) {
			return refuse(ReasonLost, database, "there is %s, and no database", name)
		}
	}
	return nil
}

// checkFile refuses what is there under a file's name and isn't a file for its
// owner only. A missing file is no error.
func checkFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, linked := os.Lstat(path); linked == nil {
			return refuse(ReasonLink, path, "the link leads nowhere: %w", err)
		}
		return nil
	case err != nil:
		return Refused(path, err)
	case !info.Mode().IsRegular():
		return refuse(ReasonNotFile, path, "it is not a file but %v", info.Mode().Type())
	case isOpen(info, 0o077):
		return refuse(ReasonFileMode, path, "others may open the file: its mode is %o", info.Mode().Perm())
	}
	return nil
}

// isOpen reports whether others have one of the permissions of mask. Windows
// keeps permissions elsewhere.
func isOpen(info fs.FileInfo, mask fs.FileMode) bool {
	return runtime.GOOS != "windows" && info.Mode().Perm()&mask != 0
}
