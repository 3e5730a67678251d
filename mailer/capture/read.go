package capture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"willcall/core"
	"willcall/core/mail"
)

// List gives a page of messages, newest first. A message whose record was
// damaged since it was listed is left out.
func (l *Log) List(ctx context.Context, q mail.Query) (mail.Page, error) {
	entries, total := l.index.page(q)
	page := mail.Page{Total: total, Messages: make([]mail.Summary, 0, len(entries))}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return mail.Page{}, fmt.Errorf("list captured mail: %w", err)
		}
		summary, err := l.summary(e)
		if err != nil {
			l.unreadable(e, err)
			continue
		}
		page.Messages = append(page.Messages, summary)
	}
	return page, nil
}

// summary takes what the index keeps of a message, or reads the record and
// keeps it.
func (l *Log) summary(e *entry) (mail.Summary, error) {
	if cached := e.cached.Load(); cached != nil {
		return decodeSummary(*cached, e.seq)
	}
	envelope, raw, err := e.read()
	if err != nil {
		return mail.Summary{}, err
	}
	summary, lint := summarise(envelope, raw)
	e.cache(cacheable(appendSummary(nil, summary, lint)))
	summary.Seq = e.seq
	return summary, nil
}

func (e *entry) read() (mail.Envelope, []byte, error) {
	r, err := e.segment.read(e.offset, e.size)
	if err != nil {
		return mail.Envelope{}, nil, err
	}
	envelope, err := decodeEnvelope(r.envelope)
	return envelope, r.raw, err
}

func (l *Log) unreadable(e *entry, err error) {
	if !errors.Is(err, os.ErrClosed) { // its segment was deleted meanwhile
		l.opts.Report(fmt.Errorf("read captured mail %d: %w", e.seq, err))
	}
}

// Get reads one message. It fails with [core.CodeNotFound] where there is none
// of that sequence, any more or yet, and with another error where its record
// is damaged.
func (l *Log) Get(ctx context.Context, seq uint64) (mail.Message, error) {
	if err := ctx.Err(); err != nil {
		return mail.Message{}, fmt.Errorf("read captured mail %d: %w", seq, err)
	}
	e, ok := l.index.find(seq)
	if !ok {
		return mail.Message{}, core.Refuse(core.CodeNotFound)
	}
	envelope, raw, err := e.read()
	if errors.Is(err, os.ErrClosed) {
		return mail.Message{}, core.Refuse(core.CodeNotFound)
	}
	if err != nil {
		return mail.Message{}, fmt.Errorf("read captured mail %d: %w", seq, err)
	}
	m := readMessage(envelope, raw)
	m.Seq = seq
	return m, nil
}

// Watch calls fn after each message is durable and listed, in the order of the
// mailbox. fn must return quickly and not call the mailbox. A call that has
// begun may end after stop.
func (l *Log) Watch(fn func(mail.Summary)) (stop func()) { return l.watchers.add(fn) }

// watchers are the functions told of new messages. It is safe for concurrent
// use.
type watchers struct {
	mu  sync.Mutex
	fns []*func(mail.Summary)
}

func (w *watchers) add(fn func(mail.Summary)) (stop func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fns = append(slices.Clone(w.fns), &fn)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.fns = slices.DeleteFunc(slices.Clone(w.fns), func(f *func(mail.Summary)) bool { return f == &fn })
	}
}

func (w *watchers) tell(s mail.Summary) {
	w.mu.Lock()
	fns := w.fns
	w.mu.Unlock()
	for _, fn := range fns {
		(*fn)(s)
	}
}
