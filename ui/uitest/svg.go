package uitest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"

	uv "github.com/charmbracelet/ultraviolet"
)

// The grid and the colours of pictures: a cell is 9 by 18 units, so that
// common monospace fonts fit without stretching.
const (
	cellWidth  = 9
	cellHeight = 18
	baseline   = 13 // from the top of a cell
	margin     = 12
)

// Paper is what a picture's terminal shows where a frame has no colour of its
// own, as #rrggbb: its background, and its text.
type Paper struct{ Ground, Ink string }

// DarkPaper is a terminal with a dark background.
func DarkPaper() Paper { return Paper{Ground: "#15181e", Ink: "#d6dae2"} }

// LightPaper is one with a light background.
func LightPaper() Paper { return Paper{Ground: "#fbfbfa", Ink: "#24292f"} }

// sketch is a picture in the making.
type sketch struct {
	out   bytes.Buffer
	paper Paper
}

// SVG draws a frame on paper as a picture with a title. The same frame gives
// the same bytes. It needs no font but a monospace one, and holds no script
// and no reference; its text can be selected.
func SVG(f Frame, paper Paper, title string) []byte {
	width, height := f.width*cellWidth+2*margin, f.height*cellHeight+2*margin
	b := &sketch{paper: paper}
	fmt.Fprintf(&b.out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`+"\n",
		width, height, width, height)
	b.out.WriteString("<title>")
	b.escaped(title)
	fmt.Fprintf(&b.out, "</title>\n"+`<rect width="100%%" height="100%%" rx="8" fill="%s" stroke="#80808055"/>`+"\n", paper.Ground)
	fmt.Fprintf(&b.out, `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="15" fill="%s">`+"\n", paper.Ink)
	for y := range f.height {
		for x := 0; x < f.width; {
			n := f.run(x, y)
			b.run(f.row(y)[x:x+n], margin+x*cellWidth, margin+y*cellHeight)
			x += n
		}
	}
	b.out.WriteString("</g>\n</svg>\n")
	return b.out.Bytes()
}

// escaped adds text; a buffer takes everything.
func (b *sketch) escaped(text string) { _ = xml.EscapeText(&b.out, []byte(text)) }

// run counts the cells from x that look the same and are equally wide.
func (f Frame) run(x, y int) int {
	row := f.row(y)
	first := row[x]
	n := max(1, first.Width)
	if first.Width != 1 {
		return min(n, f.width-x)
	}
	for x+n < f.width && row[x+n].Width == 1 && row[x+n].Style.Equal(&first.Style) {
		n++
	}
	return n
}

// run draws cells of one look: their background, then their text, stretched to
// exactly their width.
func (b *sketch) run(cells []uv.Cell, left, top int) {
	fg, bg := b.colours(cells[0].Style)
	if bg != b.paper.Ground {
		fmt.Fprintf(&b.out, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", left, top, len(cells)*cellWidth, cellHeight, bg)
	}
	first, last := 0, len(cells)
	for first < last && blank(cells[first]) {
		first++
	}
	for last > first && blank(cells[last-1]) {
		last--
	}
	if first == last {
		return
	}
	fmt.Fprintf(&b.out, `<text x="%d" y="%d" textLength="%d" lengthAdjust="spacingAndGlyphs" xml:space="preserve"%s>`,
		left+first*cellWidth, top+baseline, (last-first)*cellWidth, b.look(cells[0].Style, fg))
	for _, cell := range cells[first:last] {
		b.escaped(content(cell))
	}
	b.out.WriteString("</text>\n")
}

// blank reports whether a cell shows nothing. The second half of a wide
// character belongs to its first.
func blank(c uv.Cell) bool { return c.Width == 1 && (c.Content == "" || c.Content == " ") }

// colours are ink and paper of a style, swapped where it is reversed.
func (b *sketch) colours(s uv.Style) (fg, bg string) {
	fg, bg = hexOr(s.Fg, b.paper.Ink), hexOr(s.Bg, b.paper.Ground)
	if s.Attrs&uv.AttrReverse != 0 {
		return bg, fg
	}
	return fg, bg
}

func hexOr(c color.Color, other string) string {
	if c == nil {
		return other
	}
	return hexColour(c)
}

func (b *sketch) look(s uv.Style, fg string) string {
	out := ""
	if fg != b.paper.Ink {
		out += fmt.Sprintf(` fill="%s"`, fg)
	}
	if s.Attrs&uv.AttrBold != 0 {
		out += ` font-weight="bold"`
	}
	if s.Attrs&uv.AttrFaint != 0 {
		out += ` opacity="0.6"`
	}
	if s.Attrs&uv.AttrItalic != 0 {
		out += ` font-style="italic"`
	}
	if s.Underline != uv.UnderlineNone {
		out += ` text-decoration="underline"`
	}
	return out
}
