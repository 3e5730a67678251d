package uitest

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Frame is one picture of a screen: its cells and where the cursor stands. It
// doesn't change after it was made. Coordinates count from 0, x to the right
// and y downwards.
type Frame struct {
	width, height int
	lines         []uv.Line // height lines of width cells
	cursor        *uv.Position
}

// Flatten draws a view into width by height cells, as a terminal would show
// it that counts by grapheme cluster. What doesn't fit is cut off.
func Flatten(v tea.View, width, height int) Frame {
	cells := paper{uv.NewBuffer(width, height)}
	uv.NewStyledString(v.Content).Draw(cells, cells.Bounds())
	f := Frame{width: width, height: height, lines: cells.Lines}
	if v.Cursor != nil {
		f.cursor = &uv.Position{X: v.Cursor.X, Y: v.Cursor.Y}
	}
	return f
}

// paper is a screen that nothing is sent from.
type paper struct{ *uv.Buffer }

// WidthMethod implements [uv.Screen].
func (paper) WidthMethod() uv.WidthMethod { return ansi.GraphemeWidth }

// frameOf copies the cells that at shows.
func frameOf(width, height int, at func(x, y int) *uv.Cell) Frame {
	cells := uv.NewBuffer(width, height)
	for y, line := range cells.Lines {
		for x := range line {
			if cell := at(x, y); cell != nil {
				line[x] = *cell
			}
		}
	}
	return Frame{width: width, height: height, lines: cells.Lines}
}

// Size is the number of columns and lines.
func (f Frame) Size() (width, height int) { return f.width, f.height }

// Line is the text of line y without the spaces at its end; empty outside the
// frame.
func (f Frame) Line(y int) string {
	if y < 0 || y >= f.height {
		return ""
	}
	var b strings.Builder
	for _, cell := range f.row(y) {
		b.WriteString(content(cell))
	}
	return strings.TrimRight(b.String(), " ")
}

func (f Frame) row(y int) uv.Line { return f.lines[y] }

// content is what a cell adds to its line: nothing for the second half of a
// wide character.
func content(c uv.Cell) string {
	if c.Width == 0 {
		return ""
	}
	if c.Content == "" {
		return strings.Repeat(" ", c.Width)
	}
	return c.Content
}

// Text is every line, ended by newlines.
func (f Frame) Text() string {
	var b strings.Builder
	for y := range f.height {
		b.WriteString(f.Line(y))
		b.WriteByte('\n')
	}
	return b.String()
}

// Contains reports whether text stands on one line of the frame.
func (f Frame) Contains(text string) bool {
	_, _, found := f.Find(text)
	return found
}

// Find gives the cell where text begins first, from the top.
func (f Frame) Find(text string) (x, y int, found bool) {
	for y := range f.height {
		line := f.Line(y)
		if before, _, ok := strings.Cut(line, text); ok && text != "" {
			return f.column(y, len(before)), y, true
		}
	}
	return 0, 0, false
}

// column is the cell of line y at which its text has bytes bytes.
func (f Frame) column(y, bytes int) int {
	for x, cell := range f.row(y) {
		if bytes <= 0 && cell.Width > 0 {
			return x
		}
		bytes -= len(content(cell))
	}
	return f.width
}

// Cursor is where the cursor stands; shown is false while it is hidden.
func (f Frame) Cursor() (x, y int, shown bool) {
	if f.cursor == nil {
		return 0, 0, false
	}
	return f.cursor.X, f.cursor.Y, true
}

// Style describes the look of one cell, such as "fg=#5f87ff bold"; empty for
// the terminal's own look and outside the frame.
func (f Frame) Style(x, y int) string {
	if x < 0 || x >= f.width || y < 0 || y >= f.height {
		return ""
	}
	return describe(f.lines[y][x].Style)
}

// StyleOf is [Frame.Style] of the cell where text begins; ok is false where the
// frame doesn't show it.
func (f Frame) StyleOf(text string) (style string, ok bool) {
	x, y, ok := f.Find(text)
	if !ok {
		return "", false
	}
	return f.Style(x, y), true
}

// String is the text in a border, for failure messages.
func (f Frame) String() string {
	var b strings.Builder
	rule := strings.Repeat("─", f.width)
	fmt.Fprintf(&b, "┌%s┐ %dx%d\n", rule, f.width, f.height)
	for y := range f.height {
		line := f.Line(y)
		pad := max(0, f.width-ansi.StringWidth(line))
		fmt.Fprintf(&b, "│%s%s│\n", line, strings.Repeat(" ", pad))
	}
	fmt.Fprintf(&b, "└%s┘", rule)
	return b.String()
}

// Equal reports whether both show the same: cells, looks and cursor.
func (f Frame) Equal(g Frame) bool {
	same := func(a, b uv.Line) bool { return slices.EqualFunc(a, b, sameCell) }
	return slices.EqualFunc(f.lines, g.lines, same) && samePosition(f.cursor, g.cursor)
}

func sameCell(a, b uv.Cell) bool {
	if a == b {
		return true
	}
	look, other := seen(a), seen(b)
	return content(a) == content(b) && (look == other || describe(look) == describe(other))
}

func samePosition(a, b *uv.Position) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// seen is what of a cell's style can be seen: the ink of a blank can't, unless
// a line or the ground is drawn in it.
func seen(c uv.Cell) uv.Style {
	const drawn = uv.AttrReverse | uv.AttrStrikethrough
	if !blank(c) || c.Style.Attrs&drawn != 0 || c.Style.Underline != uv.UnderlineNone {
		return c.Style
	}
	return uv.Style{Bg: c.Style.Bg}
}

// describe names a style in words that stay the same from run to run.
func describe(s uv.Style) string {
	var parts []string
	if s.Fg != nil {
		parts = append(parts, "fg="+nameColour(s.Fg))
	}
	if s.Bg != nil {
		parts = append(parts, "bg="+nameColour(s.Bg))
	}
	for _, attr := range []struct {
		bit  uint8
		name string
	}{
		{uv.AttrBold, "bold"},
		{uv.AttrFaint, "faint"},
		{uv.AttrItalic, "italic"},
		{uv.AttrBlink, "blink"},
		{uv.AttrReverse, "reverse"},
		{uv.AttrConceal, "conceal"},
		{uv.AttrStrikethrough, "strike"},
	} {
		if s.Attrs&attr.bit != 0 {
			parts = append(parts, attr.name)
		}
	}
	if s.Underline != uv.UnderlineNone {
		parts = append(parts, "underline")
	}
	return strings.Join(parts, " ")
}

func nameColour(c color.Color) string {
	switch c := c.(type) {
	case ansi.BasicColor:
		return fmt.Sprintf("ansi%d", c)
	case ansi.IndexedColor:
		return fmt.Sprintf("indexed%d", c)
	}
	return hexColour(c)
}

func hexColour(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
