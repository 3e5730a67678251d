package component

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/theme"
)

// Search is a line with a field and how much was found.
type Search struct {
	Input
	// Found is how many rows match, of Total; below zero it is not known.
	Found, Total int
}

const searchIndent = 3 // a blank, the slash, a blank

// Update takes keys and pastes; keys that move in a list are left to it.
func (s *Search) Update(msg tea.Msg) (handled bool) {
	if press, ok := msg.(tea.KeyPressMsg); ok && press.String() == "esc" && s.Value() != "" {
		s.buffer.retype("")
		return true
	}
	return s.Input.Update(msg)
}

// Matches reports whether every word typed stands somewhere in text, whatever
// its case and accents.
func (s *Search) Matches(text string) bool {
	return holds(core.Fold(text), strings.Fields(core.Fold(s.Value())))
}

// Render draws the line.
func (s *Search) Render(k Look, width int, focused bool) string {
	count := s.count(k)
	cells := safetext.Width(safetext.Line(count))
	line := k.Line(width).Gap(1)
	slash := theme.Muted
	if focused {
		slash = theme.Accent
	}
	line.Sign(slash, "/", 1).Gap(1)
	field := s.cells(k, width)
	s.Draw(line, field, focused)
	if cells > 0 && line.Left() >= cells+2 {
		line.Skip(cells+1).Text(theme.Muted, count)
	}
	return line.String()
}

// Click puts the cursor on the letter in a cell of a search line drawn in so many
// cells, while the field has the keyboard or not.
func (s *Search) Click(k Look, width, x int) {
	gs, at := s.glyphs("*")
	first, _ := view(gs, at, s.cells(k, width))
	s.Input.Click(first, max(0, x-searchIndent))
}

// cells is the width of the field.
func (s *Search) cells(k Look, width int) int {
	const least = 12
	taken := searchIndent + 1
	if n := safetext.Width(safetext.Line(s.count(k))); n > 0 && width-taken-n-2 >= least {
		taken += n + 2
	}
	return max(1, width-taken)
}

func (s *Search) count(k Look) string {
	switch {
	case s.Found < 0:
		return ""
	case s.Value() == "" || s.Total < 0:
		return k.Text.Number(s.Found)
	}
	return k.Text.T("component.search.count", "found", k.Text.Number(s.Found), "total", k.Text.Number(s.Total))
}

// CursorIn is the cell of the cursor in a search line of so many cells.
func (s *Search) CursorIn(k Look, width int) int {
	return searchIndent + s.Cursor(s.cells(k, width))
}
