package component

import (
	"willcall/core/safetext"
	"willcall/ui/theme"
)

const (
	conflictColumns = 72 // cells from which both values stand beside each other
	conflictLabel   = 24 // cells of the labels then, at most
	conflictMargin  = 3  // a blank, the sign of the selection, a blank
	conflictGap     = 2
	conflictSign    = 4 // the sign of a choice, a blank
	conflictRoomy   = 12
	conflictText    = 8 // lines of the page from which what happened is said
)

// piece is some text in one token.
type piece struct {
	token theme.Token
	text  string
}

// Render draws exactly height lines.
func (c *Conflict) Render(k Look, width, height int) []string {
	lines := []string{k.Line(width).Gap(1).Text(theme.Strong, c.Title).String()}
	foot := c.foot(k, width)
	foot = foot[:min(len(foot), max(1, height/3))]
	if c.Text != "" && height >= conflictText {
		said := k.Bar(theme.Amber, c.Text, width)
		lines = append(lines, said[:min(len(said), height/4)]...)
	}
	if height >= conflictRoomy {
		lines = append(lines, k.Line(width).String())
		foot = append([]string{k.Line(width).String()}, foot...)
	}
	wide := width >= conflictColumns
	if wide && height >= conflictText {
		lines = append(lines, c.headings(k, width))
	}
	c.body = area{x: 0, y: len(lines), width: width, height: max(1, height-len(lines)-len(foot))}
	lines = append(lines, c.scrolled(k, c.draw(k, width, wide))...)
	return fill(append(lines, foot...), width, height)
}

// foot says what is still to be decided, else what saving will do.
func (c *Conflict) foot(k Look, width int) []string {
	switch n := c.Undecided(); {
	case c.Busy:
		return k.Bar(theme.Accent, k.Text.T("component.conflict.saving"), width)
	case n > 0:
		return k.Bar(theme.Amber, k.Text.N("component.conflict.undecided", n), width)
	case c.Alarm:
		return k.Bar(theme.Amber, c.Foot, width)
	}
	return k.Bar(theme.Accent, c.Foot, width)
}

// draw gives the lines of all facets, and notes where they stand.
func (c *Conflict) draw(k Look, width int, wide bool) []string {
	c.spans, c.targets = c.spans[:0], c.targets[:0]
	if len(c.facets) == 0 {
		return k.Detail(width).Paragraph(theme.Text, k.Text.T("component.conflict.same")).lines
	}
	lines := c.facetLines(k, width, wide, false)
	if len(lines)+len(c.facets) <= c.body.height {
		c.spans, c.targets = c.spans[:0], c.targets[:0]
		lines = c.facetLines(k, width, wide, true)
	}
	return lines
}

// facetLines draws the facets, airy with a blank line between them.
func (c *Conflict) facetLines(k Look, width int, wide, airy bool) []string {
	var lines []string
	for i, d := range c.facets {
		if airy && i > 0 {
			lines = append(lines, k.Line(width).String())
		}
		first := len(lines)
		if wide {
			lines = append(lines, c.beside(k, width, i, d, first)...)
		} else {
			lines = append(lines, c.stacked(k, width, i, d, first)...)
		}
		c.spans = append(c.spans, span{first, len(lines)})
	}
	return lines
}

// scrolled keeps the selected facet in sight, its first line above all.
func (c *Conflict) scrolled(k Look, lines []string) []string {
	height := c.body.height
	if c.at < len(c.spans) && !c.loose {
		at := c.spans[c.at]
		c.sight.follow(c.at, at.first, at.after, len(lines), height)
	} else {
		c.sight.stay(len(lines), height)
	}
	shown := fill(append([]string(nil), lines[c.sight.top:]...), c.body.width, height)
	return k.cut(shown, c.sight.top > 0, len(lines)-c.sight.top > height)
}

// columns shares a width between the labels and both values.
func (c *Conflict) columns(k Look, width int) (label, value int) {
	for _, d := range c.facets {
		label = max(label, safetext.Width(safetext.Line(d.Label)), safetext.Width(k.Text.T(d.origin()))+2)
	}
	label = min(label, conflictLabel)
	return label, (width - conflictMargin - label - 2*conflictGap - 1) / 2
}

func (c *Conflict) headings(k Look, width int) string {
	label, value := c.columns(k, width)
	line := k.Line(width).Gap(conflictMargin + label + conflictGap + conflictSign)
	line.Cell(theme.Muted, k.Text.T("component.conflict.is-stored"), value-conflictSign).Gap(conflictGap + conflictSign)
	return line.Text(theme.Muted, k.Text.T("component.conflict.is-typed")).String()
}

// origin is where the value was changed, as a key of the catalogue.
func (d decision) origin() string {
	switch d.Origin {
	case ChangedThere:
		return "component.conflict.there"
	case ChangedHere:
		return "component.conflict.here"
	case ChangedTwice:
	}
	return "component.conflict.twice"
}

