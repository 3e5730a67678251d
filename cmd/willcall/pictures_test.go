package main

import (
	"bytes"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/uitest"
)

// picture is one of the README's, made from a screen.
type picture struct {
	name, title string
	height      int
	screen      screen
}

func pictures(t testing.TB) []picture {
	t.Helper()
	contacts := screen{as: operator, play: func(s *story) {
		s.find("dupont mar")
		s.toRow("C-000001")
		s.Press("v", "enter")
		s.post()
		s.live()
		s.Want("marie.dupont@orange.example", "captured 20:42")
	}}
	return []picture{
		{"contacts", "Contacts found by typing, with the one selected beside them", 30, contacts},
		{"sending", "Sending a validation mail", 30, screenOf(t, "contact-ask")},
		{"captured", "A captured mail with its link on top", 30, screenOf(t, "captured-open")},
		{"outbox", "A mail that failed, and what the mail server said", 30, screenOf(t, "outbox-failed")},
		{"document", "A document with its preview beside it", 34, screenOf(t, "settings-document-edit")},
		{"storage", "A backup, made from the settings", 26, screenOf(t, "settings-backup-made")},
	}
}

// TestPictures holds the README's pictures against their screens, on a dark and
// on a light terminal.
func TestPictures(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pictures(t) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s := p.screen.at(t, 120, p.height)
			p.hold(t, readme, s.Frame(), "dark", uitest.DarkPaper())
			s.Send(tea.BackgroundColorMsg{Color: color.White})
			p.hold(t, readme, s.Frame(), "light", uitest.LightPaper())
		})
	}
}

// hold compares one drawing with its file, and looks for it in the README.
func (p picture) hold(t *testing.T, readme []byte, f uitest.Frame, ground string, paper uitest.Paper) {
	t.Helper()
	const most = 60_000 // bytes
	got := uitest.SVG(f, paper, p.title)
	name := fmt.Sprintf("testdata/pictures/%s-%s.svg", p.name, ground)
	path := filepath.Join("..", "..", filepath.FromSlash(name))
	if os.Getenv(uitest.UpdateVariable) == "1" {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s is stale; %s=1 draws it anew", name, uitest.UpdateVariable)
	}
	if len(got) > most {
		t.Errorf("%s has %d bytes, at most %d are meant", name, len(got), most)
	}
	if !strings.Contains(string(readme), name) {
		t.Errorf("the README doesn't show %s", name)
	}
	here, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	home, _ := os.UserHomeDir() // where there is none, nothing can lead there
	for _, private := range []string{os.TempDir(), here, home} {
		if private != "" && bytes.Contains(got, []byte(private+"/")) {
			t.Errorf("%s shows a path of this computer, %s", name, private)
		}
	}
}
