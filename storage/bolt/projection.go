package bolt

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"willcall/core"
)

// projectionBucket holds the version of each projection in the file.
const projectionBucket = "\x00projections"

// Project registers p, made anew where the file holds another version of it.
func (s *Store) Project(ctx context.Context, p core.Projection) error {
	r := newRequest(ctx, func(tx core.Tx) error {
		t, _ := tx.(*transaction)
		if version, err := t.projected(p.Name()); err != nil || version == p.Version() {
			return err
		}
		return t.renew(p)
	})
	r.projection = p
	if err := s.submit(r); err != nil {
		return fmt.Errorf("bring the projection %s up to date: %w", p.Name(), err)
	}
	return nil
}

// projected is the version of a projection in the file, 0 for none.
func (t *transaction) projected(name string) (version uint64, err error) {
	defer damaged(&err)
	b := t.tx.Bucket([]byte(projectionBucket))
	if b == nil {
		return 0, nil
	}
	raw := b.Get([]byte(name))
	if len(raw) != 8 {
		return 0, nil
	}
	return binary.BigEndian.Uint64(raw), nil
}

// renew empties the derived spaces and applies every key of the sources.
func (t *transaction) renew(p core.Projection) error {
	for _, space := range p.Derived() {
		if err := t.empty(space); err != nil {
			return fmt.Errorf("empty the space %s: %w", space, err)
		}
	}
	var all []core.Touch
	for _, space := range p.Sources() {
		err := t.Ascend(space, nil, nil, func(key, _ []byte) error {
			all = append(all, core.Touch{Space: space, Key: string(key)})
			return nil
		})
		if err != nil {
			return err
		}
	}
	anew := newDraft(t, p.Derived())
	if err := p.Apply(anew, all); err != nil {
		return err
	}
	if err := anew.write(); err != nil {
		return err
	}
	return t.sign(p)
}

func (t *transaction) empty(space core.Space) (err error) {
	defer t.guard(&err)
	b, err := t.bucket(space)
	if err != nil || b == nil {
		return err
	}
	delete(t.buckets, space)
	t.count()
	return t.tx.DeleteBucket([]byte(space))
}

// sign keeps the version of p in the file.
func (t *transaction) sign(p core.Projection) (err error) {
	defer t.guard(&err)
	b, err := t.tx.CreateBucketIfNotExists([]byte(projectionBucket))
	if err != nil {
		return err
	}
	t.count()
	return b.Put([]byte(p.Name()), binary.BigEndian.AppendUint64(nil, p.Version()))
}

// apply brings projections up to date with what was touched.
func apply(t *transaction, all []core.Projection, touched []core.Touch) error {
	for _, p := range all {
		sources := p.Sources()
		var changed []core.Touch
		for _, touch := range touched {
			if slices.Contains(sources, touch.Space) {
				changed = append(changed, touch)
			}
		}
		if len(changed) == 0 {
			continue
		}
		if err := p.Apply(t, changed); err != nil {
			return fmt.Errorf("apply the projection %s: %w", p.Name(), err)
		}
	}
	return nil
}
