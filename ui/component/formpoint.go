package component

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// target is what of a field a click acts on: some cells of a line of the whole
// form.
type target struct {
	*entry
	x, y, cells int
	row         int  // of many lines; of an open list the option
	option      bool // it is one of an open list
}

// area is a box of cells, with the number of what its first line shows.
type area struct{ x, y, width, height, first int }

func (a area) holds(x, y int) bool {
	return x >= a.x && x < a.x+a.width && y >= a.y && y < a.y+a.height
}

func (f *Form) aim(t target) { f.targets = append(f.targets, t) }

// Click acts on a cell of what was drawn, as a mouse does: a field gets the
// keyboard, with the cursor at the letter; a toggle is switched, a choice opens,
// an option of an open one is taken. Whatever follows from typing follows from
// it too.
func (f *Form) Click(x, y int) (hit bool) {
	if f.at < len(f.entries) && f.entries[f.at].names.open && f.names.holds(x, y) {
		e := f.entries[f.at]
		e.names.at = f.names.first + y - f.names.y
		e.takeVariable()
		return true
	}
	y += f.sight.top
	for _, t := range f.targets {
		if t.y == y && x >= t.x && x < t.x+t.cells && t.takes() {
			f.hit(t, x-t.x)
			return true
		}
	}
	if y < 0 || y >= len(f.owners) || f.owners[y] < 0 || !f.entries[f.owners[y]].takes() {
		return false
	}
	f.point(f.entries[f.owners[y]])
	return true
}

// point gives the keyboard to a field; it stays where it is on the screen.
func (f *Form) point(e *entry) {
	f.loose = true
	f.sight.hold()
	if i := slices.Index(f.entries, e); i >= 0 {
		f.leave(i)
	}
}

func (f *Form) hit(t target, cell int) {
	e := t.entry
	if t.option {
		e.pick.at = t.row
		e.take()
		return
	}
	open := e.pick.open
	f.point(e)
	switch e.Kind {
	case FieldText, FieldPassword, FieldDate, FieldPhone:
		e.input.Click(e.seen, cell)
		e.names.open, e.held = false, true
	case FieldLines:
		e.editor.Click(cell, t.row)
		e.names.open = false
	case FieldToggle:
		e.update(tea.KeyPressMsg{Code: tea.KeySpace})
	case FieldChoice, FieldLookup:
		if !open {
			f.loose = false // the list that opens comes into sight
			e.update(tea.KeyPressMsg{Code: tea.KeyEnter})
		}
	case FieldShown, FieldHeading, FieldNote:
	}
}

// Wheel moves in an open list by so many options, downwards above zero; else it
// scrolls the form, and the field with the keyboard may go out of sight until
// the next key.
func (f *Form) Wheel(rows int) {
	if f.at < len(f.entries) && f.entries[f.at].pick.open {
		e := f.entries[f.at]
		e.pick.at = max(0, min(e.pick.at+rows, len(e.matches())-1))
		return
	}
	f.loose = true
	f.sight.turn(rows)
}
