package capture

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"willcall/core"
)

func noProgress(int64, int64) {}

func TestCopyHoldsWhatWasAcknowledgedWhileMailArrives(t *testing.T) {
	t.Parallel()
	l := openLog(t, t.TempDir(), Options{SegmentBytes: 4 * kib})
	for n := range 50 {
		appendMail(t, l, n)
	}
	ctx, stop := context.WithCancel(t.Context())
	var senders sync.WaitGroup
	for range 4 {
		senders.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				_, _ = l.Append(ctx, sampleEnvelope(n), sampleMail(n))
			}
		})
	}
	dir := t.TempDir()
	err := l.Copy(t.Context(), dir, func(done, of int64) {
		if done > of {
			t.Errorf("%d of %d", done, of)
		}
	})
	stop()
	senders.Wait()
	if err != nil {
		t.Fatal(err)
	}
	var damage []error
	copied := sequences(listAll(t, openLog(t, dir, Options{Report: func(err error) { damage = append(damage, err) }})))
	if len(copied) < 50 || copied[len(copied)-1] != uint64(len(copied)) || len(damage) > 0 {
		t.Errorf("%d mails up to %v, damage %v", len(copied), copied[len(copied)-1:], damage)
	}
}

func TestCopyOutlivesRetention(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), t.TempDir()
	l := openLog(t, dir, Options{SegmentBytes: kib, MaxMessages: 20})
	for n := range 20 {
		appendMail(t, l, n)
	}
	want := sequences(listAll(t, l))
	oldest := segmentName(dir, want[0])
	err := l.Copy(t.Context(), to, func(int64, int64) {
		for n := 0; exists(t, oldest); n++ {
			appendMail(t, l, n)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	got := sequences(listAll(t, openLog(t, to, Options{})))
	if len(got) != len(want) || got[0] != want[0] {
		t.Errorf("copied %v, want %v", got, want)
	}
}

func exists(t *testing.T, path string) bool {
	t.Helper()
	_, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}

func TestCopyOfNothingIsNothing(t *testing.T) {
	t.Parallel()
	l := openLog(t, t.TempDir(), Options{})
	dir := t.TempDir()
	if err := l.Copy(t.Context(), dir, noProgress); err != nil {
		t.Fatal(err)
	}
	if names, err := filepath.Glob(filepath.Join(dir, "*")); len(names) != 0 || err != nil {
		t.Errorf("copied %v, %v", names, err)
	}
	if mails, bytes := l.Size(); mails != 0 || bytes != 0 {
		t.Errorf("%d mails of %d bytes", mails, bytes)
	}
}

func TestCopyEndsWithItsContextAndTheLog(t *testing.T) {
	t.Parallel()
	l := openLog(t, t.TempDir(), Options{})
	appendMail(t, l, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Copy(ctx, t.TempDir(), noProgress); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := l.Copy(t.Context(), t.TempDir(), noProgress); !errors.Is(err, core.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func TestCopyReplacesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := openLog(t, dir, Options{})
	appendMail(t, l, 1)
	if err := l.Copy(t.Context(), dir, noProgress); !errors.Is(err, fs.ErrExist) {
		t.Errorf("into itself: %v", err)
	}
	if got := len(listAll(t, l)); got != 1 {
		t.Errorf("%d mails are left", got)
	}
}
