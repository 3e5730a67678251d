package storagetest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"willcall/core"
)

const (
	idSpace         core.Space = "\x00ids"
	projectionSpace core.Space = "\x00projections"

	maxKey = 32 << 10 // bytes, as on bbolt
	junk   = 0xdb
)

// loan is bytes that both sides hold, with what is in them.
type loan struct {
	bytes []byte
	was   string
}

func (l loan) changed() bool { return string(l.bytes) != l.was }

func (l loan) spoil() {
	for i := range l.bytes {
		l.bytes[i] = junk
	}
}

// memoryView is a [core.View] of one state.
type memoryView struct {
	ctx   context.Context
	state *tree
	lent  []loan
	ended bool
}

var _ core.View = (*memoryView)(nil)

// end takes back what was lent.
func (v *memoryView) end() {
	v.ended = true
	for _, l := range v.lent {
		l.spoil()
	}
}

// untouched fails where lent bytes were written to.
func (v *memoryView) untouched() error {
	for _, l := range v.lent {
		if l.changed() {
			return fmt.Errorf("%w: bytes of the store were written to: %q is now %q", ErrMisuse, l.was, l.bytes)
		}
	}
	return nil
}

// lend makes bytes that are taken back when the function returns.
func lend(was string) loan { return loan{slices.Clip([]byte(was)), was} }

func (v *memoryView) usable(space core.Space) error {
	if v.ended {
		return errors.New("the transaction has ended")
	}
	if space == "" || space[0] == 0 {
		return fmt.Errorf("%q can't be the name of a space", space)
	}
	return nil
}

// Get implements [core.View].
func (v *memoryView) Get(space core.Space, key []byte) ([]byte, error) {
	if err := v.usable(space); err != nil {
		return nil, err
	}
	found, ok := v.state.Get(entry{space: space, key: string(key)})
	if !ok {
		return nil, nil
	}
	l := lend(found.value)
	v.lent = append(v.lent, l)
	return l.bytes, nil
}

// Ascend implements [core.View].
func (v *memoryView) Ascend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	if err := v.usable(space); err != nil {
		return err
	}
	start, end := string(from), string(to)
	for {
		next, ok := v.first(space, start)
		if !ok || end != "" && next.key >= end {
			return nil
		}
		if on, err := v.visit(next, fn); !on {
			return err
		}
		start = next.key + "\x00"
	}
}

// Descend implements [core.View].
func (v *memoryView) Descend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	if err := v.usable(space); err != nil {
		return err
	}
	start, end := string(from), entry{space: space, key: string(to)}
	if len(to) == 0 {
		end = entry{space: space + "\x00"}
	}
	for {
		next, ok := v.lastBefore(end)
		if !ok || next.space != space || next.key < start {
			return nil
		}
		if on, err := v.visit(next, fn); !on {
			return err
		}
		end = next
	}
}

// first finds the first key of a space from start on. Each step of a range
// searches anew, since the last one may have written.
func (v *memoryView) first(space core.Space, start string) (found entry, ok bool) {
	v.state.Ascend(entry{space: space, key: start}, func(e entry) bool {
		found, ok = e, e.space == space
		return false
	})
	return found, ok
}

func (v *memoryView) lastBefore(end entry) (found entry, ok bool) {
	v.state.Descend(end, func(e entry) bool {
		if !before(e, end) {
			return true
		}
		found, ok = e, true
		return false
	})
	return found, ok
}

// visit lends a step of a range to fn and reports whether the range goes on.
func (v *memoryView) visit(e entry, fn func(key, value []byte) error) (on bool, err error) {
	if err := v.ctx.Err(); err != nil {
		return false, err
	}
	key, value := lend(e.key), lend(e.value)
	err = fn(key.bytes, value.bytes)
	if key.changed() || value.changed() {
		return false, fmt.Errorf("%w: bytes of a range were written to at %q", ErrMisuse, e.key)
	}
	key.spoil()
	value.spoil()
	if errors.Is(err, core.Stop) {
		return false, nil
	}
	return err == nil, err
}

// memoryTx is a [core.Tx]: a view that writes.
type memoryTx struct {
	memoryView
	taken   []loan         // keys and values that were put
	touched map[entry]bool // without values; true for deleted
	touches []core.Touch   // by the function itself, not by projections
	events  []core.Event
	writes  int
}

var _ core.Tx = (*memoryTx)(nil)

// unchanged fails where bytes that were put aren't what they were.
func (t *memoryTx) unchanged() error {
	for _, l := range t.taken {
		if l.changed() {
			return fmt.Errorf("%w: bytes that were put were changed: %q is now %q", ErrMisuse, l.was, l.bytes)
		}
	}
	return nil
}

// Put implements [core.Tx].
func (t *memoryTx) Put(space core.Space, key, value []byte) error {
	if err := t.usable(space); err != nil {
		return fmt.Errorf("put: %w", err)
	}
	if len(key) == 0 || len(key) > maxKey {
		return fmt.Errorf("put into %s: a key of %d bytes", space, len(key))
	}
	t.taken = append(t.taken, loan{key, string(key)}, loan{value, string(value)})
	t.state.Set(entry{space, string(key), string(value)})
	t.touch(space, key, false)
	return nil
}

// Delete implements [core.Tx].
func (t *memoryTx) Delete(space core.Space, key []byte) error {
	if err := t.usable(space); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	if _, there := t.state.Delete(entry{space: space, key: string(key)}); there {
		t.touch(space, key, true)
	}
	return nil
}

// NewID implements [core.Tx].
func (t *memoryTx) NewID(institution core.ID, space core.Space) (core.ID, error) {
	if err := t.usable(space); err != nil {
		return 0, fmt.Errorf("number: %w", err)
	}
	key := string(core.Prefix(institution)) + string(space)
	id := t.number(idSpace, key) + 1
	t.setNumber(idSpace, key, id)
	return core.ID(id), nil
}

// Emit implements [core.Tx].
func (t *memoryTx) Emit(e core.Event) { t.events = append(t.events, e) }

func (t *memoryTx) touch(space core.Space, key []byte, deleted bool) {
	if t.touched == nil {
		t.touched = map[entry]bool{}
	}
	t.touched[entry{space: space, key: string(key)}] = deleted
	t.writes++
}

func (t *memoryTx) listTouched() []core.Touch {
	list := make([]core.Touch, 0, len(t.touched))
	for at, deleted := range t.touched {
		list = append(list, core.Touch{Space: at.space, Key: at.key, Deleted: deleted})
	}
	return list
}

// LastID implements [core.View].
func (v *memoryView) LastID(institution core.ID, space core.Space) (core.ID, error) {
	if err := v.usable(space); err != nil {
		return 0, fmt.Errorf("number: %w", err)
	}
	return core.ID(v.number(idSpace, string(core.Prefix(institution))+string(space))), nil
}

// number reads one of the engine's own counters, 0 for none.
func (v *memoryView) number(space core.Space, key string) uint64 {
	found, ok := v.state.Get(entry{space: space, key: key})
	if !ok {
		return 0
	}
	return binary.BigEndian.Uint64([]byte(found.value))
}

func (t *memoryTx) setNumber(space core.Space, key string, n uint64) {
	t.state.Set(entry{space, key, string(binary.BigEndian.AppendUint64(nil, n))})
	t.writes++
}
