package component

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core/safetext"
	"willcall/ui/theme"
)

// Input is one line of text being typed. It scrolls sideways so that the cursor
// stays in sight. Control characters are never taken in. What was typed can be
// undone a word at a time, unless it is masked.
//
// The textinput of bubbles v2.2.1 doesn't do: backspace takes the accent off its
// letter and one person out of a family (TestInputEditsByCluster), the cursor
// stands in the middle of 山田 (TestInputCursorStandsOnItsCell), the line has
// fewer cells than asked for in Thai and Hindi (FuzzBuffer), a pasted CR LF
// becomes two blanks (TestInputTakesNoControlCharacters). It keeps its text and
// cursor in code points, so that none of this can be laid over it.
type Input struct {
	// Max is the length in code points; 0 is 200.
	Max int
	// Masked shows a sign for every letter.
	Masked bool
	// Placeholder is shown while nothing is typed.
	Placeholder string

	buffer buffer
}

// Value is what was typed.
func (in *Input) Value() string { return in.buffer.text }

// Set replaces the text and puts the cursor at its end.
func (in *Input) Set(s string) {
	in.buffer.max = in.Max
	in.buffer.set(s)
}

// Update takes keys and pastes.
func (in *Input) Update(msg tea.Msg) (handled bool) {
	in.buffer.max, in.buffer.past.off = in.Max, in.Masked
	switch msg := msg.(type) {
	case tea.PasteMsg:
		in.buffer.insert(msg.Content, lossPaste)
		return true
	case tea.KeyPressMsg:
		return editKey(&in.buffer, msg)
	}
	return false
}

// editKey gives letters to the buffer; keys with ctrl or alt have no text.
func editKey(b *buffer, msg tea.KeyPressMsg) bool {
	if msg.Text != "" {
		b.insert(msg.Text, lossTyped)
		return true
	}
	return b.key(msg.String())
}

// glyph is one cluster as it is shown.
type glyph struct {
	shown string
	cells int
}

// glyphs gives the line in clusters and the cluster that the cursor is on.
func (in *Input) glyphs(hidden string) (gs []glyph, at int) {
	rest := in.buffer.text
	gs = make([]glyph, 0, len(rest)+1)
	for rest != "" {
		if len(in.buffer.text)-len(rest) == in.buffer.at {
			at = len(gs)
		}
		raw, shown, cells := cluster(rest)
		if in.Masked {
			shown, cells = hidden, 1
		}
		gs = append(gs, glyph{shown, cells})
		rest = rest[len(raw):]
	}
	if in.buffer.at == len(in.buffer.text) {
		at = len(gs)
	}
	return gs, at
}

// view gives the first cluster to show in so many cells, and the cursor's cell.
// The cluster that the cursor is on is shown whole.
func view(gs []glyph, at, cells int) (first, cursor int) {
	need := 1
	if at < len(gs) {
		need = max(need, min(gs[at].cells, cells))
	}
	first = at
	for first > 0 && cursor+gs[first-1].cells <= cells-need {
		first--
		cursor += gs[first].cells
	}
	return first, cursor
}

// Cursor is the cell of the cursor in an input of so many cells.
func (in *Input) Cursor(cells int) int {
	gs, at := in.glyphs("*")
	_, cursor := view(gs, at, cells)
	return min(cursor, max(0, cells-1))
}

// Draw adds the input to a line, in exactly so many cells. first is the cluster
// that stands in the first of them, for [Input.Click].
func (in *Input) Draw(l *Line, cells int, focused bool) (first int) {
	cells = min(cells, l.left)
	ground := l.ground
	l.On(theme.Field)
	if focused {
		l.On(theme.Focused)
	}
	switch {
	case in.buffer.text == "":
		l.Cell(theme.Muted, in.Placeholder, cells)
	case in.Masked || focused:
		first = in.window(l, cells)
	default:
		l.Cell(theme.Text, in.buffer.text, cells)
	}
	l.On(ground)
	return first
}

// Click puts the cursor on the letter in a cell of what was drawn from the
// cluster first on, or behind the last.
func (in *Input) Click(first, cell int) {
	gs, _ := in.glyphs("*")
	at := min(first, len(gs))
	for at < len(gs) && cell >= gs[at].cells {
		cell -= gs[at].cells
		at++
	}
	in.buffer.at = 0
	for range at {
		raw, _, _ := cluster(in.buffer.text[in.buffer.at:])
		in.buffer.at += len(raw)
	}
}

// window is the stretch around the cursor, in exactly so many cells. Where more
// text lies beyond an edge, a sign stands there in place of a letter, but never
// under the cursor.
func (in *Input) window(l *Line, cells int) (begin int) {
	gs, at := in.glyphs(l.theme.Signs.Hidden)
	first, _ := view(gs, at, cells)
	begin = first
	if first > 0 && first < at && gs[first].cells > 0 {
		l.edge(gs[first].cells)
		cells -= gs[first].cells
		first++
	}
	last, used := reach(gs, first, cells)
	var b strings.Builder
	for _, g := range gs[first:last] {
		b.WriteString(g.shown)
	}
	text := b.String()
	if end := last - 1; last < len(gs) && end > at && gs[end].cells > 0 && !turns(text) {
		text = strings.TrimSuffix(text, gs[end].shown)
		used -= gs[end].cells
		l.put(theme.Text, text, used).edge(cells - used)
		return begin
	}
	l.put(theme.Text, padded(text, cells-used), cells)
	return begin
}

// reach is the end of what fits from a cluster on, and the cells it takes.
func reach(gs []glyph, first, cells int) (last, used int) {
	last = first
	for last < len(gs) && used+gs[last].cells <= cells {
		used += gs[last].cells
		last++
	}
	return last, used
}

// edge is the sign of text beyond, in so many cells.
func (l *Line) edge(cells int) {
	l.Sign(theme.Muted, l.theme.Signs.More, 1).Gap(cells - 1)
}

// padded adds blank cells; behind right-to-left letters the first of them is a
// barrier.
func padded(s string, cells int) string {
	if cells == 0 || !turns(s) {
		return s + blanks(cells)
	}
	return s + safetext.Barrier + blanks(cells-1)
}
