package safetext

import "unicode"

const (
	mark            = '\uFFFD' // stands for a character that must not be shown
	pictureC0       = '\u2400' // picture of NUL; those of the other controls follow
	pictureDEL      = '\u2421'
	zeroWidthJoiner = '\u200D'
	barrierRune     = '\u2800'
)

// Barrier is a blank cell of the bidirectional class L (U+2800, a braille
// pattern without dots; UAX #9 section 3.2). In data it becomes a space.
const Barrier = string(barrierRune)

// maxMarks is the number of combining marks kept on one base.
const maxMarks = 8

// visible reports runes that take a cell, or mark one, and show something in
// it. What Unicode calls graphic is not all: fillers and joiners show nothing,
// and a few letters join the cell of what follows or precedes them.
func visible(r rune) bool {
	if r < 0x0300 {
		return unicode.IsGraphic(r)
	}
	return unicode.IsGraphic(r) && !jamo(r) && !filler(r) && !joining(r) && !odd(r)
}

// common reports the letters and signs of the most frequent scripts that need
// no further look: the other checks search tables.
func common(r rune) bool {
	return 0x20 <= r && r <= 0x7E || 0xA1 <= r && r <= 0x2FF && r != 0xAD ||
		0x0391 <= r && r <= 0x03A1 || 0x03A3 <= r && r <= 0x0481 || 0x0620 <= r && r <= 0x064A ||
		0x3041 <= r && r <= 0x3096 || 0x30A1 <= r && r <= 0x30FA ||
		0x4E00 <= r && r <= 0x9FFF || 0xAC00 <= r && r <= 0xD7A3
}

// jamo reports the conjoining letters of Hangul. Those of modern Korean are
// composed before the cleaning; the others have no width of their own.
func jamo(r rune) bool {
	return 0x1100 <= r && r <= 0x11FF || 0xA960 <= r && r <= 0xA97F || 0xD7B0 <= r && r <= 0xD7FF
}

// combining reports marks that sit on the rune before them.
func combining(r rune) bool { return 0x0300 <= r && r <= 0x036F || unicode.Is(unicode.M, r) }

func filler(r rune) bool {
	switch r {
	case 0x034F, 0x17B4, 0x17B5, 0x3164, 0xFFA0:
		return true
	}
	return false
}

// joining reports the letters of UAX #29 Grapheme_Cluster_Break=Prepend, which
// would swallow the first letter of the next column.
func joining(r rune) bool {
	switch r {
	case 0x0D4E, 0x111C2, 0x111C3, 0x113D1, 0x1193F, 0x11941, 0x11D46, 0x11F02:
		return true
	}
	return 0x11A84 <= r && r <= 0x11A89
}

// odd reports marks that are counted as a cell or two by code point and as
// none, or another number, by cluster, without being vowel signs.
func odd(r rune) bool {
	switch r {
	case 0x1CF3, 0x302E, 0x302F, 0x16FF0, 0x16FF1, 0x1D165, 0x1D166:
		return true
	}
	return 0x1D16D <= r && r <= 0x1D172
}

// selector reports variation selectors, which show nothing of their own.
func selector(r rune) bool {
	return 0x180B <= r && r <= 0x180F || 0xFE00 <= r && r <= 0xFE0F || 0xE0100 <= r && r <= 0xE01EF
}

// pictograph reports what may carry a joiner, a skin tone or a selector.
func pictograph(r rune) bool { return r > 0x7F && r != mark && unicode.Is(unicode.So, r) }

func skinTone(r rune) bool { return 0x1F3FB <= r && r <= 0x1F3FF }

func keycap(r rune) bool { return '0' <= r && r <= '9' || r == '#' || r == '*' }

// form gives the spelling of r that is counted alike by cluster and by code
// point, or "" where that is r itself.
func form(r rune) string {
	switch {
	case r == 0x0E33: // Thai AM
		return "\u0E4D\u0E32"
	case r == 0x0EB3: // Lao AM
		return "\u0ECD\u0EB2"
	case r == 0xFF9E: // half-width voiced mark
		return "\u309B"
	case r == 0xFF9F:
		return "\u309C"
	case 0x1F1E6 <= r && r <= 0x1F1FF: // flags
		return string('A' + r - 0x1F1E6)
	case r == barrierRune, unicode.Is(unicode.Zs, r):
		return " "
	}
	return ""
}

// chrome gives what a sign that carries meaning on our screens becomes in
// data: nobody draws a badge, a rule or a code's squares with a name.
func chrome(r rune) (sign rune, ok bool) {
	switch {
	case r < 0x2500:
		return 0, false
	case r <= 0x257F:
		return boxLine(r), true
	case r <= 0x259F: // blocks
		return '#', true
	case r == '▶', r == '▸', r == '►', r == '▹', r == '▷', r == '▻':
		return '>', true
	case r <= 0x25FF: // circles and other shapes
		return '·', true
	}
	return '·', badge(r)
}

// boxLine gives the ASCII form of a box-drawing character.
func boxLine(r rune) rune {
	switch r {
	case '─', '━', '┄', '┅', '┈', '┉', '═', '╌', '╍', '╴', '╶', '╸', '╺', '╼', '╾':
		return '-'
	case '│', '┃', '┆', '┇', '┊', '┋', '║', '╎', '╏', '╵', '╷', '╹', '╻', '╽', '╿':
		return '|'
	}
	return '+'
}

// badge reports circles, check marks and crosses outside the geometric shapes.
func badge(r rune) bool {
	switch {
	case 0x2610 <= r && r <= 0x2612, r == 0x26AA, r == 0x26AB, r == 0x2705, 0x2713 <= r && r <= 0x2718,
		0x274C <= r && r <= 0x274E, r == 0x2B1B, r == 0x2B1C, r == 0x2B24, r == 0x2B55, r == 0x2BBD,
		r == 0x1F518, 0x1F532 <= r && r <= 0x1F535, 0x1F5F4 <= r && r <= 0x1F5F9, 0x1F7E0 <= r && r <= 0x1F7EB:
		return true
	}
	return false
}

// rightToLeft reports letters, marks and digits of the bidirectional classes R,
// AL and AN, by the blocks UAX #9 reserves for them.
func rightToLeft(r rune) bool {
	return 0x0590 <= r && r <= 0x08FF || 0xFB1D <= r && r <= 0xFDFF || 0xFE70 <= r && r <= 0xFEFF ||
		0x10800 <= r && r <= 0x10FFF || 0x1E800 <= r && r <= 0x1EFFF
}
