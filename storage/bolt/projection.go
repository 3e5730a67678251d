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

// renewBatch is how many keys of the sources a projection that is made anew is
// given at a time, and in a transaction.
const renewBatch = 10_000

// Project registers p, made anew where the file holds another version of it: in
// transactions of [renewBatch] keys, between which no other update runs. What a
// crash or an error leaves of it then is no version, and so is made anew.
func (s *Store) Project(ctx context.Context, p core.Projection) error {
	return s.project(ctx, &renewal{p: p, batch: renewBatch})
}

func (s *Store) project(ctx context.Context, n *renewal) error {
	r := newRequest(ctx, n.step)
	r.renewal = n
	if err := s.submit(r); err != nil {
		return fmt.Errorf("bring the projection %s up to date: %w", n.p.Name(), err)
	}
	return nil
}

// renewal brings a projection to its version, a step in a transaction at a time.
type renewal struct {
	p     core.Projection
	batch int

	done, next progress // as committed, and as in the transaction
}

// progress is how far a renewal has come.
type progress struct {
	begun    bool
	finished bool
	source   int    // of the sources
	from     string // the first key of it that is to come
}

// step is the next transaction. It may run again, as any function of an update.
func (n *renewal) step(tx core.Tx) error {
	t, _ := tx.(*transaction)
	n.next = n.done
	if n.done.begun {
		return n.apply(t, t, nil)
	}
	version, err := t.projected(n.p.Name())
	if err != nil {
		return err
	}
	if version == n.p.Version() {
		n.next.finished = true
		return nil
	}
	n.next.begun = true
	for _, space := range n.p.Derived() {
		if err := t.empty(space); err != nil {
			return fmt.Errorf("empty the space %s: %w", space, err)
		}
	}
	d := newDraft(t, n.p.Derived())
	return n.apply(t, d, d.write)
}

// apply gives the projection the next keys, and signs it after the last ones.
func (n *renewal) apply(t *transaction, tx core.Tx, write func() error) error {
	keys, err := n.take(t)
	if err == nil {
		err = n.p.Apply(tx, keys)
	}
	if err == nil && write != nil {
		err = write()
	}
	if err != nil {
		return err
	}
	version := uint64(0)
	if n.next.finished {
		version = n.p.Version()
	}
	return t.sign(n.p.Name(), version)
}

// take is the next keys of the sources.
func (n *renewal) take(v core.View) (keys []core.Touch, err error) {
	sources, at := n.p.Sources(), &n.next
	for ; at.source < len(sources); at.source, at.from = at.source+1, "" {
		full, space := false, sources[at.source]
		err := v.Ascend(space, []byte(at.from), nil, func(key, _ []byte) error {
			if full = len(keys) == n.batch; full {
				at.from = string(key)
				return core.Stop
			}
			keys = append(keys, core.Touch{Space: space, Key: string(key)})
			return nil
		})
		if err != nil || full {
			return keys, err
		}
	}
	at.finished = true
	return keys, nil
}

// goesOn reports whether g is a renewal that has another step to go after the
// one that was committed.
func (g *group) goesOn() bool {
	r := g.members[0]
	if r.renewal == nil || !r.effective() {
		return false
	}
	r.renewal.done = r.renewal.next
	return !r.renewal.done.finished
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

// sign keeps the version of a projection in the file, 0 for none.
func (t *transaction) sign(name string, version uint64) (err error) {
	defer t.guard(&err)
	b, err := t.tx.CreateBucketIfNotExists([]byte(projectionBucket))
	if err != nil {
		return err
	}
	t.count()
	return b.Put([]byte(name), binary.BigEndian.AppendUint64(nil, version))
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
