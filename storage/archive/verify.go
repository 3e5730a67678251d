package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"willcall/storage"
	"willcall/storage/bolt"
)

// Backup is one that was read.
type Backup struct {
	Path string
	Manifest
}

// Read reads the manifest of the backup in the folder path. It fails with
// [ErrNone], [ErrNewer] and [ErrChanged].
func Read(path string) (Backup, error) {
	b := Backup{Path: path}
	var err error
	if b.Path, err = realPath(path); err != nil {
		return b, fmt.Errorf("read the backup: %w", err)
	}
	raw, err := readFile(filepath.Join(b.Path, manifestName), maxManifest)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, errNoFile) {
		return b, fmt.Errorf("%s: %w", path, ErrNone)
	}
	if err != nil {
		return b, fmt.Errorf("read the backup: %w", err)
	}
	b.Manifest, err = ParseManifest(raw)
	return b, err
}

// Verify holds every file against the manifest, has the database checked and
// asked what it is, and changes nothing. It fails with [ErrChanged] or
// [ErrNewer], and with a [storage.Refusal] where the database, as whole as it may
// be, wouldn't be opened. progress hears how many bytes were read.
func (b Backup) Verify(ctx context.Context, progress func(done, of int64)) error {
	if b.Schema > storage.SchemaVersion() {
		return fmt.Errorf("schema %d: %w", b.Schema, ErrNewer)
	}
	m := &meter{tell: progress, of: b.Bytes()}
	for _, f := range b.Files {
		size, sum, err := sumFile(ctx, b.at(f), m.add)
		if err := f.matches(size, sum, err); err != nil {
			return fmt.Errorf("verify the backup: %w", err)
		}
	}
	database := filepath.Join(b.Path, storage.DatabaseName)
	if err := bolt.CheckFile(ctx, database); err != nil {
		if ctx.Err() == nil {
			err = fmt.Errorf("%w: %w", ErrChanged, err)
		}
		return fmt.Errorf("verify the backup: %w", err)
	}
	if err := b.agrees(ctx, database); err != nil {
		return fmt.Errorf("verify the backup: %w", err)
	}
	m.end()
	return nil
}

// agrees holds what the manifest says of the database against the database. One
// that knows no key takes any.
func (b Backup) agrees(ctx context.Context, database string) error {
	f, err := storage.FactsOf(ctx, database)
	if err != nil {
		return err
	}
	if f.Schema != b.Schema || f.Key != "" && f.Key != b.Key {
		return fmt.Errorf("%s and the database tell of different data: %w", manifestName, ErrChanged)
	}
	return nil
}

// at is where a file of the backup lies.
func (b Backup) at(f File) string { return filepath.Join(b.Path, filepath.FromSlash(f.Path)) }

// matches holds what was read of a file against the manifest.
func (f File) matches(size int64, sum string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is missing: %w", f.Path, ErrChanged)
	case err != nil:
		return err
	case size != f.Bytes || sum != f.SHA256:
		return fmt.Errorf("%s was changed: %w", f.Path, ErrChanged)
	}
	return nil
}

// maxKey is longer than any key file, in bytes.
const maxKey = 1 << 10

// KeyFor finds the key of the backup: in keyFile where that is named, else in
// the backup, else in the data folder that it is to replace. It fails with
// [ErrKey] where that one isn't the backup's, or there is none.
func (b Backup) KeyFor(keyFile, data string) ([]byte, error) {
	if keyFile == "" && b.HasKey() {
		keyFile = filepath.Join(b.Path, storage.KeyName)
	}
	if keyFile == "" {
		keyFile = filepath.Join(data, storage.KeyName)
	}
	key, err := readFile(keyFile, maxKey)
	switch {
	case errors.Is(err, errNoFile):
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is missing: %w", keyFile, ErrKey)
	case err != nil:
		return nil, fmt.Errorf("read the key: %w", err)
	}
	found, err := storage.Fingerprint(key)
	if err == nil && found != b.Key {
		err = fmt.Errorf("%s is another one: %w", keyFile, ErrKey)
	}
	return key, err
}
