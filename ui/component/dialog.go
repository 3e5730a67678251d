package component

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"willcall/core/safetext"
	"willcall/ui/action"
	"willcall/ui/theme"
)

// Dialog is a question or a notice in a box over a page.
type Dialog struct {
	Title string
	Text  string
	// Body is drawn below the text, as wide as Box hands out; it may be nil.
	Body func(width int) []string
	// Actions are its keys, listed at its foot.
	Actions []action.Action
	Alarm   bool
}

const (
	dialogMost  = 64 // cells, with the border
	dialogRoomy = 14 // lines of a page from which there is room for blank ones
	boxFrame    = 2  // lines of the border
	boxSides    = 4  // cells of the border, with a blank at either side
)

// Roomy reports whether a page so high has room for blank lines in a dialog.
func Roomy(height int) bool { return height >= dialogRoomy }

// Box draws the dialog, small enough for a page of this size.
func (d Dialog) Box(k Look, width, height int) []string {
	lines, _ := d.content(k, width, height)
	if lines == nil {
		return nil
	}
	inner := min(dialogMost, width) - boxSides
	return Overlay(k.boxed(lines, inner), d.heading(k, inner), titleIndent, 0)
}

// content is what stands within the border; its keys begin on line foot.
func (d Dialog) content(k Look, width, height int) (lines []string, foot int) {
	inner, room := min(dialogMost, width)-boxSides, height-boxFrame
	if inner < 1 || room < 1 {
		return nil, 0
	}
	keys, body := d.foot(k, inner), d.body(k, inner)
	if !Roomy(height) {
		body = slices.DeleteFunc(body, func(line string) bool { return line == blanks(inner) })
	}
	lines = squeeze(body, inner, room-len(keys))
	foot = len(lines)
	lines = append(lines, keys...)
	return lines[:min(len(lines), room)], foot
}

// At is the action whose key or name the dialog shows in a cell of the page of
// this size that it lies over. hit tells whether the cell is the dialog's.
func (d Dialog) At(k Look, width, height, x, y int) (a action.Action, ok, hit bool) {
	lines, foot := d.content(k, width, height)
	left, top := corner(len(lines)+boxFrame, width, height)
	outer := min(dialogMost, width)
	hit = x >= left && x < left+outer && y >= top && y < top+len(lines)+boxFrame
	row := y - top - 1 - foot
	rows := d.footPlaces(k, outer-boxSides)
	if !hit || row < 0 || row >= len(rows) || foot+row >= len(lines) {
		return a, false, hit
	}
	a, ok = under(rows[row], x-left-titleIndent)
	return a, ok, hit
}

// boxed draws a border around lines of so many cells, with a blank at either
// side.
func (k Look) boxed(lines []string, inner int) []string {
	signs := k.Theme.Signs
	topLeft, topRight, bottomLeft, bottomRight := signs.Corners()
	across := strings.Repeat(signs.Rule, inner+boxSides-2)
	box := make([]string, 0, len(lines)+boxFrame)
	box = append(box, k.edge(topLeft+across+topRight))
	empty := k.edge(signs.Divider + blanks(inner+boxSides-2) + signs.Divider)
	for _, line := range lines {
		if line == blanks(inner) {
			box = append(box, empty)
			continue
		}
		box = append(box, k.sides(line))
	}
	return append(box, k.edge(bottomLeft+across+bottomRight))
}

// sides draws a line between the border's sides. A blank beside what has a look
// of its own is the border's: a look less to change for the terminal.
func (k Look) sides(line string) string {
	left, right := k.Theme.Signs.Divider, k.Theme.Signs.Divider
	if strings.HasPrefix(line, "\x1b") {
		left = k.edge(left + " ")
	} else {
		left = k.edge(left) + " "
	}
	if strings.HasSuffix(line, ansi.ResetStyle) {
		right = k.edge(" " + right)
	} else {
		right = " " + k.edge(right)
	}
	return left + line + right
}

// edge is a piece of a border: in colour, but never bold, as other accents are
// where there are few colours.
func (k Look) edge(s string) string {
	c := k.Theme.Colour(theme.Accent)
	if c == nil {
		return s
	}
	return ansi.NewStyle().ForegroundColor(c).Styled(s)
}

const titleIndent = 2 // cells of the border before the title

// heading is the title, to lie on the upper edge.
func (d Dialog) heading(k Look, inner int) []string {
	title := safetext.Cut(d.Title, inner-titleIndent)
	if title == "" {
		return nil
	}
	token := theme.Strong
	if d.Alarm {
		token = theme.Amber
	}
	line := k.Line(inner).Gap(1).Text(token, title).Gap(1)
	return []string{line.drawn()}
}

// squeeze takes out blank lines, then cuts, until the lines fit.
func squeeze(lines []string, width, height int) []string {
	if len(lines) > height {
		lines = slices.DeleteFunc(lines, func(line string) bool { return line == blanks(width) })
	}
	return lines[:max(0, min(len(lines), height))]
}

func (d Dialog) body(k Look, inner int) []string {
	lines := []string{blanks(inner)}
	if d.Text != "" {
		lines = append(lines, k.wrapped(theme.Text, d.Text, inner)...)
		lines = append(lines, blanks(inner))
	}
	if d.Body != nil {
		lines = append(lines, d.Body(inner)...)
		lines = append(lines, blanks(inner))
	}
	return lines
}

// foot lists the keys, on as many lines as they need.
func (d Dialog) foot(k Look, inner int) []string {
	var lines []string
	for _, row := range d.footPlaces(k, inner) {
		line := k.Line(inner)
		for _, p := range row {
			line.Skip(inner-p.x).help(k, p.Action)
		}
		lines = append(lines, line.String())
	}
	return lines
}

func (d Dialog) footPlaces(k Look, inner int) (rows [][]placed) {
	x := 0
	for _, a := range action.Keyed(d.Actions) {
		if a.Quiet || a.Disabled != "" {
			continue
		}
		cells := helpWidth(k, a)
		if len(rows) == 0 || cells > inner-x {
			rows, x = append(rows, nil), 0
		}
		last := len(rows) - 1
		rows[last] = append(rows[last], placed{a, x, cells})
		x += cells + helpGap
	}
	return rows
}

// Over lays the dialog over the middle of a page.
func (d Dialog) Over(k Look, page []string, width int) []string {
	box := d.Box(k, width, len(page))
	x, y := corner(len(box), width, len(page))
	return Overlay(page, box, x, y)
}

// corner is where the box of so many lines begins on a page.
func corner(lines, width, height int) (x, y int) {
	return max(0, (width-min(dialogMost, width))/2), max(0, (height-lines)/3)
}

// Inner is where the first line of the Body of a dialog without Text begins on
// a page of this size, and how wide it is, as long as the Body fits the page.
func (d Dialog) Inner(k Look, width, height int) (x, y, cells int) {
	lines, _ := d.content(k, width, height)
	x, y = corner(len(lines)+boxFrame, width, height)
	if Roomy(height) {
		y++ // the blank line
	}
	return x + titleIndent, y + 1, min(dialogMost, width) - boxSides
}
