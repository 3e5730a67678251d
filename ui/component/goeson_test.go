package component

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"willcall/ui/theme"
)

// edges are the first and the last line of what is drawn, without its looks.
func edges(lines []string) (first, last string) {
	return stripped(lines[0]), stripped(lines[len(lines)-1])
}

func TestAListSaysWhereItGoesOn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		options theme.Options
		more    string
	}{
		"dark":      {theme.Options{Dark: true}, "…"},
		"no colour": {theme.Options{Profile: colorprofile.ASCII}, "…"},
		"ASCII":     {theme.Options{Profile: colorprofile.ASCII, ASCII: true}, "~"},
	} {
		k := newLook(t, tt.options)
		l := newList(batch(0, 10, 10))
		first, last := edges(l.Render(k, 30, 5))
		if strings.HasPrefix(first, tt.more) || !strings.HasPrefix(last, tt.more+"  row 5") {
			t.Errorf("%s: at the beginning %q and %q", name, first, last)
		}
		keys(l, "end", "up", "up")
		first, last = edges(l.Render(k, 30, 5))
		if !strings.HasPrefix(first, tt.more+"  row 6") || strings.HasPrefix(last, tt.more) {
			t.Errorf("%s: at the end %q and %q", name, first, last)
		}
		if _, last = edges(newList(batch(0, 5, 5)).Render(k, 30, 5)); strings.HasPrefix(last, tt.more) {
			t.Errorf("%s: all are shown, and the last line is %q", name, last)
		}
	}
}

func TestAListOfUnknownLengthGoesOnToo(t *testing.T) {
	t.Parallel()
	b := batch(0, 5, -1)
	b.More = true
	if _, last := edges(newList(b).Render(darkLook(t), 30, 5)); !strings.HasPrefix(last, "…") {
		t.Errorf("the last line is %q", last)
	}
}

func TestAPickedRowAtTheEdgeKeepsItsSign(t *testing.T) {
	t.Parallel()
	l := newList(batch(0, 10, 10))
	l.Picks = true
	keys(l, "ctrl+a")
	if _, last := edges(l.Render(darkLook(t), 30, 5)); !strings.HasPrefix(last, "✓") {
		t.Errorf("the last line is %q", last)
	}
}

// TestAHeadingIsNotReadAsCut where the form goes on beyond it.
func TestAHeadingIsNotReadAsCut(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	lines := []string{k.Line(30).Gap(1).Text(theme.Strong, "Phones").String()}
	want := strings.TrimSuffix(stripped(lines[0]), " ") + "…"
	if got := stripped(k.cut(lines, false, true)[0]); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	exact(t, "a heading at the edge", lines, 30, 1)
}

func TestFactsAreNeverCutInAWord(t *testing.T) {
	t.Parallel()
	facts := []string{"individual", "Genève", "born 2008", "English"}
	for width := 16; width < 60; width++ {
		lines := darkLook(t).Detail(width).Facts(facts...).lines
		exact(t, fmt.Sprintf("facts in %d cells", width), lines, width, len(lines))
		for _, fact := range facts {
			if !strings.Contains(flat(lines), fact) {
				t.Errorf("%d cells lack %q:\n%s", width, fact, stripped(strings.Join(lines, "\n")))
			}
		}
	}
}

func TestAFieldYieldsRoomToItsHint(t *testing.T) {
	t.Parallel()
	f := NewForm(Field{Name: "a", Label: "Address", Yields: true}, Field{Name: "b", Label: "Other", Hint: "short"})
	where := func(hint string) string {
		f.Change("a", func(field *Field) { field.Hint = hint })
		for _, line := range f.Render(darkLook(t), 100, 10) {
			if at := stripped(line); strings.Contains(at, "Address") {
				return at
			}
		}
		return ""
	}
	long := strings.Repeat("h", 45)
	if line := where(long); !strings.HasSuffix(strings.TrimRight(line, " "), long) {
		t.Errorf("a hint that fits by what the field yields isn't beside it: %q", line)
	}
	if line := where(strings.Repeat("h", 60)); strings.Contains(line, "h") {
		t.Errorf("a hint that doesn't fit is beside: %q", line)
	}
}
