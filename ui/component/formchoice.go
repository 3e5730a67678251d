package component

import (
	"willcall/core/safetext"
	"willcall/ui/theme"
)

const (
	optionWidth = 2  // cells before an option: the sign of the selection, a blank
	optionLeast = 30 // cells of an option; below, the list begins under the label
)

func (f *Form) choice(g frame, line *Line, e *entry, focused bool, start int) []string {
	f.aim(target{entry: e, x: g.value, y: start, cells: g.input})
	if !e.pick.open {
		g.closed(line, e, focused)
		f.put(focused, g.value, start)
		return nil
	}
	e.pick.filter.Placeholder = e.label()
	e.pick.filter.Draw(line, g.input-2, true)
	line.On(theme.Focused).Gap(1).Sign(theme.Accent, g.look.Theme.Signs.Opens, 1).On(theme.Page)
	f.put(focused, g.value+e.pick.filter.Cursor(g.input-2), start)
	below, from, rows := g.options(e)
	for n := range rows {
		f.aim(target{entry: e, x: 0, y: start + 1 + n, cells: g.width, option: true, row: from + n})
	}
	return below
}

// none says why there is nothing to choose, in the field's place.
func (g frame) none(line *Line, reason string) []string {
	var lines []string
	for _, part := range safetext.Wrap(reason, line.Left()-1) {
		lines = append(lines, line.Text(theme.Muted, part).String())
		line = g.look.Line(g.width).Gap(g.value)
	}
	return lines
}

func (g frame) closed(line *Line, e *entry, focused bool) {
	line.On(theme.Field)
	if focused {
		line.On(theme.Focused)
	}
	chosen, room := e.chosen(), g.input-2
	token, value := theme.Text, chosen.Label
	if value == "" {
		token, value = theme.Muted, e.Placeholder
	} else if e.Marked {
		line.Mark(chosen.Status).Gap(1)
		room -= g.look.Theme.Signs.MarkWidth + 1
	}
	line.Cell(token, value, room).Gap(1).Sign(theme.Accent, g.look.Theme.Signs.Opens, 1).On(theme.Page)
}

// options draws the open list: so many options from one on, around the selected
// one.
func (g frame) options(e *entry) (lines []string, from, rows int) {
	found := e.matches()
	if said := g.instead(e, len(found)); said != "" {
		return []string{g.look.Line(g.width).Gap(g.value+optionWidth).Text(theme.Muted, said).String()}, 0, 0
	}
	if g.width-g.value < optionLeast { // below the label too
		g.value, g.lines = formMargin, g.width-formMargin-1
		g.input = g.lines
	}
	label, hint := g.optionCells(e, found)
	taken := 1 // by the field itself
	if g.stacked {
		taken++
	}
	rows = min(len(found), max(1, min(pickerRows, g.height-taken)))
	from = max(0, min(e.pick.at-rows/2, len(found)-rows))
	for i := from; i < from+rows; i++ {
		line := g.look.Line(g.width).Gap(g.value)
		sign := " "
		if i == e.pick.at {
			sign = g.look.Theme.Signs.Select
			line.On(theme.Selected)
		}
		line.Sign(theme.Accent, sign, 1).Gap(1)
		if e.Marked {
			line.Mark(found[i].Status).Gap(1)
		}
		line.Cell(theme.Text, found[i].Label, label).Gap(hintGap).Cell(theme.Muted, found[i].Hint, hint)
		lines = append(lines, line.On(theme.Page).String())
	}
	if more := e.pick.answer.more; more > 0 {
		lines = append(lines, g.look.Line(g.width).Gap(g.value+optionWidth).
			Text(theme.Muted, g.look.Text.N("component.form.more", more)).String())
	}
	return lines, from, rows
}

// optionCells shares the room of an option between its label and its hint: the
// hints are shown whole where they leave half of it.
func (g frame) optionCells(e *entry, found []Option) (label, hint int) {
	room := g.lines - optionWidth
	if e.Marked {
		room -= g.look.Theme.Signs.MarkWidth + 1
	}
	for _, o := range found {
		hint = max(hint, safetext.Width(safetext.Line(o.Hint)))
	}
	if hint = min(hint, room/2); hint > 0 {
		room -= hint + hintGap
	}
	return min(room, g.input-optionWidth), hint
}

// instead is what stands in place of options, empty where there are some.
func (g frame) instead(e *entry, found int) string {
	switch {
	case e.pick.answer.failure != nil:
		return g.look.Text.Error(e.pick.answer.failure)
	case e.Kind == FieldLookup && !e.answered() && found == 0:
		return g.look.Text.T("component.list.loading")
	case found == 0:
		return g.look.Text.T("component.form.no-match")
	}
	return ""
}