// words are the label, and below it where the value was changed.
func (d decision) words(k Look, cells int, selected bool) []piece {
	token := theme.Text
	if selected {
		token = theme.Accent
	}
	all := pieces(token, d.Label, cells)
	said, below := k.Text.T(d.origin()), theme.Muted
	if !d.made {
		said, below = k.Theme.Signs.Warn+" "+said, theme.Amber
	}
	return append(all, pieces(below, said, cells)...)
}

// value is one side: the value, and whoever stored it.
func (d decision) value(k Look, mine bool, cells int) []piece {
	token, said := theme.Muted, d.Theirs
	if mine {
		said = d.Mine
	}
	if mine == d.mine || !d.made {
		token = theme.Text
	}
	all := pieces(token, said, cells)
	if said == "" {
		all = []piece{{theme.Muted, k.Theme.Signs.Absent}}
	}
	if !mine && d.By != "" {
		all = append(all, pieces(theme.Muted, d.By, cells)...)
	}
	return all
}

func pieces(token theme.Token, s string, cells int) []piece {
	var all []piece
	for _, part := range safetext.Wrap(s, max(1, cells)) {
		all = append(all, piece{token, part})
	}
	return all
}

// choice adds the sign of whether a side is chosen, on its first line. While
// nothing is decided neither side is: a tick would look like an answer.
func (l *Line) choice(d decision, mine bool, row int) *Line {
	switch {
	case row > 0:
		return l.Gap(conflictSign)
	case !d.made:
		return l.Sign(theme.Amber, l.theme.Signs.Off, conflictSign-1).Gap(1)
	case d.mine != mine:
		return l.Sign(theme.Muted, l.theme.Signs.Off, conflictSign-1).Gap(1)
	}
	return l.Sign(theme.Accent, l.theme.Signs.On, conflictSign-1).Gap(1)
}

// piece adds the text of a row in so many cells, blank where there are no more.
func (l *Line) piece(all []piece, row, cells int) *Line {
	if row >= len(all) {
		return l.Gap(cells)
	}
	return l.Cell(all[row].token, all[row].text, cells)
}

// pointer is the sign of the selection, on the first line of what is selected.
func (l *Line) pointer(selected bool, row int) *Line {
	sign := " "
	if selected && row == 0 {
		sign = l.theme.Signs.Select
	}
	return l.Gap(1).Sign(theme.Accent, sign, 1).Gap(1)
}

// beside draws a facet with both values beside each other.
func (c *Conflict) beside(k Look, width, i int, d decision, first int) []string {
	label, value := c.columns(k, width)
	cells, selected := value-conflictSign, i == c.at
	words, theirs, mine := d.words(k, label, selected), d.value(k, false, cells), d.value(k, true, cells)
	lines := make([]string, max(len(words), len(theirs), len(mine)))
	for row := range lines {
		line := k.Line(width)
		if selected {
			line.On(theme.Selected)
		}
		line.pointer(selected, row).piece(words, row, label).On(theme.Page).Gap(conflictGap)
		line.choice(d, false, row).piece(theirs, row, cells).Gap(conflictGap)
		lines[row] = line.choice(d, true, row).piece(mine, row, cells).String()
	}
	x := conflictMargin + label + conflictGap
	for n, isMine := range []bool{false, true} {
		c.targets = append(c.targets, side{area{x + n*(value+conflictGap), first, value, len(lines), 0}, i, isMine})
	}
	return lines
}

// stacked draws a facet with one value below the other.
func (c *Conflict) stacked(k Look, width, i int, d decision, first int) []string {
	selected := i == c.at
	var lines []string
	words := d.words(k, width-conflictMargin-1, selected)
	for row := 0; row < len(words); row++ {
		line := k.Line(width)
		if selected {
			line.On(theme.Selected)
		}
		line.pointer(selected, row).Text(words[row].token, words[row].text).Gap(conflictGap)
		if len(words) == 2 && safetext.Width(words[1].text) <= line.Left() { // both have room on one line
			row++
			line.Text(words[row].token, words[row].text)
		}
		lines = append(lines, line.String())
	}
	stored, typed := k.Text.T("component.conflict.is-stored"), k.Text.T("component.conflict.is-typed")
	name := max(safetext.Width(stored), safetext.Width(typed))
	cells := width - conflictMargin - conflictSign - name - conflictGap
	for n, said := range []string{stored, typed} {
		start := first + len(lines)
		all := d.value(k, n == 1, cells)
		for row := range all {
			line := k.Line(width).Gap(conflictMargin).choice(d, n == 1, row)
			line.piece([]piece{{theme.Muted, said}}, row, name).Gap(1)
			lines = append(lines, line.piece(all, row, cells).String())
		}
		c.targets = append(c.targets, side{area{0, start, width, len(all), 0}, i, n == 1})
	}
	return lines
}
