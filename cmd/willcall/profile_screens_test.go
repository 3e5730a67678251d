package main

import (
	"regexp"
	"strings"

	"willcall/core/coretest"
)

// profileScreens are those of the operator's own account.
func profileScreens() []screen {
	at := func(rows int, keys ...string) func(*story) {
		return func(s *story) {
			s.Press("f3")
			for range rows {
				s.Press("down")
			}
			s.Press(keys...)
		}
	}
	const address, app, password = 1, 2, 4
	return []screen{
		{name: "profile", as: admin, play: at(0)},
		{name: "profile-address-code", as: "olga@opera.example", play: at(address, "v")},
		{name: "profile-app", as: admin, play: func(s *story) { s.enrol(s.session.Request); at(app, "enter")(s) }},
		{name: "profile-enrol", as: admin, play: at(app, "n")},
		{name: "profile-codes", as: admin, play: func(s *story) { at(app, "n")(s); s.Type(s.appCode()); s.Press("enter") }},
		{name: "profile-password", as: admin, play: at(password, "e")},
	}
}

// shownKey is a line of the key of an app, as it stands on the screen.
var shownKey = regexp.MustCompile(`[A-Z2-7]{4}( [A-Z2-7]{4}){3}`)

// appCode is what an app shows now that took the key from the screen.
func (s *story) appCode() string {
	s.t.Helper()
	key := strings.Join(shownKey.FindAllString(s.Frame().Text(), -1), "")
	return coretest.App{Secret: strings.ReplaceAll(key, " ", "")}.Code(s.h.clock.Effective())
}
