package main

import (
	"image/color"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

// display is one kind of terminal, and what it tells of itself.
type display struct {
	name string
	told []tea.Msg
}

// displays are those that every screen is drawn on.
func displays() []display {
	full, utf8 := tea.ColorProfileMsg{Profile: colorprofile.TrueColor}, tea.EnvMsg{"LANG=en_GB.UTF-8"}
	night, day := tea.BackgroundColorMsg{Color: color.Black}, tea.BackgroundColorMsg{Color: color.White}
	return []display{
		{"dark", []tea.Msg{full, utf8, night}},
		{"light", []tea.Msg{full, utf8, day}},
		{"dark of 16", []tea.Msg{tea.ColorProfileMsg{Profile: colorprofile.ANSI}, utf8, night}},
		{"light of 16", []tea.Msg{tea.ColorProfileMsg{Profile: colorprofile.ANSI}, utf8, day}},
		{"no colour", []tea.Msg{full, tea.EnvMsg{"LANG=en_GB.UTF-8", "NO_COLOR="}, night}},
	}
}

// sizes are those that every screen is drawn in, the one it was played in first.
func sizes() [][2]int { return [][2]int{{80, 24}, {120, 40}, {240, 60}, {40, 10}} }

// on shows the screen on a terminal of another kind.
func (s *story) on(kind display) uitest.Frame {
	s.t.Helper()
	last := len(kind.told) - 1
	for _, msg := range kind.told[:last] {
		s.root.Update(msg) // nothing to draw yet
	}
	s.Send(kind.told[last])
	if strings.Contains(s.View().Content, "\x1b]") {
		s.t.Errorf("the screen sends more than looks: %q", s.View().Content)
	}
	return s.Frame()
}

// TestScreens holds every screen, in every size and on every kind of terminal,
// against its golden. No key means two things there, and nothing waits for a tick
// but what was typed. Where there is too little room, one sentence says so.
func TestScreens(t *testing.T) {
	t.Parallel()
	for _, sc := range screens() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			s := sc.at(t, sizes()[0][0], sizes()[0][1])
			if err := s.root.CheckKeys(); err != nil {
				t.Error(err)
			}
			if s.Waiting() > 1 { // what was typed is kept a second later
				t.Errorf("waits for %d timers", s.Waiting())
			}
			if s.Quit() {
				t.Error("the story ends the program")
			}
			s.sheet().Golden(t, "screens/"+sc.name)
			s.Resize(39, 9)
			uitest.Golden(t, "screens/too-small", s.on(displays()[0]))
		})
	}
}

// sheet draws what is on the screen in every size and on every kind of terminal.
func (s *story) sheet() *uitest.Sheet {
	s.t.Helper()
	var names []string
	for _, kind := range displays() {
		names = append(names, kind.name)
	}
	sheet := uitest.NewSheet(names...)
	for _, size := range sizes() {
		s.Resize(size[0], size[1])
		var frames []uitest.Frame
		for _, kind := range displays() {
			frames = append(frames, s.on(kind))
		}
		s.must(sheet.Add(frames...))
	}
	return sheet
}

// TestALargerWindowIsFilled makes the window higher at the end of a list: the
// rows that weren't read yet are there, and the selection is where it was.
func TestALargerWindowIsFilled(t *testing.T) {
	t.Parallel()
	s := screenOf(t, "contacts-scripts").at(t, 80, 24)
	_, at, _ := s.Frame().Find("▸ ●")
	selected := s.Frame().Line(at)
	s.Resize(80, 100)
	if n := strings.Count(s.Frame().Text(), "●") + strings.Count(s.Frame().Text(), "○"); n < 90 {
		t.Errorf("%d contacts are shown:\n%s", n, s.Frame())
	}
	s.Want(selected)
}

// TestNothingStandsBesideAnEmptyList looks at wide windows.
func TestNothingStandsBesideAnEmptyList(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"outbox-empty", "captured-empty"} {
		s := screenOf(t, name).at(t, 160, 40)
		s.Without("│")
	}
}

// TestAnASCIITerminalGetsNoOtherSigns looks at screens of many kinds, in both
// languages. Letters of names stay.
func TestAnASCIITerminalGetsNoOtherSigns(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"contacts-list", "contact-new", "contact-new-refused", "keys", "outbox-empty", "settings-storage", "signin"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := screenOf(t, name).at(t, 120, 40)
			s.Send(tea.EnvMsg{"LANG=C"})
			for _, language := range text.Languages() {
				s.Send(session.Speak{Language: language})
				for _, r := range s.Frame().Text() {
					if r > unicode.MaxASCII && !unicode.IsLetter(r) {
						t.Errorf("%q is shown in %s:\n%s", r, language, s.Frame())
						break
					}
				}
			}
		})
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
