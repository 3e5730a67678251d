package component

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/theme"
)

// Cell is one value of a row.
type Cell struct {
	Text  string
	Token theme.Token
	Sign  string // one of the theme's signs of one cell, before the text; or empty
}

// Row is one line of a [List].
type Row struct {
	ID     core.ID
	Status core.EmailStatus // drawn where the list is Marked
	Cells  []Cell           // by column
}

// Batch is a stretch of a list's rows, as read.
type Batch struct {
	First int // the place of the first row in the whole list
	Rows  []Row
	// Total is how many rows there are; below zero it is not known, and More
	// tells whether any follow.
	Total int
	More  bool
}

// List shows rows by id and reads only those near the screen: Want says which,
// Set hands them over. The selection belongs to an id and stays with it when
// the rows are read again; if the id is gone, the row in its place is selected.
// The zero List is loading.
type List struct {
	Columns []Column
	// Marked draws each row's email status before its cells.
	Marked bool
	// Focused tells that keys act on the selected row.
	Focused bool
	// Picks lets rows be picked, for what is done to many; see [List.Picked].
	Picks bool
	// Empty is shown where there are no rows.
	Empty State

	batch    Batch
	loaded   bool
	failure  *State
	cursor   int
	sight    sight
	height   int // rows that were last drawn
	selected core.ID
	picked   map[core.ID]bool
	dragged  int // rows that shift and the arrows went from where they began
}

const (
	unknownHeight = 40 // before the first drawing
	leastBatch    = 60
)

// Set takes rows that were read.
func (l *List) Set(b Batch) {
	if b.Total >= 0 {
		b.More = b.First+len(b.Rows) < b.Total
	}
	l.batch, l.loaded, l.failure = b, true, nil
	l.forget()
	if at := slices.IndexFunc(b.Rows, func(r Row) bool { return r.ID == l.selected }); at >= 0 && l.selected != 0 {
		l.move(b.First + at)
		return
	}
	l.move(l.cursor)
}

// Reset forgets rows and selection, as for a new search, and what was picked.
// The rows stay on the screen until the next ones are set.
func (l *List) Reset() {
	l.cursor, l.selected, l.picked, l.dragged = 0, 0, nil, 0
	l.sight.begin()
}

// Fail shows an error in place of the rows until the next Set.
func (l *List) Fail(s State) { l.failure = &s }

// Loaded reports whether rows were ever set.
func (l *List) Loaded() bool { return l.loaded }

// Len is how many rows are known of.
func (l *List) Len() int { return max(l.batch.Total, l.batch.First+len(l.batch.Rows)) }

// Selected is the row that keys act on; ok is false where there is none.
func (l *List) Selected() (r Row, ok bool) { return l.at(l.cursor) }

// Select moves the selection to id. Where that row isn't loaded it will be
// selected once it is.
func (l *List) Select(id core.ID) {
	l.selected = id
	if at := slices.IndexFunc(l.batch.Rows, func(r Row) bool { return r.ID == id }); at >= 0 {
		l.move(l.batch.First + at)
	}
}

// Want tells which rows to read. missing is false where all that the screen
// shows are there; a refresh reads them all the same.
func (l *List) Want() (first, count int, missing bool) {
	height := l.rows()
	first = max(0, l.sight.top-height)
	count = max(leastBatch, 3*height)
	end := l.batch.First + len(l.batch.Rows)
	last := l.sight.top + height
	if !l.batch.More {
		last = min(last, l.Len())
	}
	missing = !l.loaded || l.sight.top < l.batch.First || last > end ||
		l.batch.More && l.batch.Total < 0 && last == end
	return first, count, missing
}

func (l *List) at(i int) (Row, bool) {
	i -= l.batch.First
	if i < 0 || i >= len(l.batch.Rows) || !l.loaded {
		return Row{}, false
	}
	return l.batch.Rows[i], true
}

// rows is how many rows the screen shows.
func (l *List) rows() int {
	if l.height <= 0 {
		return unknownHeight
	}
	return l.height
}

// move selects the row at i, or the nearest there is, and scrolls to it.
func (l *List) move(i int) {
	l.cursor = max(0, min(i, l.Len()-1))
	if r, ok := l.at(l.cursor); ok {
		l.selected = r.ID
	} else if l.loaded {
		l.selected = 0 // not read yet: whoever stands there will be
	}
	l.scroll()
}

func (l *List) scroll() {
	l.sight.follow(l.cursor, l.cursor, l.cursor+1, l.Len(), l.rows())
}

// Update moves the selection by keys, and picks.
func (l *List) Update(msg tea.Msg) (handled bool) {
	press, ok := msg.(tea.KeyPressMsg)
	return ok && (l.key(press.String()) || l.pickKey(press.String()))
}

// WheelRows is how far one notch of the wheel goes.
const WheelRows = 3

// Wheel moves the selection by so many rows, downwards above zero. Where there
// are none, as before they are read, nothing moves.
func (l *List) Wheel(rows int) (moved bool) {
	if l.failure != nil || l.Len() == 0 {
		return false
	}
	before := l.cursor
	l.move(l.cursor + rows)
	return l.cursor != before
}

func (l *List) key(key string) bool {
	switch key {
	case "up", "k":
		l.move(l.cursor - 1)
	case "down", "j":
		l.move(l.cursor + 1)
	case "pgup":
		l.move(l.cursor - l.rows())
	case "pgdown":
		l.move(l.cursor + l.rows())
	case "home":
		l.move(0)
	case "end":
		l.move(l.Len() - 1)
	default:
		return false
	}
	l.dragged = 0
	return true
}

// AtTop reports whether the first row is selected, so that a page can let the
// up key leave the list.
func (l *List) AtTop() bool { return l.cursor == 0 }

// Click selects the row drawn on line y of the list; again tells that it was
// selected before.
func (l *List) Click(y int) (again, hit bool) {
	if l.titled() {
		y--
	}
	if y < 0 || y >= l.height || l.sight.top+y >= l.Len() || l.failure != nil {
		return false, false
	}
	again = l.sight.top+y == l.cursor
	l.move(l.sight.top + y)
	l.dragged = 0
	return again, true
}

func (l *List) titled() bool {
	return slices.ContainsFunc(l.Columns, func(c Column) bool { return c.Title != "" })
}
