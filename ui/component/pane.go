package component

import (
	"github.com/charmbracelet/x/ansi"

	"willcall/ui/theme"
)

const (
	paneLeast = 100 // cells from which there is room for two panes
	paneRule  = 1
)

// Panes shares a width between a left and a right pane with a rule between
// them. right is 0 where there is room for one only.
func Panes(width int) (left, right int) {
	if width < paneLeast {
		return width, 0
	}
	right = width * 2 / 5
	return width - right - paneRule, right
}

// Beside joins two panes of equal height, drawn in the widths of [Panes].
func (k Look) Beside(left, right []string) []string {
	rule := k.Theme.Style(theme.Rule).Render(k.Theme.Signs.Divider)
	lines := make([]string, min(len(left), len(right)))
	for i := range lines {
		lines[i] = left[i] + rule + right[i]
	}
	return lines
}

// Overlay lays a box over a page, its top left corner at column x and line y.
// Every line keeps its width; what of the box lies outside is cut.
func Overlay(page, box []string, x, y int) []string {
	out := append([]string(nil), page...)
	for i, line := range box {
		if at := y + i; at >= 0 && at < len(out) {
			out[at] = splice(out[at], line, x)
		}
	}
	return out
}

const reset = "\x1b[m"

// splice replaces cells of a line. A wide character that the edge cuts in two
// becomes a blank.
func splice(line, over string, x int) string {
	width := ansi.StringWidth(line)
	if x < 0 {
		over, x = ansi.TruncateLeft(over, -x, ""), 0
	}
	if x >= width {
		return line
	}
	cells := min(ansi.StringWidth(over), width-x)
	over = exactly(ansi.Truncate(over, cells, ""), cells)
	return exactly(ansi.Truncate(line, x, ""), x) + over + tail(line, width-x-cells)
}

// exactly fills styled text up to so many cells and closes its style.
func exactly(s string, cells int) string {
	return s + reset + blanks(cells-ansi.StringWidth(s))
}

// tail gives the last cells of a line. Escape sequences before them stay, so
// that they keep their style.
func tail(line string, cells int) string {
	width := ansi.StringWidth(line)
	end := ansi.TruncateLeft(line, width-cells, "")
	if ansi.StringWidth(end) > cells { // a wide character, cut in two
		end = ansi.TruncateLeft(line, width-cells+1, "")
	}
	return blanks(cells-ansi.StringWidth(end)) + end
}
