package mailer

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/mail"
	"willcall/core/secret"
	"willcall/storage/storagetest"
)

const (
	house             = core.ID(1)
	testAct           = core.ActionID("test.act")
	patience          = 20 * time.Second // how long a test waits for what never comes
	subjectOfContact7 = core.ID(7)
)

// handClock is set by hand. Its timers fire when it passes their time.
type handClock struct {
	mu      sync.Mutex
	now     time.Time
	timers  []timer
	changed chan struct{} // has room for one: a timer was set
}

type timer struct {
	at time.Time
	c  chan time.Time
}

func newHandClock() *handClock {
	return &handClock{now: time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC), changed: make(chan struct{}, 1)}
}

func (c *handClock) Effective() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) after(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := timer{c.now.Add(d), make(chan time.Time, 1)}
	if d <= 0 {
		t.c <- c.now
		return t.c
	}
	c.timers = append(c.timers, t)
	nudge(c.changed)
	return t.c
}

func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// reach waits until a timer is set for a time, then makes it that time.
func (c *handClock) reach(t *testing.T, at time.Time) {
	t.Helper()
	wait(t, c.changed, "a timer for "+at.String(), func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return slices.ContainsFunc(c.timers, func(t timer) bool { return t.at.Equal(at) })
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = at
	c.timers = slices.DeleteFunc(c.timers, func(t timer) bool {
		if t.at.After(at) {
			return false
		}
		t.c <- at
		return true
	})
}

// wait looks whether ok holds, at once and after every signal.
func wait(t *testing.T, signal <-chan struct{}, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for !ok() {
		select {
		case <-signal:
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// fakeDoor hands every delivery to the test, which answers it.
type fakeDoor struct{ calls chan delivery }

type delivery struct {
	work    mail.Work
	message []byte
	answer  chan<- mail.Answer
}

func (d fakeDoor) Deliver(ctx context.Context, w mail.Work, message []byte) (mail.Answer, error) {
	answer := make(chan mail.Answer, 1)
	select {
	case d.calls <- delivery{w, message, answer}:
	case <-ctx.Done():
		return mail.Answer{}, ctx.Err()
	}
	select {
	case a := <-answer:
		return a, nil
	case <-ctx.Done():
		return mail.Answer{}, ctx.Err()
	}
}

// fixture is an outbox with a worker that isn't running yet.
type fixture struct {
	store   core.Store
	clock   *handClock
	desk    *core.Desk
	keys    *secret.Keys
	queue   *mail.Queue
	texts   *fakeTexts
	door    fakeDoor
	worker  *Worker
	log     *logBuffer
	commits chan struct{}
	stop    context.CancelFunc
	ended   chan error
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	return newFixtureOn(t, storagetest.New(t))
}

func newFixtureOn(t *testing.T, store core.Store) *fixture {
	t.Helper()
	keys, err := secret.NewKeys(make([]byte, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{
		store: store, clock: newHandClock(), keys: keys, texts: &fakeTexts{}, log: &logBuffer{},
		door: fakeDoor{make(chan delivery)}, commits: make(chan struct{}, 1), ended: make(chan error, 1),
	}
	f.desk = core.NewDesk(core.DeskConfig{
		Store: store, Clock: f.clock, Random: rand.Reader,
		Actions: []core.Action{
			{ID: testAct, Actors: core.Actors(core.ActorJob)}, {ID: core.ActMailServerSave, Actors: core.Actors(core.ActorJob)},
		},
		Standings: noStandings{}, Journal: noJournal{}, Outbox: mail.NewOutbox(keys), Captured: mail.CapturedOnly,
	})
	f.queue = mail.NewQueue(store, f.clock, keys, f.texts, fill, activity.Inbox{})
	f.worker = NewWorker(f.queue, store, f.clock, f.door, slog.New(slog.NewJSONHandler(f.log, nil)))
	f.worker.after = f.clock.after
	t.Cleanup(store.Watch(func(core.Commit) { nudge(f.commits) }))
	return f
}

// start runs the worker until the test ends or calls finish.
func (f *fixture) start(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	f.stop = stop
	go func() { f.ended <- f.worker.Run(ctx) }()
	t.Cleanup(stop)
}

// finish stops the worker and waits for it.
func (f *fixture) finish(t *testing.T) {
	t.Helper()
	f.stop()
	if err := receive(t, f.ended, "the worker's end"); err != nil {
		t.Errorf("the worker ended with %v", err)
	}
}

func receive[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	select {
	case value := <-c:
		return value
	case <-ctx.Done():
		t.Fatalf("waited in vain for %s", what)
		panic("unreachable")
	}
}

// next is the delivery that the worker tries next.
func (f *fixture) next(t *testing.T) delivery {
	t.Helper()
	return receive(t, f.door.calls, "a delivery")
}

func (f *fixture) act(t *testing.T, fn func(*core.Act) error) {
	t.Helper()
	req := core.Request{Actor: core.Actor{Kind: core.ActorJob}, Institution: house}
	_, err := f.desk.Do(t.Context(), req, testAct, func(act *core.Act) error {
		act.Log(core.Ref{})
		return fn(act)
	})
	if err != nil {
		t.Fatalf("act: %v", err)
	}
}

// enqueue puts a verification mail into the outbox; life 0 is without end.
func (f *fixture) enqueue(t *testing.T, life time.Duration) core.ID {
	t.Helper()
	return f.post(t, sampleWork().To, life)
}

// post is enqueue, to an address.
func (f *fixture) post(t *testing.T, to string, life time.Duration) core.ID {
	t.Helper()
	var id core.ID
	f.act(t, func(act *core.Act) (err error) {
		m := sampleWork().Mail
		m.To = to
		m.Subject = core.Ref{Kind: core.KindContact, ID: subjectOfContact7}
		m.Variables = map[string]string{"name": "Ada Byron"}
		m.Secret = map[string]string{"link": testLink}
		if life > 0 {
			m.Expires = act.At.Add(life)
		}
		id, err = act.Mail(m)
		return err
	})
	return id
}

func (f *fixture) entry(t *testing.T, id core.ID) mail.Entry {
	t.Helper()
	var e mail.Entry
	err := f.store.View(t.Context(), func(v core.View) (err error) {
		e, err = mail.EntryOf(v, house, id)
		return err
	})
	if err != nil {
		t.Fatalf("read mail %d: %v", id, err)
	}
	return e
}

// until waits for a mail's state after so many tries.
func (f *fixture) until(t *testing.T, id core.ID, state mail.State, attempts uint32) mail.Entry {
	t.Helper()
	var e mail.Entry
	wait(t, f.commits, "a "+state.String()+" mail", func() bool {
		e = f.entry(t, id)
		return e.State == state && e.Attempts == attempts
	})
	return e
}

type noStandings struct{}

func (noStandings) Standing(core.View, core.Request) (core.Standing, error) {
	return core.Standing{}, nil
}

type noJournal struct{}

func (noJournal) Record(core.Tx, core.Entry, io.Reader) error { return nil }

// fakeTexts gives one text, or fails.
type fakeTexts struct {
	mu  sync.Mutex
	err error
}

func (f *fakeTexts) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

func (f *fakeTexts) Text(core.View, core.ID, core.Mail) (subject, body string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return "Please confirm, {name}", "Hello {name},\n\n{link}", f.err
}

func fill(text string, values map[string]string) string {
	for name, value := range values {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// logBuffer keeps a log for many goroutines.
type logBuffer struct {
	mu  sync.Mutex
	log bytes.Buffer
}

func (l *logBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.log.Write(b)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.log.String()
}
