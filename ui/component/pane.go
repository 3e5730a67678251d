package component

import (
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

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
	right = width * 9 / 25
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
// Every line keeps its width; what of the box lies outside is cut, and a wide
// character that its edge cuts in two becomes a blank. Only the lines that the
// box touches are composed; without any the page is handed back as it is.
func Overlay(page, box []string, x, y int) []string {
	top, end := max(0, y), min(len(page), y+len(box))
	if top >= end {
		return page
	}
	width := lipgloss.Width(page[top])
	layers := lipgloss.NewCompositor(
		lipgloss.NewLayer(strings.Join(page[top:end], "\n")),
		lipgloss.NewLayer(strings.Join(box, "\n")).X(x).Y(y-top).Z(1),
	)
	drawn := lipgloss.NewCanvas(width, end-top).Compose(layers).Render()
	out := slices.Clone(page)
	for i, line := range strings.Split(drawn, "\n") {
		out[top+i] = line + blanks(width-lipgloss.Width(line)) // a canvas ends its lines at their last letter
	}
	return out
}
