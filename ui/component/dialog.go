package component

import (
	"slices"

	"willcall/core/safetext"
	"willcall/ui/action"
	"willcall/ui/theme"
)

// Dialog is a question or a notice in a box over a page.
type Dialog struct {
	Title string
	Text  string
	// Body is drawn below the text, as wide as Box hands out; it may be nil.
	Body func(width int) []string
	// Actions are its keys, listed at its foot.
	Actions []action.Action
	Alarm   bool
}

const (
	dialogMost   = 64
	dialogMargin = 4 // a border and a blank at either side
)

// Box draws the dialog, small enough for a page of this size.
func (d Dialog) Box(k Look, width, height int) []string {
	outer := min(dialogMost, width)
	inner := outer - dialogMargin
	if inner < 1 || height < 3 {
		return nil
	}
	body := d.body(k, inner)
	foot := d.foot(k, inner)
	body = squeeze(body, inner, height-2-len(foot))
	lines := []string{d.edge(k, outer, true)}
	for _, line := range append(body, foot...) {
		lines = append(lines, k.boxed(line, inner))
	}
	return append(lines[:min(len(lines), height-1)], d.edge(k, outer, false))
}

// squeeze takes out blank lines, then cuts, until the lines fit.
func squeeze(lines []string, width, height int) []string {
	if len(lines) > height {
		lines = slices.DeleteFunc(lines, func(line string) bool { return line == blanks(width) })
	}
	return lines[:max(0, min(len(lines), height))]
}

func (d Dialog) body(k Look, inner int) []string {
	lines := []string{blanks(inner)}
	if d.Text != "" {
		lines = append(lines, k.wrapped(theme.Text, d.Text, inner)...)
		lines = append(lines, blanks(inner))
	}
	if d.Body != nil {
		lines = append(lines, d.Body(inner)...)
		lines = append(lines, blanks(inner))
	}
	return lines
}

// foot lists the keys, on as many lines as they need.
func (d Dialog) foot(k Look, inner int) []string {
	var lines []string
	line := k.Line(inner)
	for _, a := range d.Actions {
		if a.Quiet {
			continue
		}
		if line.Left() < inner && helpWidth(k, a) > line.Left() {
			lines = append(lines, line.String())
			line = k.Line(inner)
		}
		line.help(k, a).Gap(helpGap)
	}
	if line.Left() < inner {
		lines = append(lines, line.String())
	}
	return lines
}

func (d Dialog) edge(k Look, outer int, top bool) string {
	left, right, bottomLeft, bottomRight := k.Theme.Signs.Corners()
	if !top {
		left, right = bottomLeft, bottomRight
	}
	line := k.Line(outer).Sign(theme.Accent, left, 1)
	if title := safetext.Cut(d.Title, outer-dialogMargin-2); top && title != "" {
		token := theme.Strong
		if d.Alarm {
			token = theme.Amber
		}
		line.Fill(theme.Accent, k.Theme.Signs.Rule, 1).Gap(1).Text(token, title).Gap(1)
	}
	return line.Fill(theme.Accent, k.Theme.Signs.Rule, line.Left()-1).Sign(theme.Accent, right, 1).String()
}

func (k Look) boxed(line string, inner int) string {
	side := k.Theme.Signs.Divider
	return k.Line(inner+dialogMargin).Sign(theme.Accent, side, 1).Gap(1).
		styled(line, inner).Gap(1).Sign(theme.Accent, side, 1).String()
}

// Over lays the dialog over the middle of a page.
func (d Dialog) Over(k Look, page []string, width int) []string {
	box := d.Box(k, width, len(page))
	x := max(0, (width-min(dialogMost, width))/2)
	return Overlay(page, box, x, max(0, (len(page)-len(box))/3))
}
