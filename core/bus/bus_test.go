package bus

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"willcall/core"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func contact(institution, id core.ID) core.Event {
	return core.Event{
		Institution: institution,
		Subject:     core.Ref{Kind: core.KindContact, ID: id},
		Action:      core.ActContactsEdit,
	}
}

func session(id core.ID, action core.ActionID) core.Event {
	return core.Event{Subject: core.Ref{Kind: core.KindSession, ID: id}, Action: action}
}

func next(t *testing.T, m *Mailbox) Batch {
	t.Helper()
	b, err := m.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// empty fails where something waits.
func empty(t *testing.T, m *Mailbox) {
	t.Helper()
	if b, ok := m.take(); ok {
		t.Errorf("%+v waits", b)
	}
}

func TestR87_EventsStayInTheirInstitution(t *testing.T) {
	t.Parallel()
	b := New()
	one, two := b.Subscribe(1, 8), b.Subscribe(2, 8)
	b.Publish(contact(1, 7))
	b.Publish(contact(core.Installation, 8))
	if got, want := next(t, one).Events, []core.Event{contact(1, 7), contact(core.Installation, 8)}; !slices.Equal(got, want) {
		t.Errorf("the own institution hears %v, want %v", got, want)
	}
	if got, want := next(t, two).Events, []core.Event{contact(core.Installation, 8)}; !slices.Equal(got, want) {
		t.Errorf("the other institution hears %v, want %v", got, want)
	}
}

func TestNobodySignedInHearsTheInstallationOnly(t *testing.T) {
	t.Parallel()
	b := New()
	m := b.Subscribe(core.Installation, 8)
	b.Publish(contact(1, 7))
	empty(t, m)
}

func TestSubjectsAreCoalesced(t *testing.T) {
	t.Parallel()
	b := New()
	m := b.Subscribe(1, 2)
	first := contact(1, 7)
	first.Action = core.ActContactsCreate
	b.Publish(first)
	b.Publish(contact(1, 8))
	b.Publish(contact(1, 7))
	got := next(t, m)
	if want := []core.Event{contact(1, 7), contact(1, 8)}; !slices.Equal(got.Events, want) || got.Resync {
		t.Errorf("got %+v, want %v", got, want)
	}
	empty(t, m)
	b.Publish(contact(1, 7))
	if got := next(t, m); len(got.Events) != 1 {
		t.Errorf("after a batch: %+v", got)
	}
}

func TestOverflowAsksToReadAgain(t *testing.T) {
	t.Parallel()
	b := New()
	m, other := b.Subscribe(1, 2), b.Subscribe(1, 8)
	for id := range core.ID(5) {
		b.Publish(contact(1, id+1))
	}
	got := next(t, m)
	if len(got.Events) != 2 || !got.Resync {
		t.Errorf("got %+v, want two events and resync", got)
	}
	if m.Dropped() != 3 || other.Dropped() != 0 {
		t.Errorf("dropped %d and %d, want 3 and 0", m.Dropped(), other.Dropped())
	}
	if s := b.Stats(); s != (Stats{Mailboxes: 2, Published: 5, Dropped: 3}) {
		t.Errorf("stats %+v", s)
	}
	b.Publish(contact(1, 1))
	if got := next(t, m); got.Resync || len(got.Events) != 1 {
		t.Errorf("after the overflow: %+v", got)
	}
}

func TestSessionEventsAreNeverDropped(t *testing.T) {
	t.Parallel()
	b := New()
	m := b.Subscribe(1, 1)
	b.Publish(contact(1, 1))
	b.Publish(contact(1, 2))
	b.Publish(session(3, core.ActSignOut))
	b.Publish(session(3, core.ActSignIn))
	b.Publish(session(3, core.ActSignOut))
	b.Publish(session(4, core.ActSignOut))
	want := []core.Event{
		contact(1, 1), session(3, core.ActSignOut), session(3, core.ActSignIn), session(4, core.ActSignOut),
	}
	if got := next(t, m); !slices.Equal(got.Events, want) || !got.Resync {
		t.Errorf("got %+v, want %v and resync", got, want)
	}
}

func TestNextWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := New()
		m := b.Subscribe(1, 8)
		var got Batch
		var err error
		done := make(chan struct{})
		go func() {
			defer close(done)
			got, err = m.Next(t.Context())
		}()
		synctest.Wait()
		select {
		case <-done:
			t.Fatalf("Next returned %+v, %v without an event", got, err)
		default:
		}
		b.Publish(contact(1, 7))
		<-done
		if err != nil || len(got.Events) != 1 {
			t.Errorf("Next gave %+v, %v", got, err)
		}
	})
}

func TestNextEndsWithItsContext(t *testing.T) {
	t.Parallel()
	m := New().Subscribe(1, 8)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Next: %v", err)
	}
}

func TestCloseEndsEveryReader(t *testing.T) {
	t.Parallel()
	b := New()
	m := b.Subscribe(1, 8)
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			if _, err := m.Next(t.Context()); !errors.Is(err, ErrClosed) {
				t.Errorf("Next: %v", err)
			}
		})
	}
	m.Close()
	m.Close()
	readers.Wait()
	b.Publish(contact(1, 7))
	empty(t, m)
	if n := b.Stats().Mailboxes; n != 0 {
		t.Errorf("%d mailboxes are left", n)
	}
}

// TestManyAtOnce publishes from several goroutines while one reads: every
// subject arrives, as nothing is dropped.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	const writers, each = 4, 200
	b := New()
	m := b.Subscribe(1, writers*each)
	var running sync.WaitGroup
	for w := range writers {
		running.Go(func() {
			for i := range each {
				b.Publish(contact(1, core.ID(w*each+i+1)))
			}
		})
	}
	seen := map[core.ID]bool{}
	for len(seen) < writers*each {
		for _, e := range next(t, m).Events {
			seen[e.Subject.ID] = true
		}
	}
	running.Wait()
}

// watched is a store of which only Watch is used.
type watched struct {
	core.Store
	fn func(core.Commit)
}

func (w *watched) Watch(fn func(core.Commit)) (stop func()) {
	w.fn = fn
	return func() { w.fn = func(core.Commit) {} }
}

func TestAttach(t *testing.T) {
	t.Parallel()
	b := New()
	m := b.Subscribe(1, 8)
	store := &watched{}
	stop := b.Attach(store)
	store.fn(core.Commit{Events: []core.Event{contact(1, 2), contact(1, 1)}})
	if got, want := next(t, m).Events, []core.Event{contact(1, 2), contact(1, 1)}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	stop()
	store.fn(core.Commit{Events: []core.Event{contact(1, 1)}})
	empty(t, m)
}

func BenchmarkPublish(b *testing.B) {
	bus := New()
	for i := range 400 {
		bus.Subscribe(core.ID(i%4+1), 64)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		bus.Publish(contact(1, core.ID(i%64+1)))
	}
}
