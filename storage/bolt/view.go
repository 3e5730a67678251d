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
	writes  int // so far, by a transaction
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
	within := func(key []byte) bool { return len(to) == 0 || bytes.Compare(key, to) < 0 }
	key, value := c.Seek(from)
	for key != nil && within(key) {
		if on, err := v.visit(key, value, fn); !on {
			return err
		}
		key, value = v.after(c, key)
	}
	return nil
}

func (v *view) Descend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	b, err := v.bucket(space)
	if err != nil || b == nil {
		return err
	}
	c := b.Cursor()
	key, value := lastBefore(c, to)
	for key != nil && bytes.Compare(key, from) >= 0 {
		if on, err := v.visit(key, value, fn); !on {
			return err
		}
		key, value = v.before(c, key)
	}
	return nil
}

// visit calls fn and reports whether the range goes on.
func (v *view) visit(key, value []byte, fn func(key, value []byte) error) (on bool, err error) {
	if err := v.ctx.Err(); err != nil {
		return false, err
	}
	err = fn(key, value)
	if errors.Is(err, core.Stop) {
		return false, nil
	}
	return err == nil, err
}

// after steps on from key. Writing sets cursors of bbolt astray, so once
// something was written each step searches anew.
func (v *view) after(c *bbolt.Cursor, key []byte) (next, value []byte) {
	if v.writes > 0 {
		next, value = c.Seek(key)
		if !bytes.Equal(next, key) {
			return next, value
		}
	}
	return c.Next()
}

// before steps back from key, with the same care as after.
func (v *view) before(c *bbolt.Cursor, key []byte) (next, value []byte) {
	if v.writes > 0 {
		return lastBefore(c, key)
	}
	return c.Prev()
}

// lastBefore finds the last key before end; an empty end is behind all keys.
//
// Going backwards, bbolt takes a page from which this transaction deleted
// everything for the beginning, and looks for ever for the last of nothing but
// such pages. So it is asked only where there is something to find, and again
// until it has found it.
func lastBefore(c *bbolt.Cursor, end []byte) (key, value []byte) {
	first, _ := c.First()
	if first == nil || len(end) > 0 && bytes.Compare(first, end) >= 0 {
		return nil, nil
	}
	if len(end) == 0 {
		return c.Last()
	}
	if found, _ := c.Seek(end); found == nil {
		return c.Last()
	}
	for key == nil {
		key, value = c.Prev()
	}
	return key, value
}
