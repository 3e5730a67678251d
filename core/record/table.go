package record

import (
	"encoding/binary"
	"errors"
	"fmt"

	"willcall/core"
)

// Version counts the saves of one record, from 1. Zero is no version.
type Version = core.Version

// Table keeps the records of one kind in a space, under institution and id,
// with their indexes.
type Table[T any] struct {
	space   core.Space
	sum     uint32 // of the space
	kind    core.Kind
	codec   Codec[T]
	indexes []Index[T]
}

// NewTable makes a table. kind names its records in errors.
func NewTable[T any](space core.Space, kind core.Kind, codec Codec[T], indexes ...Index[T]) Table[T] {
	return Table[T]{space: space, sum: spaceSum(space), kind: kind, codec: codec, indexes: indexes}
}

// stored is a record as it was found.
type stored[T any] struct {
	version Version
	value   T
	fields  []byte // encoded, valid as long as the view
}

// Get reads a record. A missing one is a [core.Error] with [core.CodeNotFound].
func (t Table[T]) Get(v core.View, institution, id core.ID) (T, Version, error) {
	rec, err := t.find(v, institution, id)
	if err != nil {
		var zero T
		return zero, 0, err
	}
	return rec.value, rec.version, nil
}

// Has reports whether there is a record.
func (t Table[T]) Has(v core.View, institution, id core.ID) (bool, error) {
	raw, err := v.Get(t.space, core.Key(institution, id))
	if err != nil {
		return false, t.wrap("look for", id, err)
	}
	return raw != nil, nil
}

// Insert saves a new record under the next id of the table's space, as version 1.
func (t Table[T]) Insert(tx core.Tx, institution core.ID, value T) (core.ID, error) {
	id, err := tx.NewID(institution, t.space)
	if err != nil {
		return 0, fmt.Errorf("number a new %s: %w", t.kind, err)
	}
	return id, t.write(tx, institution, id, nil, &value)
}

// Put saves value under a given id whatever is there: as version 1, or as the
// next version of the record it replaces. It is for records that share another
// one's id; ids of this table's own come from [Table.Insert].
func (t Table[T]) Put(tx core.Tx, institution, id core.ID, value T) error {
	old, err := t.find(tx, institution, id)
	if core.CodeOf(err) == core.CodeNotFound {
		return t.write(tx, institution, id, nil, &value)
	}
	if err != nil {
		return err
	}
	return t.write(tx, institution, id, &old, &value)
}

// Save replaces the record whose version is still expected and gives the new
// version. Where somebody else saved first it is refused with
// [core.CodeConflict], where the record is gone with [core.CodeNotFound].
func (t Table[T]) Save(tx core.Tx, institution, id core.ID, expected Version, value T) (Version, error) {
	old, err := t.expect(tx, institution, id, expected)
	if err != nil {
		return 0, err
	}
	if err := t.write(tx, institution, id, &old, &value); err != nil {
		return 0, err
	}
	return expected + 1, nil
}

// Delete removes the record whose version is still expected; it is refused as
// [Table.Save] is.
func (t Table[T]) Delete(tx core.Tx, institution, id core.ID, expected Version) error {
	old, err := t.expect(tx, institution, id, expected)
	if err != nil {
		return err
	}
	if err := t.reindex(tx, institution, id, &old.value, nil); err != nil {
		return t.wrap("delete", id, err)
	}
	if err := tx.Delete(t.space, core.Key(institution, id)); err != nil {
		return t.wrap("delete", id, err)
	}
	return nil
}

// Ascend calls fn for every record of the institution with an id of at least
// from, oldest first; fn returns [core.Stop] to end early.
func (t Table[T]) Ascend(
	v core.View, institution, from core.ID, fn func(id core.ID, version Version, value T) error,
) error {
	end := core.PrefixEnd(core.Prefix(institution))
	return v.Ascend(t.space, core.Key(institution, from), end, t.visit(fn))
}

