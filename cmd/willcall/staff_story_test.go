package main

import (
	"strings"
	"testing"
)

// TestR66_AnAdminRequiresTheFactorAndSeesWhoHasIt goes from the switch to the
// list, and meets the refusal on the way.
func TestR66_AnAdminRequiresTheFactorAndSeesWhoHasIt(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn(admin)
	s.Press("down")
	s.section("General")
	s.Press("e", "space", "ctrl+s")
	s.Want("You have no second factor yourself.") // R67
	s.enrol(s.session.Request)
	s.live()
	s.Press("ctrl+s")
	s.Want("What saving does", "have no second factor", "Leo Brandt")
	s.Press("S")
	s.Want("The company’s settings are saved.")
	s.section("Operators")
	s.Want("1 of ", "has an authenticator app.", "admin, app", "operator, no factor")
}

// TestAnInvitationFromTheScreenIsCaptured invites somebody and reads the mail.
func TestAnInvitationFromTheScreenIsCaptured(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn(admin)
	s.invite()
	s.Want("The invitation is captured, not delivered.", "Invited: the code in the mail is good until")
	s.post()
	s.live()
	m := s.newest()
	if !strings.Contains(m.To, "ada@opera.example") {
		t.Errorf("the mail goes to %v", m.To)
	}
	if !oneTimeCode.MatchString(m.Text) {
		t.Errorf("no one-time code in %s", m.Text)
	}
	s.Press("g", "m")
	s.Want("ada@opera.example")
}

// TestANoticeAboutTheOwnAccountComesByItselfAndLeadsToTheProfile links an app
// while its owner is at work.
func TestANoticeAboutTheOwnAccountComesByItselfAndLeadsToTheProfile(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn(operator)
	s.Without("notice")
	s.enrol(s.session.Request)
	s.live()
	s.Want(" 1 notice ", "ctrl+n Notices")
	s.Press("ctrl+n")
	s.Want("authenticator app", "enter open")
	s.Press("enter")
	s.Want("10 codes")
	s.live()
	s.Without(" 1 notice ")
	s.Press("esc")
	s.Want("Ackereck") // where one was before
}
