package core

import "strings"

// Limits of a phone number, in digits (ITU-T E.164 allows 15; extensions and
// trunk prefixes may follow).
const (
	minPhone = 3
	maxPhone = 20
)

// CheckPhone refuses what is not a phone number as people write one: digits
// with blanks, dots, slashes, hyphens and brackets between them and a plus in
// front. An empty text is fine. It fails with [CodePhone].
func CheckPhone(s string) error {
	s = CleanLine(s)
	if s == "" {
		return nil
	}
	if rest := strings.TrimPrefix(s, "+"); strings.Trim(rest, "0123456789 ./-()") != "" || strings.Contains(rest, "+") {
		return badPhone("letters")
	}
	if n := len(PhoneDigits(s)); n < minPhone || n > maxPhone {
		return badPhone("length")
	}
	return nil
}

// PhoneDigits is what numbers are compared and searched by.
func PhoneDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// badPhone refuses a number; why is a key below "phone." in the catalogue.
func badPhone(why string) error { return Refuse(CodePhone).With("why", why) }
