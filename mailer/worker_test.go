package mailer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/mail"
	"willcall/storage/storagetest"
)

func TestWorkerDelivers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.start(t)
	id := f.enqueue(t, 24*time.Hour)
	d := f.next(t)
	if p := parse(t, d.message); !strings.Contains(p.plain, testLink) {
		t.Errorf("the link isn't in %q", p.plain)
	}
	d.answer <- mail.Answer{Verdict: mail.Captured, Text: "2.0.0 OK"}
	e := f.until(t, id, mail.StateCaptured, 1)
	if e.Answer != "2.0.0 OK" || e.Sealed != nil || !e.Settled.Equal(f.clock.Effective()) {
		t.Errorf("the entry is %+v", e)
	}
	f.finish(t)
}

func TestWorkerTriesAgainLaterForTwoDays(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.start(t)
	id := f.enqueue(t, 0)
	created := f.clock.Effective()
	minutes := []int{1, 5, 15, 30, 60, 120, 240}
	var first delivery
	for try := uint32(1); ; try++ {
		d := f.next(t)
		if try == 1 {
			first = d
		}
		if !bytes.Equal(d.message, first.message) {
			t.Fatalf("try %d sends other bytes than the first", try)
		}
		d.answer <- mail.Answer{Verdict: mail.Later, Text: "451 busy"}
		if f.clock.Effective().Sub(created) >= 48*time.Hour {
			f.until(t, id, mail.StateFailed, try)
			break
		}
		pause := time.Duration(minutes[min(int(try), len(minutes))-1]) * time.Minute
		e := f.until(t, id, mail.StateQueued, try)
		if want := f.clock.Effective().Add(pause); !e.Next.Equal(want) {
			t.Fatalf("after try %d next is %v, want %v", try, e.Next, want)
		}
		f.clock.reach(t, e.Next)
	}
	f.finish(t)
}

func TestWorkerEndsAtRefusal(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.start(t)
	id := f.enqueue(t, 0)
	f.next(t).answer <- mail.Answer{Verdict: mail.Never, Text: "550 no"}
	if e := f.until(t, id, mail.StateFailed, 1); e.Answer != "550 no" || e.Sealed != nil {
		t.Errorf("the entry is %+v", e)
	}
	f.finish(t)
}

func TestWorkerDropsExpiredMailWithItsSecret(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.start(t)
	id := f.enqueue(t, 10*time.Minute)
	expires := f.clock.Effective().Add(10 * time.Minute)
	for try := range uint32(3) {
		f.next(t).answer <- mail.Answer{Verdict: mail.Later}
		e := f.until(t, id, mail.StateQueued, try+1)
		if e.Next.After(expires) {
			t.Fatalf("kept until %v, past %v", e.Next, expires)
		}
		f.clock.reach(t, e.Next)
	}
	if e := f.until(t, id, mail.StateExpired, 3); e.Sealed != nil || !e.Settled.Equal(expires) {
		t.Errorf("the entry is %+v", e)
	}
	f.finish(t)
}

func TestWorkerTakesALostLeaseAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	id := f.enqueue(t, 24*time.Hour)
	lost, ok, _, err := f.queue.Lease(t.Context())
	if err != nil || !ok {
		t.Fatalf("lease: %v, %v", ok, err)
	}
	f.start(t)
	f.clock.reach(t, lost.Next)
	d := f.next(t)
	if d.work.MessageID != lost.MessageID || d.work.Attempts != 2 {
		t.Errorf("try %d with Message-ID %s, want try 2 with %s", d.work.Attempts, d.work.MessageID, lost.MessageID)
	}
	if err := f.queue.Finish(t.Context(), lost, mail.Answer{Verdict: mail.Never}); err != nil {
		t.Fatalf("a late answer: %v", err)
	}
	if e := f.entry(t, id); e.State != mail.StateLeased {
		t.Errorf("the late answer of a lost lease made it %s", e.State)
	}
	d.answer <- mail.Answer{Verdict: mail.Captured}
	f.until(t, id, mail.StateCaptured, 2)
	f.finish(t)
}

