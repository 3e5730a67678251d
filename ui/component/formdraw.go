package component

import (
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/theme"
)

const (
	formMargin  = 3 // cells before the labels
	labelMost   = 26
	labelGap    = 2
	inputLeast  = 16
	inputMost   = 48
	inputYield  = 36 // cells that a field keeps for itself; see [Field.Yields]
	hintGap     = 2
	hintLeast   = 16 // below this hints stand under their field
	editorRows  = 8
	editorMost  = 80
	formNarrow  = 50 // below this long labels stand above their fields
	optionWidth = 2  // cells before an option: the sign of the selection, a blank
	optionLeast = 30 // cells of an option; below, the list begins under the label
)

// frame is where things stand in a form of one width.
type frame struct {
	look         Look
	width        int
	height       int  // lines that are in sight at once
	label        int  // cells of the labels
	value        int  // where values begin
	input, lines int  // cells of one-line and of longer values
	hint         int  // cells of a hint, 0 where there is no room
	brief        int  // cells of the labels between fields of one line
	rows         bool // there is room for several fields on a line
	stacked      bool // labels stand above their fields
}

func (f *Form) frame(k Look, width int) frame {
	g := frame{look: k, width: width, height: f.height}
	for i, e := range f.entries {
		e.hint = e.Hint
		if f.types(i) {
			e.hint = e.readBack(k.Text)
		}
		if !e.Hidden && e.Kind != FieldHeading && e.Kind != FieldNote {
			g.label = max(g.label, safetext.Width(safetext.Line(e.Label))+2)
			g.brief = max(g.brief, safetext.Width(safetext.Line(e.Brief)))
		}
	}
	g.label = min(g.label, labelMost)
	if width < formNarrow && g.label > width-formMargin-labelGap-inputLeast-1 {
		g.stacked, g.label, g.value = true, width-formMargin, formMargin+labelGap
	} else {
		g.value = formMargin + g.label + labelGap
	}
	room := width - g.value - 1
	g.rows = !g.stacked && room >= rowLeast
	g.lines = max(1, min(room, editorMost))
	g.input = max(1, min(room, max(inputLeast, min(inputMost, room*3/5))))
	if g.hint = room - g.input - hintGap; g.hint < hintLeast || f.hintsBelow(g) {
		g.hint, g.input = 0, max(1, min(room, inputMost))
	}
	return g
}

// hintsBelow reports that of the hints there are none fits beside its field: the
// room is the fields' then.
func (f *Form) hintsBelow(g frame) (below bool) {
	for _, e := range f.entries {
		if e.Hidden || e.hint == "" {
			continue
		}
		if g.yielding(e).beside(e) {
			return false
		}
		below = true
	}
	return below
}

// Render draws the form, scrolled so that the field with the keyboard is in
// sight.
func (f *Form) Render(k Look, width, height int) []string {
	f.width, f.height = width, height
	f.cursor.shown = false
	g := f.frame(k, width)
	lines := f.generalLines(g)
	f.owners, f.targets, f.names = f.owners[:0], f.targets[:0], area{}
	for range lines {
		f.owners = append(f.owners, -1)
	}
	f.rows = g.rows
	first, last := 0, 0
	for i, e := range f.entries {
		if e.Hidden || f.joined(i) {
			continue
		}
		start := len(lines)
		lines = append(lines, f.block(g, i, start)...)
		for range len(lines) - start {
			f.owners = append(f.owners, i)
		}
		if f.leadOf(f.at) == i {
			first, last = start, len(lines)
		}
	}
	f.scroll(first, last, len(lines), height)
	top := f.sight.top
	f.cursor.y -= top
	return f.completed(k, k.cut(fill(lines[top:], width, height), top > 0, len(lines)-top > height))
}

// cut marks in the blank before the first and the last line that the form goes
// on there.
func (k Look) cut(lines []string, above, below bool) []string {
	mark := k.Line(1).Sign(theme.Muted, k.Theme.Signs.More, 1).String()
	for i, line := range lines {
		rest, blank := strings.CutPrefix(line, " ")
		if blank && (i == 0 && above || i == len(lines)-1 && below) {
			lines[i] = mark + rest
		}
	}
	return lines
}

// scroll keeps the lines of the field with the keyboard in sight, its first
// line above all, and what concerns the whole form where there is room for both.
func (f *Form) scroll(first, last, all, height int) {
	switch {
	case f.loose:
		f.sight.stay(all, height)
	case len(f.general) > 0 && last <= height:
		f.sight.follow(f.at, 0, last, all, height)
	default:
		f.sight.follow(f.at, first, last, all, height)
	}
}

