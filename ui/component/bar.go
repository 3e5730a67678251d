package component

import (
	"willcall/core/safetext"
	"willcall/ui/theme"
)

// Bar draws a sentence behind a bar: a warning, or what saving will do. It
// takes as many lines as the sentence needs, none too long to read.
func (k Look) Bar(token theme.Token, s string, width int) []string {
	var lines []string
	for _, part := range safetext.Wrap(s, min(width-4, ReadMost)) {
		line := k.Line(width).Gap(1).Sign(token, k.Theme.Signs.Bar, 1).Gap(1)
		lines = append(lines, line.Text(theme.Text, part).String())
	}
	return lines
}

// Rule is a line across.
func (k Look) Rule(width int) string {
	return k.Line(width).Fill(theme.Rule, k.Theme.Signs.Rule, width).String()
}
