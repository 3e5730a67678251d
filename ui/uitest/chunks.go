package uitest

import (
	"context"
	"sync"
)

// chunks collects what is written and wakes who waits for it. It is safe for
// concurrent use.
type chunks struct {
	mu      sync.Mutex
	data    []byte
	written chan struct{}
}

// Write appends p.
func (c *chunks) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.data = append(c.data, p...)
	c.mu.Unlock()
	select {
	case c.written <- struct{}{}:
	default:
	}
	return len(p), nil
}

// take returns what was written since the last take.
func (c *chunks) take() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	data := c.data
	c.data = nil
	return data
}

// until waits for writes until enough is told true of all of them, and takes
// them. ok is false where ctx ended first.
func (c *chunks) until(ctx context.Context, enough func([]byte) bool) (data []byte, ok bool) {
	for {
		data = append(data, c.take()...)
		if enough(data) {
			return data, true
		}
		select {
		case <-c.written:
		case <-ctx.Done():
			return data, false
		}
	}
}
