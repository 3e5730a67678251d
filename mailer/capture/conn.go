package capture

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"

	"willcall/core"
)

const (
	// commandBytes bounds one command line: the longest AUTH line (RFC 4954,
	// 12,288 bytes) and what may be read ahead with it.
	commandBytes = 20 * kib
	// chunkBytes is how far reading may run ahead of a session that takes a
	// message in chunks (BDAT).
	chunkBytes = 256 * kib
	busyLine   = "421 4.7.0 Too many connections, try again later\r\n"
)

// listener hands out at most max connections at a time; more are told so and
// closed.
type listener struct {
	net.Listener
	ctx  context.Context // ends every connection
	opts ServerOptions
	open atomic.Int64
}

// Accept waits for the next connection that there is room for.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		now := l.opts.Wall()
		if l.open.Add(1) <= int64(l.opts.MaxConnections) {
			return l.admit(c, now), nil
		}
		l.open.Add(-1)
		_ = c.SetWriteDeadline(now.Add(time.Second))
		_, _ = c.Write([]byte(busyLine)) // a courtesy; it is closed anyway
		_ = c.Close()
	}
}

func (l *listener) admit(c net.Conn, now time.Time) *conn {
	unbind := context.AfterFunc(l.ctx, func() { _ = c.Close() })
	return newConn(c, l.opts, now, func() {
		unbind()
		l.open.Add(-1)
	})
}

// conn adds to a connection what go-smtp leaves open. A read error is final:
// after a timeout within a message, the rest of it must not run as commands.
// The connection has an end. What is read for one command is bounded. It is
// closed after too many refusals in a row.
type conn struct {
	net.Conn
	wall      core.Wall
	end       time.Time
	maxErrors int64
	release   func()
	once      sync.Once

	allowance atomic.Int64 // bytes that may be read before the next allow
	chunked   atomic.Bool  // a message is being taken in chunks
	refusals  atomic.Int64 // since the last message taken
	failure   atomic.Pointer[error]
}

func newConn(c net.Conn, o ServerOptions, now time.Time, release func()) *conn {
	return &conn{
		Conn: c, wall: o.Wall, end: now.Add(o.ConnectionLife), maxErrors: int64(o.MaxErrors), release: release,
	}
}

// Read reads within the allowance. Its first error is also its last.
func (c *conn) Read(b []byte) (int, error) {
	if failure := c.failure.Load(); failure != nil {
		return 0, *failure
	}
	allowed := c.allowance.Load()
	if allowed <= 0 {
		return 0, c.fail(smtp.ErrTooLongLine)
	}
	n, err := c.Conn.Read(b[:min(int64(len(b)), allowed)])
	c.allowance.Add(int64(-n))
	if err != nil {
		return n, c.fail(err)
	}
	return n, nil
}

// fail makes err the last word of Read. Within chunks go-smtp would send its
// text to the client.
func (c *conn) fail(err error) error {
	if c.chunked.Load() && !errors.Is(err, io.EOF) {
		err = errCutOff
	}
	c.failure.Store(&err)
	return err
}

// failed reports whether reading has ended for good.
func (c *conn) failed() bool { return c.failure.Load() != nil }

func (c *conn) allow(n int64) { c.allowance.Store(n) }

// SetReadDeadline is called by go-smtp before each command line, and before
// that only. It never moves the deadline past the connection's end.
func (c *conn) SetReadDeadline(t time.Time) error {
	if c.chunked.Load() {
		c.allow(chunkBytes)
	} else {
		c.allow(commandBytes)
	}
	if t.After(c.end) {
		t = c.end
	}
	return c.Conn.SetReadDeadline(t)
}

// Write sends an answer: go-smtp writes one line a time. It counts refusals
// and closes the connection with the last one tolerated.
func (c *conn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if len(b) > 3 && b[0] == '5' && b[3] == ' ' && c.refusals.Add(1) >= c.maxErrors {
		_ = c.fail(net.ErrClosed)
		_ = c.Conn.Close()
	}
	return n, err
}

// Close frees the connection's place.
func (c *conn) Close() error {
	c.once.Do(c.release)
	return c.Conn.Close()
}
