package capture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"willcall/core"
	"willcall/core/mail"
)

const (
	maxRecordBytes = gib     // keeps a record's length in its 32 bits
	batchBytes     = 4 * mib // a batch is closed at this size
	keptBuffer     = 8 * mib // a larger write buffer isn't kept
	segmentShare   = 32      // a segment ends at this part of the most messages
)

// Log is the mailbox of captured mail: segments in a folder, one writer, and
// an index in memory that is rebuilt from the segments. It is safe for
// concurrent use. The folder must be used by one process only.
type Log struct {
	dir  string
	opts Options

	queue   chan *order
	looks   chan func() // what looks at the writer's own between two writes
	closing chan struct{}
	done    chan struct{}
	end     sync.Once

	// The writer's alone.
	segments []*segment
	sealed   bool // the last segment takes no more
	next     uint64
	last     uint64 // the last sequence read by replay
	buffer   []byte

	index    index
	watchers watchers
}

var _ mail.Mailbox = (*Log)(nil)

// order is one message on its way to the writer.
type order struct {
	envelope []byte
	raw      []byte
	summary  mail.Summary
	cached   []byte // the summary, encoded for the index
	answer   chan error
}

func (o *order) bytes() int { return recordSize(o.envelope, o.raw) }

// Open reads the segments in dir, makes the folder where it is missing, cuts a
// torn tail and starts the writer. Damage inside is skipped and reported.
func Open(ctx context.Context, dir string, o Options) (*Log, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of captured mail: %w", err)
	}
	l := &Log{
		dir: dir, opts: o.filled(), next: 1,
		queue: make(chan *order), looks: make(chan func()), closing: make(chan struct{}), done: make(chan struct{}),
	}
	l.index.init()
	if err := l.replay(ctx); err != nil {
		return nil, errors.Join(err, l.closeSegments())
	}
	l.retain()
	go l.write()
	return l, nil
}

// Append stores a message and gives its place in the mailbox, after it is
// durable and listed. ctx ends the wait for the writer's turn, not the write.
// It fails with [core.ErrFull] on a full disk and with [core.ErrClosed].
func (l *Log) Append(ctx context.Context, e mail.Envelope, raw []byte) (uint64, error) {
	o := newOrder(e, raw)
	if o.bytes() > maxRecordBytes {
		return 0, fmt.Errorf("store a mail of %d bytes: %w", len(raw), core.ErrFull)
	}
	select {
	case <-l.closing:
		return 0, core.ErrClosed
	default:
	}
	select {
	case l.queue <- o:
	case <-l.closing:
		return 0, core.ErrClosed
	case <-ctx.Done():
		return 0, fmt.Errorf("store a mail: %w", ctx.Err())
	}
	if err := <-o.answer; err != nil {
		return 0, fmt.Errorf("store a mail: %w", err)
	}
	return o.summary.Seq, nil
}

func newOrder(e mail.Envelope, raw []byte) *order {
	summary, lint := summarise(e, raw)
	return &order{
		envelope: appendEnvelope(nil, e), raw: raw, summary: summary,
		cached: cacheable(appendSummary(nil, summary, lint)), answer: make(chan error, 1),
	}
}

// Close lets the writer finish what it has begun and closes the segments.
// Messages that wait are refused with [core.ErrClosed].
func (l *Log) Close() error {
	var err error
	l.end.Do(func() {
		close(l.closing)
		<-l.done
		err = l.closeSegments()
	})
	return err
}

func (l *Log) closeSegments() error {
	var err error
	for _, s := range l.segments {
		err = errors.Join(err, s.file.Close())
	}
	return err
}

// write is the one writer: whatever waits becomes one write and one sync.
func (l *Log) write() {
	defer close(l.done)
	for {
		select {
		case o := <-l.queue:
			l.commit(l.gather(o))
		case look := <-l.looks:
			look()
		case <-l.closing:
			return
		}
	}
}

func (l *Log) gather(first *order) []*order {
	batch, size := []*order{first}, first.bytes()
	for size < batchBytes {
		select {
		case o := <-l.queue:
			batch = append(batch, o)
			size += o.bytes()
		default:
			return batch
		}
	}
	return batch
}

func (l *Log) commit(batch []*order) {
	entries, err := l.store(batch)
	if err == nil {
		l.index.add(entries)
	}
	for _, o := range batch {
		o.answer <- err
	}
	if err != nil {
		return
	}
	for _, o := range batch {
		l.watchers.tell(o.summary)
	}
	l.retain()
}

// store makes a batch durable. Sequences of a failed batch are not used again:
// its bytes may have reached the disk.
func (l *Log) store(batch []*order) ([]*entry, error) {
	l.buffer = l.buffer[:0]
	if cap(l.buffer) > keptBuffer {
		l.buffer = nil
	}
	size := 0
	for _, o := range batch {
		size += o.bytes()
	}
	active, err := l.activeFor(int64(size))
	if err != nil {
		return nil, full(err)
	}
	entries := make([]*entry, 0, len(batch))
	l.buffer = slices.Grow(l.buffer, size)
	for _, o := range batch {
		o.summary.Seq = l.next
		l.next++
		offset := active.size + int64(len(l.buffer))
		l.buffer = appendRecord(l.buffer, active.marker, record{
			seq: o.summary.Seq, kind: kindMessage, envelope: o.envelope, raw: o.raw,
		})
		entries = append(entries, newEntry(active, offset, o))
	}
	if err := active.append(l.buffer); err != nil {
		l.sealed = errors.Is(err, errSealed)
		return nil, full(err)
	}
	for _, o := range batch {
		active.add(o.summary.Envelope.At)
	}
	return entries, nil
}

