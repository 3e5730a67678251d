package component

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/text"
)

// A date is typed as day, month and year, the order of both languages, or as
// ISO 8601 writes it. It is handed out as ISO 8601, and what can't be read as
// it was typed. While it is typed it is read back beside the field; where the
// keyboard is elsewhere, the field itself says it in words.

// day is the date that stands in the field, 0 where none can be read.
func (e *entry) day() core.Date {
	if e.Kind != FieldDate {
		return 0
	}
	d, err := core.ParseDate(e.input.Value())
	if err != nil {
		return 0
	}
	return d
}

// dayTyped is a date as it is typed.
func dayTyped(d core.Date) string {
	return strconv.Itoa(int(d%100)) + "." + strconv.Itoa(int(d/100%100)) + "." + strconv.Itoa(d.Year())
}

// setDay fills the field with a date as it is handed out.
func (e *entry) setDay(value string) {
	if d, err := core.ParseDate(value); err == nil && d != 0 {
		value = dayTyped(d)
	}
	e.input.Set(value)
}

// readBack says in words the date that is being typed, and the hint behind it.
func (e *entry) readBack(t text.Printer) string {
	d := e.day()
	if d == 0 {
		return e.Hint
	}
	if e.Hint == "" {
		return t.Day(d)
	}
	return t.Day(d) + ", " + e.Hint
}

// datePart is a part of a date as it is typed.
type datePart uint8

const (
	partDay datePart = iota
	partMonth
	partYear
)

// part is the part of the date that the cursor is on or behind.
func (e *entry) part() datePart {
	typed, at := e.input.buffer.text, e.input.buffer.at
	nth := datePart(min(2, strings.Count(typed[:at], "-")+strings.Count(typed[:at], ".")+strings.Count(typed[:at], "/"))) //nolint:gosec // of three
	if strings.Contains(typed, "-") {
		return partYear - nth
	}
	return nth
}

// steps reports whether up and down step the date: once it is being edited, so
// that who only passes by changes nothing.
func (e *entry) steps() bool { return e.Kind == FieldDate && e.held && e.day() != 0 }

// stepKey steps the part that the cursor is on by a key. A date that the field
// refuses is not stepped to.
func (e *entry) stepKey(msg tea.Msg) bool {
	press, ok := msg.(tea.KeyPressMsg)
	by := map[string]int{"up": 1, "down": -1}[press.String()]
	if !ok || by == 0 || !e.steps() {
		return false
	}
	var moves [3]int
	part := e.part()
	moves[part] = by
	to := e.day().Plus(moves[partYear], moves[partMonth], moves[partDay])
	if e.Check != nil && e.Check(to.String()) != nil {
		return true
	}
	e.input.buffer.retype(dayTyped(to))
	e.input.buffer.at = partEnd(e.input.buffer.text, part)
	return true
}

// partEnd is the place behind a part of a date as it is typed.
func partEnd(typed string, part datePart) int {
	end := 0
	for range part {
		end += strings.IndexByte(typed[end:], '.') + 1
	}
	if dot := strings.IndexByte(typed[end:], '.'); dot >= 0 {
		return end + dot
	}
	return len(typed)
}

// labels name what up and down do to a part, as catalogue keys.
func (p datePart) labels() (up, down string) {
	switch p {
	case partDay:
		return "component.form.date.next-day", "component.form.date.last-day"
	case partMonth:
		return "component.form.date.next-month", "component.form.date.last-month"
	case partYear:
	}
	return "component.form.date.next-year", "component.form.date.last-year"
}
