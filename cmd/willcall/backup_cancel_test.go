package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/coretest"
	"willcall/core/validation"
)

// busyHouse is a house in which 64 people save until the test is over.
func busyHouse(t *testing.T) *story {
	t.Helper()
	s := newStory(t)
	s.fill(2500) // more than a few words of progress
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	saved := make(chan struct{}, 64)
	req := s.signedIn()
	for w := range 64 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				_, _ = s.h.contacts.Create(ctx, req, coretest.Person("Ida", fmt.Sprintf("Writer%d-%d", w, n), ""), validation.Context{})
				select {
				case saved <- struct{}{}:
				default:
				}
			}
		})
	}
	t.Cleanup(func() {
		stop()
		writers.Wait()
	})
	for range 64 {
		<-saved
	}
	return s
}

// TestABackupIsCancelledAtAnyMoment cancels at one word of progress after the
// other while 64 people save: nothing more is done than what was under way
// between two words, and nothing is left.
func TestABackupIsCancelledAtAnyMoment(t *testing.T) {
	t.Parallel()
	s := busyHouse(t)
	owner, folder := s.signedIn(), filepath.Join(t.TempDir(), "safe")
	for at := 1; ; at *= 2 {
		ctx, cancel := context.WithCancel(t.Context())
		words := 0
		_, err := s.h.backup.Make(ctx, owner, backup.Wish{Folder: folder}, func(backup.Progress) {
			if words++; words == at {
				cancel()
			}
		})
		cancel()
		if words < at {
			if err != nil || words < 8 {
				t.Errorf("left alone: %v after %d words", err, words)
			}
			return
		}
		if !errors.Is(err, context.Canceled) || words > at {
			t.Errorf("cancelled at word %d: %v, and %d words later", at, err, words-at)
		}
		if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("cancelled at word %d: something is left: %v", at, err)
		}
	}
}

// TestABackupIsCancelledAtItsEnd, when all is written and only the name is
// missing.
func TestABackupIsCancelledAtItsEnd(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	owner, folder := s.signedIn(), filepath.Join(t.TempDir(), "safe")
	_, err := s.h.backup.Make(t.Context(), owner, backup.Wish{Folder: folder}, func(p backup.Progress) {
		if p.Step == backup.StepCopy && p.Done == p.All {
			s.must(s.h.backup.Cancel(t.Context(), owner))
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled at the end: %v", err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
}

// TestABackupThatWaitsForItsTurnIsCancelled: its context ends while others save
// before it.
func TestABackupThatWaitsForItsTurnIsCancelled(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.fill(leastContacts)
	owner := s.signedIn()
	held, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	saved := make(chan error, 1)
	go func() {
		saved <- s.h.store.Update(t.Context(), func(core.Tx) error {
			once.Do(func() { close(held) })
			<-goOn
			return nil
		})
	}()
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := s.h.backup.Make(ctx, owner, backup.Wish{Folder: t.TempDir()}, nil)
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) { // while the writer is held
		t.Errorf("cancelled before its turn: %v", err)
	}
	close(goOn)
	s.must(<-saved)
	if at := s.h.backup.Running(); at != nil {
		t.Errorf("still running: %+v", at)
	}
}
