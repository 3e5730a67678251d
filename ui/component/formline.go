package component

import (
	"willcall/core/safetext"
	"willcall/ui/theme"
)

const (
	rowLeast   = 44 // cells of values from which fields stand beside each other
	besideGap  = 2
	besideMost = 20 // cells of a value on a shared line where it names none
)

// joined reports whether a field stands on the line of one before it.
func (f *Form) joined(i int) bool {
	return f.rows && f.entries[i].Beside && !f.entries[i].Hidden && f.before(i) >= 0
}

// before is the field shown before another on its line, or -1.
func (f *Form) before(i int) int {
	for i--; i >= 0; i-- {
		if !f.entries[i].Hidden {
			return i
		}
		if !f.entries[i].Beside {
			return -1
		}
	}
	return -1
}

// leadOf is the first field of a field's line.
func (f *Form) leadOf(i int) int {
	for i >= 0 && i < len(f.entries) && f.joined(i) {
		i = f.before(i)
	}
	return i
}

// line lists the fields that share the line that field i begins.
func (f *Form) line(i int) []int {
	line := []int{i}
	for next := i + 1; next < len(f.entries); next++ {
		if f.entries[next].Hidden {
			continue
		}
		if !f.joined(next) {
			break
		}
		line = append(line, next)
	}
	return line
}

// beyondLine is the first field that can have the keyboard on the next line in
// a direction, or -1.
func (f *Form) beyondLine(by int) int {
	here := f.leadOf(f.at)
	to := f.beyond(by)
	for to >= 0 && f.leadOf(to) == here {
		to = f.after(to, by)
	}
	if to < 0 {
		return -1
	}
	lead := f.leadOf(to)
	if f.entries[lead].takes() {
		return lead
	}
	return to
}

// shared draws fields that stand on one line, and below it what hangs from the
// open one and what is said of each.
func (f *Form) shared(g frame, fields []int, start int) []string {
	lead := f.entries[fields[0]]
	line := g.begin(lead, !f.Resting && f.leadOf(f.at) == fields[0], f.types(fields[0]))
	var below []string
	for n, i := range fields {
		e, focused := f.entries[i], f.types(i)
		if n > 0 {
			g.briefly(line, e, focused)
		}
		slot := g.slot(e, line.Left(), n == len(fields)-1)
		below = append(below, f.draw(slot, line, e, focused, start)...)
	}
	lines := append([]string{line.String()}, below...)
	for n, i := range fields {
		said := g.said(f.entries[i])
		if said != "" && n > 0 {
			said = f.entries[i].Label + ": " + said
		}
		if said != "" {
			lines = append(lines, g.under(theme.Error, g.look.Theme.Signs.Bar, said)...)
		}
	}
	return lines
}

// briefly adds the label of a field beside another.
func (g frame) briefly(line *Line, e *entry, focused bool) {
	line.Gap(besideGap)
	if e.Brief == "" {
		return
	}
	token := theme.Muted
	if focused {
		token = theme.Accent
	}
	line.Cell(token, safetext.Cut(e.Brief, g.brief), g.brief).Gap(1)
}

// slot is the frame of a value that begins where so many cells are left.
func (g frame) slot(e *entry, left int, last bool) frame {
	g.value = g.width - left
	g.input = besideMost
	if e.Cells > 0 {
		g.input = e.Cells
	} else if last {
		g.input = inputMost
	}
	g.input = max(1, min(g.input, left-1))
	g.lines, g.hint = g.input, 0
	return g
}

// Needs is how many lines the whole form takes at a width.
func (f *Form) Needs(k Look, width int) int {
	g := f.frame(k, width)
	lines := len(f.generalLines(g))
	for i, e := range f.entries {
		if !e.Hidden && !f.joined(i) {
			lines += len(f.block(g, i, lines))
		}
	}
	return lines
}
