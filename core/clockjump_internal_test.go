package core

import (
	"testing"
	"time"
)

// looks at a clock: what it shows and what has passed, each since the start, and
// what is to be told then.
type looks []struct {
	name          string
	shows, passed time.Duration
	want          Jump
}

func TestTheClockIsHeldAgainstWhatPassed(t *testing.T) {
	t.Parallel()
	const year = 365 * 24 * time.Hour
	for name, all := range map[string]looks{
		"it goes on": {{"an hour", time.Hour, time.Hour, 0}, {"a year", year, year, 0}},
		"corrected by little": {
			{"ahead", time.Hour + leastJump, time.Hour, 0}, {"back", 2 * time.Hour, 2 * time.Hour, 0},
		},
		"ahead": {
			{"a year", year + time.Minute, time.Minute, Jump(year)},
			{"told once", year + time.Hour, time.Hour, 0},
			{"and back", 2 * time.Hour, 2 * time.Hour, -Jump(year - time.Hour)},
			{"told once", 3 * time.Hour, 3 * time.Hour, 0},
		},
		"back": {
			{"a day", -24 * time.Hour, 0, -Jump(24 * time.Hour)},
			{"told once", -23 * time.Hour, time.Hour, 0},
			{"further", -47 * time.Hour, time.Hour, -Jump(24 * time.Hour)},
			{"put right", 2 * time.Hour, 2 * time.Hour, Jump(48 * time.Hour)},
			{"back again", -22 * time.Hour, 2 * time.Hour, -Jump(24 * time.Hour)},
		},
		"seen late": {{"back", -time.Hour, 0, 0}, {"more", -2 * time.Hour, 0, -Jump(2 * time.Hour)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Date(2026, 11, 21, 19, 42, 0, 0, time.UTC)
			now, passed := start, time.Duration(0)
			c := &MarkedClock{wall: func() time.Time { return now }, started: start}
			c.jumps.passed = func(time.Time) time.Duration { return passed }
			c.Effective()
			for _, look := range all {
				now, passed = start.Add(look.shows), look.passed
				c.Effective()
				if look.want == 0 && name == "seen late" {
					continue // nobody asked
				}
				if got := c.takeJump(); got != look.want {
					t.Errorf("%s: %v, want %v", look.name, time.Duration(got), time.Duration(look.want))
				}
			}
		})
	}
}

func TestAJumpThatWasGivenBackIsTakenAgain(t *testing.T) {
	t.Parallel()
	for _, by := range []time.Duration{time.Hour, -time.Hour} {
		start := time.Date(2026, 11, 21, 19, 42, 0, 0, time.UTC)
		now := start
		c := &MarkedClock{wall: func() time.Time { return now }, started: start}
		c.jumps.passed = func(time.Time) time.Duration { return 0 }
		c.Effective()
		now = start.Add(by)
		c.Effective()
		c.giveBack(c.takeJump())
		if got := c.takeJump(); got != Jump(by) {
			t.Errorf("%v became %v", by, time.Duration(got))
		}
		if got := c.takeJump(); got != 0 {
			t.Errorf("%v is told twice: %v", by, time.Duration(got))
		}
	}
}
