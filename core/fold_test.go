package core_test

import (
	"testing"
	"unicode/utf8"

	"willcall/core"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"Dupont": "dupont", "Éléonore": "eleonore", "Stra\u00dfe": "strasse", "STRA\u1e9eE": "strasse", "\ufb01nale": "finale", "ŒUVRE": "oeuvre",
		"Søren": "soren", "Łódź": "lodz", "İstanbul": "istanbul", "Ｔｏｋｙｏ": "tokyo", "№ 5": "no 5", "٣": "٣",
	} {
		if got := core.Fold(s); got != want {
			t.Errorf("%q folds to %q, want %q", s, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "Dupont", "Straße", "İstanbul", "ŒUVRE", "ﬁn", "ℌ", "a\xffb", "e\u0301\u0301", "각", "\u1b35\u0300\u1b44", "a\u302e\u0cc6\u1bf3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := core.Fold(s)
		if !utf8.ValidString(once) {
			t.Errorf("%q folds to broken %q", s, once)
		}
		if twice := core.Fold(once); twice != once {
			t.Errorf("%q folds to %q, and that to %q", s, once, twice)
		}
	})
}