func (f *Form) generalLines(g frame) []string {
	var lines []string
	for _, err := range f.general {
		lines = append(lines, g.look.Bar(theme.Error, g.look.Text.Error(err), g.width)...)
	}
	return lines
}

// block draws one field; start is the line of the form it begins on.
func (f *Form) block(g frame, i, start int) []string {
	e := f.entries[i]
	switch e.Kind {
	case FieldHeading:
		head := g.look.Line(g.width).Gap(1).Text(theme.Strong, e.Label).String()
		if start == 0 {
			return []string{head}
		}
		return []string{blanks(g.width), head}
	case FieldNote:
		token := theme.Accent
		if e.Alarm {
			token = theme.Amber
		}
		bar := g.look.Bar(token, e.Label, g.width)
		if i > 0 && f.entries[i-1].Kind != FieldNote {
			bar = append([]string{blanks(g.width)}, bar...)
		}
		return bar
	case FieldText, FieldPassword, FieldChoice, FieldToggle, FieldLines, FieldShown, FieldLookup, FieldDate, FieldPhone:
	}
	if line := f.line(i); len(line) > 1 {
		return f.shared(g, line, start)
	}
	g = g.yielding(e)
	lines := f.body(g, e, f.types(i), start)
	said := g.said(e)
	if !g.beside(e) && e.hint != "" && said == "" {
		lines = append(lines, g.under(theme.Muted, "", e.hint)...)
	}
	if said != "" {
		lines = append(lines, g.under(theme.Error, g.look.Theme.Signs.Bar, said)...)
	}
	return lines
}

// said is what stands under a field: what there was no room for, else why its
// value is refused.
func (g frame) said(e *entry) string {
	if b := e.text(); b != nil && b.loss != lossNone {
		most := strconv.Itoa(b.limit())
		if b.loss == lossPaste {
			return g.look.Text.T("component.form.paste-cut", "max", most)
		}
		return g.look.Text.Error(core.Refuse(core.CodeTooLong).With("max", most))
	}
	if e.err != nil {
		return g.look.Text.Error(e.err)
	}
	return ""
}

func (f *Form) body(g frame, e *entry, focused bool, start int) []string {
	line := g.begin(e, focused, focused)
	if !g.stacked {
		return f.value(g, line, e, focused, start)
	}
	return append([]string{line.String()}, f.value(g, g.look.Line(g.width).Gap(g.value), e, focused, start+1)...)
}

// value draws what is filled in, from the line that its label is on.
func (f *Form) value(g frame, line *Line, e *entry, focused bool, start int) []string {
	switch e.Kind {
	case FieldText, FieldPassword, FieldToggle, FieldDate, FieldPhone:
		f.draw(g, line, e, focused, start)
	case FieldChoice, FieldLookup:
		if len(e.Options) == 0 && e.None != "" {
			f.put(focused, g.value, start)
			return g.none(line, e.None)
		}
		below := f.draw(g, line, e, focused, start)
		return append([]string{g.hinted(line, e)}, below...)
	case FieldLines:
		return f.lines(g, line, e, focused, start)
	case FieldShown:
		return g.shownValue(line, e.value)
	case FieldHeading, FieldNote:
	}
	return []string{g.hinted(line, e)}
}

// shownValue is a value that can't be changed, in full.
func (g frame) shownValue(line *Line, value string) []string {
	if value == "" {
		return []string{line.Sign(theme.Muted, g.look.Theme.Signs.Absent, 1).String()}
	}
	var lines []string
	for _, part := range safetext.Wrap(value, max(1, min(g.lines, line.Left()))) {
		lines = append(lines, line.Text(theme.Text, part).String())
		line = g.look.Line(g.width).Gap(g.value)
	}
	return lines
}

// draw adds a value of one line to its line, and gives what hangs below it.
func (f *Form) draw(g frame, line *Line, e *entry, focused bool, start int) (below []string) {
	switch e.Kind {
	case FieldText, FieldPassword, FieldDate, FieldPhone:
		e.seen = e.drawInput(g, line, focused)
		f.aim(target{entry: e, x: g.value, y: start, cells: g.input})
		f.put(focused, g.value+e.input.Cursor(g.input), start)
	case FieldToggle:
		left := line.Left()
		g.toggle(line, e, focused)
		f.aim(target{entry: e, x: g.value, y: start, cells: left - line.Left()})
		f.put(focused, g.value+1, start)
	case FieldChoice, FieldLookup:
		return f.choice(g, line, e, focused, start)
	case FieldLines, FieldShown, FieldHeading, FieldNote:
	}
	return nil
}

