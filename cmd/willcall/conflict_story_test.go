package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/text"
)

// beside opens a second console on the same house.
func (s *story) beside(address string) *story {
	s.t.Helper()
	other := &story{t: s.t, now: s.now, h: s.h, web: s.web, locks: s.locks}
	other.start(120, 40)
	other.signIn(address)
	return other
}

// edits opens a contact's form and types another first name.
func (s *story) edits(number, first string) {
	s.t.Helper()
	s.find(number)
	s.Press("e")
	s.put("First name", first)
}

// contested is a console with a form of C-000001 whose save was refused.
func contested(t testing.TB, width, height int) *story {
	t.Helper()
	s := filledStory(t)
	s.locks = true
	s.start(width, height)
	s.signIn(admin)
	s.contest()
	return s
}

// contest edits C-000001 and saves it after somebody else did.
func (s *story) contest() {
	s.t.Helper()
	s.edits("C-000001", "Mia’s Marie")
	other := s.beside(operator)
	other.edits("C-000001", "Leo’s Marie")
	other.put("Street", "1 quai d’Annecy")
	other.Press("ctrl+s")
	other.Want("C-000001 saved")
	s.live()
	s.Press("ctrl+s")
}

// did is what a contact's history says that somebody changed, newest first.
func (s *story) did(id core.ID) []string {
	s.t.Helper()
	changes, err := s.h.contacts.History(s.t.Context(), s.owner(), id, 0, 0)
	s.must(err)
	var told []string
	for _, c := range changes {
		var details []string
		for _, d := range c.Details {
			details = append(details, d.Name+" "+d.Value)
		}
		slices.Sort(details)
		told = append(told, fmt.Sprintf("%s %s: %s", c.By.Name, c.Action, strings.Join(details, "; ")))
	}
	return told
}

// TestTwoSessionsEditOneContact is decided field by field, and the journal tells
// who did what.
func TestTwoSessionsEditOneContact(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]struct{ first, told string }{
		"right": {"Mia’s Marie", "Mia Keller contacts.edit: first-name Leo’s Marie → Mia’s Marie"},
		"left":  {"Leo’s Marie", "Mia Keller contacts.edit: "},
	} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			s := contested(t, 120, 40)
			s.Want("Somebody else saved this", "[ ] Leo’s Marie", "[ ] Mia’s Marie", "Leo Brandt, ", "changed on both sides", "Annecy", "changed there")
			s.Press(key, "enter")
			s.Want("C-000001 saved", want.first)
			told := s.did(1)[:2]
			if told[0] != want.told || !strings.HasPrefix(told[1], "Leo Brandt contacts.edit: first-name Marie → Leo’s Marie; postals ") {
				t.Errorf("the journal tells %q", told)
			}
			s.Press("h")
			s.Want("Leo’s Marie")
		})
	}
}

// TestASecondConflictAsksOnlyWhatIsNew saves once more in between.
func TestASecondConflictAsksOnlyWhatIsNew(t *testing.T) {
	t.Parallel()
	s := contested(t, 120, 40)
	s.Press("right")
	s.editElsewhere(func(d *contacts.Draft) { d.Notes = "Wheelchair" })
	s.Press("enter")
	s.Want("[✓] Mia’s Marie", "[✓] Wheelchair", "Olga Brunner, ", "Saving changes the contact.")
	s.editElsewhere(func(d *contacts.Draft) { d.FirstName = "Olga’s Marie" })
	s.Press("enter")
	s.Want("[ ] Olga’s Marie", "[ ] Mia’s Marie", "1 field was changed on both sides")
	s.Press("esc")
	s.Want("Mia’s Marie", "ctrl+s save")
	s.Press("ctrl+s", "right", "enter")
	s.Want("saved", "Mia’s Marie", "Wheelchair")
}

// TestConflictGoesOnInTheForm takes over what was chosen and types on.
func TestConflictGoesOnInTheForm(t *testing.T) {
	t.Parallel()
	s := contested(t, 120, 40)
	s.Press("right", "e")
	s.Want("Mia’s Marie", "Annecy", "ctrl+s save")
	s.put("Last name", "Roux")
	s.Press("ctrl+s")
	s.Want("saved", "Mia’s Marie Roux", "Annecy")
}

// TestAContactRemovedMeanwhileComesBackOrIsMadeAnew loses nothing of what was
// typed.
func TestAContactRemovedMeanwhileComesBackOrIsMadeAnew(t *testing.T) {
	t.Parallel()
	removed := func(t *testing.T) *story {
		s := demo(t, 120, 40)
		s.signIn(admin)
		s.mistake()
		s.Press("e")
		s.put("First name", "Zoé")
		other := s.beside(operator)
		other.find("C-000501")
		other.Press("D", "D")
		other.Want("C-000501")
		s.live()
		s.Press("ctrl+s")
		s.Want("Leo Brandt removed this contact", "Zoé", "u undo", "n new contact with this")
		return s
	}
	t.Run("back", func(t *testing.T) {
		t.Parallel()
		s := removed(t)
		s.Press("u")
		s.Want("[✓] Zoé", "enter save")
		s.Press("enter")
		s.Want("C-000501 saved", "Zoé Dupond")
	})
	t.Run("anew", func(t *testing.T) {
		t.Parallel()
		s := removed(t)
		s.Press("n")
		s.Want("New contact", "Zoé", "Dupond")
		s.Press("ctrl+s")
		s.Want("C-000502 saved", "Zoé Dupond")
	})
	t.Run("kept", func(t *testing.T) {
		t.Parallel()
		s := removed(t)
		s.Press("esc")
		s.Want("Zoé", "ctrl+s save")
		s.Press("ctrl+s", "right", "enter", "space", "x")
		s.Want("Leo Brandt removed this contact")
		s.pass(contacts.UndoTime)
		s.Press("u")
		s.Without("enter save")
	})
}

