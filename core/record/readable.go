package record

import (
	"errors"

	"willcall/core"
)

// Readables calls fn for every record of every institution that can be read, in
// the order of institution and id, and passes over the others: for what must be
// done to as much as there is. fn returns [core.Stop] to end early.
func (t Table[T]) Readables(v core.View, fn func(institution, id core.ID, version Version, value T) error) error {
	return v.Ascend(t.space, nil, nil, func(key, raw []byte) error {
		institution, id, ok := core.SplitKey(key)
		if !ok {
			return nil
		}
		rec, err := t.decode(key, raw)
		if errors.Is(err, ErrMalformed) {
			return nil
		}
		if err != nil {
			return t.wrap("read", id, err)
		}
		return fn(institution, id, rec.version, rec.value)
	})
}
