package safetext

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Width is the number of cells s takes. It expects cleaned text without line
// breaks.
func Width(s string) int {
	if cells, ok := narrow(s); ok {
		return cells
	}
	return ansi.StringWidth(s)
}

// narrow counts the cells of text in which every code point takes one: ASCII
// and the Latin letters and signs up to U+02FF. ok is false for other text.
func narrow(s string) (cells int, ok bool) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 0x20 <= c && c <= 0x7E:
		case 0xC3 <= c && c <= 0xCB && i+1 < len(s):
			i++
		case c == 0xC2 && i+1 < len(s) && s[i+1] > 0xA0 && s[i+1] != 0xAD:
			i++
		default:
			return 0, false
		}
		cells++
	}
	return cells, true
}

// cluster gives the bytes and cells of the first grapheme cluster of s.
func cluster(s string) (size, cells int) {
	first, cells := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	return len(first), cells
}

// blanks gives n spaces.
func blanks(n int) string {
	const stock = "                                                                                "
	if n <= len(stock) {
		return stock[:max(0, n)]
	}
	return strings.Repeat(" ", n)
}

// Cut cleans s and shortens it to at most so many cells; what is lost shows as
// "…". No cells give an empty text.
func Cut(s string, cells int) string {
	body, _ := cut(Line(s), cells)
	return body
}

// CutMiddle is [Cut] for what differs at both ends, such as a path: what is lost
// is in the middle, and a third of the cells is kept for the beginning.
func CutMiddle(s string, cells int) string {
	clean := Line(s)
	if Width(clean) <= cells || cells < 3 {
		return Cut(clean, cells)
	}
	head, used := cut(clean, cells/3+1) // with the sign
	tail := clean
	for left := Width(clean); left > cells-used; {
		size, width := cluster(tail)
		tail, left = tail[size:], left-width
	}
	return head + tail
}

// cut shortens cleaned text and says how many cells are left of it.
func cut(clean string, cells int) (body string, width int) {
	if cells <= 0 {
		return "", 0
	}
	if width = Width(clean); width <= cells {
		return clean, width
	}
	end, used := 0, 0
	for end < len(clean) {
		size, width := cluster(clean[end:])
		if used+width > cells-1 {
			break
		}
		end, used = end+size, used+width
	}
	return clean[:end] + ellipsis, used + 1
}

// Fit cleans s and makes it exactly so many cells wide: shortened with "…", or
// filled with spaces at its end. Text with right-to-left letters ends in a
// [Barrier], within its cells.
func Fit(s string, cells int) string {
	body, fill := fit(s, cells)
	if fill == 0 {
		return body
	}
	return body + blanks(fill)
}

// FitRight is [Fit] with the spaces at the beginning, as for numbers.
func FitRight(s string, cells int) string {
	body, fill := fit(s, cells)
	if fill == 0 {
		return body
	}
	return blanks(fill) + body
}

// fit gives the text to show in cells, and how many of them it leaves free.
func fit(s string, cells int) (body string, fill int) {
	if cells <= 0 {
		return "", 0
	}
	clean := Line(s)
	if !strings.ContainsFunc(clean, rightToLeft) {
		body, width := cut(clean, cells)
		return body, cells - width
	}
	body, width := cut(strings.TrimRight(clean, " "), cells-1)
	return body + Barrier, cells - width - 1
}

// Wrap cleans s as a block and breaks its lines between words so that each is
// at most so many cells wide; longer words are broken anywhere. Without any
// cells there are no lines.
func Wrap(s string, cells int) []string {
	if cells <= 0 {
		return nil
	}
	var lines []string
	for line := range strings.SplitSeq(Block(s), "\n") {
		lines = wrapLine(lines, line, cells)
	}
	return lines
}

// wrapLine appends the pieces of one line. Spaces at a break are dropped, those
// at the line's beginning stay.
func wrapLine(lines []string, line string, cells int) []string {
	for Width(line) > cells {
		head, tail := breakLine(line, cells)
		lines = append(lines, head)
		line = tail
	}
	return append(lines, line)
}

// breakLine takes the longest piece that fits off a line that doesn't.
func breakLine(line string, cells int) (head, tail string) {
	end, used, space := 0, 0, -1
	for end < len(line) {
		size, width := cluster(line[end:])
		if line[end] == ' ' && strings.TrimLeft(line[:end], " ") != "" {
			space = end
		}
		if used+width > cells {
			break
		}
		end, used = end+size, used+width
	}
	if space > 0 {
		return strings.TrimRight(line[:space], " "), strings.TrimLeft(line[space:], " ")
	}
	if end == 0 { // a wide character in a single cell
		size, _ := cluster(line)
		return string(mark), line[size:]
	}
	return line[:end], line[end:]
}
