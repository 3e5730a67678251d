package storage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"willcall/core"
)

// firstSchema is the version of a store before any migration.
const firstSchema = 1

const (
	spaceMeta core.Space = "meta"
	schemaKey string     = "schema"
)

// ErrNewerSchema is a store that a newer program has migrated.
var ErrNewerSchema = errors.New(
	"the data was written by a newer version of this program: install that version, or restore an older backup")

// errSchema is a schema version that can't be read.
var errSchema = errors.New("the schema version is damaged")

// migration turns the data of one schema version into the next one's, within
// one transaction.
type migration func(tx core.Tx) error

// migrations lists every migration there is; the first leads from firstSchema
// to the version after it. Entries are only ever added.
func migrations() []migration { return nil }

// SchemaVersion is the schema this program reads and writes.
func SchemaVersion() uint64 { return firstSchema + uint64(len(migrations())) }

// migrate runs the steps that the store lacks, each in a transaction of its own
// that also saves the version it leads to: a crash between two loses nothing. A
// new store begins at the newest version.
func migrate(ctx context.Context, store core.Store, steps []migration) error {
	newest := firstSchema + uint64(len(steps))
	for done := false; !done; {
		err := store.Update(ctx, func(tx core.Tx) (err error) {
			done, err = migrateOnce(tx, steps, newest)
			return err
		})
		if err != nil {
			return fmt.Errorf("migrate the store to schema %d: %w", newest, err)
		}
	}
	return nil
}

// migrateOnce takes the next step and reports whether none was left.
func migrateOnce(tx core.Tx, steps []migration, newest uint64) (done bool, err error) {
	version, err := schemaOf(tx)
	switch {
	case err != nil:
		return false, err
	case version == newest:
		return true, nil
	case version > newest:
		return false, fmt.Errorf("schema %d: %w", version, ErrNewerSchema)
	case version == 0:
		return false, setSchema(tx, newest)
	}
	if err := steps[version-firstSchema](tx); err != nil {
		return false, fmt.Errorf("from schema %d: %w", version, err)
	}
	return false, setSchema(tx, version+1)
}

// schemaOf is the store's schema version, 0 for a new store.
func schemaOf(v core.View) (uint64, error) {
	raw, err := v.Get(spaceMeta, []byte(schemaKey))
	if err != nil || raw == nil {
		return 0, err
	}
	if len(raw) != 8 || binary.BigEndian.Uint64(raw) == 0 {
		return 0, errSchema
	}
	return binary.BigEndian.Uint64(raw), nil
}

func setSchema(tx core.Tx, version uint64) error {
	return tx.Put(spaceMeta, []byte(schemaKey), binary.BigEndian.AppendUint64(nil, version))
}
