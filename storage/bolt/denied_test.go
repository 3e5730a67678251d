package bolt

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"willcall/core"
)

// TestADiskThatRefusesWhatItSaysItHas gives up the reserve for one with quotas,
// whose numbers have room for it all the time.
func TestADiskThatRefusesWhatItSaysItHas(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var minutes atomic.Int64
	s, err := Open(t.Context(), filepath.Join(dir, "store.db"), Options{
		NoSync: true, InitialMap: 1 << 20, Reserve: 1 << 16,
		Wall: func() time.Time { return time.Unix(0, 0).Add(time.Duration(minutes.Load()) * time.Minute) },
	})
	if err != nil {
		t.Fatal(err)
	}
	expect := func(when string, size int64, spent bool) {
		t.Helper()
		info, err := os.Stat(filepath.Join(dir, "store.reserve"))
		if err != nil || info.Size() != size || s.Room().Spent != spent {
			t.Errorf("%s: the reserve is %v (%v), spent %v", when, info, err, s.Room().Spent)
		}
	}
	save := func() {
		t.Helper()
		if err := s.Update(t.Context(), writing("a")); err != nil {
			t.Fatal(err)
		}
	}
	save()
	s.room.after(fmt.Errorf("commit: %w: %w", core.ErrFull, syscall.EDQUOT))
	expect("refused", 0, true)
	save()
	expect("with what was given up", 0, true)
	minutes.Add(1)
	expect("a minute later", 0, false)
	save()
	expect("and an update", 1<<16, false)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestRoomIsToldOutsideTheLock has a function ask for the room, and then end its
// goroutine or panic: the next is told all the same, later.
func TestRoomIsToldOutsideTheLock(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(){"a panic": func() { panic("boom") }, "the end of a goroutine": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := still(t)
			var told []bool
			s.WatchRoom(func(core.Room) { s.Room(); end() })
			s.WatchRoom(func(r core.Room) { told = append(told, r.Spent) })
			s.room.settled.Spent = true
			s.room.after(core.ErrFull)
			done := make(chan any)
			go func() {
				var value any
				defer func() { done <- value }()
				defer func() { value = recover() }()
				s.room.tell()
			}()
			if value := <-done; (value == "boom") != (name == "a panic") {
				t.Errorf("it ended with %v", value)
			}
			if s.room.tell(); !slices.Equal(told, []bool{false}) {
				t.Errorf("the next was told %v", told)
			}
		})
	}
}

// TestAWatcherOfTheRoomEndsTheWriter ends its goroutine, once the update is
// answered.
func TestAWatcherOfTheRoomEndsTheWriter(t *testing.T) {
	t.Parallel()
	s := still(t)
	all := updates(t, writing("a"), writing("b"))
	s.WatchRoom(func(core.Room) {
		<-all[0].answered
		runtime.Goexit()
	})
	s.room.settled.Spent, s.room.measured = true, time.Time{}
	serve(s, all...)
	expectKeys(t, s, "a", "b")
}
