package component

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/theme"
)

// Editor is text of many lines being typed, wrapped at the width it is drawn
// in. Tabs become spaces; control characters are never taken in.
//
// The textarea of bubbles v2.2.1 doesn't do: it edits by code point like its
// textinput (TestEditorEditsByCluster), makes two line breaks of a pasted CR LF
// (TestFormTakesPastes), and takes ten times as long for a key in a long text
// (BenchmarkEditorKeyInTenThousand).
type Editor struct {
	// Max is the length in code points; 0 is 10,000.
	Max int
	// Placeholder is shown while nothing is typed.
	Placeholder string

	buffer buffer
	width  int // cells that were last drawn
	height int
	sight  sight
	goal   int // the cell that up and down keep to
}

const (
	editorMax    = 10_000
	unknownWidth = 72 // before the first drawing
)

// Value is what was typed, lines parted by "\n".
func (e *Editor) Value() string { return e.buffer.text }

// Set replaces the text and puts the cursor at its beginning.
func (e *Editor) Set(s string) {
	e.prepare()
	e.buffer.set(s)
	e.buffer.at, e.goal = 0, 0
	e.sight.begin()
}

func (e *Editor) prepare() {
	e.buffer.many, e.buffer.max = true, e.Max
	if e.Max == 0 {
		e.buffer.max = editorMax
	}
}

// Update takes keys and pastes. Up at the first row and down at the last are
// left to others.
func (e *Editor) Update(msg tea.Msg) (handled bool) {
	e.prepare()
	switch msg := msg.(type) {
	case tea.PasteMsg:
		e.buffer.insert(msg.Content, lossPaste)
	case tea.KeyPressMsg:
		if e.vertical(msg.String()) {
			return true
		}
		if !e.edit(msg) {
			return false
		}
	default:
		return false
	}
	e.keepCell()
	return true
}

// keepCell makes the cursor's cell the one that up and down keep to.
func (e *Editor) keepCell() { _, e.goal = e.place(e.rows()) }

func (e *Editor) edit(msg tea.KeyPressMsg) bool {
	if msg.String() == "enter" {
		e.buffer.insert("\n", lossTyped)
		return true
	}
	return editKey(&e.buffer, msg)
}

func (e *Editor) vertical(key string) bool {
	step := map[string]int{"up": -1, "down": 1, "pgup": -e.height, "pgdown": e.height}[key]
	if step == 0 {
		return false
	}
	rows := e.rows()
	at, _ := e.place(rows)
	to := max(0, min(at+step, len(rows)-1))
	if to == at {
		return false
	}
	e.buffer.at = e.offset(rows[to])
	return true
}

// row is one row on the screen: a stretch of the text.
type row struct{ start, end int }

// rows breaks the text between words, at the width last drawn.
func (e *Editor) rows() []row {
	width := e.width
	if width <= 0 {
		width = unknownWidth
	}
	var rows []row
	start := 0
	for line := range strings.SplitSeq(e.buffer.text, "\n") {
		rows = appendRows(rows, line, start, width)
		start += len(line) + 1
	}
	return rows
}

// appendRows breaks one line. The blank at a break ends its row, so that every
// place of the text is on one row.
func appendRows(rows []row, line string, start, width int) []row {
	begin, used, space := 0, 0, 0
	for at := 0; at < len(line); {
		raw, _, cells := cluster(line[at:])
		if used+cells > width && at > begin {
			end := at
			if space > begin {
				end = space
			}
			rows = append(rows, row{start + begin, start + end})
			begin, at, used = end, end, 0
			continue
		}
		at += len(raw)
		used += cells
		if raw == " " {
			space = at
		}
	}
	return append(rows, row{start + begin, start + len(line)})
}

// place is the cursor's row and cell.
func (e *Editor) place(rows []row) (y, x int) {
	for i, r := range rows {
		if r.start <= e.buffer.at {
			y = i
		}
	}
	for at := rows[y].start; at < e.buffer.at; {
		raw, _, cells := cluster(e.buffer.text[at:])
		at += len(raw)
		x += cells
	}
	return y, x
}

// offset is the place of a row nearest to the goal.
func (e *Editor) offset(r row) int {
	at, x := r.start, 0
	for at < r.end {
		raw, _, cells := cluster(e.buffer.text[at:])
		if x+cells > e.goal || at+len(raw) == r.end && e.softEnd(r) {
			break
		}
		at += len(raw)
		x += cells
	}
	return at
}

// Click puts the cursor on the letter in a cell of what was drawn.
func (e *Editor) Click(x, y int) {
	rows := e.rows()
	e.goal = max(0, x)
	e.buffer.at = e.offset(rows[max(0, min(e.sight.top+y, len(rows)-1))])
}

// softEnd reports a row that goes on in the next one: its end is the next
// row's beginning.
func (e *Editor) softEnd(r row) bool {
	return r.end < len(e.buffer.text) && e.buffer.text[r.end] != '\n'
}

// Render draws the editor. cursor is its cell, within what is drawn.
func (e *Editor) Render(k Look, width, height int, focused bool) (lines []string, x, y int) {
	e.width, e.height = width-1, height // one cell for the cursor after a full row
	rows := e.rows()
	y, x = e.place(rows)
	e.sight.follow(e.buffer.at, y, y+1, len(rows), height)
	ground := theme.Field
	if focused {
		ground = theme.Focused
	}
	for i := e.sight.top; i < len(rows) && len(lines) < height; i++ {
		lines = append(lines, e.row(k.Line(width).On(ground), rows[i]))
	}
	if e.buffer.text == "" && height > 0 {
		lines = []string{k.Line(width).On(ground).Cell(theme.Muted, e.Placeholder, width).String()}
	}
	for len(lines) < height {
		lines = append(lines, k.Line(width).On(ground).String())
	}
	return lines, min(x, max(0, width-1)), y - e.sight.top
}

func (e *Editor) row(l *Line, r row) string {
	var b strings.Builder
	left, rest := l.left, e.buffer.text[r.start:r.end]
	for rest != "" {
		raw, shown, cells := cluster(rest)
		if cells > left {
			break
		}
		b.WriteString(shown)
		left -= cells
		rest = rest[len(raw):]
	}
	return l.put(theme.Text, padded(b.String(), left), l.left).String()
}
