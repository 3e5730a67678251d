package operators

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// begin starts the time that an answer takes at least. The function it gives
// waits for the rest of it, or for the end of ctx.
func (f Floor) begin(random io.Reader) (wait func(ctx context.Context, guarded bool), err error) {
	least := f.Least
	if f.Jitter > 0 {
		var raw [8]byte
		if _, err := io.ReadFull(random, raw[:]); err != nil {
			return nil, fmt.Errorf("draw a delay: %w", err)
		}
		least += time.Duration(binary.BigEndian.Uint64(raw[:]) % uint64(f.Jitter)) //nolint:gosec // less than a duration
	}
	timer := time.NewTimer(least)
	return func(ctx context.Context, guarded bool) {
		defer timer.Stop()
		await(ctx, timer)
		if guarded && f.Guarded > 0 {
			timer.Reset(f.Guarded)
			await(ctx, timer)
		}
	}, nil
}

func await(ctx context.Context, timer *time.Timer) {
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
