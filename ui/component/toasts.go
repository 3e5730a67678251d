package component

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core/safetext"
	"willcall/ui/theme"
)

// Toasts is a small stack of lines about what happened elsewhere or went
// wrong. A toast stays until a key is pressed after it was drawn, or until
// newer ones push it out: no timer runs for it, and nobody misses one by
// looking away.
type Toasts struct {
	items []toast
}

type toast struct {
	text  string
	alarm bool
	drawn bool
}

const toastsMost = 3

// Add puts a toast on the stack; the oldest of more than three goes.
func (t *Toasts) Add(text string, alarm bool) {
	t.items = append(t.items, toast{text: text, alarm: alarm})
	t.items = t.items[max(0, len(t.items)-toastsMost):]
}

// Update drops the toasts that were drawn when a key is pressed or the mouse
// clicks. The key still does what it does.
func (t *Toasts) Update(msg tea.Msg) {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.MouseClickMsg:
	default:
		return
	}
	var fresh []toast
	for _, item := range t.items {
		if !item.drawn {
			fresh = append(fresh, item)
		}
	}
	t.items = fresh
}

// Over lays the toasts over the last lines of a page, which they cover whole,
// with a blank line before them, so that they don't read on from the page's.
func (t *Toasts) Over(k Look, page []string, width int) []string {
	lines := t.lines(k, width)
	if len(lines) > 0 {
		lines = append([]string{k.Line(width).String()}, lines...)
	}
	lines = lines[max(0, len(lines)-len(page)):]
	return append(slices.Clip(page[:len(page)-len(lines)]), lines...)
}

// Rows is how many lines of a page [Toasts.Over] covers.
func (t *Toasts) Rows(k Look, width int) int {
	if len(t.items) == 0 {
		return 0
	}
	rows := 1
	for _, item := range t.items {
		rows += len(safetext.Wrap(item.text, max(1, width-4)))
	}
	return rows
}

func (t *Toasts) lines(k Look, width int) []string {
	var lines []string
	for i := range t.items {
		item := &t.items[i]
		item.drawn = true
		token := theme.Accent
		if item.alarm {
			token = theme.Red
		}
		for _, part := range safetext.Wrap(item.text, max(1, width-4)) {
			line := k.Line(width).On(theme.Resting).Gap(1).Sign(token, k.Theme.Signs.Bar, 1).Gap(1)
			lines = append(lines, line.Text(theme.Text, part).String())
		}
	}
	return lines
}
