package safetext

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

func TestLineShowsWhatItTakesOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Marie Dupont", "Marie Dupont"},
		{"accents", "Zoé Müller", "Zoé Müller"},
		{"escape", "a\x1b[31mb", "a␛[31mb"},
		{"clipboard", "\x1b]52;c;QQ==\a", "␛]52;c;QQ==␇"},
		{"newlines", "a\r\nb\tc", "a␍␊b␉c"},
		{"delete and NUL", "a\x7fb\x00", "a␡b␀"},
		{"C1", "a\u009b31mb", "a�31mb"},
		{"invalid UTF-8", "a\x9b\xffb", "a��b"},
		{"bidi override", "a\u202eb\u2066c\u200f", "a�b�c�"},
		{"zero width", "a\u200bb\u200cc\u200dd\ufeff", "a�b�c�d�"},
		{"tags", "a\U000e0041b", "a�b"},
		{"soft hyphen and fillers", "a\u00adb\u3164c\uffa0\u034f", "a�b�c��"},
		{"separators", "a\u2028b\u2029c", "a�b�c"},
		{"spaces", "a\u00a0b\u3000c\u2800d", "a b c d"},
		{"private use", "a\ue000b", "a�b"},
		{"badge", "●✓ Marie ● ✗ 🟢✅", "·· Marie · · ··"},
		{"chrome", "▸ ┃ │ ─ ┼ █", "> | | - + #"},
		{"mark without a base", "\u0301a", "�a"},
		{"family", "👨\u200d👩\u200d👧", "👨👩👧"},
		{"joiner at the end", "👨\u200d", "👨�"},
		{"skin tone", "👍🏽 🏽", "👍 �"},
		{"flag", "🇫🇷", "FR"},
		{"emoji presentation", "☎\ufe0f\ufe0f", "☎�"},
		{"han variant", "葛\U000e0100城", "葛城"},
		{"Thai AM", "น้ำ", "น้\u0e4d\u0e32"},
		{"Korean in letters", "\u1112\u1161\u11ab", "한"},
		{"old Korean", "\u1161\ua960", "��"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Line(c.in); got != c.want {
				t.Errorf("Line(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestBlock(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a\nb\n":         "a\nb\n",
		"a\r\nb\rc\n\n":  "a\nb␍c\n\n",
		"é\tb\tc":        "é       b       c",
		"\u0301\n\u0301": "�\n�",
	} {
		if got := Block(in); got != want {
			t.Errorf("Block(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEveryVisibleRuneHasItsCells(t *testing.T) {
	t.Parallel()
	for r := range rune(unicode.MaxRune + 1) {
		if r > 0x323AF && r%251 != 0 { // hardly anything is assigned there
			continue
		}
		got := Line(string(r))
		if common(r) && (!visible(r) || form(r) != "" && r != ' ' || unicode.Is(unicode.M, r) || got != string(r)) {
			t.Errorf("%U is not to be taken as it is", r)
		}
		cells := Width(got)
		if measured := ansi.StringWidth(got); measured != cells {
			t.Errorf("%U becomes %q: %d cells here, %d by the screen's count", r, got, cells, measured)
		}
		if cells < 1 || cells > 2 {
			t.Errorf("%U becomes %q of %d cells", r, got, cells)
		}
		if wc := ansi.StringWidthWc(got); wc != cells {
			t.Errorf("%U becomes %q: %d cells by cluster, %d by code point", r, got, cells, wc)
		}
		if around := Width("x" + got + "x"); around != cells+2 {
			t.Errorf("%U becomes %q: joins its neighbours (%d cells with two letters)", r, got, around)
		}
	}
}

func TestFloodsStayInTheirCells(t *testing.T) {
	t.Parallel()
	flood := Line("e" + strings.Repeat("\u0301", 10000))
	if want := "e" + strings.Repeat("\u0301", maxMarks); flood != want {
		t.Errorf("a flood of accents became %d bytes", len(flood))
	}
	chain := Line(strings.Repeat("क्", 5000))
	if len(chain) > maxCluster || Width(chain) != 2 {
		t.Errorf("a chain of conjuncts became %d bytes in %d cells", len(chain), Width(chain))
	}
	word := Fit(strings.Repeat("w", 1<<20), 10)
	if word != "wwwwwwwww…" {
		t.Errorf("a long word became %q", word)
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in          string
		cells       int
		left, right string
	}{
		{"ab", 4, "ab  ", "  ab"},
		{"abcd", 4, "abcd", "abcd"},
		{"abcde", 4, "abc…", "abc…"},
		{"漢字漢", 4, "漢… ", " 漢…"},
		{"漢", 1, "…", "…"},
		{"", 2, "  ", "  "},
		{"ab", 0, "", ""},
		{"ab", -1, "", ""},
		{"دوبون", 8, "دوبون" + Barrier + "  ", "  دوبون" + Barrier},
		{"دوبون", 4, "دو…" + Barrier, "دو…" + Barrier},
		{"دوبون " + Barrier, 8, "دوبون" + Barrier + "  ", "  دوبون" + Barrier},
	} {
		if got := Fit(c.in, c.cells); got != c.left {
			t.Errorf("Fit(%q, %d) = %q, want %q", c.in, c.cells, got, c.left)
		}
		if got := FitRight(c.in, c.cells); got != c.right {
			t.Errorf("FitRight(%q, %d) = %q, want %q", c.in, c.cells, got, c.right)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in    string
		cells int
		want  []string
	}{
		{"one two three", 7, []string{"one two", "three"}},
		{"one\n\ntwo", 7, []string{"one", "", "two"}},
		{"  indented text", 10, []string{"  indented", "text"}},
		{"abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"漢字漢字", 5, []string{"漢字", "漢字"}},
		{"漢a", 1, []string{"�", "a"}},
		{"a\x1b[2Jb", 80, []string{"a␛[2Jb"}},
		{"a", 0, nil},
	} {
		if got := Wrap(c.in, c.cells); !slices.Equal(got, c.want) {
			t.Errorf("Wrap(%q, %d) = %q, want %q", c.in, c.cells, got, c.want)
		}
	}
}

func TestCaret(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"\x1b]0;t\a\r": "^[]0;t^G^M",
		"\x00\x7f\x9b": `^@^?\x9B`,
		"é \u202e":     `é \xE2\x80\xAE`,
		"● green":      "· green",
	} {
		if got := Caret([]byte(in)); got != want {
			t.Errorf("Caret(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"a":"é"}`:                  `{"a":"é"}`,
		"{\"a\":\"\u202e\u009b\"}\n": `{"a":"\u202e\u009b"}` + "\n",
		"\x1b[2J\xff":                `\u001b[2J\ufffd`,
		"\U000e0041":                 `\udb40\udc41`,
	} {
		if got := JSON(in); got != want {
			t.Errorf("JSON(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPlainTextIsNotCopied(t *testing.T) {
	text := "Marie Dupont, 12 rue de la Gare"
	for name, fn := range map[string]func(){
		"Line":  func() { Line(text) },
		"Block": func() { Block(text) },
		"Width": func() { Width(text) },
		"Fit":   func() { Fit(text, len(text)) },
		"Cut":   func() { Cut(text, 40) },
	} {
		if allocs := testing.AllocsPerRun(100, fn); allocs != 0 {
			t.Errorf("%s of plain text allocates %v times", name, allocs)
		}
	}
}

func BenchmarkLine(b *testing.B) {
	for name, text := range benchTexts {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Line(text)
			}
		})
	}
}

func BenchmarkFit(b *testing.B) {
	for name, text := range benchTexts {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Fit(text, 24)
			}
		})
	}
}

var benchTexts = map[string]string{
	"ascii":  "Marie Dupont-Martin",
	"french": "Zoé Müller-Façade",
	"han":    "山田太郎 東京都",
	"arabic": "دوبون شارع",
	"flood":  "e" + strings.Repeat("\u0301", 10000),
	"escape": "a\x1b[31mb\x1b]52;c;QQ==\a",
}
