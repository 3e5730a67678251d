// Package storage opens the data folder: the store in it, brought up to the
// schema this program knows.
package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"willcall/storage/bolt"
)

const (
	folderMode = 0o700
	// fileName is the database within the data folder.
	fileName = "willcall.db"
)

// Why a data folder is not opened. [Open] wraps them; compare with [errors.Is].
var (
	// ErrLocked is a folder that another process has open (exit code 4). A
	// [*LockedError] in the chain names the process.
	ErrLocked = bolt.ErrLocked
	// ErrEmpty is an existing database file of no bytes.
	ErrEmpty = bolt.ErrEmpty
	// ErrForeign is a database file that isn't this program's.
	ErrForeign = bolt.ErrForeign
	// ErrTruncated is a database file that was cut off.
	ErrTruncated = bolt.ErrTruncated
	// ErrDamaged is a database file whose structure doesn't hold together.
	ErrDamaged = bolt.ErrDamaged
)

// LockedError is an [ErrLocked] that names the [Holder].
type LockedError = bolt.LockedError

// Holder is the process that has a data folder open.
type Holder = bolt.Holder

// Options of [Open]; the zero value is right for a running program.
type Options = bolt.Options

// Store is what the engine offers, beyond [core.Store], to those who look after
// the data as a whole.
type Store = bolt.Store

// Open opens the store in the folder dir and migrates it to [SchemaVersion].
// It makes the folder, with all above it, for its owner only; a folder that
// exists keeps its mode. Only one process at a time has a folder open. Errors
// wrap one of this package's where that is the cause.
func Open(ctx context.Context, dir string, options Options) (*Store, error) {
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	store, err := bolt.Open(ctx, filepath.Join(dir, fileName), options)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, store, migrations()); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}
