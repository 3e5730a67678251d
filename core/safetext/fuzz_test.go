package safetext

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

var seeds = []string{
	"", "Marie Dupont", "a\x1b[31mb\x1b]52;c;QQ==\a", "a\r\nb\tc\x00\x7f", "\u009b\u202e\u2066\u200d\u200b\ufeff",
	"●✓ ▸ ┃│─", "👨\u200d👩\u200d👧🇫🇷👍🏽☎\ufe0f", "\u0301\u0301", strings.Repeat("a\u0301", 40), "é" + strings.Repeat("\u0301", 5000),
	strings.Repeat("क्", 200), "किरण நாவல் น้ำ", "\u1112\u1161\u11ab\u1161", "دوبون شارع 12", "葛\U000e0100城", "\xff\xfe\x9b", "﷽ﷺ",
	"ｶﾞ", strings.Repeat("x", 20000), strings.Repeat("漢字 ", 400), "\u0d4ea", "\U000e0041\u3164\u00ad\u2028",
}

// forbidden gives the first rune of s that must never come out.
func forbidden(s string) rune {
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r < 0x20, 0x7F <= r && r <= 0x9F, r == utf8.RuneError && size == 1:
			return r
		case unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs, unicode.Bidi_Control, unicode.Variation_Selector):
			return r
		case strings.ContainsRune("●○✓✗▸┃│─\u3164\u115f\u1160\uffa0\u034f", r):
			return r
		}
	}
	return 0
}

func FuzzLine(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Line(s)
		if r := forbidden(got); r != 0 {
			t.Fatalf("Line(%q) = %q holds %U", s, got, r)
		}
		if again := Line(got); again != got {
			t.Fatalf("Line(%q) = %q, and again %q", s, got, again)
		}
		if len(got) > maxLine {
			t.Fatalf("Line of %d bytes has %d", len(s), len(got))
		}
		if w := ansi.StringWidth("x" + got + "x"); w != Width(got)+2 {
			t.Fatalf("Line(%q) = %q is %d wide, between letters %d", s, got, Width(got), w-2)
		}
		if w := ansi.StringWidthWc(got); w != Width(got) && !indic(got) {
			t.Fatalf("Line(%q) = %q is %d wide by cluster, %d by code point", s, got, Width(got), w)
		}
	})
}

// indic reports text in which the two ways to count may differ: spacing vowel
// signs and conjuncts.
func indic(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Mc, r) || conjunct(r) })
}

// conjunct reports the linkers of Unicode's Indic_Conjunct_Break.
func conjunct(r rune) bool {
	return strings.ContainsRune("\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d", r)
}

func FuzzBlock(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Block(s)
		if r := forbidden(strings.ReplaceAll(got, "\n", "")); r != 0 {
			t.Fatalf("Block(%q) = %q holds %U", s, got, r)
		}
		if again := Block(got); again != got {
			t.Fatalf("Block(%q) = %q, and again %q", s, got, again)
		}
	})
}

func FuzzFit(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, i)
	}
	f.Fuzz(func(t *testing.T, s string, cells int) {
		cells = min(max(cells, -1), 300)
		for name, got := range map[string]string{"Fit": Fit(s, cells), "FitRight": FitRight(s, cells)} {
			if Width(got) != max(0, cells) || len(got) > max(0, cells)*maxCluster {
				t.Fatalf("%s(%q, %d) = %q: %d cells, %d bytes", name, s, cells, got, Width(got), len(got))
			}
			if r := forbidden(got); r != 0 {
				t.Fatalf("%s(%q, %d) = %q holds %U", name, s, cells, got, r)
			}
		}
		if got := Cut(s, cells); Width(got) > max(0, cells) {
			t.Fatalf("Cut(%q, %d) = %q: %d cells", s, cells, got, Width(got))
		}
	})
}

func FuzzWrap(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, i)
	}
	f.Fuzz(func(t *testing.T, s string, cells int) {
		cells = min(max(cells, 0), 300)
		for _, line := range Wrap(s, cells) {
			if Width(line) > cells || forbidden(line) != 0 {
				t.Fatalf("Wrap(%q, %d) has %q", s, cells, line)
			}
		}
	})
}

func FuzzCaret(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if got := Caret(raw); forbidden(got) != 0 {
			t.Fatalf("Caret(%q) = %q", raw, got)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		encoded, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		got := JSON(string(encoded))
		for _, r := range got {
			if r < 0x20 || 0x7F <= r && r <= 0x9F || unicode.In(r, unicode.Cf, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
				t.Fatalf("JSON(%q) = %q holds %U", s, got, r)
			}
		}
		var back string
		if err := json.Unmarshal([]byte(got), &back); err != nil || back != strings.ToValidUTF8(s, "\ufffd") && utf8.ValidString(s) {
			t.Fatalf("JSON(%q) = %q reads as %q, %v", s, got, back, err)
		}
	})
}
