package component

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core/safetext"
	"willcall/ui/theme"
)

// completion is the list of variables that opens behind a brace being typed.
// It is in nobody's way: a doubled brace closes it, and so does every letter
// that no variable's name goes on with.
type completion struct {
	open bool
	from int // the brace's place in the text
	at   int // the selected variable among those that match
	left int // the place behind the brace that esc left, 0 for none
}

// brace finds the brace that the cursor stands behind, with nothing or the
// beginning of a name between them. A doubled brace is plain text.
func (b *buffer) brace() (from int, ok bool) {
	from = b.at
	for from > 0 && inName(b.text[from-1]) {
		from--
	}
	braces := 0
	for from > braces && b.text[from-braces-1] == '{' {
		braces++
	}
	return from - 1, braces%2 == 1
}

// inName reports letters that names of variables are made of.
func inName(c byte) bool { return c >= 'a' && c <= 'z' || c == '-' }

// named is what of a name was typed.
func (e *entry) named() string { return e.text().text[e.names.from+1 : e.text().at] }

// variables lists those whose name holds what was typed, first those that begin
// with it.
func (e *entry) variables() []Option {
	typed := e.named()
	var found []Option
	for _, o := range e.Variables {
		if strings.Contains(o.Key, typed) {
			found = append(found, o)
		}
	}
	slices.SortStableFunc(found, func(a, b Option) int {
		return rank(strings.HasPrefix(a.Key, typed)) - rank(strings.HasPrefix(b.Key, typed))
	})
	return found
}

// rank puts what is so first.
func rank(so bool) int {
	if so {
		return 0
	}
	return 1
}

// completes gives a key to the open list.
func (e *entry) completes(msg tea.Msg) (handled bool) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok || !e.names.open {
		return false
	}
	switch press.String() {
	case "up":
		e.names.at = max(0, e.names.at-1)
	case "down":
		e.names.at = min(len(e.variables())-1, e.names.at+1)
	case "enter", "tab":
		e.takeVariable()
	case "esc":
		e.names.open, e.names.left = false, e.names.from+1
	default:
		return false
	}
	return true
}

// typing opens the list, filters it or closes it after a message to the text.
// changed tells that the text did. It opens for typed letters only, not for a
// cursor that comes by.
func (e *entry) typing(msg tea.Msg, changed bool) {
	b := e.text()
	if b == nil || len(e.Variables) == 0 {
		return
	}
	from, behind := b.brace()
	press, key := msg.(tea.KeyPressMsg)
	if press.Text == "{" || from+1 != e.names.left {
		e.names.left = 0
	}
	was := e.names.open && e.names.from == from
	if !behind || !key || e.names.left != 0 || !changed && !was {
		e.names.open = false
		return
	}
	e.names.from, e.names.at = from, 0
	e.names.open = len(e.variables()) > 0
}

// takeVariable puts the selected variable in the place of what was typed of it,
// and of the rest of the variable that stood there.
func (e *entry) takeVariable() {
	found, b := e.variables(), e.text()
	if e.names.at >= len(found) {
		return
	}
	end := b.at
	for end < len(b.text) && inName(b.text[end]) {
		end++
	}
	if end < len(b.text) && b.text[end] == '}' {
		end++
	} else {
		end = b.at
	}
	name := "{" + found[e.names.at].Key + "}"
	from := e.names.from
	e.names = completion{}
	if b.room()+end-from < len(name) { // names are ASCII
		b.loss = lossTyped
		return
	}
	b.splice(from, end, name, editWhole)
	b.loss = lossNone
	if e.Kind == FieldLines {
		e.editor.keepCell()
	}
}

const completionRows = 6

// completionLines draws the open list in a box of so many cells, on at most so many
// rows around the selected one.
func (e *entry) completionLines(k Look, width, rows int) []string {
	found := e.variables()
	label, hint := e.variableWidths()
	from := e.firstVariable(rows)
	var lines []string
	for i := from; i < min(len(found), from+rows); i++ {
		line, sign, ground := k.Line(width).On(theme.Field), " ", theme.Field
		if i == e.names.at {
			sign, ground = k.Theme.Signs.Select, theme.Selected
		}
		line.Sign(theme.Accent, sign, 1).On(ground).Gap(1).Cell(theme.Text, found[i].Label, label).Gap(hintGap)
		if line.Left() > hint { // half of one says nothing
			line.Cell(theme.Muted, found[i].Hint, line.Left()-1)
		}
		lines = append(lines, line.On(theme.Field).String()) // a margin, for a list over a text of the same ground
	}
	return lines
}

// firstVariable is the first of so many rows around the selected one.
func (e *entry) firstVariable(rows int) int {
	return max(0, min(e.names.at-rows/2, len(e.variables())-rows))
}

// variableWidths are the cells of the widest label and the widest hint.
func (e *entry) variableWidths() (label, hint int) {
	for _, o := range e.Variables {
		label = max(label, safetext.Width(safetext.Line(o.Label)))
		hint = max(hint, safetext.Width(safetext.Line(o.Hint)))
	}
	return label, hint
}

// completed lays the open list below the cursor, or above it where there is
// more room.
func (f *Form) completed(k Look, lines []string) []string {
	if _, _, shown := f.Cursor(); f.at >= len(f.entries) || !f.entries[f.at].names.open || !shown {
		return lines
	}
	e, below := f.entries[f.at], len(lines)-f.cursor.y-1
	rows := min(completionRows, len(e.variables()), max(below, f.cursor.y))
	x := max(0, f.cursor.x-len(e.named())-optionWidth-1)
	label, hint := e.variableWidths()
	width := min(f.width, optionWidth+label+hintGap+hint+1)
	box := e.completionLines(k, width, rows)
	y := f.cursor.y + 1
	if len(box) > below {
		y = f.cursor.y - len(box)
	}
	f.names = area{min(x, f.width-width), y, width, len(box), e.firstVariable(rows)}
	return Overlay(lines, box, f.names.x, y)
}