// drawInput draws what is typed. A date that nobody is typing stands in words.
func (e *entry) drawInput(g frame, line *Line, focused bool) (first int) {
	if e.Kind != FieldDate || focused || e.day() == 0 {
		return e.input.Draw(line, g.input, focused)
	}
	shown := Input{buffer: buffer{text: g.look.Text.Day(e.day())}}
	shown.Draw(line, g.input, false)
	return 0
}

// put notes where the cursor stands.
func (f *Form) put(focused bool, x, y int) {
	if focused {
		f.cursor.x, f.cursor.y, f.cursor.shown = min(x, f.width-1), y, true
	}
}

// begin starts a field's first line with its label. selected tells that the
// line has the keyboard, focused that the field itself has it.
func (g frame) begin(e *entry, selected, focused bool) *Line {
	line := g.look.Line(g.width)
	token, sign := theme.Muted, " "
	if selected {
		sign = g.look.Theme.Signs.Select
	}
	if focused {
		token = theme.Accent
	}
	line.Gap(1).Sign(theme.Accent, sign, 1).Gap(1)
	label := safetext.Cut(e.Label, g.label-2)
	line.Text(token, label)
	if e.Required && e.takes() {
		line.Gap(1).Sign(theme.Accent, g.look.Theme.Signs.Required, 1)
	}
	if g.stacked {
		return line
	}
	return line.Skip(g.width - g.value)
}

// yielding is the frame of a field that gives its hint as many of its cells as
// that lacks.
func (g frame) yielding(e *entry) frame {
	lacks := safetext.Width(safetext.Line(e.hint)) - g.hint
	if e.Yields && g.hint > 0 && lacks > 0 && lacks <= g.input-inputYield {
		g.input, g.hint = g.input-lacks, g.hint+lacks
	}
	return g
}

// beside reports whether a field's hint fits at the right of its value.
func (g frame) beside(e *entry) bool {
	return e.hint != "" && e.Kind != FieldLines && e.Kind != FieldShown &&
		safetext.Width(safetext.Line(e.hint)) <= g.hint
}

func (g frame) hinted(line *Line, e *entry) string {
	if !g.beside(e) {
		return line.String()
	}
	line.Skip(g.width - g.value - g.input - hintGap)
	return line.Cell(theme.Muted, e.hint, g.hint).String()
}

// under draws a sentence below a field's value.
func (g frame) under(token theme.Token, sign, s string) []string {
	indent := g.value
	if indent > g.width/2 {
		indent = formMargin
	}
	cells := g.width - indent - 1
	if sign != "" {
		cells -= 2
	}
	var lines []string
	for _, part := range safetext.Wrap(s, cells) {
		line := g.look.Line(g.width).Gap(indent)
		if sign != "" {
			line.Sign(token, sign, 1).Gap(1)
		}
		lines = append(lines, line.Text(token, part).String())
	}
	return lines
}

// switchWord is the text that a toggle is read by.
func switchWord(on bool) string {
	if on {
		return "component.form.on"
	}
	return "component.form.off"
}

func (g frame) toggle(line *Line, e *entry, focused bool) {
	on := e.value == "true"
	sign, word := g.look.Theme.Signs.Off, switchWord(on)
	if on {
		sign = g.look.Theme.Signs.On
	}
	if focused {
		line.On(theme.Focused)
	}
	line.Sign(theme.Text, sign, 3).Gap(1).Text(theme.Text, g.look.Text.T(word)).On(theme.Page)
}

func (f *Form) lines(g frame, line *Line, e *entry, focused bool, start int) []string {
	rows := e.Rows
	if rows == 0 {
		rows = editorRows
	}
	rows = max(1, min(rows, f.height-2))
	text, x, y := e.editor.Render(g.look, min(g.lines, line.Left()), rows, focused)
	for row := range text {
		f.aim(target{entry: e, x: g.value, y: start + row, cells: g.lines, row: row})
	}
	f.put(focused, g.value+x, start+y)
	lines := make([]string, 0, rows)
	for i, t := range text {
		if i > 0 {
			line = g.look.Line(g.width).Gap(g.value)
		}
		line.styled(t, min(g.lines, line.Left()))
		lines = append(lines, line.String())
	}
	return lines
}

// styled adds what was drawn already, of so many cells.
func (l *Line) styled(s string, cells int) *Line {
	l.blank(theme.Text)
	l.buf = append(l.buf, s...)
	l.left -= cells
	return l
}

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
