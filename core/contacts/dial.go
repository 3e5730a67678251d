package contacts

import (
	"slices"
	"strings"

	"willcall/core"
)

// Digits of a phone number: how many of its end are enough to find it, and from
// how many on a text is taken for one however it is grouped.
const (
	phoneEnd   = 4
	phoneWhole = 7
)

// Every phone number has one word for callers' numbers, which come with their
// country code: the number as ITU-T E.164 writes it, or where it was typed
// without a code, another sign and the number as its own country dials it.
const (
	plus      = "+"
	noCountry = "="
)

// dialled is a number that begins with a country code, as digits.
type dialled struct {
	code     string // of one to three digits
	national string // without trunk zeros
}

// parseDialled reads a number with a plus or 00 in front; ok is false for any
// other.
func parseDialled(number string) (d dialled, ok bool) {
	digits := core.PhoneDigits(number)
	if !strings.HasPrefix(number, plus) {
		rest, found := strings.CutPrefix(digits, "00")
		if !found {
			return dialled{}, false
		}
		digits = rest
	}
	if digits == "" || digits[0] == '0' {
		return dialled{}, false
	}
	n := min(codeLength(digits), len(digits))
	return dialled{code: digits[:n], national: strings.TrimLeft(digits[n:], "0")}, true
}

// codeLength is how many digits the country code has that a number begins with
// (ITU-T E.164, list of assigned codes).
func codeLength(digits string) int {
	if digits[0] == '1' || digits[0] == '7' {
		return 1
	}
	twos := [...]string{
		2: "07", 3: "0123469", 4: "013456789", 5: "12345678", 6: "0123456", 8: "1246", 9: "0123458",
	}
	if len(digits) > 1 && strings.IndexByte(twos[digits[0]-'0'], digits[1]) >= 0 {
		return 2
	}
	return 3
}

// phoneWords are what a phone number is found by: its digits from each one on up
// to the last four, the number with its country code, and as it is dialled
// within its country.
func phoneWords(number string) []string {
	digits := core.PhoneDigits(number)
	words := []string{digits}
	for i := 1; i <= len(digits)-phoneEnd; i++ {
		words = append(words, digits[i:])
	}
	d, ok := parseDialled(number)
	if !ok {
		return append(words, noCountry+strings.TrimLeft(digits, "0"))
	}
	return append(words, plus+d.code+d.national, d.code+d.national, "0"+d.national)
}

// phoneTerm is what a phone number asks for; ok is false where a text isn't
// taken for one. With a country code it asks for the number with that code, and
// once enough of it is there also for the same one typed without a code, or
// with the code but no plus.
func phoneTerm(text string) (t term, ok bool) {
	if core.CheckPhone(text) != nil {
		return nil, false
	}
	digits := core.PhoneDigits(text)
	whole := len(digits) >= phoneWhole
	d, ok := parseDialled(text)
	switch {
	case ok && (whole || strings.HasPrefix(text, plus)):
		t = term{plus + d.code + d.national}
		if len(d.national) >= phoneEnd {
			t = append(t, noCountry+d.national, noCountry+d.code+d.national)
		}
		return t, true
	case whole:
		bare := strings.TrimLeft(digits, "0")
		return term{bare}, bare != ""
	}
	return nil, false
}

// begins reports whether a term begins one of some words.
func (t term) begins(words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.ContainsFunc(t, func(way string) bool { return strings.HasPrefix(word, way) })
	})
}
