package main

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzAnswers holds that whatever is stored, an answer is lines without a
// control character, in valid UTF-8.
func FuzzAnswers(f *testing.F) {
	f.Add("C-000001", "Dupont Marie", true)
	f.Add(hostileName, "a\r\nb\tc", false)
	f.Add("\xff\u0301", strings.Repeat("\u0301", 50), true)
	f.Fuzz(func(t *testing.T, a, b string, asJSON bool) {
		list := contactList{Contacts: []contactRow{{Number: a, Name: b, City: a}}}
		var out strings.Builder
		if err := printAnswer(&out, list, asJSON); err != nil {
			t.Fatal(err)
		}
		bad := strings.IndexFunc(out.String(), func(r rune) bool { return r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0) })
		if bad >= 0 || !utf8.ValidString(out.String()) {
			t.Errorf("%q holds what a terminal obeys", out.String())
		}
	})
}

// FuzzPeople holds that sample names of any form are read or refused by their
// line.
func FuzzPeople(f *testing.F) {
	f.Add("[fr 24 France]\nfirst = Zoé, Léo\nlast = Roux/roux\n")
	f.Add("first = a")
	f.Add("[fr x y]")
	f.Fuzz(func(t *testing.T, raw string) {
		if _, err := parsePeople([]byte(raw)); err != nil && !strings.Contains(err.Error(), "line") && !strings.Contains(err.Error(), "token too long") {
			t.Errorf("%q: %v", raw, err)
		}
	})
}
