package component

import (
	"strings"
	"unicode/utf8"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/text"
	"willcall/ui/theme"
)

// Look is what components are drawn with.
type Look struct {
	Theme *theme.Theme
	Text  text.Printer
}

// Hidden is a text in which mask stands for what its reader may not see, in the
// sign that the terminal has for that.
func (k Look) Hidden(s, mask string) string {
	return strings.ReplaceAll(s, mask, strings.Repeat(k.Theme.Signs.Hidden, utf8.RuneCountInString(mask)))
}

// Line starts a line of exactly width cells.
func (k Look) Line(width int) *Line {
	width = max(0, width)
	return &Line{theme: k.Theme, left: width, buf: make([]byte, 0, 2*width+64)}
}

// Line is one line in the making, filled from left to right. What doesn't fit
// is cut. Widths are counted while it is filled, never measured afterwards.
type Line struct {
	theme  *theme.Theme
	ground theme.Ground
	beside theme.Token // of what was added last
	gap    int         // blanks whose ink waits for what follows them
	left   int
	buf    []byte
}

// On changes what the following pieces stand on.
func (l *Line) On(g theme.Ground) *Line {
	l.blank(theme.Text)
	l.ground, l.beside = g, theme.Text
	return l
}

// Left is the number of cells still free.
func (l *Line) Left() int { return l.left }

// Text adds untrusted text at its own width.
func (l *Line) Text(k theme.Token, s string) *Line {
	return l.Cell(k, s, shownWidth(s))
}

// shownWidth is the cells that a line takes for untrusted text.
func shownWidth(s string) int {
	cells := safetext.Width(safetext.Line(s))
	if turns(s) {
		cells++ // for the barrier behind it
	}
	return cells
}

// turns reports text with right-to-left letters, which safetext ends in a
// barrier.
func turns(s string) bool { return !ascii(s) && safetext.Fit(s, 1) == safetext.Barrier }

// Cell adds untrusted text in exactly so many cells.
func (l *Line) Cell(k theme.Token, s string, cells int) *Line {
	return l.fitted(k, s, cells, false)
}

// CellRight is [Line.Cell] with the text at the right, as for numbers.
func (l *Line) CellRight(k theme.Token, s string, cells int) *Line {
	return l.fitted(k, s, cells, true)
}

func (l *Line) fitted(k theme.Token, s string, cells int, right bool) *Line {
	cells = min(cells, l.left)
	if cells <= 0 || s == "" {
		return l.Gap(cells)
	}
	fit := safetext.Fit
	if right {
		fit = safetext.FitRight
	}
	text := fit(s, cells)
	if l.theme.Options.ASCII && shownWidth(s) > cells {
		text = asciiCut(text, l.theme.Signs.More)
	}
	if l.ground != theme.Page {
		return l.put(k, text, cells)
	}
	return l.bare(k, text, cells)
}

// bare adds text of so many cells with the blanks around it in no ink of theirs.
func (l *Line) bare(k theme.Token, text string, cells int) *Line {
	tail := strings.TrimLeft(text, " ")
	body := strings.TrimRight(tail, " ")
	before, after := len(text)-len(tail), len(tail)-len(body)
	return l.Gap(before).put(k, body, cells-before-after).Gap(after)
}

// asciiCut puts the theme's sign in the place of the ellipsis of a cut text.
func asciiCut(text, more string) string {
	const ellipsis = "…"
	if at := strings.LastIndex(text, ellipsis); at >= 0 {
		return text[:at] + more + text[at+len(ellipsis):]
	}
	return text
}

// Sign adds one of the theme's signs, of so many cells. It is left out where
// it doesn't fit whole.
func (l *Line) Sign(k theme.Token, sign string, cells int) *Line {
	if cells > l.left {
		return l.Gap(l.left)
	}
	return l.put(k, sign, cells)
}

// Gap adds blank cells.
func (l *Line) Gap(cells int) *Line {
	if cells = min(cells, l.left); cells > 0 {
		l.gap += cells
		l.left -= cells
	}
	return l
}

// blank writes the blanks that wait, before something of this token.
func (l *Line) blank(next theme.Token) {
	if l.gap == 0 {
		return
	}
	ink := l.theme.Ink(l.ground, l.beside, next)
	l.buf = l.theme.On(l.ground, ink).Append(l.buf, blanks(l.gap))
	l.gap = 0
}

// Skip leaves blank cells up to the last so many.
func (l *Line) Skip(keep int) *Line { return l.Gap(l.left - keep) }

// Fill repeats a sign of one cell.
func (l *Line) Fill(k theme.Token, sign string, cells int) *Line {
	cells = min(cells, l.left)
	if cells <= 0 {
		return l
	}
	return l.put(k, strings.Repeat(sign, cells), cells)
}

// Mark adds the marker of an email status.
func (l *Line) Mark(s core.EmailStatus) *Line {
	sign, token := l.theme.Marker(markOf(s))
	return l.Sign(token, sign, l.theme.Signs.MarkWidth)
}

// String is the finished line, filled up with blanks.
func (l *Line) String() string {
	return l.Gap(l.left).drawn()
}

// drawn is the line as far as it is filled.
func (l *Line) drawn() string {
	l.blank(theme.Text)
	return string(l.buf)
}

func (l *Line) put(k theme.Token, s string, cells int) *Line {
	l.blank(k)
	l.buf = l.theme.On(l.ground, k).Append(l.buf, s)
	l.beside = k
	l.left -= cells
	return l
}

// blanks gives n spaces.
func blanks(n int) string {
	const stock = "                                                                                "
	if n <= len(stock) {
		return stock[:max(0, n)]
	}
	return strings.Repeat(" ", n)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// fill gives exactly height lines: cut at the end, or filled with blank ones.
func fill(lines []string, width, height int) []string {
	height = max(0, height)
	for len(lines) < height {
		lines = append(lines, blanks(width))
	}
	return lines[:height]
}

// wrapped breaks a sentence into lines of one token.
func (k Look) wrapped(token theme.Token, s string, width int) []string {
	var lines []string
	for _, part := range safetext.Wrap(s, width) {
		lines = append(lines, k.Line(width).Text(token, part).String())
	}
	return lines
}
