package component

import (
	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/theme"
)

// Detail draws what is known of one thing, from top to bottom: a title,
// sections, and values with their labels at the left.
type Detail struct {
	look  Look
	width int
	read  int // of these what is written in
	label int
	lines []string
}

const (
	detailIndent = 2
	detailLabel  = 15
	pickMost     = 40 // cells of a name that something stands beside
)

// ReadMost is how many cells a line of reading has at most: from the end of a
// longer one the eye doesn't find the next.
const ReadMost = 96

// Detail begins a detail of so many cells.
func (k Look) Detail(width int) *Detail {
	width = max(0, width)
	return &Detail{look: k, width: width, read: min(width, ReadMost), label: max(6, min(detailLabel, width/3))}
}

func (d *Detail) add(l *Line) *Detail {
	d.lines = append(d.lines, l.String())
	return d
}

// Title is the first line: a name, with a text such as its number at the right.
func (d *Detail) Title(name, right string) *Detail {
	return d.title(d.look.Line(d.width).Gap(1), name, right)
}

// Whole is [Detail.Title] for a name that has to be seen whole: a long one goes on
// below.
func (d *Detail) Whole(name, right string) *Detail {
	line := d.look.Line(d.width).Gap(1)
	parts := safetext.Wrap(name, max(1, d.left(line)-safetext.Width(safetext.Line(right))-2))
	if len(parts) < 2 {
		return d.Title(name, right)
	}
	d.title(line, parts[0], right)
	for _, part := range parts[1:] {
		d.add(d.look.Line(d.width).Gap(1).Text(theme.Strong, part))
	}
	return d
}

// Marked is [Detail.Title] with the marker of an email status.
func (d *Detail) Marked(s core.EmailStatus, name, right string) *Detail {
	return d.title(d.look.Line(d.width).Gap(1).Mark(s).Gap(1), name, right)
}

func (d *Detail) title(line *Line, name, right string) *Detail {
	cells := safetext.Width(safetext.Line(right))
	line.Cell(theme.Strong, name, d.left(line)-cells-2).Gap(1)
	return d.add(line.Cell(theme.Muted, right, cells))
}

// left is how many cells of a line are still to be written in.
func (d *Detail) left(line *Line) int { return line.Left() - (d.width - d.read) }

// Facts are short facts below the title, on as many lines as they take: none is
// cut where a line ends. Empty ones are left out.
func (d *Detail) Facts(facts ...string) *Detail {
	begin := func() *Line { return d.look.Line(d.width).Gap(1 + d.look.Theme.Signs.MarkWidth + 1) }
	line, first := begin(), true
	for _, fact := range facts {
		if fact == "" {
			continue
		}
		if !first && safetext.Width(safetext.Line(fact))+3 > d.left(line) {
			d.add(line)
			line, first = begin(), true
		}
		if !first {
			line.Gap(1).Sign(theme.Muted, d.look.Theme.Signs.Dot, 1).Gap(1)
		}
		line.Text(theme.Muted, fact)
		first = false
	}
	return d.add(line)
}

// Blank is an empty line.
func (d *Detail) Blank() *Detail { return d.add(d.look.Line(d.width)) }

// Section is a heading, after a blank line.
func (d *Detail) Section(title string) *Detail {
	return d.Blank().add(d.look.Line(d.width).Gap(detailIndent).Text(theme.Strong, title))
}

// Item is a value with its label, wrapped. Without a label it goes on below the
// value before; without a value a sign says so.
func (d *Detail) Item(label, value string) *Detail { return d.Toned(label, theme.Text, value) }

// Toned is [Detail.Item] in a token of its own.
func (d *Detail) Toned(label string, token theme.Token, value string) *Detail {
	if value == "" {
		return d.add(d.labelled(label).Sign(theme.Muted, d.look.Theme.Signs.Absent, 1))
	}
	room := max(1, d.read-detailIndent-d.label-2)
	for _, part := range safetext.Wrap(value, room) {
		d.add(d.labelled(label).Text(token, part))
		label = ""
	}
	return d
}