func TestWorkerLeavesWithdrawnMailWithdrawn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.start(t)
	id := f.enqueue(t, 24*time.Hour)
	d := f.next(t)
	f.act(t, func(act *core.Act) error {
		return act.Withdraw(core.Ref{Kind: core.KindContact, ID: subjectOfContact7}, core.WithdrawnAddress)
	})
	d.answer <- mail.Answer{Verdict: mail.Later}
	f.finish(t)
	if e := f.entry(t, id); e.State != mail.StateCancelled || e.Sealed != nil {
		t.Errorf("the entry is %+v", e)
	}
}

func TestWorkerSendsEachMailOnceFourAtATime(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	sent, most := countingDoor(f)
	const mails = 40
	ids := make([]core.ID, mails)
	for i := range ids {
		ids[i] = f.enqueue(t, 24*time.Hour)
	}
	f.start(t)
	for _, id := range ids {
		f.until(t, id, mail.StateCaptured, 1)
	}
	f.finish(t)
	seen := sent()
	if len(seen) != mails {
		t.Errorf("%d different mails were sent, want %d", len(seen), mails)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was sent %d times", id, n)
		}
	}
	if most() != parallel {
		t.Errorf("%d at a time, want %d", most(), parallel)
	}
}

// countingDoor replaces the fixture's door by one that answers by itself, once
// four deliveries are under way or the rest is.
func countingDoor(f *fixture) (sent func() map[string]int, most func() int) {
	door := &gate{sent: map[string]int{}, full: make(chan struct{})}
	f.worker.door = door
	return func() map[string]int { return door.sent }, func() int { return door.most }
}

type gate struct {
	mu           sync.Mutex
	sent         map[string]int
	inside, most int
	full         chan struct{} // closed once four were inside together
}