// full marks errors of a disk without room.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return errors.Join(core.ErrFull, err)
	}
	return err
}

// activeFor is the last segment where it has room for size more bytes, else a
// new one. An empty one takes a batch of any size.
func (l *Log) activeFor(size int64) (*segment, error) {
	if n := len(l.segments); n > 0 && !l.sealed {
		last := l.segments[n-1]
		room := last.size+size <= l.opts.SegmentBytes && last.count < max(1, l.opts.MaxMessages/segmentShare)
		if room || last.size == int64(segmentHeader) {
			return last, nil
		}
	}
	s, err := createSegment(l.dir, l.next, l.opts)
	if err != nil {
		return nil, err
	}
	l.segments, l.sealed = append(l.segments, s), false
	return s, nil
}

// retain deletes the oldest segments while the log holds too much, or too old
// mail. The last one always stays. A full disk alone deletes nothing: what fills
// it may be something else, and mail that comes is refused for a while.
func (l *Log) retain() {
	for len(l.segments) > 1 && l.tooMuch() {
		oldest := l.segments[0]
		l.segments = l.segments[1:]
		l.index.drop(oldest)
		if err := errors.Join(oldest.file.Close(), os.Remove(oldest.name)); err != nil {
			l.opts.Report(fmt.Errorf("delete the oldest captured mail: %w", err))
		}
	}
}

func (l *Log) tooMuch() bool {
	messages, size, newest := 0, int64(0), time.Time{}
	for _, s := range l.segments {
		messages += s.count
		size += s.size
		if s.newest.After(newest) {
			newest = s.newest
		}
	}
	old := l.opts.MaxAge > 0 && newest.Sub(l.segments[0].newest) > l.opts.MaxAge
	return old || messages > l.opts.MaxMessages || size > l.opts.MaxBytes
}

// replay opens every segment in order and indexes it.
func (l *Log) replay(ctx context.Context) error {
	names, err := segmentsIn(l.dir)
	if err != nil {
		return err
	}
	for i, name := range names {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("read captured mail: %w", err)
		}
		if first, ok := segmentFirst(name); ok {
			if err := l.replaySegment(name, first, i == len(names)-1); err != nil {
				return fmt.Errorf("read captured mail: %w", err)
			}
		}
	}
	return nil
}

func (l *Log) replaySegment(name string, first uint64, last bool) error {
	data, err := os.ReadFile(name) //nolint:gosec // a segment's name in the folder given
	if err != nil {
		return err
	}
	l.next = max(l.next, first)
	if len(data) <= segmentHeader && last {
		return l.emptySegment(name, first, data)
	}
	s := &segment{name: name}
	if s.file, err = l.opts.open(name, os.O_RDWR); err != nil {
		return err
	}
	l.segments = append(l.segments, s)
	if len(data) < recordMinimum {
		l.damaged(s, 0, len(data))
		s.size, l.sealed = int64(len(data)), true
		return nil
	}
	var intact bool
	if s.marker, intact = readMarker(data); !intact {
		l.damaged(s, 0, segmentHeader)
	}
	return l.indexSegment(s, data, last)
}

// emptySegment takes the last segment where nothing is in it yet. Its name keeps
// sequences from being used twice.
func (l *Log) emptySegment(name string, first uint64, data []byte) (err error) {
	s := &segment{name: name, size: int64(segmentHeader)}
	var intact bool
	if len(data) == segmentHeader {
		s.marker, intact = readMarker(data)
	}
	if intact {
		s.file, err = l.opts.open(name, os.O_RDWR)
	} else { // a torn header
		s, err = createSegment(l.dir, first, l.opts)
	}
	if errors.Is(full(err), core.ErrFull) { // a full disk is read: the next mail makes one
		l.sealed = true
		return nil
	}
	if err == nil {
		l.segments = append(l.segments, s)
	}
	return err
}

// indexSegment lists the records of a segment and cuts its torn tail where it
// is the last one.
func (l *Log) indexSegment(s *segment, data []byte, last bool) error {
	var entries []*entry
	end := scan(data, s.marker, func(r record, offset int) {
		if e, ok := l.replayed(s, r, offset); ok {
			entries = append(entries, e)
		}
	}, func(offset, size int) { l.damaged(s, offset, size) })
	l.index.add(entries)
	s.size = int64(end)
	if end == len(data) {
		return nil
	}
	if !last {
		l.damaged(s, end, len(data)-end)
		return nil
	}
	if err := s.file.Truncate(s.size); err != nil {
		return fmt.Errorf("cut the torn tail of %s: %w", filepath.Base(s.name), err)
	}
	return s.file.Sync()
}

// replayed makes an index entry of a record. A sequence seen before is that of
// a batch that failed and was written again.
func (l *Log) replayed(s *segment, r record, offset int) (*entry, bool) {
	if r.seq <= l.last || r.kind != kindMessage {
		return nil, false
	}
	e, err := decodeEnvelope(r.envelope)
	if err != nil {
		l.damaged(s, offset, r.size)
		return nil, false
	}
	l.last, l.next = r.seq, r.seq+1
	s.add(e.At)
	return &entry{
		seq: r.seq, segment: s, offset: int64(offset), size: r.size, institution: e.Institution, outbox: e.Entry,
	}, true
}

// damaged reports a stretch and passes over as many sequences as it could have
// held, so that none is used again.
func (l *Log) damaged(s *segment, offset, size int) {
	l.next += uint64(size/recordMinimum) + 1 //nolint:gosec // sizes of slices
	l.opts.Report(&DamageError{File: filepath.Base(s.name), Offset: int64(offset), Bytes: int64(size)})
}
