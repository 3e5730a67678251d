package capture

import (
	"context"
	"time"

	"willcall/core"
)

const (
	kib = 1 << 10
	mib = 1 << 20
	gib = 1 << 30
)

// Options of a [Log]. Zero fields have the values named.
type Options struct {
	// SegmentBytes is how large a segment grows before the next one is begun:
	// 16 MiB. It also ends at a 32nd of MaxMessages, so that never much more
	// than that is deleted at once.
	SegmentBytes int64
	// MaxMessages and MaxBytes are what the log holds before its oldest
	// segment is deleted: 50,000 messages and 2 GiB.
	MaxMessages int
	MaxBytes    int64
	// MaxAge is how much older than the newest message a segment's newest one
	// may be before it is deleted: without end. So a mailbox that nobody writes
	// to keeps what it has.
	MaxAge time.Duration
	// Report hears of damage found and of segments that can't be deleted. It
	// is called from several goroutines, never with the content of a mail.
	Report func(error)

	// open replaces how segment files are opened, for tests of failing disks.
	open func(name string, flag int) (file, error)
}

func (o Options) filled() Options {
	o.SegmentBytes = orElse(o.SegmentBytes, 16*mib)
	o.MaxMessages = orElse(o.MaxMessages, 50_000)
	o.MaxBytes = orElse(o.MaxBytes, 2*gib)
	if o.Report == nil {
		o.Report = func(error) {}
	}
	if o.open == nil {
		o.open = openFile
	}
	return o
}

// ServerOptions of a [Server]. Zero fields have the values named.
type ServerOptions struct {
	// Domain is the name in the greeting: "localhost".
	Domain string
	// MaxMessageBytes is the largest message taken: 50 MiB.
	MaxMessageBytes int64
	// MaxBodies is what all unfinished messages may hold in memory together:
	// 256 MiB.
	MaxBodies int64
	// MaxRecipients of one message: 100.
	MaxRecipients int
	// MaxConnections at a time: 200.
	MaxConnections int
	// MaxErrors is how many commands may be refused on one connection without
	// a message taken in between: 5.
	MaxErrors int
	// ReadTimeout for a command line or a whole message: 2 minutes.
	ReadTimeout time.Duration
	// WriteTimeout for an answer: 30 seconds.
	WriteTimeout time.Duration
	// ConnectionLife is how long one connection may last: 10 minutes.
	ConnectionLife time.Duration
	// TakesOwn reports whether mail of our own is taken, asked at each of its
	// sign-ins: always where nil. Once there is a mail server, none is (R89).
	TakesOwn func(ctx context.Context) (bool, error)
	// Wall is the clock that deadlines of sockets are set by: the operating
	// system's.
	Wall core.Wall
	// Report hears of failures of connections, never with the content of a
	// mail. It is called from several goroutines.
	Report func(error)
}

func (o ServerOptions) filled() ServerOptions {
	o.Domain = orElse(o.Domain, "localhost")
	o.MaxMessageBytes = orElse(o.MaxMessageBytes, 50*mib)
	o.MaxBodies = orElse(o.MaxBodies, 256*mib)
	o.MaxRecipients = orElse(o.MaxRecipients, 100)
	o.MaxConnections = orElse(o.MaxConnections, 200)
	o.MaxErrors = orElse(o.MaxErrors, 5)
	o.ReadTimeout = orElse(o.ReadTimeout, 2*time.Minute)
	o.WriteTimeout = orElse(o.WriteTimeout, 30*time.Second)
	o.ConnectionLife = orElse(o.ConnectionLife, 10*time.Minute)
	if o.TakesOwn == nil {
		o.TakesOwn = func(context.Context) (bool, error) { return true, nil }
	}
	if o.Wall == nil {
		o.Wall = core.SystemWall
	}
	if o.Report == nil {
		o.Report = func(error) {}
	}
	return o
}

func orElse[T comparable](value, standard T) T {
	var zero T
	if value == zero {
		return standard
	}
	return value
}
