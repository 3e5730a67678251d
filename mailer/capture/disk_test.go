package capture

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"

	"willcall/core"
)

// failing is a disk that can be told to fail. Writes fail after their first
// half.
type failing struct {
	file
	disk *disk
}

type disk struct {
	mu                    sync.Mutex
	write, sync, truncate error
}

func (d *disk) set(write, sync, truncate error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.write, d.sync, d.truncate = write, sync, truncate
}

func (d *disk) options() Options {
	return Options{open: func(name string, flag int) (file, error) {
		f, err := openFile(name, flag)
		return &failing{f, d}, err
	}}
}

func (f *failing) WriteAt(b []byte, offset int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.write != nil {
		n, _ := f.file.WriteAt(b[:len(b)/2], offset)
		return n, f.disk.write
	}
	return f.file.WriteAt(b, offset)
}

func (f *failing) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return errors.Join(f.disk.sync, f.file.Sync())
}

func (f *failing) Truncate(size int64) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.truncate != nil {
		return f.disk.truncate
	}
	return f.file.Truncate(size)
}

func TestAFailedWriteLeavesTheLogIntact(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, c := range map[string]struct{ write, sync, truncate error }{
		"disk full":                 {write: syscall.ENOSPC},
		"write fails":               {write: broken},
		"write and truncate fail":   {write: syscall.ENOSPC, truncate: broken},
		"sync fails":                {sync: broken},
		"sync and truncate fail":    {sync: broken, truncate: broken},
		"a new segment fails twice": {write: broken, sync: broken, truncate: broken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &disk{}
			dir := t.TempDir()
			l := openLog(t, dir, d.options())
			appendMail(t, l, 1)
			d.set(c.write, c.sync, c.truncate)
			for range 2 {
				_, err := l.Append(t.Context(), sampleEnvelope(2), sampleMail(2))
				if err == nil || errors.Is(c.write, syscall.ENOSPC) && c.truncate == nil && core.CodeOf(err) != core.CodeFull {
					t.Fatalf("a failing disk gave %v", err)
				}
			}
			if got := sequences(listAll(t, l)); !slices.Equal(got, []uint64{1}) {
				t.Fatalf("while failing: %v", got)
			}
			d.set(nil, nil, nil)
			third := appendMail(t, l, 3)
			again := openLog(t, copyFolder(t, dir), Options{})
			m, err := again.Get(t.Context(), third)
			if err != nil || !bytes.Equal(m.Raw, sampleMail(3)) {
				t.Fatalf("after a crash the acknowledged mail is %+v, %v", m, err)
			}
			if _, err := again.Get(t.Context(), 1); err != nil {
				t.Errorf("the first mail: %v", err)
			}
		})
	}
}

func TestAFailedSyncEndsTheSegment(t *testing.T) {
	t.Parallel()
	d := &disk{}
	l := openLog(t, t.TempDir(), d.options())
	appendMail(t, l, 1)
	d.set(nil, errors.New("broken"), nil)
	if _, err := l.Append(t.Context(), sampleEnvelope(2), sampleMail(2)); err == nil {
		t.Fatal("a failed sync was not told")
	}
	d.set(nil, nil, nil)
	appendMail(t, l, 3)
	if len(l.segments) != 2 || l.segments[1].count != 1 {
		t.Errorf("the next mail went into the same segment of %d", len(l.segments))
	}
}

func TestAFullDiskIsOpenedWithAnEmptySegment(t *testing.T) {
	t.Parallel()
	whole := encodeHeader(marker{1, 2, 3})
	for name, header := range map[string][]byte{"whole": whole, "torn": whole[:9], "of no bytes": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const first = 7
			dir, d := t.TempDir(), &disk{}
			path := segmentName(dir, first)
			if err := os.WriteFile(path, header, 0o600); err != nil {
				t.Fatal(err)
			}
			d.set(syscall.ENOSPC, nil, nil)
			l := openLog(t, dir, d.options())
			if left, err := os.ReadFile(path); name == "whole" && (err != nil || !bytes.Equal(left, header)) {
				t.Errorf("opening changed the segment: %x, %v", left, err)
			}
			d.set(nil, nil, nil)
			if got := appendMail(t, l, 1); got != first {
				t.Errorf("the next mail is %d, want %d", got, first)
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			if listed := listAll(t, openLog(t, dir, Options{})); len(listed) != 1 || listed[0].Seq != first {
				t.Errorf("listed again: %+v", listed)
			}
		})
	}
}
