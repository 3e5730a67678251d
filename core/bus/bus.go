// Package bus carries events from where they happen to the open sessions of
// the same process. Events are hints: they say what changed, and whoever hears
// one reads again.
//
// Every listener has a [Mailbox] of a bounded size. A slow one never holds up
// an act: what doesn't fit is dropped, counted, and the listener is told to
// read everything again.
package bus

import (
	"sync"
	"sync/atomic"

	"willcall/core"
)

// Bus hands events to mailboxes. It is safe for concurrent use.
type Bus struct {
	mu        sync.RWMutex
	boxes     map[*Mailbox]struct{}
	published atomic.Uint64
	dropped   atomic.Uint64
}

// New makes a bus without listeners.
func New() *Bus { return &Bus{boxes: map[*Mailbox]struct{}{}} }

// Stats are a bus's figures since it was made.
type Stats struct {
	Mailboxes int    // open now
	Published uint64 // events
	Dropped   uint64 // events that didn't fit, over all mailboxes
}

// Stats gives the present figures.
func (b *Bus) Stats() Stats {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return Stats{Mailboxes: len(b.boxes), Published: b.published.Load(), Dropped: b.dropped.Load()}
}

// Subscribe opens a mailbox for the events of one institution and those of the
// whole installation; of other institutions it hears nothing (R87). size is how
// many different subjects may wait, at least one. [Mailbox.Close] ends it.
func (b *Bus) Subscribe(institution core.ID, size int) *Mailbox {
	m := newMailbox(b, institution, size)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.boxes[m] = struct{}{}
	return m
}

// Publish hands e to every mailbox it concerns, without waiting for anybody.
// It is for what doesn't come out of the store; see [Bus.Attach].
func (b *Bus) Publish(e core.Event) {
	b.published.Add(1)
	b.mu.RLock()
	defer b.mu.RUnlock()
	for m := range b.boxes {
		if m.hears(e) {
			m.put(e)
		}
	}
}

// Attach publishes the events of every commit of a store, in their order,
// until stop is called.
func (b *Bus) Attach(store core.Store) (stop func()) {
	return store.Watch(func(c core.Commit) {
		for _, e := range c.Events {
			b.Publish(e)
		}
	})
}

func (b *Bus) remove(m *Mailbox) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.boxes, m)
}
