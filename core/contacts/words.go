package contacts

import (
	"strconv"
	"strings"
	"unicode"

	"willcall/core"
)

// Digits of a phone number: how many of its end are enough to find it, and from
// how many on a text is taken for one however it is grouped.
const (
	phoneEnd   = 4
	phoneWhole = 7
)

// terms are the folded words of a query. A whole phone number is one word,
// without its grouping and trunk zeros, since people group as they like.
func terms(text string) []string {
	digits := core.PhoneDigits(text)
	if bare := strings.TrimLeft(digits, "0"); bare != "" && len(digits) >= phoneWhole && core.CheckPhone(text) == nil {
		return []string{bare}
	}
	words := strings.Fields(Fold(text))
	for i, w := range words {
		if digits := strings.TrimPrefix(w, "+"); digits != "" && digits == core.PhoneDigits(w) {
			words[i] = digits
		}
	}
	return words
}

// searchWords are the folded words a contact is found by. The address counts
// whole and by its parts; the number with and without its letter and zeros; a
// phone by its digits from any one on, so that its end finds it.
func searchWords(c Contact) []string {
	words := numberWords(c.Number)
	for _, s := range []string{c.Email.Typed, c.Email.Key, c.LastName, c.FirstName, c.Company, c.City()} {
		for _, w := range strings.Fields(Fold(s)) {
			words = append(append(words, w), parts(w)...)
		}
	}
	for _, p := range c.Phones {
		words = append(words, phoneWords(p.Number)...)
	}
	return words
}

// phoneWords are a phone number's digits, from each one on up to the last four.
func phoneWords(number string) []string {
	digits := core.PhoneDigits(number)
	words := []string{digits}
	for i := 1; i <= len(digits)-phoneEnd; i++ {
		words = append(words, digits[i:])
	}
	return words
}

// numberWords are the ways to write a contact's number.
func numberWords(number uint64) []string {
	full, bare := strings.ToLower(NumberText(number)), strconv.FormatUint(number, 10)
	return []string{full, "c-" + bare, strings.TrimPrefix(full, "c-"), bare}
}

// parts splits a word at everything that is neither letter nor digit.
func parts(word string) []string {
	return strings.FieldsFunc(word, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}
