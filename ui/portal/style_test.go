package portal

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// colours reads the custom properties of a part of the style sheet.
func colours(css string) map[string]string {
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(css, -1) {
		found[m[1]] = m[2]
	}
	return found
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func TestContrastOfText(t *testing.T) {
	t.Parallel()
	light, dark, found := strings.Cut(style, "@media (prefers-color-scheme: dark)")
	if !found {
		t.Fatal("no dark colours")
	}
	for name, css := range map[string]string{"light": light, "dark": dark} {
		c := colours(css)
		for _, pair := range [][2]string{
			{"ink", "card"},
			{"ink", "paper"},
			{"ink", "field"},
			{"quiet", "card"},
			{"quiet", "paper"},
			{"on-accent", "accent"},
			{"on-accent", "accent-over"},
			{"on-notice", "notice"},
			{"accent", "card"},
			{"good", "card"},
		} {
			if c[pair[0]] == "" || c[pair[1]] == "" {
				t.Fatalf("%s: no colour %v", name, pair)
			}
			a, b := luminance(t, c[pair[0]]), luminance(t, c[pair[1]])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f", name, pair[0], pair[1], ratio)
			}
		}
	}
}

func TestServerHasLimits(t *testing.T) {
	t.Parallel()
	s := newServer(New(Config{}))
	got := [...]time.Duration{s.ReadHeaderTimeout, s.ReadTimeout, s.WriteTimeout, s.IdleTimeout}
	want := [...]time.Duration{5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute}
	if got != want {
		t.Errorf("times %v, want %v", got, want)
	}
}
