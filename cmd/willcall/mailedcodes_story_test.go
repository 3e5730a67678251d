package main

import (
	"fmt"
	"testing"

	"willcall/core"
	"willcall/core/mail"
	"willcall/ui/session"
)

// answerByMail signs in with the code that is mailed to an address.
func (s *story) answerByMail(server *mailServer, address string) {
	s.t.Helper()
	s.signIn(address)
	s.Want(expectsCode)
	s.deliver(server)
	s.Type(sixDigits.FindString(server.last(s)))
	s.Press("enter")
}

// sessions counts those that are open in the whole house.
func (s *story) sessions(req core.Request) (n int) {
	s.t.Helper()
	staff, err := s.h.operators.Staff(s.t.Context(), req)
	s.must(err)
	for _, m := range staff.Members {
		n += m.Sessions
	}
	return n
}

// TestR55_MailedCodesForAllEndAllSessionsAndKeepTheirForms is the switch at one
// console and what becomes of the form at another.
func TestR55_MailedCodesForAllEndAllSessionsAndKeepTheirForms(t *testing.T) {
	t.Parallel()
	const nina, paul = "nina@theatre.ch", "paul@theatre.ch"
	s := opening(t)
	server := s.serveMail()
	_, err := s.h.servers.Save(t.Context(), s.owner(), 0, server.route)
	s.must(err)
	s.hire("Nina Rossi", nina)
	s.hire("Paul Roth", paul)
	s.signIn(nina)
	trusting := mail.NewServers(s.h.desk, s.h.keys, server.door, texts{s.h.words})
	_, err = trusting.Test(t.Context(), s.session.Request, server.route, "tickets@theatre.ch", nina)
	s.must(err)

	other := s.beside(paul)
	other.Press("down", "n")
	other.Type("Vidalie")
	other.Send(session.DraftPaused{Page: session.PageContacts})
	other.Want("kept ")

	s.Press("down")
	s.section("General")
	s.Press("e", "tab", "space", "ctrl+s")
	s.Want("Codes by mail: on from now on.",
		fmt.Sprintf("%d sessions end, your own too. What stands in forms is kept for the next sign-in.", s.sessions(s.session.Request)))
	other.live()
	other.Want("Vidalie") // said, not done
	s.Press("S")
	s.Want("I have a code")
	other.live()
	other.Want("I have a code")
	other.Without("Vidalie")

	s.answerByMail(server, nina)
	s.Want("Nina Rossi")
	other.answerByMail(server, paul)
	other.Want("Paul Roth")
	other.reopened()
	if n := s.sessions(s.session.Request); n != 2 {
		t.Errorf("%d sessions are open", n)
	}
}
