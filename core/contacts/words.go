package contacts

import (
	"strconv"
	"strings"
	"unicode"

	"willcall/core"
)

// term is one thing that a query asks for: each of its ways to write it will
// do.
type term []string

// terms are what a query asks for, folded: its words. A whole phone number is
// one of them, without its grouping, since people group as they like.
func terms(text string) []term {
	text = strings.TrimSpace(core.Fold(text))
	if phone, ok := phoneTerm(text); ok {
		return []term{phone}
	}
	words := strings.Fields(text)
	all := make([]term, len(words))
	for i, w := range words {
		all[i] = term{w}
		if phone, ok := phoneTerm(w); ok && strings.HasPrefix(w, plus) {
			all[i] = phone
		}
	}
	return all
}

// searchWords are the folded words a contact is found by. The mail address
// counts whole and by its parts; the number with and without its letter and
// zeros; a phone as [phoneWords] says; every postal address but its country.
func searchWords(c Contact) []string {
	words := numberWords(c.Number)
	texts := []string{c.Email.Typed, c.Email.Key, c.LastName, c.FirstName, c.Company}
	for _, p := range c.Postals {
		texts = append(texts, p.Street, p.PostalCode, p.City)
	}
	for _, s := range texts {
		for _, w := range strings.Fields(core.Fold(s)) {
			words = append(append(words, w), parts(w)...)
		}
	}
	for _, p := range c.Phones {
		words = append(words, phoneWords(p.Number)...)
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
