package component

import "willcall/ui/theme"

const (
	paneLeast = 100 // cells from which there is room for two panes
	paneMost  = 80  // cells of the right pane: a line that is read at a glance
	paneRule  = 1
)

// Panes shares a width between a left and a right pane with a rule between
// them. right is 0 where there is room for one only.
func Panes(width int) (left, right int) {
	if width < paneLeast {
		return width, 0
	}
	right = min(paneMost, width*9/25)
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
