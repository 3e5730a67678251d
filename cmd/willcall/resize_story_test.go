package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/ui/console"
	"willcall/ui/uitest"
)

const (
	stormSeed   = 5 // of all sizes that are drawn
	storms      = 6 // for each screen
	stormSizes  = 5 // at most, before the window is back at its first size
	homeWidth   = 80
	homeHeight  = 24
	mostColumns = 240
	mostLines   = 60
)

// storm draws the sizes of one storm: any there are, every third too small to
// work in or nearly so.
func storm(random *rand.Rand) [][2]int {
	sizes := make([][2]int, 1+random.IntN(stormSizes))
	for i := range sizes {
		sizes[i] = [2]int{39 + random.IntN(mostColumns-38), 9 + random.IntN(mostLines-8)}
		if random.IntN(3) == 0 {
			sizes[i] = [2]int{30 + random.IntN(15), 5 + random.IntN(8)}
		}
	}
	return sizes
}

// TestAResizedWindowKeepsEverything resizes the window under every screen. Each
// picture has exactly the lines and cells that there are; the keys go where they
// went; and back at the first size the screen is what it was: the selected row,
// the cursor, what was typed, and where it was scrolled to. A letter typed and
// taken back between storms, at sizes of their own, leaves nothing either.
func TestAResizedWindowKeepsEverything(t *testing.T) {
	t.Parallel()
	for _, sc := range screens() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			s := sc.at(t, homeWidth, homeHeight)
			random := rand.New(rand.NewPCG(stormSeed, uint64(len(sc.name))))
			home := s.Frame()
			for range storms {
				s.weather(random, home)
			}
			s.typedInAStorm(random)
		})
	}
}

// weather resizes the window, ends at its first size, and holds what stands
// there against what stood there before.
func (s *story) weather(random *rand.Rand, home uitest.Frame) {
	s.t.Helper()
	sizes := storm(random)
	keys, selected := s.capable(), pointedAt(home)
	for _, size := range sizes {
		s.Resize(size[0], size[1])
		s.exact(size)
		if now := s.capable(); now != keys {
			s.t.Fatalf("%v: keys do\n%s\nand did\n%s\n%s", size, now, keys, s.Frame())
		}
		if now := pointedAt(s.Frame()); pointsAway(selected, now) {
			s.t.Fatalf("%v: selected is %q, and was %q:\n%s", size, now, selected, s.Frame())
		}
	}
	s.backHome(home, fmt.Sprint(sizes))
}

// backHome is at the first size and holds the screen against that before.
func (s *story) backHome(home uitest.Frame, after string) {
	s.t.Helper()
	s.Resize(homeWidth, homeHeight)
	if now := s.Frame(); !now.Equal(home) {
		s.t.Fatalf("after %s the screen is\n%s\nand was\n%s", after, now, home)
	}
}

// pointedAt are the beginnings of the rows and fields that the sign of the
// selection stands before.
func pointedAt(f uitest.Frame) (rows []string) {
	const letters = 6
	_, height := f.Size()
	for y := 2; y < height; y++ { // below the header, which has the sign too
		for _, row := range strings.Split(f.Line(y), "▸ ")[1:] {
			row = strings.TrimLeft(row, " ●✗✓○")
			row = row[:min(letters, len(row))]
			if covered := strings.IndexFunc(row, notASCII); covered >= 0 { // by a dialog
				row = row[:covered]
			}
			rows = append(rows, strings.TrimSpace(row))
		}
	}
	return rows
}

func notASCII(r rune) bool { return r > unicode.MaxASCII }

// pointsAway reports a selection that is another than before: of what is in
// sight now, nothing was selected.
func pointsAway(before, now []string) bool {
	return len(before) > 0 && len(now) > 0 &&
		!slices.ContainsFunc(now, func(row string) bool {
			return slices.ContainsFunc(before, func(s string) bool { return strings.HasPrefix(row, s) || strings.HasPrefix(s, row) })
		})
}

// exact fails the test unless the picture has exactly as many lines and cells as
// there are.
func (s *story) exact(size [2]int) {
	s.t.Helper()
	shown := console.Clamp(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
	lines := strings.Split(s.View().Content, "\n")
	if len(lines) != shown.Height {
		s.t.Fatalf("%v: %d lines", size, len(lines))
	}
	for _, line := range lines {
		if got := ansi.StringWidth(line); got != shown.Width {
			s.t.Fatalf("%v: %d cells: %q", size, got, line)
		}
	}
}

// capable tells who gets the keys and what they act on. What only moves about is
// left out: whether there is anything to scroll depends on the room.
func (s *story) capable() string {
	groups := s.root.KeyGroups()
	told := []string{groups[0].Title}
	for _, g := range groups {
		for _, a := range g.Actions {
			if a.ID != "" {
				told = append(told, string(a.ID)+a.Disabled)
			}
		}
	}
	slices.Sort(told[1:])
	return strings.Join(told, " ")
}

// typedInAStorm types a letter while the window is another size, looks at it at
// the first one, and takes it back at yet another.
func (s *story) typedInAStorm(random *rand.Rand) {
	s.t.Helper()
	if s.root.KeyGroups()[0].Title != console.KeysTyping {
		return
	}
	s.Press("z")
	typed := s.Frame()
	s.Press("backspace")
	home := s.Frame() // nothing is refused any more
	for range storms {
		s.Resize(40+random.IntN(mostColumns-39), 10+random.IntN(mostLines-9))
		s.Press("z")
		s.backHome(typed, "a letter typed at another size")
		s.Resize(40+random.IntN(mostColumns-39), 10+random.IntN(mostLines-9))
		s.Press("backspace")
		s.backHome(home, "a letter taken back at another size")
	}
}
