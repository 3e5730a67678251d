package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// chunk is what is read between two looks at the context.
const chunk = 1 << 20

// meter adds up the progress of several steps.
type meter struct {
	tell           func(done, of int64)
	done, of, told int64
}

// add tells of n more bytes.
func (m *meter) add(n int64) {
	m.done = min(m.done+n, m.of)
	if m.done-m.told >= chunk {
		m.told = m.done
		m.tell(m.done, m.of)
	}
}

// step is the progress of a part that is size of the whole, in whatever bytes
// it counts.
func (m *meter) step(size int64) func(done, of int64) {
	begun := m.done
	return func(done, of int64) {
		if of > 0 {
			at := begun + int64(float64(size)*float64(done)/float64(of))
			m.add(at - m.done)
		}
	}
}

// end tells that all is done.
func (m *meter) end() { m.tell(m.of, m.of) }

// makePartial makes a hidden folder that other processes leave alone until
// release.
func makePartial(folder, prefix string) (path string, release func() error, err error) {
	if path, err = os.MkdirTemp(folder, prefix+"*"); err != nil {
		return "", nil, err
	}
	release, _, err = claim(path)
	if errors.Is(err, errors.ErrUnsupported) {
		return path, func() error { return nil }, nil
	}
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(path))
	}
	return path, release, nil
}

// sweep removes the hidden folders that killed processes left.
func sweep(folder, prefix string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), prefix) {
			continue
		}
		if err := removeUnclaimed(filepath.Join(folder, entry.Name())); err != nil {
			return fmt.Errorf("remove what was left of a backup: %w", err)
		}
	}
	return nil
}

// removeUnclaimed removes a folder that no process works on.
func removeUnclaimed(path string) error {
	release, _, err := claim(path)
	if err != nil { // somebody's, or gone
		return nil //nolint:nilerr // it is left alone
	}
	return errors.Join(os.RemoveAll(path), release())
}

// makeFolders makes a folder with all above it, for its owner only, each new name
// kept by sync. It tells which were missing, the uppermost first, also where it
// fails.
func makeFolders(path string, sync func(folder string) error) (made []string, err error) {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		return nil, &fs.PathError{Op: "mkdir", Path: path, Err: syscall.ENOTDIR}
	}
	parent := filepath.Dir(path)
	if err == nil || parent == path {
		return nil, err
	}
	if made, err = makeFolders(parent, sync); err != nil {
		return made, err
	}
	if err := os.Mkdir(path, folderMode); err != nil {
		if info, lookErr := os.Lstat(path); lookErr == nil && info.IsDir() { // another process did
			return made, nil
		}
		return made, err
	}
	return append(made, path), sync(parent)
}

// unmake removes the folders that makeFolders made, as far as nobody put
// anything into them.
func unmake(made []string) {
	for i := len(made) - 1; i >= 0; i-- {
		if os.Remove(made[i]) != nil {
			return
		}
	}
}

// writeFile makes a file of one's own, on disk when it returns.
func writeFile(path string, raw []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode) //nolint:gosec // in a folder made for it
	if err != nil {
		return err
	}
	_, err = file.Write(raw)
	return errors.Join(err, file.Sync(), file.Close())
}

// errNoFile is something else where a file should be. To open it might wait for
// ever.
var errNoFile = errors.New("it is not a file")

// readFile reads a file of which no more than most bytes are of use, and no more
// than one byte beyond.
func readFile(path string, most int64) ([]byte, error) {
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", path, errNoFile)
	}
	file, err := os.Open(path) //nolint:gosec // what the user named, or beside it
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, most+1))
}

// sumFile gives size and SHA-256 of a plain file.
func sumFile(ctx context.Context, path string, read func(n int64)) (size int64, sum string, err error) {
	return copyFile(ctx, path, io.Discard, read)
}

// copyFile writes a plain file's content to another place, and gives its size
// and SHA-256.
func copyFile(ctx context.Context, path string, to io.Writer, read func(n int64)) (size int64, sum string, err error) {
	if info, err := os.Lstat(path); err != nil {
		return 0, "", err
	} else if !info.Mode().IsRegular() {
		return 0, "", fmt.Errorf("%s is no plain file: %w", path, ErrChanged)
	}
	file, err := os.Open(path) //nolint:gosec // a name that was checked, in the user's folder
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	for {
		if err := ctx.Err(); err != nil {
			return 0, "", err
		}
		n, err := io.CopyN(io.MultiWriter(hash, to), file, chunk)
		size += n
		read(n)
		if errors.Is(err, io.EOF) {
			return size, hex.EncodeToString(hash.Sum(nil)), nil
		}
		if err != nil {
			return 0, "", err
		}
	}
}
