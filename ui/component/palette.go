package component

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/theme"
)

// Entry is one thing that a [Palette] offers. Its texts are untrusted.
type Entry struct {
	// ID names it among the others: the selection stays with it.
	ID    string
	Label string
	// Aside stands behind the label, where there is room.
	Aside string
	// Keys that do the same, as Bubble Tea spells them. Number stands in their
	// place where there are none.
	Keys   []string
	Number string
	// Reason says why it can't be done now; empty if it can.
	Reason string
	// Marked draws the email status before the label.
	Marked bool
	Status core.EmailStatus
}

// Palette is a field and, below it, the entries that what is typed lets
// through. The zero Palette has none.
type Palette struct {
	Search
	// Note is a line below the entries, such as that there may be more.
	Note string
	// Empty is shown where there are neither entries nor a note.
	Empty State

	entries  []Entry
	selected string // the entry at cursor
	cursor   int
	sight    sight
	head     int // lines above the entries
	height   int // lines of entries that were last drawn
}

// airy is the height from which there is room for a blank line.
const airy = 10

// NewPalette makes a palette without a count in its field.
func NewPalette() Palette { return Palette{Search: Search{Found: -1, Total: -1}} }

// Offer takes the entries. The selection stays with its entry; where that is
// gone, what stands in its place is selected.
func (p *Palette) Offer(entries []Entry) {
	p.entries = entries
	if at := slices.IndexFunc(entries, func(e Entry) bool { return e.ID == p.selected }); at >= 0 && p.selected != "" {
		p.cursor = at
	}
	p.move(p.cursor)
}

// First selects the first entry offered next, as for another text.
func (p *Palette) First() {
	p.cursor, p.selected = 0, ""
	p.sight.begin()
}

// Selected is the entry that enter is for; ok is false where there is none.
func (p *Palette) Selected() (e Entry, ok bool) {
	if p.cursor >= len(p.entries) {
		return Entry{}, false
	}
	return p.entries[p.cursor], true
}

func (p *Palette) move(to int) {
	p.cursor = max(0, min(to, len(p.entries)-1))
	p.selected = ""
	if e, ok := p.Selected(); ok {
		p.selected = e.ID
	}
}

// Update types, or moves the selection by keys. Home and end are the list's: in
// the field ctrl+a and ctrl+e do.
func (p *Palette) Update(msg tea.Msg) (handled bool) {
	if press, ok := msg.(tea.KeyPressMsg); ok && p.key(press.String()) {
		return true
	}
	return p.Search.Update(msg)
}

// Wheel moves the selection by so many entries, downwards above zero.
func (p *Palette) Wheel(entries int) (moved bool) {
	before := p.cursor
	p.move(p.cursor + entries)
	return p.cursor != before
}

func (p *Palette) key(key string) bool {
	page := max(1, p.height-1)
	switch key {
	case "up":
		p.move(p.cursor - 1)
	case "down":
		p.move(p.cursor + 1)
	case "pgup":
		p.move(p.cursor - page)
	case "pgdown":
		p.move(p.cursor + page)
	case "home":
		p.move(0)
	case "end":
		p.move(len(p.entries) - 1)
	default:
		return false
	}
	return true
}

// Render draws the field and the entries.
func (p *Palette) Render(k Look, width, height int) []string {
	lines := []string{p.Search.Render(k, width, true)}
	if height >= airy { // the field and the selection look alike
		lines = append(lines, blanks(width))
	}
	p.head = len(lines)
	p.height = max(1, height-p.head)
	if len(p.entries) == 0 && p.Note == "" {
		return append(lines, p.Empty.Render(k, width, height-len(lines))...)
	}
	return fill(append(lines, p.list(k, width)...), width, height)
}

