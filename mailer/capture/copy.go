package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"willcall/core"
)

// Copy writes every segment into dir, a folder that exists, up to the last
// message that was acknowledged before, while mail arrives. Files are readable
// by their owner only, and on disk when it returns. progress hears how many
// bytes are done. Copy fails with [core.ErrFull] without room, with
// [core.ErrClosed] and with ctx's error; what it wrote until then stays.
func (l *Log) Copy(ctx context.Context, dir string, progress func(done, of int64)) error {
	parts, err := l.parts(ctx)
	if err == nil {
		err = copyParts(ctx, parts, dir, progress)
		err = errors.Join(err, closeParts(parts))
	}
	if err == nil {
		err = syncFolder(dir)
	}
	if err != nil {
		return fmt.Errorf("copy captured mail: %w", full(err))
	}
	return nil
}

// part is what is copied of a segment. Its file is open, so that it can be read
// also where the segment is deleted meanwhile.
type part struct {
	name string
	file *os.File
	size int64
}

// parts opens every segment between two writes.
func (l *Log) parts(ctx context.Context) (parts []part, err error) {
	done := make(chan struct{})
	look := func() {
		parts, err = openParts(l.segments)
		close(done)
	}
	select {
	case l.looks <- look:
		<-done
		return parts, err
	case <-l.closing:
		return nil, core.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func openParts(segments []*segment) (parts []part, err error) {
	for _, s := range segments {
		file, err := os.Open(s.name)
		if err != nil {
			return nil, errors.Join(err, closeParts(parts))
		}
		parts = append(parts, part{name: filepath.Base(s.name), file: file, size: s.size})
	}
	return parts, nil
}

func closeParts(parts []part) error {
	var errs []error
	for _, p := range parts {
		errs = append(errs, p.file.Close())
	}
	return errors.Join(errs...)
}

func copyParts(ctx context.Context, parts []part, dir string, progress func(done, of int64)) error {
	var done, all int64
	for _, p := range parts {
		all += p.size
	}
	for _, p := range parts {
		err := p.copy(ctx, dir, func(n int64) {
			done += n
			progress(done, all)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// copy writes the part into a new file of its name in dir.
func (p part) copy(ctx context.Context, dir string, wrote func(n int64)) error {
	to, err := os.OpenFile(filepath.Join(dir, p.name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // a segment's name
	if err != nil {
		return err
	}
	for left := p.size; left > 0 && err == nil; {
		if err = ctx.Err(); err != nil {
			break
		}
		var n int64
		n, err = io.CopyN(to, p.file, min(left, mib))
		left -= n
		wrote(n)
	}
	return errors.Join(err, to.Sync(), to.Close())
}
