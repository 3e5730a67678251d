package component

import "willcall/ui/theme"

// Column is one column of a [List].
type Column struct {
	Title string
	// Width in cells; where Grow is set, the least.
	Width int
	// Grow is the share of the room that is left over.
	Grow int
	// Most is the width up to which a column grows, 0 for any.
	Most int
	// From is the room for all columns from which this one is shown, so that what
	// can wait doesn't squeeze what is read first.
	From  int
	Right bool // numbers
	// Drop orders what goes first where there is no room: the highest. Columns
	// with 0 stay.
	Drop int
}

const (
	columnGap = 2
	rowMargin = 3 // a blank, the sign of the selection, a blank
)

// layout gives each column its cells, 0 where it has no room.
func layout(columns []Column, width int) []int {
	cells := make([]int, len(columns))
	used := -columnGap
	for i, c := range columns {
		if width >= c.From {
			cells[i] = c.Width
			used += c.Width + columnGap
		}
	}
	for used > width {
		last, drop := -1, 0
		for i, c := range columns {
			if cells[i] > 0 && c.Drop > drop {
				last, drop = i, c.Drop
			}
		}
		if last < 0 {
			return cells
		}
		used -= cells[last] + columnGap
		cells[last] = 0
	}
	grow(columns, cells, width-used)
	return cells
}

// grow shares spare cells; the last growing column takes what division leaves.
// What columns that have their most can't take goes to the others, and stays at
// the end where there are none.
func grow(columns []Column, cells []int, spare int) {
	for spare > 0 {
		shares := 0
		for i, c := range columns {
			if c.grows(cells[i]) {
				shares += c.Grow
			}
		}
		if shares == 0 {
			return
		}
		spare = share(columns, cells, spare, shares)
	}
}

// share gives each growing column its part of so many cells, and tells what is
// left.
func share(columns []Column, cells []int, spare, shares int) (left int) {
	for i, c := range columns {
		if !c.grows(cells[i]) {
			continue
		}
		part := spare * c.Grow / shares
		spare -= part
		shares -= c.Grow
		if c.Most > 0 {
			over := max(0, cells[i]+part-c.Most)
			part, left = part-over, left+over
		}
		cells[i] += part
	}
	return left
}

// grows reports whether a column of so many cells takes more.
func (c Column) grows(cells int) bool {
	return cells > 0 && c.Grow > 0 && (c.Most == 0 || cells < c.Most)
}

// Render draws the list.
func (l *List) Render(k Look, width, height int) []string {
	if s, shown := l.state(k); shown {
		return s.Render(k, width, height)
	}
	cells := layout(l.Columns, width-l.margin(k)-1)
	lines := make([]string, 0, max(0, height))
	if l.titled() && height > 0 {
		lines = append(lines, l.titles(k, cells, width))
	}
	l.height = max(1, height-len(lines))
	l.scroll()
	for i := l.sight.top; i < l.Len() && len(lines) < height; i++ {
		lines = append(lines, l.row(k, i, cells, width))
	}
	return fill(lines, width, height)
}

// state is what is shown in place of rows.
func (l *List) state(k Look) (State, bool) {
	switch {
	case l.failure != nil:
		return *l.failure, true
	case !l.loaded:
		return State{Title: k.Text.T("component.list.loading")}, true
	case l.Len() == 0:
		return l.Empty, true
	}
	return State{}, false
}

// margin is what stands before the first column.
func (l *List) margin(k Look) int {
	if l.Marked {
		return rowMargin + k.Theme.Signs.MarkWidth + 1
	}
	return rowMargin
}

func (l *List) titles(k Look, cells []int, width int) string {
	line := k.Line(width).Gap(l.margin(k))
	for i, c := range l.Columns {
		line.column(c, cells[i], theme.Muted, c.Title)
	}
	return line.String()
}

func (l *List) row(k Look, i int, cells []int, width int) string {
	line := k.Line(width)
	r, ok := l.at(i)
	if i == l.cursor {
		line.On(theme.Resting)
		if l.Focused {
			line.On(theme.Selected)
		}
		line.beside = theme.Accent // the blank before the sign
		line.margin(ok && l.picked[r.ID], ok && l.goesOn(i)).Sign(theme.Accent, k.Theme.Signs.Select, 1).Gap(1)
	} else {
		line.margin(ok && l.picked[r.ID], ok && l.goesOn(i)).Gap(rowMargin - 1)
	}
	if !ok {
		return line.Sign(theme.Muted, k.Theme.Signs.More, 1).String()
	}
	if l.Marked {
		line.Mark(r.Status).Gap(1)
	}
	for c := range min(len(l.Columns), len(r.Cells)) {
		line.signed(r.Cells[c], l.Columns[c], cells[c])
	}
	return line.String()
}

// goesOn reports whether the list goes on beyond row i, which stands at the edge
// of what is shown.
func (l *List) goesOn(i int) bool {
	top := l.sight.top
	return i == top && top > 0 || i == top+l.height-1 && (i+1 < l.Len() || l.batch.More)
}

// margin is the first cell of a row: a sign where it is picked, else where the
// list goes on beyond it.
func (l *Line) margin(picked, goesOn bool) *Line {
	switch {
	case picked:
		return l.Sign(theme.Accent, l.theme.Signs.Done, 1)
	case goesOn:
		return l.Sign(theme.Muted, l.theme.Signs.More, 1)
	}
	return l.Gap(1)
}

// signed draws a cell of a row, its sign first.
func (l *Line) signed(c Cell, column Column, cells int) {
	if c.Sign != "" && cells > 2 {
		l.Sign(c.Token, c.Sign, 1).Gap(1)
		cells -= 2
	}
	l.column(column, cells, c.Token, c.Text)
}

func (l *Line) column(c Column, cells int, k theme.Token, s string) {
	if cells == 0 {
		return
	}
	if c.Right {
		l.CellRight(k, s, cells)
	} else {
		l.Cell(k, s, cells)
	}
	l.Gap(columnGap)
}
