package component

import (
	"willcall/core/safetext"
	"willcall/ui/theme"
)

// Tab is one page in the line of tabs.
type Tab struct {
	Label string
	Count int // drawn where above zero
}

// Tabs draws the line of tabs. Where not all fit, those around the tab in front
// are shown.
func Tabs(k Look, tabs []Tab, front, width int) string {
	line := k.Line(width).Gap(1)
	from := 0
	for from < front && tabsWidth(k, tabs[from:front+1]) > width-2 {
		from++
	}
	for i := from; i < len(tabs); i++ {
		if i > front && tabsWidth(k, tabs[i:i+1]) > line.Left() {
			break
		}
		line.tab(k, tabs[i], i == front)
	}
	return line.String()
}

func tabsWidth(k Look, tabs []Tab) int {
	cells := 0
	for _, t := range tabs {
		cells += safetext.Width(safetext.Line(t.label(k))) + 2
	}
	return cells
}

func (t Tab) label(k Look) string {
	if t.Count > 0 {
		return t.Label + " " + k.Text.Number(t.Count)
	}
	return t.Label
}

func (l *Line) tab(k Look, t Tab, front bool) {
	token := theme.Muted
	if front {
		token = theme.Strong
		l.On(theme.Selected)
	}
	l.Gap(1).Text(token, t.Label)
	if t.Count > 0 {
		l.Gap(1).Text(theme.Accent, k.Text.Number(t.Count))
	}
	l.Gap(1).On(theme.Page)
}
