package console_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/session"
)

// TestAResizeStormLosesNothing draws a thousand random sizes in a row, over the
// page, a dialog and a toast: every line is exactly as wide as the screen, and
// what was selected and typed is still there.
func TestAResizeStormLosesNothing(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	p := st.pages[session.PageContacts]
	p.typed = "山田 vidal"
	d.Press("down", "down", "ctrl+p")
	d.Send(session.Toast{Text: "The backup " + strings.Repeat("שלום é ", 20)})
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		size := tea.WindowSizeMsg{Width: random.IntN(600), Height: random.IntN(250)}
		if random.IntN(3) == 0 {
			size = tea.WindowSizeMsg{Width: 36 + random.IntN(12), Height: 7 + random.IntN(8)}
		}
		d.Send(size)
		shown := console.Clamp(size)
		lines := strings.Split(d.View().Content, "\n")
		if len(lines) != shown.Height {
			t.Fatalf("%v: %d lines", size, len(lines))
		}
		for _, line := range lines {
			if got := ansi.StringWidth(line); got != shown.Width {
				t.Fatalf("%v: %d cells: %q", size, got, line)
			}
		}
	}
	d.Resize(120, 40)
	d.Press("esc")
	d.Want("山田 vidal")
	if p.at != 2 {
		t.Errorf("row %d is selected", p.at)
	}
}
