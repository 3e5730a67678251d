package component

import (
	"willcall/core/safetext"
	"willcall/ui/theme"
)

// barMost is how many cells of a sentence behind a bar stand on a line: it is
// short, and the form or the list below it needs the lines.
const barMost = 116

// Bar draws a sentence behind a bar: a warning, or what saving will do. It
// takes as many lines as the sentence needs, none too long to read.
func (k Look) Bar(token theme.Token, s string, width int) []string {
	var lines []string
	for _, part := range safetext.Wrap(s, min(width-4, barMost)) {
		line := k.Line(width).Gap(1).Sign(token, k.Theme.Signs.Bar, 1).Gap(1)
		lines = append(lines, line.Text(theme.Text, part).String())
	}
	return lines
}

// Rule is a line across.
func (k Look) Rule(width int) string {
	return k.Line(width).Fill(theme.Rule, k.Theme.Signs.Rule, width).String()
}

// Clip gives at most so many lines; the last of them says where more follow.
func (k Look) Clip(lines []string, width, height int) []string {
	if len(lines) <= height || height < 1 {
		return lines[:max(0, min(len(lines), height))]
	}
	last := []string{lines[height-1]}
	more := k.Line(1).Sign(theme.Muted, k.Theme.Signs.More, 1).String()
	return append(lines[:height-1:height-1], Overlay(last, []string{more}, width-1, 0)...)
}
