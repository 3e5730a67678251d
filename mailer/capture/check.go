package capture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrNoFolder is something else where the folder of captured mail should be.
var ErrNoFolder = errors.New("this is no folder: move it away")

// Check reads the segments in a folder that nobody has open and reports each
// stretch that [Open] would skip, as a [*DamageError], or [ErrNoFolder]. It changes nothing: also
// not a torn tail, which is no damage, since its mail was never acknowledged.
func Check(ctx context.Context, dir string, report func(error)) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		report(fmt.Errorf("%s: %w", dir, ErrNoFolder))
		return nil
	}
	names, err := segmentsIn(dir)
	if err != nil {
		return err
	}
	for i, name := range names {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("check captured mail: %w", err)
		}
		if _, ok := segmentFirst(name); !ok {
			continue
		}
		data, err := os.ReadFile(name) //nolint:gosec // a segment's name in the folder given
		if err != nil {
			return fmt.Errorf("check captured mail: %w", err)
		}
		checkSegment(filepath.Base(name), data, i == len(names)-1, report)
	}
	return nil
}

func checkSegment(name string, data []byte, last bool, report func(error)) {
	damaged := func(offset, size int) {
		report(&DamageError{File: name, Offset: int64(offset), Bytes: int64(size)})
	}
	if len(data) < recordMinimum {
		if !last || len(data) > segmentHeader {
			damaged(0, len(data))
		}
		return
	}
	m, intact := readMarker(data)
	if !intact {
		damaged(0, segmentHeader)
	}
	end := scan(data, m, func(r record, offset int) {
		if _, err := decodeEnvelope(r.envelope); err != nil && r.kind == kindMessage {
			damaged(offset, r.size)
		}
	}, damaged)
	if end != len(data) && !last {
		damaged(end, len(data)-end)
	}
}
