package component

import (
	"fmt"
	"strings"
	"testing"

	"willcall/ui/action"
)

// counted gives n lines that hold their number.
func counted(k Look, n int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = k.Line(12).Text(0, fmt.Sprint(i)).String()
	}
	return lines
}

// seen gives what is shown, in one line.
func seen(k Look, s *Scroll) string { return strings.Join(strings.Fields(flat(s.Render(k))), " ") }

func TestScrollMovesWithinItsLines(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	for _, c := range []struct{ keys, want string }{
		{"", "0 1 2 …"},
		{"down j", "2 3 4 …"},
		{"down up k", "0 1 2 …"},
		{"pgdown", "3 4 5 …"},
		{"space pgup", "0 1 2 …"},
		{"end", "6 7 8 9"},
		{"end down pgdown", "6 7 8 9"},
		{"end home", "0 1 2 …"},
		{"f d l right", "0 1 2 …"},
	} {
		var s Scroll
		s.Set(counted(k, 10), 12, 4)
		keys(&s, strings.Fields(c.keys)...)
		exact(t, "scroll", s.Render(k), 12, 4)
		if got := seen(k, &s); got != c.want {
			t.Errorf("%s: %s, want %s", c.keys, got, c.want)
		}
	}
}

func TestScrollByTheWheel(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	var s Scroll
	s.Set(counted(k, 10), 12, 4)
	s.Wheel(WheelRows)
	if got := seen(k, &s); got != "3 4 5 …" {
		t.Errorf("one notch down: %s", got)
	}
	s.Wheel(-100)
	if got := seen(k, &s); got != "0 1 2 …" {
		t.Errorf("far up: %s", got)
	}
}

func TestScrollKeepsItsPlaceAsFarAsTheLinesGo(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	var s Scroll
	s.Set(counted(k, 10), 12, 4)
	keys(&s, "pgdown")
	s.Set(counted(k, 20), 12, 4)
	if got := seen(k, &s); got != "3 4 5 …" {
		t.Errorf("more lines: %s", got)
	}
	s.Set(counted(k, 5), 12, 4)
	if got := seen(k, &s); got != "1 2 3 4" {
		t.Errorf("fewer lines: %s", got)
	}
	s.Set(counted(k, 5), 12, 9)
	if got := seen(k, &s); got != "0 1 2 3 4" || !s.Whole() {
		t.Errorf("room for all: %s, whole %v", got, s.Whole())
	}
	s.Set(counted(k, 5), 12, 4)
	keys(&s, "end")
	s.Top()
	if got := seen(k, &s); got != "0 1 2 …" || s.Whole() {
		t.Errorf("back at the top: %s, whole %v", got, s.Whole())
	}
}

func TestScrollLeavesOtherKeysAlone(t *testing.T) {
	t.Parallel()
	var s Scroll
	if s.Update(press("down")) {
		t.Error("a key was taken before there were lines")
	}
	s.Set(counted(darkLook(t), 10), 12, 4)
	if s.Update(press("e")) || !s.Update(press("up")) {
		t.Error("takes a letter, or not up at the first line")
	}
}

// TestScrollOffersKeysWhereTheyDoSomething: only where lines are out of sight.
func TestScrollOffersKeysWhereTheyDoSomething(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	var s Scroll
	s.Set(counted(k, 4), 12, 4)
	if all := s.Actions(); len(all) != 0 {
		t.Errorf("keys for a text that is seen whole: %v", all)
	}
	s.Set(counted(k, 10), 12, 4)
	for _, c := range []struct{ key, want string }{{"j", "1 2 3 …"}, {"down", "2 3 4 …"}, {"up", "1 2 3 …"}, {"k", "0 1 2 …"}} {
		press, ok := action.Find(s.Actions(), c.key, false)
		if !ok {
			t.Fatalf("no action for %s", c.key)
		}
		if press.Run(); seen(k, &s) != c.want {
			t.Errorf("%s: %s, want %s", c.key, seen(k, &s), c.want)
		}
	}
}

func TestScrollHasItsCells(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	for _, text := range hostile() {
		for _, width := range []int{20, 41, 120} {
			for _, height := range []int{0, 1, 7} {
				var s Scroll
				exact(t, "scroll", sampleDetail(k, width, text).Scrolled(&s, height), width, height)
				keys(&s, "end")
				exact(t, "scroll", s.Render(k), width, height)
			}
		}
	}
}
