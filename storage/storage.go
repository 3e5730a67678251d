// Package storage opens the data folder: the store in it, brought up to the
// schema this program knows.
package storage

import (
	"context"
	"errors"
	"path/filepath"

	"willcall/core"
	"willcall/storage/bolt"
)

const (
	folderMode = 0o700
	// fileName is the database within the data folder.
	fileName = "willcall.db"
)

// Why a database is not opened. [Open] wraps them in a [*Refusal], all but the
// first; compare with [errors.Is].
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

// NoRoomError says how much room is needed and how much there is.
type NoRoomError = bolt.NoRoomError

// Options of [Open]; the zero value is right for a running program.
type Options = bolt.Options

// Store is what the engine offers, beyond [core.Store], to those who look after
// the data as a whole.
type Store = bolt.Store

// Open opens the store in the folder dir, brought up to [SchemaVersion]. It
// makes the folder, with all above it, for its owner only; a folder that exists
// keeps its mode. Only one process at a time has a folder open.
//
// An older store is rewritten; as it was, it stays in the folder under the name
// that [Options.Migrated] hears. Where the folder has a key file, the store
// remembers a fingerprint of it and is opened with no other; a store of schema 1
// knows none, and takes the key it is opened with. Of a store that knows none
// [Options.Accept] is asked, which sees it in the form of [SchemaVersion]: whether
// the key opens what is sealed there. What isn't opened
// stays as it is, and the error is a [*Refusal] or a [*LockedError] where one of
// their reasons is the cause.
func Open(ctx context.Context, dir string, options Options) (*Store, error) {
	if err := Prepare(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, fileName)
	store, err := open(ctx, path, options)
	if err != nil {
		return nil, Refused(path, err)
	}
	return store, nil
}

func open(ctx context.Context, path string, options Options) (*Store, error) {
	var version uint64
	var known string
	engine := options
	engine.Accept = func(v core.View) (err error) {
		if version, known, err = look(v); err != nil {
			return err
		}
		if known == "" && options.Accept != nil {
			return options.Accept(migratedFrom(v, version))
		}
		return checkKey(filepath.Dir(path), known)
	}
	store, err := bolt.Open(ctx, path, engine)
	switch {
	case err != nil:
		return nil, err
	case version != 0 && version < SchemaVersion():
		kept, err := migrate(ctx, store, path, version, options.Progress)
		if err != nil {
			return nil, err
		}
		if options.Migrated != nil {
			options.Migrated(kept)
		}
		return open(ctx, path, options)
	case version == 0 || known == "":
		err = begin(ctx, store, filepath.Dir(path), version == 0)
	}
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// Facts are what a database says of itself.
type Facts struct {
	Schema uint64 // 0 where it says none
	Key    string // the fingerprint of its key file, empty where it knows none
}

// FactsOf looks into a database that nobody has open, and changes nothing. It
// fails as [Open] would for what is in the file.
func FactsOf(ctx context.Context, database string) (f Facts, err error) {
	err = bolt.Look(ctx, database, func(v core.View) (err error) {
		f.Schema, f.Key, err = look(v)
		return err
	})
	return f, Refused(database, err)
}

// look reads a store's schema, 0 for a new one, and the fingerprint of its key,
// empty where none was kept yet.
func look(v core.View) (version uint64, known string, err error) {
	if version, err = schemaOf(v); err != nil {
		return 0, "", err
	}
	raw, err := v.Get(spaceMeta, []byte(keyField))
	return version, string(raw), err
}

// begin notes the schema of a new store, and the key's fingerprint where there is
// a key.
func begin(ctx context.Context, store *Store, dir string, fresh bool) error {
	known, err := fingerprintIn(dir)
	if err != nil || known == "" && !fresh {
		return err
	}
	return store.Update(ctx, func(tx core.Tx) error {
		if err := setSchema(tx, SchemaVersion()); err != nil || known == "" {
			return err
		}
		return tx.Put(spaceMeta, []byte(keyField), []byte(known))
	})
}
