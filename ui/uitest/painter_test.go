package uitest_test

import (
	"bytes"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/uitest"
)

// repaint is what a recording holds where the renderer was asked for the whole
// screen, since a frame took too long.
const repaint = "\x1b[2J"

func TestPainterWritesWhatBubbleTeaWrites(t *testing.T) {
	t.Parallel()
	at := func(content string, x, y int) tea.View {
		v := tea.NewView(content)
		v.Cursor = tea.NewCursor(x, y)
		return v
	}
	views := []tea.View{
		tea.NewView("one\n\x1b[32mtwo\x1b[m\nthree"), tea.NewView("one\n\x1b[32mtwos\x1b[m\nthree 山"),
		at("one\n\x1b[31mtwos\x1b[m\nthree 山", 2, 1), at("one\ntwos\nthree", 3, 1), at("one\ntwos\nthree", 5, 2),
		tea.NewView("one\ntwos\nthree"),
	}
	r := uitest.Record(t, 30, 6, views...)
	p := uitest.NewPainter(t, 30, 6)
	p.Paint(views[0])
	shapes := strings.NewReplacer("\x1b[1 q", "", "\x1b[0 q", "")
	for i, v := range views[1:] {
		want := []byte(shapes.Replace(string(r.Steps[i+1])))
		if got := p.Paint(v); !bytes.Equal(got, want) && !bytes.Contains(want, []byte(repaint)) {
			t.Errorf("view %d: %q, Bubble Tea writes %q", i+1, got, want)
		}
	}
	if got := p.Paint(views[len(views)-1]); len(got) != 0 {
		t.Errorf("the same view again: %q", got)
	}
}
