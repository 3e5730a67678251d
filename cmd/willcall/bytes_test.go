package main

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"willcall/ui/uitest"
)

// TestAKeySendsFewBytes holds what a key may send to the terminal, by its kind
// and the depth of colour. Over half of a typed letter is Bubble Tea's: it hides
// and shows the cursor, writes the next cell too and goes back. 256 colours are
// what a terminal over SSH is taken to have.
func TestAKeySendsFewBytes(t *testing.T) {
	t.Parallel()
	budgets := map[string][2]int{ // in 256 and in all colours
		"row": {240, 290}, "outbox-row": {240, 290}, "search": {50, 60}, "field": {60, 70}, "lines": {100, 110},
		"dialog": {1000, 1150}, "keys": {2700, 3200},
	}
	for _, k := range strokes() {
		budget, held := budgets[k.name]
		if !held {
			continue
		}
		for i, depth := range []colorprofile.Profile{colorprofile.ANSI256, colorprofile.TrueColor} {
			t.Run(fmt.Sprintf("%s %s", k.name, depth), func(t *testing.T) {
				t.Parallel()
				s := k.at(t, 120, 40)
				s.Send(tea.ColorProfileMsg{Profile: depth})
				p := uitest.NewPainter(t, 120, 40)
				p.Paint(s.View())
				model, _ := s.root.Update(k.keys[0])
				if got := len(p.Paint(model.View())); got == 0 || got > budget[i] {
					t.Errorf("%d bytes, some and at most %d are meant", got, budget[i])
				}
			})
		}
	}
}
