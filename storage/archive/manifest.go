// Package archive writes backups: folders that hold a copy of all data with a
// manifest of it. It verifies them, and puts them in a data folder's place.
package archive

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"willcall/storage"
)

const (
	manifestName = "manifest.json"
	format       = 1
	// maxManifest is far above what the largest log of mails needs.
	maxManifest = 1 << 20
)

// Why a backup is refused. They are wrapped; compare with [errors.Is].
var (
	// ErrNone is a folder that is no backup.
	ErrNone = errors.New("there is no backup in this folder")
	// ErrNewer is a backup that a newer program made.
	ErrNewer = errors.New("a newer version of the program made this backup")
	// ErrChanged is a backup that isn't as it was made.
	ErrChanged = errors.New("the backup is not as it was made")
	// ErrKey is a key that isn't the backup's, or none at all.
	ErrKey = errors.New("the key of the backup is needed")
)

// Manifest says what a backup holds.
type Manifest struct {
	Format int `json:"format"`
	// Schema of the database, see [storage.SchemaVersion].
	Schema uint64    `json:"schema"`
	Made   time.Time `json:"made"`
	// Key is the fingerprint of the key file that the data was sealed with.
	Key string `json:"key_fingerprint"`
	// Findings counts what didn't hold together in the data when it was copied.
	Findings int    `json:"findings,omitempty"`
	Files    []File `json:"files"` // by path
	// Sum is the SHA-256 of the manifest without it.
	Sum string `json:"sha256"`
}

// File is one file of a backup.
type File struct {
	Path   string `json:"path"` // below the backup, with slashes
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Bytes is the size of all files.
func (m Manifest) Bytes() (all int64) {
	for _, f := range m.Files {
		all += f.Bytes
	}
	return all
}

// RestoreBytes is how much room restoring takes, with what opening it for the
// first time makes.
func (m Manifest) RestoreBytes() int64 {
	need := m.Bytes() + openingBytes
	for _, f := range m.Files {
		if f.Path == storage.DatabaseName {
			need += storage.MigrationBytes(m.Schema, f.Bytes)
		}
	}
	return need
}

// HasKey reports whether the key file is in the backup.
func (m Manifest) HasKey() bool {
	return slices.ContainsFunc(m.Files, func(f File) bool { return f.Path == storage.KeyName })
}

// encode gives the manifest's file, with its sum.
func (m Manifest) encode() ([]byte, error) {
	m.Sum = ""
	bare, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	sum := sha256.Sum256(bare)
	m.Sum = hex.EncodeToString(sum[:])
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	return append(raw, '\n'), nil
}

// ParseManifest reads a manifest's file. It fails with [ErrNewer], and with
// [ErrChanged] where it isn't, to the byte, what was written, or names what
// can't be in a backup.
func ParseManifest(raw []byte) (Manifest, error) {
	var versioned struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(raw, &versioned); err != nil {
		return Manifest{}, fmt.Errorf("%s: %w: %w", manifestName, ErrChanged, err)
	}
	if versioned.Format > format {
		return Manifest{}, fmt.Errorf("%s: format %d: %w", manifestName, versioned.Format, ErrNewer)
	}
	var m Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return Manifest{}, fmt.Errorf("%s: %w: %w", manifestName, ErrChanged, err)
	}
	same, err := m.encode()
	if err != nil {
		return Manifest{}, err
	}
	if !bytes.Equal(raw, same) {
		return Manifest{}, fmt.Errorf("%s: its checksum is wrong: %w", manifestName, ErrChanged)
	}
	return m, m.check()
}

// maxBytes is far more than any disk has, so that sums of it and of what it
// takes to restore it can be told.
const maxBytes = 1 << 60

// check holds the manifest against what a backup may hold.
func (m Manifest) check() error {
	if m.Format != format {
		return fmt.Errorf("%s: format %d: %w", manifestName, m.Format, ErrChanged)
	}
	if m.Findings < 0 {
		return fmt.Errorf("%s: %d findings: %w", manifestName, m.Findings, ErrChanged)
	}
	if !slices.IsSortedFunc(m.Files, func(a, b File) int { return cmp.Or(cmp.Compare(a.Path, b.Path), -1) }) {
		return fmt.Errorf("%s: its files are not in order: %w", manifestName, ErrChanged)
	}
	database, room := false, int64(maxBytes)
	for i, f := range m.Files {
		database = database || f.Path == storage.DatabaseName
		if share := storage.ShareOf(f.Path); share != storage.ShareAlways && share != storage.ShareWithKey ||
			!filepath.IsLocal(filepath.FromSlash(f.Path)) || strings.ContainsAny(f.Path, `\:`) {
			return fmt.Errorf("%s: file %d: %q can't be in a backup: %w", manifestName, i+1, f.Path, ErrChanged)
		}
		if sum, err := hex.DecodeString(f.SHA256); f.Bytes < 0 || err != nil || len(sum) != sha256.Size {
			return fmt.Errorf("%s: file %d: size or checksum can't be: %w", manifestName, i+1, ErrChanged)
		}
		if f.Bytes > room {
			return fmt.Errorf("%s: its files can't be as large together: %w", manifestName, ErrChanged)
		}
		room -= f.Bytes
	}
	if !database {
		return fmt.Errorf("%s: no database: %w", manifestName, ErrChanged)
	}
	return nil
}
