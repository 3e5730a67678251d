package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"willcall/ui/uitest"
)

// act is one thing somebody does in a day at the box office, with what they see
// of it.
type act struct {
	name string
	do   func(*story)
}

// TestADayInTheBoxOffice plays thirty acts over all screens, twice: every frame
// is the same.
func TestADayInTheBoxOffice(t *testing.T) {
	t.Parallel()
	acts := day()
	if len(acts) < 30 {
		t.Fatalf("a day of %d acts", len(acts))
	}
	first, second := play(t, acts), play(t, acts)
	for i, a := range acts {
		if !first[i].Equal(second[i]) {
			t.Errorf("%s differs between two plays\n%s\n%s", a.name, first[i], second[i])
		}
	}
}

// play gives the frame after each act.
func play(t *testing.T, acts []act) []uitest.Frame {
	t.Helper()
	s := demo(t, 120, 40)
	var frames []uitest.Frame
	for _, a := range acts {
		t.Log(a.name)
		a.do(s)
		frames = append(frames, s.Frame())
		s.pass(20 * time.Second)
		s.live()
	}
	return frames
}

// toField moves on until the field of a label has the keyboard.
func (s *story) toField(label string) {
	s.t.Helper()
	s.until("tab", "▸ "+label)
}

// toRow moves down a list from its top until a row is selected.
func (s *story) toRow(text string) {
	s.t.Helper()
	s.Press("home")
	for range 80 {
		for line := range strings.Lines(ansi.Strip(s.View().Content)) {
			if head, _, _ := strings.Cut(line, "│"); strings.Contains(head, "▸") && strings.Contains(head, text) {
				return
			}
		}
		s.Press("down")
	}
	s.t.Fatalf("no row %q\n%s", text, s.Frame())
}

// until presses a key until a text is on the screen.
func (s *story) until(key, text string) {
	s.t.Helper()
	for range 80 {
		if s.Frame().Contains(text) {
			return
		}
		s.Press(key)
	}
	s.t.Fatalf("%s never leads to %q\n%s", key, text, s.Frame())
}

// put types into the field of a label what shall stand in it.
func (s *story) put(label, text string) {
	s.t.Helper()
	s.toField(label)
	s.Press("ctrl+u")
	s.Type(text)
}

// section opens a row of the settings.
func (s *story) section(name string) {
	s.t.Helper()
	s.Press("g", "s")
	s.toRow(name)
}

// day lists the acts, in the order of the day.
func day() []act { return slices.Concat(morning(), afternoon(), evening()) }

// morning is the operator's: finding, making, mending.
func morning() []act {
	return []act{
		{"sign in", func(s *story) { s.signIn(operator); s.Want("Opéra du Lac", "Leo Brandt", "mail is captured") }},
		{"find a name", func(s *story) { s.Type("dupont mar"); s.Want("Dupont Marie", "C-000001") }},
		{"look at a contact", func(s *story) {
			s.Press("down")
			s.listed = true
			s.Press("enter")
			s.Want("Marie Dupont", "not validated")
		}},
		{"send a validation mail", func(s *story) { s.Press("v", "enter"); s.post(); s.live(); s.Want("captured") }},
		{"not twice at once", func(s *story) { s.Press("v"); s.Want("again from") }},
		{"the link is followed", func(s *story) { s.validate(); s.Want("●✓ validated", "by link") }},
		{"add a phone and a birth date", func(s *story) {
			s.Press("e")
			s.put("Phone", "+33 6 12 34 56 78")
			s.put("Birth date", "3.5.1984")
			s.Press("ctrl+s")
			s.Want("saved", "+33 6 12 34 56 78", "3 May 1984")
		}},
		{"read the history", func(s *story) { s.Press("h"); s.Want("Leo Brandt", "+33 6 12 34 56 78"); s.Press("esc", "esc") }},
		{"find a phone's end", func(s *story) { s.find("5678"); s.Want("Dupont Marie") }},
		{"a new structure", func(s *story) {
			s.Press("n", "shift+tab")
			s.Type("str")
			s.Press("enter")
			s.put("Company", "Lycée du Lac")
			s.put("Address", "office@lycee.example")
			s.Press("ctrl+s")
			s.Want("C-000501 saved", "Lycée du Lac")
			s.post()
			s.live()
		}},
	}
}

