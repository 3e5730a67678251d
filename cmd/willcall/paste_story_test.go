package main

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

// pastedCommands is a paste that would do a lot if it were typed: line ends,
// control characters, the end of a paste, and the keys of all that there is.
const pastedCommands = "\r\n\r\x1b\x1b[201~\x03\x04\x11\x13q\nDD\nXX\nMM\nRR\nCC\nSS\ny\nv\r\nnexvdfmuorgsgc/?<> \t\x00\x7f\u009b31m"

// TestAPasteIsNeverACommand pastes into every screen there is: nothing is done,
// nothing else comes to the front, and no control character is drawn.
func TestAPasteIsNeverACommand(t *testing.T) {
	t.Parallel()
	for _, sc := range screens() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			s := sc.at(t, 120, 40)
			before, mails := 0, len(s.captured())
			if !sc.fresh {
				before = len(s.acts())
			}
			front, quit := s.front(), s.Quit()
			s.Paste(pastedCommands)
			s.Run(s.Step(tea.PasteMsg{Content: pastedCommands}))
			if !sc.fresh {
				s.acted(before, "a paste")
			}
			if s.Quit() != quit || s.front() != front || len(s.captured()) != mails {
				t.Errorf("a paste went from %q to %q, quit %v\n%s", front, s.front(), s.Quit() != quit, s.Frame())
			}
		})
	}
}

// front is what tells the page in front, and whether it asks.
func (s *story) front() string {
	groups := s.root.KeyGroups()
	title := groups[0].Title
	for _, a := range groups[0].Actions {
		if a.ID != "" {
			title += " " + string(a.ID)
		}
	}
	return title
}