// list draws the stretch of entries that the selected one is in: only those that
// are seen, but for their heights.
func (p *Palette) list(k Look, width int) []string {
	starts, total := p.starts(k, width)
	if p.cursor < len(p.entries) {
		p.sight.follow(p.cursor, starts[p.cursor], starts[p.cursor+1], total, p.height)
	} else {
		p.sight.stay(total, p.height)
	}
	lines, skipped := make([]string, 0, p.height+1), p.sight.top
	for i := range p.entries {
		if starts[i+1] <= p.sight.top || starts[i] >= p.sight.top+p.height {
			continue
		}
		if len(lines) == 0 {
			skipped = starts[i]
		}
		lines = append(lines, p.entry(k, i, width)...)
	}
	if p.Note != "" {
		lines = append(lines, k.Line(width).Gap(rowMargin).Text(theme.Muted, p.Note).String())
	}
	lines = lines[min(p.sight.top-skipped, len(lines)):]
	return lines[:min(len(lines), p.height)]
}

// starts gives the line on which each entry begins, and behind the last the
// line after it; total counts the note too. Only a reason takes more than one.
func (p *Palette) starts(k Look, width int) (starts []int, total int) {
	starts = make([]int, len(p.entries)+1)
	for i, e := range p.entries {
		height := 1
		if e.Reason != "" {
			height = len(p.entry(k, i, width))
		}
		starts[i+1] = starts[i] + height
	}
	total = starts[len(p.entries)]
	if p.Note != "" {
		total++
	}
	return starts, total
}

// entry draws one entry, and below it why it can't be done where that has no
// room on its line.
func (p *Palette) entry(k Look, i, width int) []string {
	e := p.entries[i]
	line := p.begin(k, i == p.cursor, width)
	if e.Marked {
		line.Mark(e.Status).Gap(1)
	}
	indent := width - line.Left()
	right, token := e.Number, theme.Muted
	if len(e.Keys) > 0 {
		right, token = keyNames(k.Theme, e.Keys), theme.Accent
	}
	keep := shownWidth(right) + 1
	aside := e.label(line, keep)
	if right == "" || line.Left() < keep {
		return append([]string{line.String()}, p.below(k, i, aside, indent, width)...)
	}
	line.Skip(keep).Text(token, right)
	return append([]string{line.String()}, p.below(k, i, aside, indent, width)...)
}

// begin starts the line of an entry.
func (p *Palette) begin(k Look, selected bool, width int) *Line {
	line := k.Line(width)
	if !selected {
		return line.Gap(rowMargin)
	}
	return line.On(theme.Selected).Gap(1).Sign(theme.Accent, k.Theme.Signs.Select, 1).Gap(1)
}

// label draws the label and what stands behind it, and leaves so many cells. It
// gives back a reason that found no room.
func (e Entry) label(line *Line, keep int) (left string) {
	token, room := theme.Text, line.Left()-keep-1
	if e.Reason != "" {
		token = theme.Muted
	}
	label := min(shownWidth(e.Label), max(room, 0))
	line.Cell(token, e.Label, label)
	behind := e.Aside
	if e.Reason != "" {
		behind = e.Reason
	}
	const least = 8 // cells in which an aside says something
	room -= label + columnGap
	switch cells := shownWidth(behind); {
	case behind == "":
	case cells <= room, e.Reason == "" && room >= least:
		line.Gap(columnGap).Cell(theme.Muted, behind, min(cells, room))
	default:
		return e.Reason
	}
	return ""
}

// below draws a reason that found no room beside its label.
func (p *Palette) below(k Look, i int, reason string, indent, width int) []string {
	if reason == "" {
		return nil
	}
	var lines []string
	for _, part := range safetext.Wrap(reason, max(1, width-indent-1-columnGap)) {
		line := k.Line(width)
		if i == p.cursor {
			line.On(theme.Selected)
		}
		lines = append(lines, line.Gap(indent+columnGap).Text(theme.Muted, part).String())
	}
	return lines[:min(len(lines), max(1, p.height-1))]
}

// Click selects the entry drawn on line y of the palette, in its width; again
// tells that it was selected before.
func (p *Palette) Click(k Look, width, y int) (again, hit bool) {
	starts, _ := p.starts(k, width)
	line := y - p.head + p.sight.top
	for i := range p.entries {
		if y >= p.head && y < p.head+p.height && line >= starts[i] && line < starts[i+1] {
			again = i == p.cursor
			p.move(i)
			return again, true
		}
	}
	return false, false
}
