package component

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Overlay lays a box over a page, its top left corner at column x and line y.
// Every line keeps its width; what of the box lies outside is cut, and a wide
// character that its edge cuts in two becomes blank. The page is left as it is.
func Overlay(page, box []string, x, y int) []string {
	out := slices.Clone(page)
	for i, piece := range box {
		if at := y + i; at >= 0 && at < len(page) {
			out[at] = lay(page[at], piece, x)
		}
	}
	return out
}

// lay lays a piece over a line, from cell x on.
func lay(line, piece string, x int) string {
	width, cells := drawnWidth(line), drawnWidth(piece)
	if x < 0 {
		_, piece = split(piece, -x)
		x, cells = 0, cells+x
	}
	if x+cells > width {
		cells = width - x
		piece, _ = split(piece, cells)
	}
	if cells <= 0 {
		return line
	}
	before, rest := split(line, x)
	_, after := split(rest, cells)
	return before + piece + after
}

// drawnWidth is the cells of a drawn line.
func drawnWidth(line string) (cells int) {
	for i := 0; i < len(line); {
		if line[i] == ansi.ESC {
			i += len(graphics(line[i:]))
			continue
		}
		size, width := grapheme(line[i:])
		i, cells = i+size, cells+width
	}
	return cells
}

// split cuts a drawn line behind so many cells; both parts keep their looks. It
// knows the one escape sequence that lines are drawn with, SGR.
func split(line string, cells int) (before, after string) {
	look, i, at := "", 0, 0
	for i < len(line) {
		if line[i] == ansi.ESC {
			sequence := graphics(line[i:])
			if look += sequence; sequence == ansi.ResetStyle {
				look = ""
			}
			i += len(sequence)
			continue
		}
		size, width := grapheme(line[i:])
		if at+width <= cells {
			i, at = i+size, at+width
			continue
		}
		before = line[:i] + blanks(cells-at) + closing(look)
		if at == cells {
			return before, look + line[i:]
		}
		return before, look + blanks(at+width-cells) + line[i+size:]
	}
	return line + blanks(cells-at), ""
}

// graphics is the SGR sequence that s begins with.
func graphics(s string) string {
	if end := strings.IndexByte(s, 'm'); end >= 0 {
		return s[:end+1]
	}
	return s
}

// closing ends a look.
func closing(look string) string {
	if look == "" {
		return ""
	}
	return ansi.ResetStyle
}

// grapheme gives the bytes and cells of the first character.
func grapheme(s string) (size, cells int) {
	if s[0] < 0x7F && (len(s) == 1 || s[1] < 0x7F) {
		return 1, 1
	}
	first, cells := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	return len(first), cells
}