// Descend calls fn for every record of the institution with an id below before,
// newest first; a before of 0 is no limit. fn returns [core.Stop] to end early.
func (t Table[T]) Descend(
	v core.View, institution, before core.ID, fn func(id core.ID, version Version, value T) error,
) error {
	end := core.PrefixEnd(core.Prefix(institution))
	if before != 0 {
		end = core.Key(institution, before)
	}
	return v.Descend(t.space, core.Prefix(institution), end, t.visit(fn))
}

// Count counts the institution's records by walking their keys.
func (t Table[T]) Count(v core.View, institution core.ID) (int, error) {
	n := 0
	prefix := core.Prefix(institution)
	err := v.Ascend(t.space, prefix, core.PrefixEnd(prefix), func(_, _ []byte) error {
		n++
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("count in %s: %w", t.space, err)
	}
	return n, nil
}

// visit decodes what a range finds for fn.
func (t Table[T]) visit(fn func(core.ID, Version, T) error) func(key, raw []byte) error {
	return func(key, raw []byte) error {
		_, id, ok := core.SplitKey(key)
		if !ok {
			return fmt.Errorf("a key of %d bytes in %s: %w", len(key), t.space, damaged(ErrMalformed))
		}
		rec, err := t.decode(key, raw)
		if err != nil {
			return t.wrap("read", id, err)
		}
		return fn(id, rec.version, rec.value)
	}
}

func (t Table[T]) find(v core.View, institution, id core.ID) (stored[T], error) {
	key := core.Key(institution, id)
	raw, err := v.Get(t.space, key)
	if err != nil {
		return stored[T]{}, t.wrap("read", id, err)
	}
	if raw == nil {
		return stored[T]{}, t.refuse(core.CodeNotFound, id, errors.New("no such record"))
	}
	rec, err := t.decode(key, raw)
	if err != nil {
		return stored[T]{}, t.wrap("read", id, err)
	}
	return rec, nil
}

func (t Table[T]) expect(v core.View, institution, id core.ID, expected Version) (stored[T], error) {
	rec, err := t.find(v, institution, id)
	if err == nil && rec.version != expected {
		err = t.refuse(core.CodeConflict, id, fmt.Errorf("version %d, expected %d", rec.version, expected))
	}
	return rec, err
}

// decode reads what is stored under key.
func (t Table[T]) decode(key, raw []byte) (rec stored[T], err error) {
	raw, err = unseal(t.sum, key, raw)
	if err != nil {
		return rec, damaged(err)
	}
	version, n := binary.Uvarint(raw)
	if n <= 0 || version == 0 {
		return rec, damaged(fmt.Errorf("a broken version: %w", ErrMalformed))
	}
	rec.version, rec.fields = Version(version), raw[n:]
	if err := t.codec.Decode(rec.fields, &rec.value); err != nil {
		return rec, damaged(err)
	}
	return rec, nil
}

// write saves value as the version after old's, carrying over old's unknown
// fields; nil stands for no record.
func (t Table[T]) write(tx core.Tx, institution, id core.ID, old *stored[T], value *T) error {
	var was *T
	var version Version
	var fields []byte
	if old != nil {
		was, version, fields = &old.value, old.version, old.fields
	}
	if err := t.reindex(tx, institution, id, was, value); err != nil {
		return t.wrap("save", id, err)
	}
	raw := binary.AppendUvarint([]byte{format}, uint64(version)+1)
	raw = t.codec.replace(raw, value, fields)
	key := core.Key(institution, id)
	if err := tx.Put(t.space, key, seal(t.sum, key, raw)); err != nil {
		return t.wrap("save", id, err)
	}
	return nil
}

func (t Table[T]) reindex(tx core.Tx, institution, id core.ID, from, to *T) error {
	for _, x := range t.indexes {
		if err := x.change(tx, institution, id, from, to); err != nil {
			return err
		}
	}
	return nil
}

func (t Table[T]) refuse(code core.Code, id core.ID, cause error) error {
	return &core.Error{Code: code, Err: t.wrap("find", id, cause)}
}

func (t Table[T]) wrap(verb string, id core.ID, err error) error {
	return fmt.Errorf("%s %s: %w", verb, core.Ref{Kind: t.kind, ID: id}, err)
}
