package safetext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of what comes out, in bytes.
const (
	maxLine    = 16 << 10
	maxBlock   = 1 << 20
	maxCluster = 64 // one grapheme cluster: a base, its marks, conjuncts
	maxGrowth  = 4  // input read, in multiples of the bound: most of it may be dropped
)

const (
	tabStop  = 8
	ellipsis = "…"
)

// Line cleans s into one line of at most 16 KiB; a longer one ends in "…".
// Line breaks show as their picture. Cleaning twice changes nothing more.
func Line(s string) string {
	if len(s) <= maxLine && plain(s) {
		return s
	}
	return cleanLine(s, maxLine)
}

// Block cleans s into lines parted by "\n", of at most 1 MiB in all. CR LF
// becomes "\n", a lone CR its picture, a tab the spaces up to the next multiple
// of eight cells. Cleaning twice changes nothing more.
func Block(s string) string {
	if len(s) <= maxBlock && plainBlock(s) {
		return s
	}
	s = strings.ReplaceAll(clip(s, maxBlock), "\r\n", "\n")
	var b strings.Builder
	b.Grow(len(s))
	for line := range strings.Lines(s) {
		body, broken := strings.CutSuffix(line, "\n")
		b.WriteString(expand(body))
		if broken {
			b.WriteByte('\n')
		}
	}
	return clip(b.String(), maxBlock)
}

// expand cleans one line of a block and turns its tabs into spaces.
func expand(line string) string {
	first, rest, tabbed := strings.Cut(line, "\t")
	if !tabbed {
		return cleanLine(line, maxBlock)
	}
	var b strings.Builder
	part := cleanLine(first, maxBlock)
	b.WriteString(part)
	for tabbed {
		b.WriteString(blanks(tabStop - Width(part)%tabStop))
		first, rest, tabbed = strings.Cut(rest, "\t")
		part = cleanLine(first, maxBlock)
		b.WriteString(part)
	}
	return b.String()
}

// plain reports text that needs no cleaning: printable ASCII.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7E {
			return false
		}
	}
	return true
}

// plainBlock is [plain] for lines parted by "\n".
func plainBlock(s string) bool {
	for i := range len(s) {
		if (s[i] < 0x20 || s[i] > 0x7E) && s[i] != '\n' {
			return false
		}
	}
	return true
}

func cleanLine(s string, bound int) string {
	if plain(s) {
		return clip(s, bound)
	}
	s = clip(s, maxGrowth*bound)
	if strings.ContainsFunc(s, jamo) {
		s = norm.NFC.String(s)
	}
	c := cleaner{out: make([]byte, 0, min(len(s)+utf8.UTFMax, bound+maxCluster))}
	for len(s) > 0 && len(c.out) <= bound {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		if r == utf8.RuneError && size == 1 {
			r = mark
		}
		c.take(r, s)
	}
	return clip(boundClusters(string(c.out)), bound)
}

// clip shortens s to at most bound bytes, with an ellipsis for what is lost.
func clip(s string, bound int) string {
	if len(s) <= bound {
		return s
	}
	end := bound - len(ellipsis)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + ellipsis
}

// boundClusters shortens every grapheme cluster above the bound and puts a mark
// where it was cut: chains of conjuncts take one cell and no end of bytes.
func boundClusters(s string) string {
	if len(s) <= maxCluster {
		return s
	}
	var b strings.Builder
	kept := 0
	for at := 0; at < len(s); {
		size, _ := cluster(s[at:])
		if size > maxCluster {
			end := maxCluster - utf8.RuneLen(mark)
			for !utf8.RuneStart(s[at+end]) {
				end--
			}
			b.WriteString(s[kept : at+end])
			b.WriteRune(mark)
			kept = at + size
		}
		at += size
	}
	if kept == 0 {
		return s
	}
	b.WriteString(s[kept:])
	return b.String()
}

// cleaner writes one line. base is the rune that marks and selectors belong
// to, as it was in the data; 0 at the beginning.
type cleaner struct {
	out      []byte
	base     rune
	marks    int
	selected bool
}

// take writes r; rest is what follows it.
func (c *cleaner) take(r rune, rest string) {
	switch {
	case common(r):
		c.put(r, r)
	case r < 0x20:
		c.put(pictureC0+r, r)
	case r == 0x7F:
		c.put(pictureDEL, r)
	case selector(r):
		c.selector()
	case r == zeroWidthJoiner:
		next, _ := utf8.DecodeRuneInString(rest)
		c.dropIf(pictograph(c.base) && pictograph(next))
	case skinTone(r):
		c.dropIf(pictograph(c.base))
	case combining(r) && visible(r):
		c.combine(r)
	default:
		c.letter(r)
	}
}

// letter writes what stands in a cell of its own.
func (c *cleaner) letter(r rune) {
	if other := form(r); other != "" {
		for _, part := range other {
			c.take(part, "")
		}
		return
	}
	if !visible(r) {
		c.put(mark, mark)
		return
	}
	if sign, ok := chrome(r); ok {
		c.put(sign, r)
		return
	}
	c.put(r, r)
}

func (c *cleaner) put(r, base rune) {
	c.out = utf8.AppendRune(c.out, r)
	c.base, c.marks, c.selected = base, 0, false
}

// combine writes a combining mark: not without a base, or it would sit on the
// cell before the text, and not more than [maxMarks] of them.
func (c *cleaner) combine(r rune) {
	if c.base == 0 {
		c.put(mark, mark)
		return
	}
	if c.marks < maxMarks {
		c.out = utf8.AppendRune(c.out, r)
	}
	c.marks++
}

// selector drops one variation selector where it is in its place; others
// would be a way to hide text.
func (c *cleaner) selector() {
	fits := pictograph(c.base) || unicode.Is(unicode.Han, c.base) || keycap(c.base)
	c.dropIf(fits && !c.selected)
	c.selected = true
}

// dropIf leaves the present rune out where ok, else writes a mark for it.
func (c *cleaner) dropIf(ok bool) {
	if !ok {
		c.put(mark, mark)
	}
}
