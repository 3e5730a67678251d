package component

import (
	"slices"
	"strings"

	"willcall/core/safetext"
	"willcall/ui/action"
	"willcall/ui/theme"
)

// keyName is how a key is written on the screen.
func keyName(th *theme.Theme, key string) string {
	if th.Options.ASCII {
		return key
	}
	switch key {
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "left":
		return "←"
	case "right":
		return "→"
	}
	return key
}

const helpGap = 3

// keyBack leads back, or lets something be.
const keyBack = "esc"

// HelpLine lists the keys that work now, as many as fit. While a field has the
// keyboard only those that act there are listed. The last action, by custom
// the one that shows all keys, keeps its place at the right end, and the way back
// goes before what else there is. What is disabled is left to the list of all keys,
// which gives the reason.
func HelpLine(k Look, actions []action.Action, typing bool, width int) string {
	line := k.Line(width)
	for _, p := range helpPlaces(k, actions, typing, width) {
		line.Skip(width-p.x).help(k, p.Action)
	}
	return line.String()
}

// HelpAt is the action whose key or name the help line shows in a cell.
func HelpAt(k Look, actions []action.Action, typing bool, width, x int) (a action.Action, ok bool) {
	return under(helpPlaces(k, actions, typing, width), x)
}

// placed is an action at its cells of a line.
type placed struct {
	action.Action
	x, cells int
}

// under is the action that stands in a cell.
func under(line []placed, x int) (a action.Action, ok bool) {
	for _, p := range line {
		if x >= p.x && x < p.x+p.cells {
			return p.Action, true
		}
	}
	return action.Action{}, false
}

func helpPlaces(k Look, actions []action.Action, typing bool, width int) []placed {
	shown := make([]placed, 0, len(actions))
	for _, a := range action.Keyed(actions) {
		if !a.Quiet && a.Disabled == "" && (a.Typing || !typing) {
			shown = append(shown, placed{Action: a, cells: helpWidth(k, a)})
		}
	}
	if len(shown) == 0 {
		return nil
	}
	last := shown[len(shown)-1]
	last.x = max(1, width-last.cells-1)
	line, x := fitting(shown[:len(shown)-1], width-last.cells-2), 1
	for i := range line {
		line[i].x = x
		x += line[i].cells + helpGap
	}
	return append(line, last)
}

// fitting keeps as many of the first actions as have room, and wherever it stands
// the way back, where it has room beside the first two.
func fitting(all []placed, room int) (kept []placed) {
	back := slices.IndexFunc(all, func(p placed) bool { return p.Keys[0] == keyBack })
	if back > 1 && all[0].cells+all[1].cells+all[back].cells+3*helpGap <= room {
		room -= all[back].cells + helpGap
	} else {
		back = -1
	}
	for i, p := range all {
		switch {
		case i == back:
			kept = append(kept, p)
		case p.cells+helpGap <= room:
			room -= p.cells + helpGap
			kept = append(kept, p)
		default:
			if i < back {
				kept = append(kept, all[back])
			}
			return kept
		}
	}
	return kept
}

func helpWidth(k Look, a action.Action) int {
	return safetext.Width(keyName(k.Theme, a.Keys[0])) + 1 + safetext.Width(safetext.Line(k.Text.T(a.LabelKey())))
}

func (l *Line) help(k Look, a action.Action) {
	l.Text(theme.Accent, keyName(k.Theme, a.Keys[0])).Gap(1).Text(theme.Text, k.Text.T(a.LabelKey()))
}

// KeyList draws all keys below the titles of their groups, one action a line,
// with the reason of each that is disabled. Those without a key are left out.
func KeyList(k Look, groups []action.Group, width int) []string {
	keys, labels := 0, 0
	for _, g := range groups {
		for _, a := range action.Keyed(g.Actions) {
			keys = max(keys, safetext.Width(keyNames(k.Theme, a.Keys)))
			labels = max(labels, safetext.Width(safetext.Line(k.Text.T(a.LabelKey()))))
		}
	}
	labels = min(labels, max(0, width-keys-6))
	var lines []string
	for _, g := range groups {
		shown := action.Keyed(g.Actions)
		if len(shown) == 0 {
			continue
		}
		if g.Title != "" {
			lines = append(lines, k.Line(width).Gap(1).Text(theme.Strong, k.Text.T(g.Title)).String())
		}
		for _, a := range shown {
			lines = append(lines, keyLines(k, a, keys, labels, width)...)
		}
	}
	return lines
}

func keyLines(k Look, a action.Action, keys, labels, width int) []string {
	token := theme.Text
	if a.Disabled != "" {
		token = theme.Muted
	}
	indent := 1 + keys + 2
	line := k.keyLine(width, 1).Cell(theme.Accent, keyNames(k.Theme, a.Keys), keys).Gap(2)
	line.Cell(token, k.Text.T(a.LabelKey()), labels)
	if a.Disabled == "" {
		return []string{line.String()}
	}
	const reasonLeast = 24
	if room := line.Left() - 3; safetext.Width(safetext.Line(a.Disabled)) <= room || room >= reasonLeast {
		indent += labels + 2
		return reasons(k, line.Gap(2), a.Disabled, indent, width)
	}
	return append([]string{line.String()}, reasons(k, k.keyLine(width, indent), a.Disabled, indent, width)...)
}

// reasons adds a sentence to a line and goes on below where it began.
func reasons(k Look, line *Line, s string, indent, width int) []string {
	var lines []string
	for _, part := range safetext.Wrap(s, max(1, line.Left()-1)) {
		lines = append(lines, line.Text(theme.Muted, part).String())
		line = k.keyLine(width, indent)
	}
	return lines
}

// keyLine starts a line with blanks in the ink of the border beside it.
func (k Look) keyLine(width, indent int) *Line {
	line := k.Line(width)
	line.beside = theme.Accent
	return line.Gap(indent)
}

func keyNames(th *theme.Theme, keys []string) string {
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = keyName(th, key)
	}
	return strings.Join(names, " ")
}
