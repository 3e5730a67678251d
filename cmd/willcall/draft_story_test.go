package main

import (
	"testing"
	"time"

	"willcall/ui/console"
	"willcall/ui/session"
)

// typing begins a new contact and types into it.
func typing(t *testing.T) *story {
	t.Helper()
	s := filledStory(t)
	s.locks = true
	s.start(120, 40)
	s.signIn("mia@opera.example")
	s.Press("down", "n")
	s.Want("New contact")
	s.Type("Vidalie")
	return s
}

func (s *story) reopened() {
	s.t.Helper()
	s.Press("down", "n")
	s.Want("What you typed is kept since", "Vidalie")
}

func TestAFormSurvivesEscLockAndSignOut(t *testing.T) {
	t.Parallel()
	s := typing(t)
	s.Press("esc")
	s.Want("A draft of a new contact is kept")
	s.Press("n")
	s.Want("Vidalie")
	s.Press("ctrl+l")
	s.Want("Locked by Mia Keller")
	s.Without("Vidalie", "New contact", "Contacts")
	s.Type(demoPassword)
	s.Press("enter")
	s.Want("New contact", "Vidalie")
	s.Press("esc", "ctrl+d")
	s.Want("What you typed is kept")
	s.signIn("mia@opera.example")
	s.reopened()
}

func TestAFormSurvivesTheEndOfTheSession(t *testing.T) {
	t.Parallel()
	s := typing(t)
	s.pass(console.LockAfter)
	s.Press("x") // the computer slept: the key is not typed, but locks
	s.Want("Locked by Mia Keller", "The session ends at")
	s.pass(console.EndAfter - console.LockAfter - time.Second)
	s.Type("wrong")
	s.Press("enter")
	s.Want("The password is wrong. Try again", "Locked by Mia Keller")
	s.pass(time.Second)
	s.Press("x")
	s.Want("The session ended at", "What you typed is kept")
	s.signIn("mia@opera.example")
	s.reopened()
	s.Without("Vidaliex")
}

func TestWhatIsTypedIsKeptAfterAPause(t *testing.T) {
	t.Parallel()
	s := typing(t)
	s.Without("kept ")
	s.Send(session.DraftPaused{Page: session.PageContacts})
	s.Want("kept 20:42")
	s.Type("x") // which isn't kept yet
	s.Without("kept ")
	s.Press("backspace")
	s.start(120, 40) // the program was killed: the former console did nothing more
	s.signIn("mia@opera.example")
	s.reopened()
	s.Press("ctrl+x", "X")
	s.Without("Vidalie")
	s.start(120, 40)
	s.signIn("mia@opera.example")
	s.Without("A draft of a new contact is kept")
}

func TestTheLockShowsNothingElse(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}} {
		s := typing(t)
		s.Resize(size[0], size[1])
		s.Press("ctrl+l")
		s.Want("Locked by", "Password", "ctrl+q")
		s.Without("Vidalie", "Opéra", "owner", "admin")
		s.Paste("wrong")
		s.Press("enter")
		s.Want("Try again")
		s.Press("esc", "ctrl+p")
		s.Without("Vidalie")
	}
}
