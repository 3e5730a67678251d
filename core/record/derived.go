package record

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"

	"willcall/core"
)

// DetailDerived is the detail of what a projection keeps.
const DetailDerived = "derived"

// derivedBatch is how many keys a projection is given at a time.
const derivedBatch = 10_000

// ExamineDerived makes a projection's derived spaces anew in memory and reports
// where the stored ones differ. It writes nothing. Of an entry that is stored as
// it should be it holds no more than a digest, so it takes some 50 bytes an entry
// and what differs.
func ExamineDerived(v core.View, p core.Projection, report func(Finding) error) error {
	anew := newOverlay(v, p.Derived())
	for _, space := range p.Sources() {
		if err := anew.apply(p, space); err != nil {
			return fmt.Errorf("make the projection %s anew: %w", p.Name(), err)
		}
	}
	for _, space := range p.Derived() {
		if err := anew.compare(space, report); err != nil {
			return fmt.Errorf("examine the projection %s: %w", p.Name(), err)
		}
	}
	return nil
}

// overlay is a [core.Tx] whose writes to some spaces stay in memory; it sees
// those spaces as empty at first.
type overlay struct {
	core.View
	spaces map[core.Space]*remade
}

// remade is what was written to a space.
type remade struct {
	same   map[digest]struct{} // of the keys whose value is stored as it is
	others map[string]string   // the rest, by key
}

// digest stands for a key: that two have the same is as good as impossible.
type digest [16]byte

func digestOf(key []byte) digest {
	whole := sha256.Sum256(key)
	return digest(whole[:len(digest{})])
}

func (r *remade) isSame(key []byte) bool {
	_, same := r.same[digestOf(key)]
	return same
}

func (r *remade) forget(key []byte) {
	delete(r.same, digestOf(key))
	delete(r.others, string(key))
}

func newOverlay(v core.View, spaces []core.Space) *overlay {
	o := &overlay{View: v, spaces: map[core.Space]*remade{}}
	for _, space := range spaces {
		o.spaces[space] = &remade{map[digest]struct{}{}, map[string]string{}}
	}
	return o
}

// apply gives a projection every key of a source.
func (o *overlay) apply(p core.Projection, source core.Space) error {
	var batch []core.Touch
	err := o.View.Ascend(source, nil, nil, func(key, _ []byte) error {
		if batch = append(batch, core.Touch{Space: source, Key: string(key)}); len(batch) < derivedBatch {
			return nil
		}
		full := batch
		batch = nil
		return p.Apply(o, full)
	})
	if err != nil || len(batch) == 0 {
		return err
	}
	return p.Apply(o, batch)
}

// compare reports how what is stored differs from what should be.
func (o *overlay) compare(space core.Space, report func(Finding) error) error {
	made := o.spaces[space]
	missing := maps.Clone(made.others)
	err := o.View.Ascend(space, nil, nil, func(key, _ []byte) error {
		if made.isSame(key) {
			return nil
		}
		want, there := missing[string(key)]
		delete(missing, string(key))
		if !there {
			return report(derived(FaultStray, space, key, nil))
		}
		return report(derived(FaultWrong, space, key, []byte(want)))
	})
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(missing)) {
		if err := report(derived(FaultMissing, space, []byte(key), []byte(missing[key]))); err != nil {
			return err
		}
	}
	return nil
}

// derived is a finding that is mended by writing value, or nothing where it is
// stray.
func derived(fault Fault, space core.Space, key, value []byte) Finding {
	key = bytes.Clone(key)
	return Finding{Fault: fault, Space: space, Key: key, Detail: DetailDerived, Mend: func(tx core.Tx) error {
		if fault == FaultStray {
			return tx.Delete(space, key)
		}
		return tx.Put(space, key, value)
	}}
}

// Get implements [core.View].
func (o *overlay) Get(space core.Space, key []byte) ([]byte, error) {
	own, ok := o.spaces[space]
	if !ok || own.isSame(key) {
		return o.View.Get(space, key)
	}
	value, there := own.others[string(key)]
	if !there {
		return nil, nil
	}
	return append([]byte{}, value...), nil
}

// Ascend implements [core.View].
func (o *overlay) Ascend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	if _, ok := o.spaces[space]; !ok {
		return o.View.Ascend(space, from, to, fn)
	}
	keys, err := o.within(space, from, to)
	if err != nil {
		return err
	}
	return o.each(space, keys, fn)
}

// Descend implements [core.View].
func (o *overlay) Descend(space core.Space, from, to []byte, fn func(key, value []byte) error) error {
	if _, ok := o.spaces[space]; !ok {
		return o.View.Descend(space, from, to, fn)
	}
	keys, err := o.within(space, from, to)
	if err != nil {
		return err
	}
	slices.Reverse(keys)
	return o.each(space, keys, fn)
}

// within lists the keys of a range in order.
func (o *overlay) within(space core.Space, from, to []byte) (keys []string, err error) {
	own := o.spaces[space]
	for key := range own.others {
		if key >= string(from) && (len(to) == 0 || key < string(to)) {
			keys = append(keys, key)
		}
	}
	err = o.View.Ascend(space, from, to, func(key, _ []byte) error {
		if own.isSame(key) {
			keys = append(keys, string(key))
		}
		return nil
	})
	slices.Sort(keys)
	return keys, err
}

func (o *overlay) each(space core.Space, keys []string, fn func(key, value []byte) error) error {
	for _, key := range keys {
		value, err := o.Get(space, []byte(key))
		if value == nil && err == nil {
			continue
		}
		if err == nil {
			err = fn([]byte(key), value)
		}
		if errors.Is(err, core.Stop) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Put implements [core.Tx].
func (o *overlay) Put(space core.Space, key, value []byte) error {
	own, ok := o.spaces[space]
	if !ok {
		return fmt.Errorf("the projection writes into %s, which is not its own", space)
	}
	stored, err := o.View.Get(space, key)
	if err != nil {
		return err
	}
	own.forget(key)
	if stored != nil && bytes.Equal(stored, value) {
		own.same[digestOf(key)] = struct{}{}
	} else {
		own.others[string(key)] = string(value)
	}
	return nil
}

// Delete implements [core.Tx].
func (o *overlay) Delete(space core.Space, key []byte) error {
	own, ok := o.spaces[space]
	if !ok {
		return fmt.Errorf("the projection deletes from %s, which is not its own", space)
	}
	own.forget(key)
	return nil
}

// NewID implements [core.Tx]: what is derived has no ids of its own.
func (o *overlay) NewID(_ core.ID, space core.Space) (core.ID, error) {
	return 0, fmt.Errorf("the projection numbers in %s", space)
}

// Emit implements [core.Tx]: what is derived is no news.
func (o *overlay) Emit(core.Event) {}