// TestAKeptFormMeetsWhatWasSavedSince opens the choice at once.
func TestAKeptFormMeetsWhatWasSavedSince(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*story){
		"esc":    func(*story) {},
		"killed": func(s *story) { s.start(120, 40); s.signIn(admin); s.listed = false; s.find("C-000001") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := demo(t, 120, 40)
			s.signIn(admin)
			s.edits("C-000001", "Mia’s Marie")
			s.Press("esc")
			s.editElsewhere(func(d *contacts.Draft) { d.FirstName = "Mariette" })
			leave(s)
			s.Press("e")
			s.Want("[ ] Mariette", "[ ] Mia’s Marie", "Olga Brunner, ")
			s.Press("right", "enter")
			s.Want("saved", "Mia’s Marie")
			s.Press("e")
			s.Without("Somebody else")
		})
	}
}

// TestAKeptFormGoesByWhatIsStoredWhereNothingItAsksForChanged opens as it was.
func TestAKeptFormGoesByWhatIsStoredWhereNothingItAsksForChanged(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn(admin)
	s.sendToMarie()
	s.Press("e")
	s.put("First name", "Mia’s Marie")
	s.Press("esc")
	s.validate()
	s.Press("e")
	s.Want("Mia’s Marie", "ctrl+s save")
	s.Press("ctrl+s")
	s.Want("saved", "Mia’s Marie")
}

// between is what may happen while a conflict stands on the screen.
func between() map[string]func(*story) {
	return map[string]func(*story){
		"an enter held down": func(s *story) {
			for range 200 {
				s.Press("enter")
			}
		},
		"a ctrl+s held down": func(s *story) {
			for range 200 {
				s.Press("ctrl+s")
			}
		},
		"a storm of sizes": func(s *story) {
			for _, size := range [][2]int{{40, 10}, {39, 9}, {240, 60}, {1, 1}, {71, 12}, {72, 8}, {40, 60}, {120, 40}} {
				s.Resize(size[0], size[1])
				s.Press("down", "up")
			}
		},
		"a lock": func(s *story) {
			s.Press("ctrl+l")
			s.Want("Locked by")
			s.Without("Mia’s Marie")
			s.Type(demoPassword)
			s.Press("enter")
		},
		"the end of the session": func(s *story) {
			s.pass(console.EndAfter)
			s.Press("x")
			s.Want("The session ended at", "What you typed is kept")
			s.signIn(admin)
			s.listed = false
			s.find("C-000001")
			s.Press("e")
		},
		"another language and back": func(s *story) {
			s.Send(session.Speak{Language: text.French})
			s.Want("Quelqu’un d’autre", "modifié des deux côtés", "[ ] Leo’s Marie", "Prénom")
			s.Send(session.Speak{Language: text.English})
		},
		"another tab and back": func(s *story) { s.Press("g", "o", "g", "c") },
		"a live event":         func(s *story) { s.live() },
		"a paste":              func(s *story) { s.Paste(pastedCommands) },
		"the list of keys":     func(s *story) { s.Press("?", "right", ">", "e", "esc") },
		"a wheel flood": func(s *story) {
			for range 100 {
				s.Send(tea.MouseWheelMsg{Button: tea.MouseWheelDown, X: 5, Y: 8})
			}
			s.Press("home")
		},
	}
}

// TestAConflictSurvives whatever comes in between: nothing typed is lost, and
// nothing is saved that wasn't chosen.
func TestAConflictSurvives(t *testing.T) {
	t.Parallel()
	for name, happens := range between() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := contested(t, 120, 40)
			before := len(s.did(1))
			happens(s)
			s.Want("[ ] Leo’s Marie", "[ ] Mia’s Marie", "1 field was changed on both sides")
			if after := len(s.did(1)); after != before {
				t.Fatalf("%d acts on the contact, %d before", after, before)
			}
			s.until("up", "▸ First name")
			s.Press("right", "enter")
			s.Want("saved", "Mia’s Marie")
		})
	}
}

// TestConflictOnTheSmallestScreen is decided in every language.
func TestConflictOnTheSmallestScreen(t *testing.T) {
	t.Parallel()
	s := contested(t, 40, 10)
	s.Want("Leo’s Marie", "changed on both sides")
	s.Press("enter", "right", "enter")
	s.Want("saved")
	if d, err := s.h.contacts.Show(t.Context(), s.owner(), 1); err != nil || d.FirstName != "Mia’s Marie" {
		t.Errorf("saved as %q, %v", d.FirstName, err)
	}
}

// TestAFormStaysWhereAnotherContactIsOpened over it, by its number.
func TestAFormStaysWhereAnotherContactIsOpened(t *testing.T) {
	t.Parallel()
	s := contested(t, 120, 40)
	for range 2 {
		s.Press("ctrl+p")
		s.Type("C-000004")
		s.Press("enter")
		s.Want("C-000004")
		s.listed = true
		s.find("C-000001")
		s.Press("e")
		s.Want("[ ] Leo’s Marie", "[ ] Mia’s Marie")
		s.Press("esc")
		s.Want("ctrl+s save", "Mia’s Marie")
	}
}
