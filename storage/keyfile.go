package storage

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	keyFileName = "willcall.key"
	keyFileMode = 0o600
	keyBytes    = 32
)

// ErrKeyFile is a key file that can't be used: missing beside an existing
// database, of the wrong length, or readable by others.
var ErrKeyFile = errors.New("the key file can't be used")

// Key reads the key file in the data folder dir, 32 bytes, and makes it from
// random where neither it nor a database is there yet. A database without its
// key file is refused: a new key couldn't open what the old one sealed. Call it
// before [Open].
func Key(dir string, random io.Reader) ([]byte, error) {
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	path := filepath.Join(dir, keyFileName)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newKey(dir, path, random)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s is open to others; run chmod 600 on it: %w", path, ErrKeyFile)
	}
	raw, err := os.ReadFile(path) //nolint:gosec // the data folder is the user's choice
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	if len(raw) != keyBytes {
		return nil, fmt.Errorf("%s holds %d bytes instead of %d: %w", path, len(raw), keyBytes, ErrKeyFile)
	}
	return raw, nil
}

// newKey writes a key file, synced before anything is sealed with it.
func newKey(dir, path string, random io.Reader) ([]byte, error) {
	if _, err := os.Stat(filepath.Join(dir, fileName)); err == nil {
		return nil, fmt.Errorf("%s is missing; put it back from the backup: %w", path, ErrKeyFile)
	}
	raw := make([]byte, keyBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return nil, fmt.Errorf("draw a key: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, keyFileMode) //nolint:gosec // as above
	if err != nil {
		return nil, fmt.Errorf("make the key file: %w", err)
	}
	_, err = file.Write(raw)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("write the key file: %w", err), os.Remove(path))
	}
	return raw, nil
}
