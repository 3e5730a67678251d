package safetext

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Caret shows raw bytes of one line: control characters in caret notation
// ("^[" for ESC, "^M" for CR), bytes that are no visible text as "\x9B".
// Callers part lines first; more than 16 KiB of output is cut with "…".
func Caret(raw []byte) string {
	var b strings.Builder
	for len(raw) > 0 && b.Len() <= maxLine {
		r, size := utf8.DecodeRune(raw)
		switch {
		case r < 0x20 || r == 0x7F:
			b.WriteByte('^')
			b.WriteByte(raw[0] ^ 0x40)
		case r == utf8.RuneError && size == 1, !visible(r), selector(r), skinTone(r):
			for _, c := range raw[:size] {
				fmt.Fprintf(&b, `\x%02X`, c)
			}
		default:
			b.Write(raw[:size])
		}
		raw = raw[size:]
	}
	return Line(b.String())
}

// JSON makes an encoded JSON document, or a line of a log, safe to look at with
// any program: whatever shows nothing, or controls, is written as \uXXXX. In
// JSON that is the same value, as such runes stand in strings only. A newline
// stays, a tab becomes a space, invalid UTF-8 becomes \ufffd.
func JSON(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteByte('\n')
		case r == '\t':
			b.WriteByte(' ')
		case r == utf8.RuneError, !visible(r), selector(r):
			escape(&b, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// escape writes r as RFC 8259 section 7 does, in two halves above U+FFFF.
func escape(b *strings.Builder, r rune) {
	if r < 0x10000 {
		fmt.Fprintf(b, `\u%04x`, r)
		return
	}
	high, low := utf16.EncodeRune(r)
	fmt.Fprintf(b, `\u%04x\u%04x`, high, low)
}
