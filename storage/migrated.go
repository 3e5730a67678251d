package storage

import (
	"willcall/core"
	"willcall/storage/bolt"
)

// migrated shows a store of an older schema as a migration would make it, but
// for what the migration adds.
type migrated struct {
	core.View
	change bolt.Change
}

// migratedFrom shows a store of a schema, 0 for a new one, in the form of
// [SchemaVersion].
func migratedFrom(v core.View, schema uint64) core.View {
	if schema == 0 || schema == SchemaVersion() {
		return v
	}
	return migrated{v, chain(migrations()[schema-firstSchema:])}
}

// Get implements [core.View].
func (m migrated) Get(space core.Space, key []byte) ([]byte, error) {
	raw, err := m.View.Get(space, key)
	if raw == nil || err != nil {
		return nil, err
	}
	return m.change(space, key, raw)
}

// Ascend implements [core.View].
func (m migrated) Ascend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	return m.View.Ascend(space, from, to, m.each(space, fn))
}

// Descend implements [core.View].
func (m migrated) Descend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	return m.View.Descend(space, from, to, m.each(space, fn))
}

func (m migrated) each(space core.Space, fn func(key, value []byte) error) func(key, value []byte) error {
	return func(key, value []byte) error {
		value, err := m.change(space, key, value)
		if value == nil || err != nil {
			return err
		}
		return fn(key, value)
	}
}
