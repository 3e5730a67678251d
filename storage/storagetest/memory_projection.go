package storagetest

import (
	"context"
	"fmt"
	"slices"

	"willcall/core"
)

// Project implements [core.Store].
func (m *Memory) Project(ctx context.Context, p core.Projection) error {
	err := m.Update(ctx, func(tx core.Tx) error {
		t, _ := tx.(*memoryTx)
		if t.number(projectionSpace, p.Name()) == p.Version() {
			return nil
		}
		return t.renew(p)
	})
	if err != nil {
		return fmt.Errorf("bring the projection %s up to date: %w", p.Name(), err)
	}
	m.writer <- struct{}{}
	defer m.leave()
	m.projections = append(m.projections, p)
	return nil
}

// renew applies every key of the sources to emptied derived spaces.
func (t *memoryTx) renew(p core.Projection) error {
	for _, space := range p.Derived() {
		for _, key := range t.keys(space) {
			t.state.Delete(entry{space: space, key: key})
		}
	}
	var all []core.Touch
	for _, space := range p.Sources() {
		for _, key := range t.keys(space) {
			all = append(all, core.Touch{Space: space, Key: key})
		}
	}
	t.setNumber(projectionSpace, p.Name(), p.Version())
	return p.Apply(t, all)
}

func (t *memoryTx) keys(space core.Space) []string {
	var keys []string
	t.state.Ascend(entry{space: space}, func(e entry) bool {
		if e.space == space {
			keys = append(keys, e.key)
		}
		return e.space == space
	})
	return keys
}

// project brings every projection up to date with what the function touched.
func (t *memoryTx) project(all []core.Projection) error {
	for _, p := range all {
		sources := p.Sources()
		var changed []core.Touch
		for _, touch := range t.touches {
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
