package component

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/theme"
)

// editorRows is the height of many lines where a field doesn't say.
const editorRows = 8

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

// Fitted is [Form.Render] in as few lines as show all of it, and in no more than
// most.
func (f *Form) Fitted(k Look, width, most int) []string {
	lines := f.Render(k, width, most)
	for len(lines) > 1 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// cut marks the first and the last line where there is more before and after
// them: in their first cell, or in their last where a word stands beside the
// first, as a heading does.
func (k Look) cut(lines []string, above, below bool) []string {
	mark := k.Line(1).Sign(theme.Muted, k.Theme.Signs.More, 1).String()
	for i, line := range lines {
		if (i != 0 || !above) && (i != len(lines)-1 || !below) {
			continue
		}
		before, endsBlank := strings.CutSuffix(line, " ")
		rest, beginsBlank := strings.CutPrefix(line, " ")
		switch {
		case beginsBlank && !beginsWord(rest):
			lines[i] = mark + rest
		case endsBlank:
			lines[i] = before + mark
		}
	}
	return lines
}

func beginsWord(line string) bool {
	first, _ := utf8.DecodeRuneInString(ansi.Strip(line))
	return unicode.IsLetter(first) || unicode.IsNumber(first)
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

func (g frame) hinted(line *Line, e *entry) string {
	if !g.beside(e) {
		return line.String()
	}
	line.Skip(g.width - g.value - g.input - hintGap)
	return line.Cell(theme.Muted, e.hint, g.hint).String()
}

// hintApart stands between the parts of a hint.
const hintApart = "   "

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
	parts := safetext.Wrap(s, cells)
	if _, last, apart := strings.Cut(s, hintApart); apart && !strings.Contains(strings.Join(parts, "\n"), last) {
		parts = safetext.Wrap(strings.ReplaceAll(s, hintApart, "\n"), cells) // such as a key with its name
	}
	var lines []string
	for _, part := range parts {
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
