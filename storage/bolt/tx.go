package bolt

import (
	"fmt"

	"willcall/core"
)

// transaction is a [core.Tx]: the view of one update, which writes.
type transaction struct {
	view
	wrote   bool
	touched map[place]bool // true for deleted
	events  []core.Event
}

type place struct {
	space core.Space
	key   string
}

var _ core.Tx = (*transaction)(nil)

func (t *transaction) Put(space core.Space, key, value []byte) (err error) {
	defer t.guard(&err)
	b, err := t.bucket(space)
	if err != nil {
		return fmt.Errorf("put: %w", err)
	}
	if b == nil {
		if b, err = t.tx.CreateBucketIfNotExists([]byte(space)); err != nil {
			return fmt.Errorf("make the space %s: %w", space, err)
		}
		t.keep(space, b)
	}
	if value == nil {
		value = []byte{} // a value of nil reads like a missing key
	}
	if err := b.Put(key, value); err != nil {
		return fmt.Errorf("put into %s: %w", space, err)
	}
	t.touch(space, key, false)
	return nil
}

func (t *transaction) Delete(space core.Space, key []byte) (err error) {
	defer t.guard(&err)
	b, err := t.bucket(space)
	if err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	if b == nil || b.Get(key) == nil {
		return nil
	}
	if err := b.Delete(key); err != nil {
		return fmt.Errorf("delete from %s: %w", space, err)
	}
	t.touch(space, key, true)
	return nil
}

func (t *transaction) Emit(e core.Event) { t.events = append(t.events, e) }

func (t *transaction) touch(space core.Space, key []byte, deleted bool) {
	if t.touched == nil {
		t.touched = map[place]bool{}
	}
	t.touched[place{space, string(key)}] = deleted
	t.count()
}

func (t *transaction) count() {
	t.writes++
	t.wrote = true
}

// touches lists what was touched, each key once.
func touches(touched map[place]bool) []core.Touch {
	list := make([]core.Touch, 0, len(touched))
	for at, deleted := range touched {
		list = append(list, core.Touch{Space: at.space, Key: at.key, Deleted: deleted})
	}
	return list
}
