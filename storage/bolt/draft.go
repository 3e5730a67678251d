package bolt

import (
	"fmt"

	"github.com/tidwall/btree"

	"willcall/core"
)

// packed is how full the pages of a space are made that is written in order.
const packed = 0.95

// draft is the transaction in which a projection begins to be made anew. Its derived
// spaces are kept in memory and written in order at the end: bbolt keeps what a
// transaction puts into an empty space in one long list, into whose middle it
// would have to insert.
type draft struct {
	*transaction
	spaces map[core.Space]*btree.Map[string, []byte]
}

func newDraft(t *transaction, derived []core.Space) *draft {
	d := &draft{transaction: t, spaces: map[core.Space]*btree.Map[string, []byte]{}}
	for _, space := range derived {
		d.spaces[space] = &btree.Map[string, []byte]{}
	}
	return d
}

func (d *draft) Get(space core.Space, key []byte) ([]byte, error) {
	m := d.spaces[space]
	if m == nil || d.ended {
		return d.transaction.Get(space, key)
	}
	value, _ := m.Get(string(key))
	return value, nil
}

func (d *draft) Put(space core.Space, key, value []byte) error {
	m := d.spaces[space]
	if m == nil || d.ended {
		return d.transaction.Put(space, key, value)
	}
	if value == nil {
		value = []byte{}
	}
	m.Set(string(key), value)
	return nil
}

func (d *draft) Delete(space core.Space, key []byte) error {
	m := d.spaces[space]
	if m == nil || d.ended {
		return d.transaction.Delete(space, key)
	}
	m.Delete(string(key))
	return nil
}

func (d *draft) Ascend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	m := d.spaces[space]
	if m == nil || d.ended {
		return d.transaction.Ascend(space, from, to, fn)
	}
	visits, end := visitor{ctx: d.ctx, fn: fn}, string(to)
	key, value, found := least(m, string(from))
	for found && (end == "" || key < end) {
		if on, err := visits.visit([]byte(key), value); !on {
			return err
		}
		key, value, found = least(m, key+"\x00")
	}
	return nil
}

func (d *draft) Descend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	m := d.spaces[space]
	if m == nil || d.ended {
		return d.transaction.Descend(space, from, to, fn)
	}
	visits := visitor{ctx: d.ctx, fn: fn}
	key, value, found := m.Max()
	if len(to) > 0 {
		key, value, found = greatest(m, string(to))
	}
	for found && key >= string(from) {
		if on, err := visits.visit([]byte(key), value); !on {
			return err
		}
		key, value, found = greatest(m, key)
	}
	return nil
}

// least is the first key that isn't before from.
func least(m *btree.Map[string, []byte], from string) (key string, value []byte, found bool) {
	m.Ascend(from, func(k string, v []byte) bool {
		key, value, found = k, v, true
		return false
	})
	return key, value, found
}

// greatest is the last key before end.
func greatest(m *btree.Map[string, []byte], end string) (key string, value []byte, found bool) {
	m.Descend(end, func(k string, v []byte) bool {
		key, value, found = k, v, k != end
		return !found
	})
	return key, value, found
}

// write puts the drafted spaces into the file.
func (d *draft) write() error {
	for space, m := range d.spaces {
		if err := d.fill(space, m); err != nil {
			return fmt.Errorf("fill the space %s: %w", space, err)
		}
	}
	return nil
}

// fill writes an empty space in order.
func (t *transaction) fill(space core.Space, m *btree.Map[string, []byte]) (err error) {
	defer t.guard(&err)
	if m.Len() == 0 {
		return nil
	}
	b, err := t.tx.CreateBucket([]byte(space))
	if err != nil {
		return err
	}
	b.FillPercent = packed
	m.Scan(func(key string, value []byte) bool {
		err = b.Put([]byte(key), value)
		return err == nil
	})
	t.keep(space, b)
	t.count()
	return err
}
