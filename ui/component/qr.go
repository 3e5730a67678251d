package component

import (
	"errors"
	"strings"

	"rsc.io/qr/coding"

	"willcall/ui/theme"
)

const (
	quietLeast = 2 // modules around a code that it is still read with at arm's length
	quietMost  = 4 // that ISO/IEC 18004 asks for
)

// QR is a QR code (ISO/IEC 18004) of level L, one module wide and two high in
// each cell. It is never changed after [NewQR].
type QR struct{ code *coding.Code }

// NewQR makes the smallest code that holds a text. It is an error where none
// does, from some 2,900 letters on.
func NewQR(text string) (*QR, error) {
	for v := coding.Version(coding.MinVersion); v <= coding.MaxVersion; v++ {
		parts := segments(text, v)
		if bitsOf(parts, v) > v.DataBytes(coding.L)*8 {
			continue
		}
		plan, err := coding.NewPlan(v, coding.L, 0)
		if err != nil {
			return nil, err
		}
		code, err := plan.Encode(parts...)
		if err != nil {
			return nil, err
		}
		return &QR{code}, nil
	}
	return nil, errors.New("the text is too long for a QR code")
}

// segments parts a text so that it takes the fewest bits: capital letters and
// digits, such as a key in base 32, take 5.5 each in a segment of their own and 8
// beside other letters.
func segments(text string, v coding.Version) []coding.Encoding {
	whole := []coding.Encoding{coding.String(text)}
	start, end := longestAlpha(text)
	var parts []coding.Encoding
	if start > 0 {
		parts = append(parts, coding.String(text[:start]))
	}
	if end > start {
		parts = append(parts, coding.Alpha(text[start:end]))
	}
	if end < len(text) {
		parts = append(parts, coding.String(text[end:]))
	}
	if bitsOf(parts, v) < bitsOf(whole, v) {
		return parts
	}
	return whole
}

// longestAlpha is the longest stretch that the alphanumeric mode can hold.
func longestAlpha(text string) (start, end int) {
	from := 0
	for at := range len(text) {
		if coding.Alpha(text[at:at+1]).Check() != nil {
			from = at + 1
		} else if at+1-from > end-start {
			start, end = from, at+1
		}
	}
	return start, end
}

func bitsOf(parts []coding.Encoding, v coding.Version) (bits int) {
	for _, part := range parts {
		bits += part.Bits(v)
	}
	return bits
}

// Needs is the least room, in cells, that the code is readable in.
func (q *QR) Needs() (width, height int) {
	return q.code.Size + 2*quietLeast, (q.code.Size + 2*quietLeast + 1) / 2
}

// Size is the room that the code takes where it may have so much; ok is false
// where it doesn't fit.
func (q *QR) Size(width, height int) (cells, lines int, ok bool) {
	leastCells, leastLines := q.Needs()
	most := q.code.Size + 2*quietMost
	return min(width, most), min(height, (most+1)/2), width >= leastCells && height >= leastLines
}

// Render draws the code in as many cells as [QR.Size] says, black on white
// whatever the look is. It gives nil where it doesn't fit, and where the
// terminal can't show one.
func (q *QR) Render(k Look, width, height int) []string {
	prints, can := k.Theme.Prints()
	cells, lines, fits := q.Size(width, height)
	if !can || !fits {
		return nil
	}
	left, top := (cells-q.code.Size)/2, (2*lines-q.code.Size)/2
	drawn := make([]string, lines)
	for y := range drawn {
		drawn[y] = q.line(prints, 2*y-top, -left, cells)
	}
	return drawn
}

// line draws the modules of two rows, the upper one first.
func (q *QR) line(p theme.Prints, row, from, cells int) string {
	var line, run strings.Builder
	style := p.BlackOnWhite
	for x := from; x < from+cells; x++ {
		letter, next := block(q.code.Black(x, row), q.code.Black(x, row+1), p)
		if next != style {
			line.WriteString(style.Render(run.String()))
			run.Reset()
			style = next
		}
		run.WriteString(letter)
	}
	line.WriteString(style.Render(run.String()))
	return line.String()
}

// block is the letter that shows two modules. A whole cell is its ground: fonts
// leave gaps between full blocks.
func block(upper, lower bool, p theme.Prints) (letter string, style theme.Style) {
	switch {
	case upper && lower:
		return " ", p.WhiteOnBlack
	case upper:
		return "▀", p.BlackOnWhite
	case lower:
		return "▄", p.BlackOnWhite
	}
	return " ", p.BlackOnWhite
}
