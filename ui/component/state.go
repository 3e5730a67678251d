package component

import (
	"strings"

	"charm.land/lipgloss/v2"

	"willcall/ui/theme"
)

// State is what stands where there is nothing to list: what would be here and
// the key that makes the first one, or what went wrong and what to do.
type State struct {
	Title string
	Text  string
	Key   string // such as "n"; empty for none
	Do    string // what the key does
	Alarm bool   // something went wrong
}

const stateWidth = 64 // cells of a comfortable line of reading

// Render draws the state a third down, in a column in the middle.
func (s State) Render(k Look, width, height int) []string {
	column := min(stateWidth, width-4)
	if column < 1 {
		return fill(nil, width, height)
	}
	body := squeeze(s.body(k, column), column, height)
	lines := fill(nil, width, max(0, (height-len(body))/3))
	placed := lipgloss.PlaceHorizontal(width, lipgloss.Center, strings.Join(body, "\n"))
	return fill(append(lines, strings.Split(placed, "\n")...), width, height)
}

func (s State) body(k Look, column int) []string {
	title := theme.Strong
	if s.Alarm {
		title = theme.Red
	}
	lines := k.wrapped(title, s.Title, column)
	if s.Text != "" {
		lines = append(lines, blanks(column))
		lines = append(lines, k.wrapped(theme.Muted, s.Text, column)...)
	}
	if s.Key != "" {
		lines = append(lines, blanks(column),
			k.Line(column).Text(theme.Accent, keyName(k.Theme, s.Key)).Gap(2).Text(theme.Text, s.Do).String())
	}
	return lines
}
