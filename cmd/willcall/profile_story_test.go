package main

import "testing"

// TestR67_TheWallOpensOnceAnAppIsLinked takes an operator, of whom a second factor
// is required, from the sign-in to the work that waited for it.
func TestR67_TheWallOpensOnceAnAppIsLinked(t *testing.T) {
	t.Parallel()
	s := demo(t, 80, 24)
	owner := s.owner()
	s.enrol(owner)
	c, err := s.h.operators.Company(t.Context(), owner)
	s.must(err)
	c.Required = true
	plan, err := s.h.operators.PlanCompany(t.Context(), owner, c)
	s.must(err)
	s.must(s.h.operators.ApplyCompany(t.Context(), owner, plan))
	s.signIn(operator)
	s.Want("Set up an authenticator app")
	s.Press("ctrl+n", "g", "s", "esc")
	s.Want("Set up an authenticator app")
	s.Type(s.appCode())
	s.Press("enter")
	s.live()
	s.Want("Recovery codes", "I have kept them")
	s.Press("space", "enter")
	s.Want("Contacts", "Outbox")
	s.Without("Recovery codes", "Known devices")
}
