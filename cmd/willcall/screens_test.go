package main

import (
	"fmt"
	"image/color"
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/uitest"
)

// TestScreens holds every screen at both common sizes against its golden: no
// key means two things there, and nothing waits for a
// tick but what was typed.
func TestScreens(t *testing.T) {
	t.Parallel()
	for _, sc := range screens() {
		for _, size := range [][2]int{{80, 24}, {120, 40}} {
			name := fmt.Sprintf("%s-%dx%d", sc.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := sc.at(t, size[0], size[1])
				uitest.Golden(t, "screens/"+name, s.Frame())
				if err := s.root.CheckKeys(); err != nil {
					t.Error(err)
				}
				if s.Waiting() > 1 { // what was typed is kept a second later
					t.Errorf("waits for %d timers", s.Waiting())
				}
			})
		}
	}
}

// terminals are those of other kinds.
func terminals() map[string][]tea.Msg {
	return map[string][]tea.Msg{
		"light":     {tea.BackgroundColorMsg{Color: color.White}},
		"no-colour": {tea.EnvMsg{"NO_COLOR=", "TERM=xterm-256color"}},
		"smallest":  {tea.WindowSizeMsg{Width: 40, Height: 10}},
		"too-small": {tea.WindowSizeMsg{Width: 39, Height: 9}},
	}
}

// looked are the screens that differ most in what they are made of.
func looked() []string {
	return []string{"signin", "contacts-list", "contact-new", "contact-structure", "outbox", "settings-document-edit"}
}

// TestLooks holds some screens on other terminals against their goldens.
func TestLooks(t *testing.T) {
	t.Parallel()
	for _, sc := range screens() {
		if !slices.Contains(looked(), sc.name) {
			continue
		}
		for look, told := range terminals() {
			t.Run(sc.name+"-"+look, func(t *testing.T) {
				t.Parallel()
				s := sc.at(t, 80, 24)
				for _, msg := range told {
					if size, ok := msg.(tea.WindowSizeMsg); ok {
						s.Resize(size.Width, size.Height)
						continue
					}
					s.Send(msg)
				}
				uitest.Golden(t, "looks/"+sc.name+"-"+look, s.Frame())
			})
		}
	}
}

// TestR25_TheMarkerIsSignWordAndColour looks at all three statuses, with colour
// and without.
func TestR25_TheMarkerIsSignWordAndColour(t *testing.T) {
	t.Parallel()
	wants := map[string][2]string{
		"C-000001": {"●✗", "not validated"},
		"C-000003": {"○", "no address"},
		"C-000007": {"●✓", "validated"},
	}
	for _, env := range []tea.EnvMsg{nil, {"NO_COLOR=1"}} {
		s := demo(t, 120, 40)
		s.signIn("leo@opera.example")
		s.Send(env)
		seen := map[string]bool{}
		for number, want := range wants {
			s.find(number)
			s.Want(want[0], want[1])
			look, _ := s.Frame().StyleOf(want[0])
			if env == nil && seen[look] {
				t.Errorf("%s has the colour of another status", want[0])
			}
			seen[look] = true
			s.Press("enter")
			s.Want(want[0]+" ", want[1])
			s.Press("esc")
		}
	}
}