// Signed is an item of one line with one of the theme's signs, of one cell,
// before its value.
func (d *Detail) Signed(label string, token theme.Token, sign, value string) *Detail {
	return d.add(d.labelled(label).Sign(token, sign, 1).Gap(1).Text(token, value))
}

// Status is an item that shows an email status as marker and word, and more of
// it in words.
func (d *Detail) Status(label string, s core.EmailStatus, more string) *Detail {
	line := d.labelled(label).MarkWord(d.look, s)
	if more == "" {
		return d.add(line)
	}
	if safetext.Width(safetext.Line(more)) > d.left(line)-2 {
		return d.add(line).Toned("", theme.Muted, more)
	}
	return d.add(line.Gap(1).Text(theme.Muted, more))
}

// Row is a line of a list within a detail: a marker, a name, what it is.
func (d *Detail) Row(s core.EmailStatus, name, what string) *Detail {
	line := d.look.Line(d.width).Gap(detailIndent + 1).Mark(s).Gap(1)
	return d.add(line.Cell(theme.Text, name, d.left(line)*3/5).Gap(1).Cell(theme.Muted, what, d.left(line)-1))
}

// Pick is [Detail.Row] of a list that a selection moves in.
func (d *Detail) Pick(selected bool, s core.EmailStatus, name, what string) *Detail {
	line, sign := d.look.Line(d.width), " "
	if selected {
		line.On(theme.Selected)
		sign = d.look.Theme.Signs.Select
	}
	line.Gap(1).Sign(theme.Accent, sign, 1).Gap(1).Mark(s).Gap(1)
	right := min(safetext.Width(safetext.Line(what)), d.left(line)/2)
	return d.add(line.Cell(theme.Text, name, min(pickMost, d.left(line)-right-3)).Gap(2).Cell(theme.Muted, what, right))
}

// Labels gives the labels of what follows so many cells.
func (d *Detail) Labels(cells int) *Detail {
	d.label = cells
	return d
}

// Key says what a key does here.
func (d *Detail) Key(key, does string) *Detail {
	line := d.look.Line(d.width).Gap(detailIndent).Text(theme.Accent, keyName(d.look.Theme, key)).Gap(2)
	indent := d.width - line.Left()
	for _, part := range safetext.Wrap(does, max(1, d.left(line)-1)) {
		d.add(line.Text(theme.Text, part))
		line = d.look.Line(d.width).Gap(indent)
	}
	return d
}

// Paragraph is a text of its own, wrapped.
func (d *Detail) Paragraph(token theme.Token, s string) *Detail {
	for _, part := range safetext.Wrap(s, d.read-detailIndent-1) {
		d.add(d.look.Line(d.width).Gap(detailIndent).Text(token, part))
	}
	return d
}

// Bar is a sentence behind a bar.
func (d *Detail) Bar(token theme.Token, s string) *Detail {
	d.lines = append(d.lines, d.look.Bar(token, s, d.width)...)
	return d
}

func (d *Detail) labelled(label string) *Line {
	return d.look.Line(d.width).Gap(detailIndent).Cell(theme.Muted, label, d.label).Gap(1)
}

// Len is how many lines the detail has.
func (d *Detail) Len() int { return len(d.lines) }

// Lines gives exactly height lines, from line top on. Where more follow, the
// last one says so.
func (d *Detail) Lines(top, height int) []string {
	top = max(0, min(top, len(d.lines)-height))
	shown := fill(append([]string(nil), d.lines[top:]...), d.width, height)
	if len(d.lines)-top > height && height > 0 {
		shown[height-1] = d.look.more(d.width)
	}
	return shown
}

// Scrolled gives exactly height lines, those that s has come to.
func (d *Detail) Scrolled(s *Scroll, height int) []string {
	s.Set(d.lines, d.width, height)
	return s.Render(d.look)
}
