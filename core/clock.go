package core

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Clock tells the time by which everything expires. Implementations are safe
// for concurrent use.
type Clock interface {
	// Effective is never earlier than any Effective told before, also across
	// restarts, and never behind the wall clock. It is in UTC.
	Effective() time.Time
}

// Wall is the computer's own clock; tests hand in another one.
type Wall func() time.Time

// SystemWall reads the operating system's clock.
func SystemWall() time.Time { return time.Now() }

const (
	spaceClock     Space = "clock"
	markInterval         = time.Minute
	clockMarkField       = "mark"
	clockToldField       = "behind"
)

// MarkedClock is the [Clock] of a running program: the durable mark plus the
// monotonic time since the mark was read, or the wall clock where that is
// later. Setting the computer's clock back can't revive what expired.
type MarkedClock struct {
	wall Wall

	mu      sync.Mutex
	mark    time.Time // what was told, or read, when the count began
	started time.Time // the wall clock at that moment
	told    time.Time // the latest time told
	saved   time.Time // the latest time written
	jumps   jumps
}

// OpenClock reads the store's mark and writes a new one, see
// [MarkedClock.Save]. It fails where the store can't be read or written.
func OpenClock(ctx context.Context, store Store, wall Wall) (*MarkedClock, error) {
	c := &MarkedClock{wall: wall, started: wall()}
	begun := c.started // with the count that the operating system keeps beside its clock
	c.jumps.passed = func(now time.Time) time.Duration { return now.Sub(begun) }
	err := store.View(ctx, func(v View) error {
		raw, err := v.Get(spaceClock, []byte(clockMarkField))
		if err == nil && len(raw) == 8 {
			c.mark = time.Unix(0, int64(binary.BigEndian.Uint64(raw))) //nolint:gosec // written by write from an int64
		}
		return errors.Join(err, c.jumps.read(v))
	})
	if err != nil {
		return nil, fmt.Errorf("read the clock's mark: %w", err)
	}
	return c, c.Save(ctx, store)
}

// Effective is the later of the wall clock and the mark carried on. Where the
// wall clock was set back, the latest time told becomes the mark.
func (c *MarkedClock) Effective() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.wall()
	at := now
	if carried := c.mark.Add(now.Sub(c.started)); carried.After(at) {
		at = carried
	}
	at = at.Round(0).UTC()
	if at.Before(c.told) {
		c.mark, c.started, at = c.told, now, c.told
	}
	c.told = at
	c.jumps.look(now, at)
	return at
}

// Wall is the computer's own clock now.
func (c *MarkedClock) Wall() time.Time { return c.wall() }

// Save writes the mark in a transaction of its own: at start and at the end.
// Where the store is full the next act carries it, and nothing else is lost: a
// program that may only read and remove has to start and end all the same.
func (c *MarkedClock) Save(ctx context.Context, store Store) error {
	now := c.Effective()
	err := store.Update(ctx, func(tx Tx) error { return c.write(tx, now) })
	if errors.Is(err, ErrFull) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("write the clock's mark: %w", err)
	}
	c.noteSaved(now)
	return nil
}

// due reports whether the mark should ride along with a transaction at t.
func (c *MarkedClock) due(t time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return t.Sub(c.saved) >= markInterval
}

func (c *MarkedClock) noteSaved(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.saved) {
		c.saved = t
	}
}

// write writes the mark, and what was told of the computer's clock.
func (c *MarkedClock) write(tx Tx, t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.jumps.write(tx); err != nil {
		return err
	}
	raw := binary.BigEndian.AppendUint64(nil, uint64(t.UnixNano()))
	return tx.Put(spaceClock, []byte(clockMarkField), raw)
}
