package main

import (
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/uitest"
)

// screen is one picture of the console and how to get there.
type screen struct {
	name  string
	fresh bool // before the set-up, instead of the demo
	as    string
	play  func(*story)
}

// find leaves the search for the first contact found.
func (s *story) find(words string) {
	if s.listed {
		s.Press("/", "esc")
	}
	s.Type(words)
	s.Press("down")
	s.listed = true
}

// sendToMarie sends the validation mail of the story's contact and hands it over.
func (s *story) sendToMarie() {
	s.find("C-000001")
	s.Press("v", "enter")
	s.post()
	s.live()
}

// toMail opens the tab of captured mail, toSettings that of the settings.
func (s *story) toMail()     { s.Press("g", "m") }
func (s *story) toSettings() { s.Press("g", "s") }

const (
	operator = "leo@opera.example"
	admin    = "mia@opera.example"
)

func screens() []screen { return slices.Concat(firstScreens(), contactScreens(), otherScreens()) }

func firstScreens() []screen {
	return []screen{
		{name: "setup", fresh: true, play: func(*story) {}},
		{name: "setup-refused", fresh: true, play: func(s *story) { s.Type("Opéra"); s.Press("ctrl+s") }},
		{name: "signin", play: func(*story) {}},
		{name: "signin-refused", play: func(s *story) { s.signIn("nobody@opera.example") }},
	}
}

func contactScreens() []screen {
	return []screen{
		{name: "contacts", as: operator, play: func(s *story) { s.Type("dupont mar") }},
		{name: "contacts-list", as: operator, play: func(s *story) { s.find("dupont"); s.Press("j", "j") }},
		{name: "contacts-no-match", as: operator, play: func(s *story) { s.Type("nobody at all") }},
		{name: "contacts-scripts", as: operator, play: func(s *story) { s.Press("down", "end") }},
		{name: "contact", as: operator, play: func(s *story) { s.find("C-000001"); s.Press("enter") }},
		{name: "contact-long", as: operator, play: func(s *story) { s.find("C-000004"); s.Press("enter") }},
		{name: "contact-ask", as: operator, play: func(s *story) { s.find("C-000001"); s.Press("v", "tab", "right") }},
		{name: "contact-sent", as: operator, play: func(s *story) { s.sendToMarie() }},
		{name: "contact-green", as: operator, play: func(s *story) { s.sendToMarie(); s.validate() }},
		{name: "contact-expired", as: operator, play: func(s *story) {
			s.sendToMarie()
			s.pass(11 * time.Hour)
			s.live()
		}},
		{name: "contact-new", as: operator, play: func(s *story) {
			s.Press("down", "n", "tab")
			s.Type("Zoé")
			s.Press("tab")
			s.Type("Dupont")
			s.Press("tab", "tab")
			s.Type("zoe@mail.example")
		}},
		{name: "contact-new-refused", as: operator, play: func(s *story) { s.Press("down", "n", "ctrl+s") }},
		{name: "contact-edit", as: operator, play: func(s *story) {
			s.find("C-000001")
			s.Press("e", "tab", "tab", "tab", "tab")
			s.Type(".new")
		}},
	}
}

func otherScreens() []screen {
	return []screen{
		{name: "keys", as: operator, play: func(s *story) { s.Press("down", "?") }},
		{name: "quit", as: operator, play: func(s *story) {
			s.Press("down", "n", "tab")
			s.Type("Zoé")
			s.Press("ctrl+c")
		}},
		{name: "captured-empty", as: operator, play: func(s *story) { s.Press("down"); s.toMail() }},
		{name: "captured", as: operator, play: func(s *story) { s.sendToMarie(); s.toMail() }},
		{name: "captured-open", as: operator, play: func(s *story) { s.sendToMarie(); s.toMail(); s.Press("enter") }},
		{name: "settings", as: admin, play: func(s *story) { s.Press("down"); s.toSettings() }},
		{name: "settings-switch", as: admin, play: func(s *story) { s.Press("down"); s.toSettings(); s.Press("e") }},
		{name: "settings-point-of-sale", as: admin, play: func(s *story) {
			s.Press("down")
			s.toSettings()
			s.Press("down", "down", "e")
		}},
		{name: "settings-document", as: admin, play: func(s *story) {
			s.Press("down")
			s.toSettings()
			s.Press("end", "enter")
		}},
		{name: "settings-document-edit", as: admin, play: func(s *story) {
			s.Press("down")
			s.toSettings()
			s.Press("end", "e")
		}},
		{name: "settings-read-only", as: operator, play: func(s *story) { s.Press("down"); s.toSettings(); s.Press("e") }},
	}
}

// at plays a screen at a size.
func (sc screen) at(t testing.TB, width, height int) *story {
	t.Helper()
	var s *story
	if sc.fresh {
		s = newStory(t)
		s.start(width, height)
	} else {
		s = demo(t, width, height)
	}
	if sc.as != "" {
		s.signIn(sc.as)
	}
	sc.play(s)
	return s
}

// TestScreens holds every screen at both common sizes against its golden.
func TestScreens(t *testing.T) {
	t.Parallel()
	for _, sc := range screens() {
		for _, size := range [][2]int{{80, 24}, {120, 40}} {
			name := fmt.Sprintf("%s-%dx%d", sc.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				uitest.Golden(t, "screens/"+name, sc.at(t, size[0], size[1]).Frame())
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

// TestLooks holds some screens on other terminals against their goldens.
func TestLooks(t *testing.T) {
	t.Parallel()
	for _, sc := range screens() {
		if sc.name != "contacts-list" && sc.name != "contact-new" && sc.name != "signin" {
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

// TestPictures holds the README's picture, and the golden it is made from,
// against its screen.
func TestPictures(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 30)
	s.signIn(operator)
	s.find("dupont mar")
	s.Press("j", "j", "v", "enter")
	s.post()
	s.live()
	s.Want("marie.dupont@orange.example", "captured 20:42")
	uitest.Golden(t, "pictures/contacts", s.Frame())
	got := uitest.SVG(s.Frame())
	path := filepath.Join("..", "..", "testdata", "pictures", "contacts.svg")
	if os.Getenv(uitest.UpdateVariable) == "1" {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(got) {
		t.Errorf("%s is stale; %s=1 draws it anew", path, uitest.UpdateVariable)
	}
}

// TestKeysMeanOneThing holds every screen's keys against each other.
func TestKeysMeanOneThing(t *testing.T) {
	t.Parallel()
	for _, sc := range screens() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			s := sc.at(t, 120, 40)
			if err := s.root.CheckKeys(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestNothingIsAskedWhileIdle holds that no screen waits for a tick.
func TestNothingIsAskedWhileIdle(t *testing.T) {
	t.Parallel()
	for _, sc := range screens() {
		if s := sc.at(t, 80, 24); s.Waiting() != 0 {
			t.Errorf("%s waits for %d timers", sc.name, s.Waiting())
		}
	}
}

// TestStoriesRepeat plays screens twice: every frame is the same.
func TestStoriesRepeat(t *testing.T) {
	t.Parallel()
	for _, sc := range screens() {
		if !strings.HasPrefix(sc.name, "captured") && sc.name != "contact-green" {
			continue
		}
		if first, second := sc.at(t, 100, 30).Frame(), sc.at(t, 100, 30).Frame(); !first.Equal(second) {
			t.Errorf("%s differs between two plays\n%s\n%s", sc.name, first, second)
		}
	}
}