func (g *gate) Deliver(ctx context.Context, w mail.Work, _ []byte) (mail.Answer, error) {
	g.mu.Lock()
	g.sent[fmt.Sprintf("%d %s", w.ID, w.MessageID)]++
	g.inside++
	if g.inside > g.most {
		g.most = g.inside
		if g.most == parallel {
			close(g.full)
		}
	}
	g.mu.Unlock()
	select {
	case <-g.full:
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	return mail.Answer{Verdict: mail.Captured}, nil
}

func TestWorkerFinishesWhatItHoldsAtShutdown(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.start(t)
	id := f.enqueue(t, 24*time.Hour)
	d := f.next(t)
	f.stop()
	d.answer <- mail.Answer{Verdict: mail.Captured}
	f.finish(t)
	f.until(t, id, mail.StateCaptured, 1)
}

func TestWorkerBreaksOffAHangingTryAtShutdown(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.start(t)
	id := f.enqueue(t, 24*time.Hour)
	f.next(t)
	f.stop()
	f.clock.reach(t, f.clock.Effective().Add(grace))
	f.finish(t)
	f.until(t, id, mail.StateQueued, 1)
}

func TestWorkerSetsNoTimerWhileNothingIsDue(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.worker.after = func(d time.Duration) <-chan time.Time {
		t.Errorf("a timer of %v", d)
		return nil
	}
	wake := make(chan struct{}, 1)
	wake <- struct{}{}
	f.worker.sleep(t.Context(), wake, time.Time{})
}

func TestWorkerGoesOnAfterErasedMail(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.start(t)
	gone := f.enqueue(t, 24*time.Hour)
	d := f.next(t)
	f.erase(t, gone)
	d.answer <- mail.Answer{Verdict: mail.Captured}
	f.clock.reach(t, d.work.Next)
	id := f.enqueue(t, 24*time.Hour)
	f.next(t).answer <- mail.Answer{Verdict: mail.Captured}
	f.until(t, id, mail.StateCaptured, 1)
	f.finish(t)
}

// erase deletes an entry and leaves its due time.
func (f *fixture) erase(t *testing.T, id core.ID) {
	t.Helper()
	err := f.store.Update(t.Context(), func(tx core.Tx) error { return tx.Delete("outbox", core.Key(house, id)) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestWorkerTextFailures(t *testing.T) {
	t.Parallel()
	t.Run("a refused text ends the mail", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		f.texts.fail(core.Refuse(core.CodeNotFound))
		f.start(t)
		id := f.enqueue(t, 0)
		f.until(t, id, mail.StateFailed, 0)
		f.finish(t)
	})
	t.Run("any other failure may pass", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		f.texts.fail(errors.New("unreachable"))
		f.start(t)
		id := f.enqueue(t, 0)
		e := f.until(t, id, mail.StateQueued, 1)
		f.texts.fail(nil)
		f.clock.reach(t, e.Next)
		f.next(t).answer <- mail.Answer{Verdict: mail.Captured}
		f.until(t, id, mail.StateCaptured, 2)
		f.finish(t)
	})
}

// flaky is a store whose updates fail so many times.
type flaky struct {
	core.Store
	mu    sync.Mutex
	left  int
	cause error
}

func (s *flaky) fail(times int, cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left, s.cause = times, cause
}

func (s *flaky) Update(ctx context.Context, fn func(core.Tx) error) error {
	s.mu.Lock()
	if s.left > 0 {
		s.left--
		defer s.mu.Unlock()
		return s.cause
	}
	s.mu.Unlock()
	return s.Store.Update(ctx, fn)
}

func TestWorkerTriesAFailingStoreAgain(t *testing.T) {
	t.Parallel()
	store := &flaky{Store: storagetest.New(t)}
	f := newFixtureOn(t, store)
	id := f.enqueue(t, 24*time.Hour)
	store.fail(2, core.ErrFull)
	f.start(t)
	f.clock.reach(t, f.clock.Effective().Add(time.Second))
	f.clock.reach(t, f.clock.Effective().Add(2*time.Second))
	d := f.next(t)
	store.fail(1, core.ErrOutcomeUnknown)
	d.answer <- mail.Answer{Verdict: mail.Captured}
	f.clock.reach(t, f.clock.Effective().Add(time.Second))
	f.until(t, id, mail.StateCaptured, 1)
	f.finish(t)
	if n := strings.Count(f.log.String(), `"level":"ERROR"`); n != 3 {
		t.Errorf("%d errors logged, want 3:\n%s", n, f.log)
	}
}

func TestWorkerEndsWithItsStore(t *testing.T) {
	t.Parallel()
	store := &flaky{Store: storagetest.New(t)}
	f := newFixtureOn(t, store)
	f.enqueue(t, 24*time.Hour)
	store.fail(1, core.ErrClosed)
	f.start(t)
	if err := receive(t, f.ended, "the worker's end"); !errors.Is(err, core.ErrClosed) {
		t.Errorf("ended with %v", err)
	}
}

func TestT20WorkerLogsNoContents(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.start(t)
	for _, a := range []mail.Answer{
		{Verdict: mail.Captured, Text: "stored for ada@example.com"},
		{Verdict: mail.Later, Text: testLink},
		{Verdict: mail.Never, Text: "no ada@example.com"},
	} {
		f.enqueue(t, 24*time.Hour)
		f.next(t).answer <- a
	}
	f.finish(t)
	log := f.log.String()
	if strings.Count(log, `"mail":`) != 3 {
		t.Errorf("not every try is logged:\n%s", log)
	}
	for _, word := range []string{"/v/", "ada@", "Ada", "Theatre", "theatre", "Hello"} {
		if strings.Contains(log, word) {
			t.Errorf("the log holds %q:\n%s", word, log)
		}
	}
}

func TestPause(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int]time.Duration{
		1: time.Second, 2: 2 * time.Second, 6: 32 * time.Second, 7: time.Minute, 1000: time.Minute,
	} {
		if got := pause(failures); got != want {
			t.Errorf("after %d failures %v, want %v", failures, got, want)
		}
	}
}
