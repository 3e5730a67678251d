package record

import (
	"errors"
	"fmt"
	"slices"

	"willcall/core"
)

// Examine walks the whole space and reports what can't be read; everything else
// goes to look, where it isn't nil, with a key that is valid during the call. A
// key of another length than size, in bytes, counts as broken.
func (s Values[T]) Examine(v core.View, size int, report func(Finding) error, look func(key []byte, value T) error) error {
	err := v.Ascend(s.space, nil, nil, func(key, _ []byte) error {
		if len(key) != size {
			return report(Broken(s.space, key, DetailKey, nil))
		}
		value, _, err := s.Get(v, key)
		switch {
		case errors.Is(err, ErrMalformed):
			return report(Broken(s.space, key, "", err))
		case err != nil || look == nil:
			return err
		}
		return look(key, value)
	})
	if err != nil {
		return fmt.Errorf("examine %s: %w", s.space, err)
	}
	return nil
}

// Readable reports whether there is a value and it can be read.
func (s Values[T]) Readable(v core.View, key []byte) (bool, error) {
	_, found, err := s.Get(v, key)
	if errors.Is(err, ErrMalformed) {
		return false, nil
	}
	return found, err
}

// Broken is the finding of what can't be read, mended by moving it into
// quarantine.
func Broken(space core.Space, key []byte, detail string, cause error) Finding {
	return Finding{
		Fault: FaultBroken, Space: space, Key: slices.Clone(key), Detail: detail, Cause: cause, Mend: SetAside(space, key),
	}
}

// Surplus is the finding of what is of no use where it lies, mended by deleting
// it.
func Surplus(fault Fault, space core.Space, key []byte, detail string) Finding {
	key = slices.Clone(key)
	return Finding{Fault: fault, Space: space, Key: key, Detail: detail, Mend: func(tx core.Tx) error {
		return tx.Delete(space, key)
	}}
}

// Lacking is the finding of what should lie under a key, mended by writing it.
func Lacking(space core.Space, key, value []byte, detail string) Finding {
	return Finding{Fault: FaultMissing, Space: space, Key: key, Detail: detail, Mend: func(tx core.Tx) error {
		return tx.Put(space, key, value)
	}}
}
