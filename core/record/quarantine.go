package record

import (
	"bytes"
	"fmt"
	"slices"

	"willcall/core"
)

// spaceQuarantine holds what was found broken, as it was found: under space ‖ 0
// ‖ key. Nothing reads it but who looks for what was lost.
const spaceQuarantine core.Space = "quarantine"

// maxAside is how long a key in quarantine may be, in bytes: engines take no
// more than 32 KiB.
const maxAside = 32 << 10

// SetAside is a [core.Finding]'s Mend that moves whatever lies under a key into
// quarantine, where it is kept.
func SetAside(space core.Space, key []byte) func(core.Tx) error {
	key = slices.Clone(key)
	return func(tx core.Tx) error {
		raw, err := tx.Get(space, key)
		if err != nil || raw == nil {
			return err
		}
		at, err := asideKey(tx, space, key)
		if err != nil {
			return err
		}
		if err := tx.Put(spaceQuarantine, at, bytes.Clone(raw)); err != nil {
			return fmt.Errorf("move into quarantine: %w", err)
		}
		if err := tx.Delete(space, key); err != nil {
			return fmt.Errorf("move into quarantine: %w", err)
		}
		return nil
	}
}

// asideKey is a free place in quarantine: a second record under the same key
// stands behind the first.
func asideKey(v core.View, space core.Space, key []byte) ([]byte, error) {
	at := slices.Concat([]byte(space), []byte{0}, key)
	at = at[:min(len(at), maxAside/2)]
	for {
		taken, err := v.Get(spaceQuarantine, at)
		if err != nil || taken == nil {
			return at, err
		}
		at = append(at, '+')
	}
}

// SetAside is a [core.Finding]'s Mend that moves a record into quarantine, with
// its index entries removed where it can be read.
func (t Table[T]) SetAside(institution, id core.ID) func(core.Tx) error {
	key := core.Key(institution, id)
	move := SetAside(t.space, key)
	return func(tx core.Tx) error {
		value, ok, err := t.readable(tx, institution, id)
		if err == nil && ok {
			err = t.reindex(tx, institution, id, &value, nil)
		}
		if err != nil {
			return err
		}
		return move(tx)
	}
}

// EachAside calls fn with the space and key of whatever was set aside. Keys are
// lent.
func EachAside(v core.View, fn func(space core.Space, key []byte) error) error {
	err := v.Ascend(spaceQuarantine, nil, nil, func(at, _ []byte) error {
		space, key, _ := bytes.Cut(at, []byte{0})
		return fn(core.Space(space), key)
	})
	if err != nil {
		return fmt.Errorf("look into quarantine: %w", err)
	}
	return nil
}

// IsAside reports whether what lay under a key of a space is in quarantine.
func IsAside(v core.View, space core.Space, key []byte) (bool, error) {
	raw, err := v.Get(spaceQuarantine, slices.Concat([]byte(space), []byte{0}, key))
	if err != nil {
		return false, fmt.Errorf("look into quarantine: %w", err)
	}
	return raw != nil, nil
}
