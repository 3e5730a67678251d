package bus

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"willcall/core"
)

// ErrClosed is a wait at a mailbox that was closed.
var ErrClosed = errors.New("the mailbox is closed")

// Batch is everything that waited in a mailbox.
type Batch struct {
	// Events in the order in which their subjects came first, each subject once
	// with the last thing that happened to it.
	Events []core.Event
	// Resync says that some were dropped: read everything again.
	Resync bool
}

// Mailbox holds what one listener hasn't heard yet. It is safe for concurrent
// use; a batch goes to one reader.
type Mailbox struct {
	bus         *Bus
	institution core.ID
	size        int
	ready       chan struct{} // holds one token while something waits
	closed      chan struct{}
	closeOnce   sync.Once

	mu      sync.Mutex
	events  []core.Event
	at      map[core.Event]int // place in events, by identity
	bounded int                // waiting events that count against size
	resync  bool
	dropped uint64
}

func newMailbox(b *Bus, institution core.ID, size int) *Mailbox {
	return &Mailbox{
		bus: b, institution: institution, size: max(1, size),
		ready: make(chan struct{}, 1), closed: make(chan struct{}),
		at: map[core.Event]int{},
	}
}

// Next waits until something is there and hands out all of it. It fails with
// the context's error, or with [ErrClosed].
func (m *Mailbox) Next(ctx context.Context) (Batch, error) {
	for {
		select {
		case <-m.closed:
			return Batch{}, ErrClosed
		case <-ctx.Done():
			return Batch{}, fmt.Errorf("wait for events: %w", ctx.Err())
		case <-m.ready:
		}
		if batch, ok := m.take(); ok {
			return batch, nil
		}
	}
}

// Dropped is how many events didn't fit since the mailbox was opened.
func (m *Mailbox) Dropped() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dropped
}

// Close takes the mailbox off the bus and ends every [Mailbox.Next]. What still
// waited is gone. Closing twice is no error.
func (m *Mailbox) Close() {
	m.closeOnce.Do(func() {
		m.bus.remove(m)
		close(m.closed)
	})
}

func (m *Mailbox) hears(e core.Event) bool {
	return e.Institution == core.Installation || e.Institution == m.institution
}

// mustDeliver reports events that end or change a session: they are never
// dropped, and count against no size. Their number is bounded by that of the
// sessions.
func mustDeliver(e core.Event) bool { return e.Subject.Kind == core.KindSession }

// identity is what makes two events one. Of a session every action counts, so
// that an end isn't hidden by what follows.
func identity(e core.Event) core.Event {
	if !mustDeliver(e) {
		e.Action = ""
	}
	return e
}

func (m *Mailbox) put(e core.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := identity(e)
	if place, waits := m.at[key]; waits {
		m.events[place] = e
		return
	}
	switch {
	case mustDeliver(e):
		m.add(key, e)
	case m.bounded < m.size:
		m.bounded++
		m.add(key, e)
	default:
		m.dropped++
		m.bus.dropped.Add(1)
		m.resync = true
	}
	m.wake()
}

func (m *Mailbox) add(key, e core.Event) {
	m.at[key] = len(m.events)
	m.events = append(m.events, e)
}

func (m *Mailbox) wake() {
	select {
	case m.ready <- struct{}{}:
	default:
	}
}

// take empties the mailbox. ok is false where another reader was faster.
func (m *Mailbox) take() (b Batch, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b = Batch{Events: m.events, Resync: m.resync}
	m.events, m.bounded, m.resync = nil, 0, false
	clear(m.at)
	return b, len(b.Events) > 0 || b.Resync
}
