package component

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func filledPalette() *Palette {
	p := NewPalette()
	entries := make([]Entry, 30)
	for i := range entries {
		entries[i] = Entry{ID: fmt.Sprint(i), Label: fmt.Sprint("entry ", i), Keys: []string{"ctrl+s"}}
	}
	entries[1].Reason = "It can't be done because there is a long reason that takes more than one line of a narrow box."
	p.Offer(entries)
	return &p
}

func TestPaletteClicksWhatIsDrawn(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	p := filledPalette()
	for range 40 {
		lines := p.Render(k, 40, 12)
		for y, line := range lines {
			again, hit := p.Click(k, 40, y)
			e, _ := p.Selected()
			if hit != (y >= 2) || again && !hit {
				t.Fatalf("line %d was hit: %t\n%s", y, hit, flat(lines))
			}
			if hit && e.ID != "1" && !strings.Contains(stripped(line), e.Label) {
				t.Fatalf("line %d selects %s\n%s", y, e.Label, flat(lines))
			}
		}
		p.Wheel(1)
	}
}

func TestPaletteKeepsTheSelectionWithItsEntry(t *testing.T) {
	t.Parallel()
	p := filledPalette()
	p.Update(tea.KeyPressMsg{Code: tea.KeyEnd})
	p.Offer(p.entries[10:])
	if e, _ := p.Selected(); e.ID != "29" {
		t.Errorf("selected %s", e.ID)
	}
	p.Offer(p.entries[:5])
	if e, _ := p.Selected(); e.ID != "14" {
		t.Errorf("in its place stands %s", e.ID)
	}
	p.Offer(nil)
	if e, ok := p.Selected(); ok {
		t.Errorf("selected %s of nothing", e.ID)
	}
	if p.Wheel(3) {
		t.Error("something moved")
	}
}
