package component

import "testing"

// TestARoomThatChangesMovesNothing: back in the room in which somebody moved
// last, the same lines are in sight; whoever moves meanwhile moves from there.
func TestARoomThatChangesMovesNothing(t *testing.T) {
	t.Parallel()
	var s sight
	row := func(at, height int) int {
		s.follow(at, at, at+1, 100, height)
		return s.top
	}
	for _, step := range []struct{ at, height, top int }{
		{20, 20, 1}, {20, 5, 16}, {20, 20, 1}, {20, 99, 1}, {20, 200, 0}, {20, 20, 1}, // resized only
		{20, 5, 16}, {19, 5, 16}, {19, 20, 16}, {19, 5, 16}, // moved in the low window
		{3, 20, 3}, {3, 5, 3}, {22, 20, 3}, {23, 20, 4},
	} {
		if got := row(step.at, step.height); got != step.top {
			t.Errorf("row %d in %d lines: the first is %d, want %d", step.at, step.height, got, step.top)
		}
	}
	s.turn(30)
	for _, step := range []struct{ height, top int }{{20, 34}, {80, 20}, {20, 34}} {
		if s.stay(100, step.height); s.top != step.top {
			t.Errorf("scrolled to 34, the first of %d lines is %d, want %d", step.height, s.top, step.top)
		}
	}
	s.stay(100, 80)
	s.hold()
	if s.stay(100, 20); s.top != 20 {
		t.Errorf("held at 20, the first line is %d", s.top)
	}
}
