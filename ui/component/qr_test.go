package component_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"willcall/ui/component"
	"willcall/ui/theme"
	"willcall/ui/uitest"
)

const aURI = "otpauth://totp/willcall:olga@opera.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

// looks are those of all terminals that can show a code.
func looks() map[string]theme.Options {
	all := map[string]theme.Options{}
	for name, o := range map[string]theme.Options{
		"true colour": {Profile: colorprofile.TrueColor}, "256 colours": {Profile: colorprofile.ANSI256},
		"16 colours": {Profile: colorprofile.ANSI}, "no colour": {Profile: colorprofile.TrueColor, NoColour: true},
		"monochrome": {Profile: colorprofile.ASCII},
	} {
		all[name+", light"] = o
		o.Dark = true
		all[name+", dark"] = o
	}
	return all
}

func paperOf(o theme.Options) uitest.Paper {
	if o.Dark {
		return uitest.DarkPaper()
	}
	return uitest.LightPaper()
}

// code is that of [aURI].
func code(t testing.TB) *component.QR {
	t.Helper()
	q, err := component.NewQR(aURI)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// scan draws a code in the middle of a terminal, with letters around it, and
// reads it off the cells.
func scan(q *component.QR, o theme.Options, width, height int) (string, error) {
	cells, _, _ := q.Size(width, height)
	lines := q.Render(component.Look{Theme: theme.New(o)}, width, height)
	for i, line := range lines {
		lines[i] = "words " + line + " words"
	}
	edge := strings.Repeat("-", cells+12)
	lines = append(append([]string{edge}, lines...), edge)
	return uitest.Flatten(tea.NewView(strings.Join(lines, "\n")), cells+12, len(lines)).ScanQR(paperOf(o))
}

func TestR64ACodeIsReadOffTheScreenInEveryLook(t *testing.T) {
	t.Parallel()
	q := code(t)
	leastCells, leastLines := q.Needs()
	for name, o := range looks() {
		for _, room := range [][2]int{{leastCells, leastLines}, {80, 19}, {80, 22}, {120, 40}} {
			if got, err := scan(q, o, room[0], room[1]); err != nil || got != aURI {
				t.Errorf("%s, in %d by %d cells: read %q, %v", name, room[0], room[1], got, err)
			}
		}
	}
}

// TestACodeHasItsZone of light modules, as wide as there is room for.
func TestACodeHasItsZone(t *testing.T) {
	t.Parallel()
	q := code(t) // 33 modules
	for room, want := range map[[2]int][2]int{
		{120, 40}: {41, 21}, {80, 20}: {41, 20}, {80, 19}: {41, 19}, {38, 40}: {38, 21}, {37, 19}: {37, 19},
	} {
		cells, lines, ok := q.Size(room[0], room[1])
		if got := [2]int{cells, lines}; !ok || got != want {
			t.Errorf("in %v cells: %v, fits %t", room, got, ok)
		}
	}
	for _, room := range [][2]int{{36, 40}, {80, 18}, {0, 0}} {
		if _, _, ok := q.Size(room[0], room[1]); ok {
			t.Errorf("fits into %v cells", room)
		}
	}
}

// TestACodeIsOnlyShownWhereItCanBeRead leaves it away on a terminal that has no
// block letters, and where it is cut.
func TestACodeIsOnlyShownWhereItCanBeRead(t *testing.T) {
	t.Parallel()
	q := code(t)
	for name, o := range map[string]theme.Options{
		"ASCII": {Profile: colorprofile.TrueColor, ASCII: true}, "no styles": {Profile: colorprofile.NoTTY},
	} {
		if lines := q.Render(component.Look{Theme: theme.New(o)}, 120, 40); lines != nil {
			t.Errorf("%s: %q", name, lines)
		}
	}
	if lines := q.Render(component.Look{Theme: theme.New(theme.Options{Dark: true, Profile: colorprofile.TrueColor})}, 38, 8); lines != nil {
		t.Errorf("in 38 by 8 cells: %q", lines)
	}
}

// TestAKeyTakesLittleRoom holds that a key in base 32 has a segment of its own:
// without one the code of a usual address is four modules wider.
func TestAKeyTakesLittleRoom(t *testing.T) {
	t.Parallel()
	if cells, lines := code(t).Needs(); cells != 33+4 || lines != 19 {
		t.Errorf("needs %d by %d cells", cells, lines)
	}
}

func TestATextThatNoCodeHoldsIsRefused(t *testing.T) {
	t.Parallel()
	if q, err := component.NewQR(strings.Repeat("a", 3000)); err == nil {
		t.Errorf("a code of %v", q)
	}
}

// TestEveryAddressFitsOrSaysSo draws the code of addresses up to the longest: in
// the room there is it is read back, or there is none.
func TestEveryAddressFitsOrSaysSo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		local := rapid.StringMatching("[A-Za-z0-9.+_%=&?#-]{1,64}").Draw(t, "local part")
		domain := rapid.StringMatching("[a-z0-9.-]{3,189}").Draw(t, "domain")
		key := rapid.StringMatching("[A-Z2-7]{32}").Draw(t, "key")
		uri := "otpauth://totp/willcall:" + local + "@" + domain + "?secret=" + key
		q, err := component.NewQR(uri)
		if err != nil {
			t.Fatal(err)
		}
		height := rapid.IntRange(1, 60).Draw(t, "height")
		o := theme.Options{Dark: rapid.Bool().Draw(t, "dark"), Profile: colorprofile.TrueColor}
		cells, _, fits := q.Size(80, height)
		lines := q.Render(component.Look{Theme: theme.New(o)}, 80, height)
		if !fits {
			if lines != nil {
				t.Fatalf("doesn't fit, and draws %d lines", len(lines))
			}
			return
		}
		shown := uitest.Flatten(tea.NewView(strings.Join(lines, "\n")), cells, len(lines))
		if got, err := shown.ScanQR(paperOf(o)); err != nil || got != uri {
			t.Fatalf("read %q, %v", got, err)
		}
	})
}

// FuzzQR draws the code of any text.
func FuzzQR(f *testing.F) {
	f.Add(aURI, 80, 24)
	f.Add("", 40, 10)
	f.Add("ABC", 30, 20)
	f.Add("aABCb", 30, 20)
	f.Fuzz(func(t *testing.T, text string, width, height int) {
		width, height = width%200, height%100
		q, err := component.NewQR(text)
		if err != nil {
			return
		}
		cells, lines, fits := q.Size(width, height)
		drawn := q.Render(component.Look{Theme: theme.New(theme.Options{Profile: colorprofile.ANSI256})}, width, height)
		if fits != (drawn != nil) || fits && len(drawn) != lines {
			t.Fatalf("fits %t, %d lines of %d", fits, len(drawn), lines)
		}
		for _, line := range drawn {
			if got := ansi.StringWidth(line); got != cells || got > width {
				t.Fatalf("a line of %d cells, not %d", got, cells)
			}
		}
	})
}