// afternoon is the operator's too: relays, mistakes, mail that went wrong.
func afternoon() []act {
	return []act{
		{"its primary relay", func(s *story) {
			s.Press("+")
			s.put("First name", "Nora")
			s.put("Last name", "Blanc")
			s.put("Address", "nora.blanc@lycee.example")
			s.Want("[✓] on", "one per structure")
			s.Press("ctrl+s")
			s.Want("C-000502 saved", "Blanc Nora")
			s.post()
			s.live()
		}},
		{"from the structure to its relay", func(s *story) {
			s.Press("enter", "tab", "enter")
			s.Want("Nora Blanc", "relay", "primary")
			s.Press("esc")
		}},
		{"a mistake", func(s *story) {
			s.Press("n")
			s.put("Last name", "Dupond")
			s.Press("ctrl+s")
			s.Want("C-000503 saved")
		}},
		{"is removed", func(s *story) { s.Press("D"); s.Want("u"); s.Press("D"); s.Want("C-000503", "removed") }},
		{"and comes back", func(s *story) { s.Press("u"); s.Want("C-000503", "Dupond") }},
		{"an address is changed", func(s *story) {
			s.find("C-000001")
			s.Press("e")
			s.put("Address", "marie@new.example")
			s.Want("the contact turns red")
			s.Press("ctrl+s")
			s.Want("marie@new.example", "not validated")
		}},
		{"two mails wait, then lie in the captured mail", func(s *story) { s.post(); s.live(); s.toMail(); s.Want("marie@new.example", "/v/") }},
		{"the outbox", func(s *story) { s.Press("g", "o"); s.Want("waiting", "failed", "captured") }},
		{"what failed, and why", func(s *story) { s.toRow("failed"); s.Press("enter"); s.Want("Why"); s.Press("esc") }},
		{"send again", func(s *story) {
			s.toRow("waiting")
			s.Press("a")
			s.Press("enter")
			s.post()
			s.live()
			s.Want("captured")
		}},
		{"sign out", func(s *story) { s.Press("ctrl+d"); s.Want("Address", "sign in") }},
	}
}

// evening is the admin's and the owner's: settings, documents, the other house.
func evening() []act {
	return []act{
		{"the admin signs in", func(s *story) { s.listed = false; s.signIn(admin); s.Want("Mia Keller", "admin") }},
		{"an organisation", func(s *story) {
			s.Press("down")
			s.section("Organisations")
			s.Press("n")
			s.put("Name", "Festival")
			s.Press("ctrl+s")
			s.Want("Festival")
		}},
		{"a sales channel", func(s *story) {
			s.section("Sales channels")
			s.Press("n")
			s.put("Name", "Festival shop")
			s.toField("Kind")
			s.Type("b2c")
			s.Press("enter", "ctrl+s")
			s.Want("Festival shop", "Internet B2C")
			s.Without("Pick a kind")
		}},
		{"a document's variable is completed", func(s *story) {
			s.section("Welcome")
			s.Press("e")
			s.toField("Text")
			s.Type("{nam")
			s.Want("name")
			s.Press("enter", "ctrl+s")
			s.Want("2, 21 Nov 2026", "{name}Hello {name}")
		}},
		{"a sample of it", func(s *story) {
			s.section("Welcome")
			s.Press("t")
			s.put("Address", admin)
			s.Press("enter")
			s.post()
			s.live()
			s.Want("captured")
		}},
		{"a mail server", func(s *story) {
			s.section("Mail server")
			s.Press("e")
			s.put("Host", "smtp.opera.example")
			s.Press("ctrl+s", "S")
			s.live()
			s.Want("smtp.opera.example")
			s.Without("mail is captured, not delivered")
		}},
		{"back to rehearsal", func(s *story) { s.Press("R", "R"); s.live(); s.Want("mail is captured, not delivered") }},
		{"validation off", func(s *story) { s.section("Validation"); s.Press("e", "O"); s.Want("off") }},
		{"and on", func(s *story) { s.Press("e"); s.Want("on") }},
		{"the other house", func(s *story) { s.Press("o", "down", "down", "enter"); s.Want("Théâtre du Port ▸") }},
		{"has its own contacts", func(s *story) { s.Press("g", "c"); s.Without("C-000501"); s.Type("lycée du lac"); s.Want("0 of") }},
		{"quit", func(s *story) {
			if s.Press("ctrl+q"); !s.Quit() {
				s.t.Fatalf("still there\n%s", s.Frame())
			}
		}},
	}
}
