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
// are shown, with a sign at the end where there are more.
func Tabs(k Look, tabs []Tab, front, width int) string {
	line := k.Line(width)
	from, end := shownTabs(k, tabs, front, width)
	line.more(from > 0)
	for i := from; i < end; i++ {
		line.tab(k, tabs[i], i == front)
	}
	line.Skip(1).more(end < len(tabs))
	return line.String()
}

// more is a cell that says whether something goes on there.
func (l *Line) more(more bool) {
	if !more {
		l.Gap(1)
		return
	}
	l.Sign(theme.Muted, l.theme.Signs.More, 1)
}

// TabAt is the tab that stands in a cell of the line.
func TabAt(k Look, tabs []Tab, front, width, x int) (i int, ok bool) {
	from, end := shownTabs(k, tabs, front, width)
	for i, at := from, 1; i < end; i++ {
		cells := tabsWidth(k, tabs[i:i+1])
		if x >= at && x < at+cells {
			return i, true
		}
		at += cells
	}
	return 0, false
}

// shownTabs are those there is room for, from one to before another.
func shownTabs(k Look, tabs []Tab, front, width int) (from, end int) {
	for from < front && tabsWidth(k, tabs[from:front+1]) > width-2 {
		from++
	}
	left := width - 1
	for end = from; end < len(tabs); end++ {
		cells := tabsWidth(k, tabs[end:end+1])
		if end > front && cells > left {
			break
		}
		left -= cells
	}
	return from, end
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
