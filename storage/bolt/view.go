package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"

	"go.etcd.io/bbolt"

	"willcall/core"
)

// engine is one transaction of bbolt, which the updates of a group share.
type engine struct {
	tx      *bbolt.Tx
	buckets map[core.Space]*bbolt.Bucket
	writes  int   // so far
	spoiled error // what bbolt panicked with while it wrote: never to be committed
}

// find is the bucket of a space; nil where nothing was ever put into it.
func (e *engine) find(space core.Space) (*bbolt.Bucket, error) {
	if b, ok := e.buckets[space]; ok {
		return b, nil
	}
	if space == "" || space[0] == 0 {
		return nil, fmt.Errorf("%q can't be the name of a space", space)
	}
	return e.keep(space, e.tx.Bucket([]byte(space))), nil
}

// keep remembers a bucket that was found, for the next call.
func (e *engine) keep(space core.Space, b *bbolt.Bucket) *bbolt.Bucket {
	if b == nil {
		return nil
	}
	if e.buckets == nil {
		e.buckets = map[core.Space]*bbolt.Bucket{}
	}
	e.buckets[space] = b
	return b
}

// view is a [core.View] on a bbolt transaction. Reads of a view that has ended
// fail, since their memory may be gone. A damaged file fails them too.
type view struct {
	*engine
	ctx   context.Context
	ended bool
}

func (v *view) bucket(space core.Space) (*bbolt.Bucket, error) {
	if v.ended {
		return nil, errEnded
	}
	return v.find(space)
}

func (v *view) Get(space core.Space, key []byte) (value []byte, err error) {
	defer damaged(&err)
	b, err := v.bucket(space)
	if err != nil || b == nil {
		return nil, err
	}
	value = b.Get(key)
	reach(value)
	return value, nil
}

func (v *view) Ascend(space core.Space, from, to []byte, fn func(key, value []byte) error) (err error) {
	visits := visitor{ctx: v.ctx, fn: fn}
	defer visits.damaged(&err)
	b, err := v.bucket(space)
	if err != nil || b == nil {
		return err
	}
	c := b.Cursor()
	within := func(key []byte) bool { return len(to) == 0 || bytes.Compare(key, to) < 0 }
	key, value := c.Seek(from)
	for key != nil && within(key) {
		at := v.writes
		if on, err := visits.visit(key, value); !on {
			return err
		}
		key, value = after(c, key, v.writes != at)
	}
	return nil
}

func (v *view) Descend(space core.Space, from, to []byte, fn func(key, value []byte) error) (err error) {
	visits := visitor{ctx: v.ctx, fn: fn}
	defer visits.damaged(&err)
	b, err := v.bucket(space)
	if err != nil || b == nil {
		return err
	}
	c := b.Cursor()
	key, value := lastBefore(c, to)
	for key != nil && bytes.Compare(key, from) >= 0 {
		if on, err := visits.visit(key, value); !on {
			return err
		}
		key, value = v.before(c, key)
	}
	return nil
}

// visitor calls fn for the keys of a range.
type visitor struct {
	ctx     context.Context
	fn      func(key, value []byte) error
	calling bool // fn, whose panics are its own
}

// visit calls fn and reports whether the range goes on.
func (v *visitor) visit(key, value []byte) (on bool, err error) {
	if err := v.ctx.Err(); err != nil {
		return false, err
	}
	reach(key)
	reach(value)
	v.calling = true
	err = v.fn(key, value)
	v.calling = false
	if errors.Is(err, core.Stop) {
		return false, nil
	}
	return err == nil, err
}

// damaged is the function of that name for what isn't fn's.
func (v *visitor) damaged(err *error) {
	if v.calling {
		return
	}
	if broken := recover(); broken != nil {
		*err = damage(broken)
	}
}

// pageStep is at most the size of a page of memory.
const pageStep = 4096

// reach reads from every page that b lies on, so that one that can't be read
// shows itself here and not to who is given b.
func reach(b []byte) {
	if len(b) == 0 {
		return
	}
	read := b[0] | b[len(b)-1]
	for at := pageStep; at < len(b); at += pageStep {
		read |= b[at]
	}
	runtime.KeepAlive(read)
}

// after steps on from key. Writing sets cursors of bbolt astray, so a stale one
// searches anew.
func after(c *bbolt.Cursor, key []byte, stale bool) (next, value []byte) {
	if stale {
		next, value = c.Seek(key)
		if !bytes.Equal(next, key) {
			return next, value
		}
	}
	return c.Next()
}

// before steps back from key; see lastBefore for what writing does to that.
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
