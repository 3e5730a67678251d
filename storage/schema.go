package storage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"willcall/core"
	"willcall/storage/bolt"
)

// firstSchema is the version of a store before any migration.
const firstSchema = 1

const (
	spaceMeta core.Space = "meta"
	schemaKey string     = "schema"
)

// ErrNewerSchema is a store that a newer program has migrated.
var ErrNewerSchema = errors.New("the data was written by a newer version of this program")

// errSchema is a schema version that can't be read.
var errSchema = errors.New("the schema version is damaged")

// migrations lists every migration there is; the first leads from firstSchema
// to the version after it. Entries are only ever added.
func migrations() []migration { return []migration{toSchema2()} }

// migration leads from one schema to the next, with code and names of its own:
// what the program calls things today may change.
type migration struct {
	change bolt.Change // turns one value into the next schema's
	// additions are what the next schema has besides, in its form.
	additions []bolt.Addition
}

// SchemaVersion is the schema this program reads and writes.
func SchemaVersion() uint64 { return firstSchema + uint64(len(migrations())) }

// MigrationBytes is how much room it takes to bring a database of this schema
// and size up to [SchemaVersion], beside the database, in bytes.
func MigrationBytes(schema uint64, size int64) int64 {
	if schema >= SchemaVersion() {
		return 0
	}
	return bolt.RewriteBytes(size)
}

// migrate rewrites a store of an older schema, which it closes, and says where
// the store is kept as it was. A crash leaves the old schema or the new one.
func migrate(ctx context.Context, store *Store, path string, from uint64, progress func(done, of int64)) (kept string, err error) {
	steps := migrations()[from-firstSchema:]
	added, err := additions(steps)
	if err == nil {
		kept, err = store.Rewrite(ctx, fmt.Sprintf("%s.schema-%d", path, from), chain(steps), progress, added...)
	}
	if err != nil {
		return "", fmt.Errorf("migrate from schema %d to %d: %w", from, SchemaVersion(), err)
	}
	return kept, nil
}

// chain runs migrations one after the other on every value, and names the schema
// that they lead to.
func chain(steps []migration) bolt.Change {
	return func(space core.Space, key, value []byte) ([]byte, error) {
		if space == spaceMeta && string(key) == schemaKey {
			return binary.BigEndian.AppendUint64(nil, SchemaVersion()), nil
		}
		var err error
		for _, step := range steps {
			if value, err = step.change(space, key, value); value == nil || err != nil {
				return nil, err
			}
		}
		return value, nil
	}
}

// additions are those of all steps, in the form of the last schema.
func additions(steps []migration) (all []bolt.Addition, err error) {
	for i, step := range steps {
		for _, a := range step.additions {
			if a.Value, err = chain(steps[i+1:])(a.Space, a.Key, a.Value); err != nil {
				return nil, err
			}
			if a.Value != nil {
				all = append(all, a)
			}
		}
	}
	return all, nil
}

// schemaOf is the store's schema version, 0 for a new store. It fails with
// ErrNewerSchema for one that this program doesn't know.
func schemaOf(v core.View) (uint64, error) {
	raw, err := v.Get(spaceMeta, []byte(schemaKey))
	if err != nil || raw == nil {
		return 0, err
	}
	if len(raw) != 8 || binary.BigEndian.Uint64(raw) == 0 {
		return 0, errSchema
	}
	version := binary.BigEndian.Uint64(raw)
	if version > SchemaVersion() {
		return 0, fmt.Errorf("schema %d: %w", version, ErrNewerSchema)
	}
	return version, nil
}

func setSchema(tx core.Tx, version uint64) error {
	return tx.Put(spaceMeta, []byte(schemaKey), binary.BigEndian.AppendUint64(nil, version))
}
