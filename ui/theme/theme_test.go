package theme

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// luminance is WCAG 2.2's relative luminance of 0xRRGGBB.
func luminance(rgb int) float64 {
	part := func(v int) float64 {
		c := float64(v&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(rgb>>16) + 0.7152*part(rgb>>8) + 0.0722*part(rgb)
}

func contrast(a, b int) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// of256 is xterm's fixed part of the 256 colours.
func of256(i int) int {
	if i >= 232 {
		v := 8 + 10*(i-232)
		return v<<16 | v<<8 | v
	}
	steps := [6]int{0, 0x5f, 0x87, 0xaf, 0xd7, 0xff}
	i -= 16
	return steps[i/36]<<16 | steps[i/6%6]<<8 | steps[i%6]
}

func TestContrastReachesFourAndAHalf(t *testing.T) {
	t.Parallel()
	looks := map[string]struct {
		look  palette
		pages []int
	}{
		"dark":  {dark(), []int{0x000000, 0x1e1e1e, 0x282c34}},
		"light": {light(), []int{0xffffff, 0xfafafa, 0xfdf6e3}},
	}
	for name, l := range looks {
		for g := range grounds {
			for k := range tokens {
				if k == Rule {
					continue // lines carry no meaning
				}
				checkContrast(t, fmt.Sprintf("%s ground %d token %d", name, g, k), l.look, g, k, l.pages)
			}
		}
	}
}

// hex is a colour as 0xRRGGBB.
func hex(c ansi.RGBColor) int { return int(c.R)<<16 | int(c.G)<<8 | int(c.B) }

func checkContrast(t *testing.T, name string, p palette, g Ground, k Token, pages []int) {
	t.Helper()
	fore := p.tokens[k]
	if !fore.present || g != Page && (k == Text || k == Strong || k == Header) {
		fore = p.grounds[g].fore
	}
	if !fore.present {
		return // the terminal's own on its own
	}
	full, indexed := pages, pages
	if back := p.grounds[g].back; back.present {
		full, indexed = []int{hex(back.full)}, []int{of256(int(back.of256))}
	}
	for _, back := range full {
		if c := contrast(hex(fore.full), back); c < 4.5 {
			t.Errorf("%s, true colour on %06x: %.2f", name, back, c)
		}
	}
	for _, back := range indexed {
		if c := contrast(of256(int(fore.of256)), back); c < 4.5 {
			t.Errorf("%s, 256 colours on %06x: %.2f", name, back, c)
		}
	}
}

func TestEveryPairFitsItsProfile(t *testing.T) {
	t.Parallel()
	forbidden := map[colorprofile.Profile][]string{
		colorprofile.TrueColor: {";5;"},
		colorprofile.ANSI256:   {"38;2;", "48;2;"},
		colorprofile.ANSI:      {"38;", "48;"},
		colorprofile.ASCII:     {"3", "9", "10"},
		colorprofile.NoTTY:     {"\x1b"},
	}
	for profile, parts := range forbidden {
		for _, isDark := range []bool{true, false} {
			th := New(Options{Dark: isDark, Profile: profile})
			for g := range grounds {
				for k := range tokens {
					got := th.On(g, k).Render("x")
					if ansi.Strip(got) != "x" {
						t.Fatalf("%v: text changed to %q", profile, got)
					}
					for _, part := range parts {
						if strings.Contains(got, part) {
							t.Errorf("%v, ground %d, token %d: %q", profile, g, k, got)
						}
					}
				}
			}
		}
	}
}

func TestNoColourBeatsTheProfile(t *testing.T) {
	t.Parallel()
	th := New(Options{Dark: true, Profile: colorprofile.TrueColor, NoColour: true})
	if got := th.Style(Green).Render("x"); got != "x" {
		t.Errorf("green without colour is %q", got)
	}
	if got := th.On(Selected, Text).Render("x"); got != "\x1b[7mx\x1b[m" {
		t.Errorf("the selected row without colour is %q", got)
	}
}

func TestColourIsThatOfTheStyle(t *testing.T) {
	t.Parallel()
	for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256, colorprofile.ANSI, colorprofile.ASCII, colorprofile.NoTTY} {
		th := New(Options{Dark: true, Profile: profile})
		for _, k := range []Token{Text, Muted, Green, Red, Rule} { // none of them is bold
			want := "x"
			if c := th.Colour(k); c != nil {
				want = ansi.NewStyle().ForegroundColor(c).Styled("x")
			}
			if got := th.Style(k).Render("x"); got != want {
				t.Errorf("%v, token %d: %q, want %q", profile, k, got, want)
			}
		}
	}
}

func TestSignsKeepTheirWidth(t *testing.T) {
	t.Parallel()
	for _, plain := range []bool{false, true} {
		th := New(Options{ASCII: plain})
		s := th.Signs
		for _, sign := range []string{s.Select, s.Bar, s.Rule, s.Divider, s.Into, s.Opens, s.Dot, s.Absent, s.More, s.Required, s.Hidden, s.Done, s.Wrong} {
			if ansi.StringWidth(sign) != 1 {
				t.Errorf("sign %q is not one cell wide", sign)
			}
		}
		for m := MarkNone; m <= MarkGreen; m++ {
			sign, _ := th.Marker(m)
			if ansi.StringWidth(sign) != s.MarkWidth {
				t.Errorf("marker %q is not %d cells wide", sign, s.MarkWidth)
			}
			if plain && strings.ContainsFunc(sign, func(r rune) bool { return r > 0x7e }) {
				t.Errorf("marker %q is not ASCII", sign)
			}
		}
	}
}

func TestMarkersDifferWithoutColour(t *testing.T) {
	t.Parallel()
	th := New(Options{NoColour: true})
	seen := map[string]bool{}
	for m := MarkNone; m <= MarkGreen; m++ {
		sign, _ := th.Marker(m)
		seen[sign] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d different markers, want 3", len(seen))
	}
}

func TestSelectedRowIsUniformInSixteenColours(t *testing.T) {
	t.Parallel()
	for _, isDark := range []bool{true, false} {
		th := New(Options{Dark: isDark, Profile: colorprofile.ANSI})
		for k := range tokens {
			if got := th.On(Selected, k).Render("x"); got != "\x1b[7mx\x1b[m" {
				t.Errorf("dark %v, token %d: %q", isDark, k, got)
			}
		}
	}
}

// TestNoTwoMeaningsShareALook compares what carries a meaning of its own, where
// there are few colours or none. What is muted and lines carry none, and without
// colour a status is told by its sign and its word.
func TestNoTwoMeaningsShareALook(t *testing.T) {
	t.Parallel()
	all := []Token{Text, Strong, Accent, Green, Red, Amber, Error}
	for _, isDark := range []bool{true, false} {
		for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256, colorprofile.ANSI} {
			th := New(Options{Dark: isDark, Profile: profile})
			seen := map[string]Token{}
			for _, k := range all {
				look := th.Style(k).Render("x")
				if other, taken := seen[look]; taken && profile == colorprofile.ANSI {
					t.Errorf("dark %v: tokens %d and %d look the same, %q", isDark, other, k, look)
				}
				seen[look] = k
			}
			if th.Style(Green).Render("x") == th.Style(Red).Render("x") || th.Style(Red).Render("x") == th.Style(Amber).Render("x") {
				t.Errorf("dark %v, %v: two statuses look the same", isDark, profile)
			}
		}
		for _, o := range []Options{{Profile: colorprofile.ANSI}, {Profile: colorprofile.TrueColor, NoColour: true}} {
			o.Dark = isDark
			th, seen := New(o), map[string]bool{}
			for _, g := range []Ground{Page, Selected, Field, Focused} {
				seen[th.On(g, Text).Render("x")] = true
			}
			if len(seen) != 4 {
				t.Errorf("%+v: two grounds look the same: %v", o, seen)
			}
		}
	}
}
