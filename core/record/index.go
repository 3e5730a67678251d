package record

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"willcall/core"
)

const idSize = 8

// Index finds the records of a table by bytes made from their values. Its
// entries live in a space of their own, under institution ‖ key ‖ id.
type Index[T any] struct {
	space core.Space
	keys  func(*T) [][]byte
}

// NewIndex makes an index. keys gives the keys of a value, none for one that
// isn't to be found; it depends on the value alone, since the entries to remove
// are worked out from the stored value.
func NewIndex[T any](space core.Space, keys func(*T) [][]byte) Index[T] {
	return Index[T]{space: space, keys: keys}
}

// change replaces the entries of the record id, nil standing for no record.
func (x Index[T]) change(tx core.Tx, institution, id core.ID, from, to *T) error {
	old, now := x.keysOf(from), x.keysOf(to)
	for _, key := range old {
		if holds(now, key) {
			continue
		}
		if err := tx.Delete(x.space, entryKey(institution, key, id)); err != nil {
			return fmt.Errorf("remove from the index %s: %w", x.space, err)
		}
	}
	for _, key := range now {
		if holds(old, key) {
			continue
		}
		if err := tx.Put(x.space, entryKey(institution, key, id), []byte{}); err != nil {
			return fmt.Errorf("add to the index %s: %w", x.space, err)
		}
	}
	return nil
}

func (x Index[T]) keysOf(value *T) [][]byte {
	if value == nil {
		return nil
	}
	return x.keys(value)
}

func holds(keys [][]byte, key []byte) bool {
	return slices.ContainsFunc(keys, func(k []byte) bool { return bytes.Equal(k, key) })
}

func entryKey(institution core.ID, key []byte, id core.ID) []byte {
	entry := append(core.Prefix(institution), key...)
	return binary.BigEndian.AppendUint64(entry, uint64(id))
}

// Lookup calls fn with the id of every index entry whose key begins with prefix,
// in the order of key, then id; fn returns [core.Stop] to end early. A record
// with several such keys comes several times. A prefix finds longer keys too:
// for an exact match let keys end with a byte that isn't in them. fn may read,
// but not write what the index covers.
func (t Table[T]) Lookup(
	v core.View, institution core.ID, index core.Space, prefix []byte, fn func(id core.ID) error,
) error {
	from := append(core.Prefix(institution), prefix...)
	return v.Ascend(index, from, core.PrefixEnd(from), func(entry, _ []byte) error {
		key := len(entry) - idSize
		if key < len(from) { // the prefix ends inside the id of a shorter key
			return nil
		}
		return fn(core.ID(binary.BigEndian.Uint64(entry[key:])))
	})
}

// splitEntry takes an index entry apart. ok is false where it is too short.
func splitEntry(entry []byte) (institution core.ID, key []byte, id core.ID, ok bool) {
	at := len(entry) - idSize
	if at < idSize {
		return 0, nil, 0, false
	}
	institution = core.ID(binary.BigEndian.Uint64(entry))
	return institution, entry[idSize:at], core.ID(binary.BigEndian.Uint64(entry[at:])), true
}
