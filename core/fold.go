package core

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold is the form in which texts are compared in a search: compatibility
// letters as the plain ones (Unicode NFKD), lower case, without accents, ß as
// ss, æ as ae, ø as o, ł as l. It is valid UTF-8, and folding it again changes
// nothing.
func Fold(s string) string {
	if isPlain(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "\ufffd")) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		r = unicode.ToLower(r)
		if folded, ok := foldLetter(r); ok {
			b.WriteString(folded)
		} else {
			b.WriteRune(r)
		}
	}
	return norm.NFKD.String(b.String()) // with an accent gone, other marks may stand in another order
}

// foldLetter maps letters that have no decomposition.
func foldLetter(r rune) (string, bool) {
	switch r {
	case 'ß':
		return "ss", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'ø':
		return "o", true
	case 'ł':
		return "l", true
	case 'đ', 'ð':
		return "d", true
	case 'þ':
		return "th", true
	case 'ı':
		return "i", true
	}
	return "", false
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
