package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"willcall/core"
)

// view is a [core.View] on a bbolt transaction. Reads of a view that has ended
// fail, since their memory may be gone.
type view struct {
	ctx     context.Context
	tx      *bbolt.Tx
	buckets map[core.Space]*bbolt.Bucket
	writes  int // grows with each write, so that ranges notice
	ended   bool
}

// end gives up what isn't committed; after a commit it does nothing.
func (v *view) end() {
	v.ended = true
	_ = v.tx.Rollback()
}

// bucket finds a space; nil where nothing was ever put into it.
func (v *view) bucket(space core.Space) (*bbolt.Bucket, error) {
	if v.ended {
		return nil, errEnded
	}
	if b, ok := v.buckets[space]; ok {
		return b, nil
	}
	if space == "" || space[0] == 0 {
		return nil, fmt.Errorf("%q can't be the name of a space", space)
	}
	return v.keep(space, v.tx.Bucket([]byte(space))), nil
}

// keep remembers a bucket that was found, for the next call.
func (v *view) keep(space core.Space, b *bbolt.Bucket) *bbolt.Bucket {
	if b == nil {
		return nil
	}
	if v.buckets == nil {
		v.buckets = map[core.Space]*bbolt.Bucket{}
	}
	v.buckets[space] = b
	return b
}

func (v *view) Get(space core.Space, key []byte) ([]byte, error) {
	b, err := v.bucket(space)
	if err != nil || b == nil {
		return nil, err
	}
	return b.Get(key), nil
}

func (v *view) Ascend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	b, err := v.bucket(space)
	if err != nil || b == nil {
		return err
	}
	c := b.Cursor()
	key, value := c.Seek(from)
	return v.walk(key, value, fn,
		func(key []byte) bool { return len(to) == 0 || bytes.Compare(key, to) < 0 },
		func(key []byte, moved bool) ([]byte, []byte) {
			if !moved {
				return c.Next()
			}
			if found, value := c.Seek(key); !bytes.Equal(found, key) {
				return found, value
			}
			return c.Next()
		})
}

func (v *view) Descend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	b, err := v.bucket(space)
	if err != nil || b == nil {
		return err
	}
	c := b.Cursor()
	key, value := lastBefore(c, to)
	return v.walk(key, value, fn,
		func(key []byte) bool { return bytes.Compare(key, from) >= 0 },
		func(key []byte, moved bool) ([]byte, []byte) {
			if moved {
				return lastBefore(c, key)
			}
			return c.Prev()
		})
}

// walk calls fn along a range. next steps on from key; moved says that the
// space may have changed since, which sets cursors of bbolt astray.
func (v *view) walk(
	key, value []byte, fn func(key, value []byte) error,
	within func(key []byte) bool, next func(key []byte, moved bool) ([]byte, []byte),
) error {
	for key != nil && within(key) {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		writes := v.writes
		if err := fn(key, value); err != nil {
			if errors.Is(err, core.Stop) {
				return nil
			}
			return err
		}
		key, value = next(key, v.writes != writes)
	}
	return nil
}

// lastBefore finds the last key before end; an empty end is behind all keys.
func lastBefore(c *bbolt.Cursor, end []byte) (key, value []byte) {
	if len(end) == 0 {
		return c.Last()
	}
	if key, _ := c.Seek(end); key == nil {
		return c.Last()
	}
	return c.Prev()
}
