package mailer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"willcall/core"
	"willcall/core/mail"
)

const (
	// parallel is how many mails are handed over at a time.
	parallel = 4
	// tryLife bounds one try, so that it ends before its lease of five minutes.
	tryLife = 4 * time.Minute
	// grace is what tries under way have left once the worker is to stop.
	grace = 10 * time.Second
	// maxPause is the longest wait between two tries to reach a failing store.
	maxPause = time.Minute
)

// Worker hands over what is due in the outbox. It sleeps while nothing is: a
// commit that changes the queue wakes it, and a timer for the next due time.
type Worker struct {
	queue *mail.Queue
	store core.Store
	clock core.Clock
	door  Door
	log   *slog.Logger
	after func(time.Duration) <-chan time.Time
}

// NewWorker makes a worker for the queue of a store. It logs which mail got how
// far, never what is in it nor who gets it.
func NewWorker(queue *mail.Queue, store core.Store, clock core.Clock, door Door, log *slog.Logger) *Worker {
	return &Worker{queue: queue, store: store, clock: clock, door: door, log: log, after: time.After}
}

// Run works until ctx ends, then takes nothing more, gives the tries under way
// ten seconds to end, and returns nil. It fails only where the store is
// closed; other errors of the store are tried again with growing pauses. Run
// it once at a time.
func (w *Worker) Run(ctx context.Context) error {
	wake := make(chan struct{}, 1)
	stop := w.store.Watch(func(c core.Commit) {
		if !mail.Queued(c) {
			return
		}
		select {
		case wake <- struct{}{}:
		default: // it will look anyway
		}
	})
	defer stop()
	holding, breakOff := context.WithCancel(context.WithoutCancel(ctx))
	defer breakOff()
	var held sync.WaitGroup
	err := w.dispatch(ctx, wake, func(work mail.Work, done func()) {
		held.Go(func() {
			defer done()
			w.handle(holding, work)
		})
	})
	w.drain(&held, breakOff)
	return err
}

// dispatch leases one mail after the other while a slot is free.
func (w *Worker) dispatch(ctx context.Context, wake <-chan struct{}, start func(mail.Work, func())) error {
	slots := make(chan struct{}, parallel)
	release := func() { <-slots }
	failures := 0
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		work, ok, next, err := w.queue.Lease(ctx)
		switch {
		case ok:
			failures = 0
			start(work, release)
			continue
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, core.ErrClosed):
			return fmt.Errorf("work on the outbox: %w", err)
		}
		release()
		if err == nil {
			failures = 0
			w.sleep(ctx, wake, next)
			continue
		}
		failures++
		w.log.Error("the outbox can't be read", "error", err, "again_in", pause(failures))
		w.wait(ctx, pause(failures))
	}
}

// sleep returns once there may be something to do.
func (w *Worker) sleep(ctx context.Context, wake <-chan struct{}, next time.Time) {
	var due <-chan time.Time // nothing is due: no timer
	if !next.IsZero() {
		due = w.after(next.Sub(w.clock.Effective()))
	}
	select {
	case <-wake:
	case <-due:
	case <-ctx.Done():
	}
}

// wait reports whether d passed before ctx ended.
func (w *Worker) wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-w.after(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// pause doubles from a second with every failure in a row.
func pause(failures int) time.Duration {
	return min(time.Second<<min(failures-1, 10), maxPause)
}

// drain waits for the tries under way, and breaks them off after their grace.
func (w *Worker) drain(held *sync.WaitGroup, breakOff func()) {
	done := make(chan struct{})
	go func() {
		held.Wait()
		close(done)
	}()
	select {
	case <-done:
		return
	default:
	}
	select {
	case <-done:
	case <-w.after(grace):
		breakOff()
		<-done
	}
}

// handle is one try and its record.
func (w *Worker) handle(ctx context.Context, work mail.Work) {
	log := w.log.With("institution", uint64(work.Institution), "mail", uint64(work.ID), "attempt", work.Attempts)
	answer := w.try(ctx, log, work)
	for failures := 1; ; failures++ {
		err := w.queue.Finish(context.WithoutCancel(ctx), work, answer)
		if err == nil {
			return
		}
		log.Error("what came of a mail can't be saved", "error", err, "again_in", pause(failures))
		// Left alone, the mail is sent again after its lease: at least once.
		if errors.Is(err, core.ErrClosed) || !w.wait(ctx, pause(failures)) {
			return
		}
	}
}

// try renders a mail and hands it over. Its Date is when it was written, so
// that every try sends the same bytes.
func (w *Worker) try(ctx context.Context, log *slog.Logger, work mail.Work) mail.Answer {
	message, err := Render(work, work.Created)
	if err != nil {
		log.Error("a mail can't be rendered", "error", err)
		return mail.Answer{Verdict: mail.Never, Text: err.Error(), Why: mail.WhyOther}
	}
	ctx, cancel := context.WithTimeout(ctx, tryLife)
	defer cancel()
	answer, err := w.door.Deliver(ctx, work, message)
	if err != nil {
		log.Warn("a mail could not be handed over", "error", err)
		return brokenOff(err)
	}
	log.Info("tried to hand a mail over", "verdict", answer.Verdict.String())
	return answer
}
