package record

import (
	"fmt"

	"willcall/core"
)

// Values keeps values of one type in a space under keys of the caller's own:
// without versions, for what is written once. Like a table's records they are
// checked on reading. It is immutable and safe for concurrent use.
type Values[T any] struct {
	space core.Space
	sum   uint32
	codec Codec[T]
}

// NewValues makes the values of a space.
func NewValues[T any](space core.Space, codec Codec[T]) Values[T] {
	return Values[T]{space: space, sum: spaceSum(space), codec: codec}
}

// Get reads the value under key; found is false where there is none. Errors of
// what is stored wrap [ErrMalformed] and [core.ErrDamaged].
func (s Values[T]) Get(v core.View, key []byte) (value T, found bool, err error) {
	raw, err := v.Get(s.space, key)
	if err != nil || raw == nil {
		return value, false, err
	}
	fields, err := unseal(s.sum, key, raw)
	if err == nil {
		err = s.codec.Decode(fields, &value)
	}
	if err != nil {
		var zero T
		return zero, false, fmt.Errorf("read from %s: %w", s.space, damaged(err))
	}
	return value, true, nil
}

// Put sets the value under key, which must not change until tx ends.
func (s Values[T]) Put(tx core.Tx, key []byte, value T) error {
	raw := s.codec.Append([]byte{format}, &value)
	if err := tx.Put(s.space, key, seal(s.sum, key, raw)); err != nil {
		return fmt.Errorf("write to %s: %w", s.space, err)
	}
	return nil
}
