package main

import (
	"willcall/core"
	"willcall/core/activity"
)

// toldOf puts notices into the inbox of whoever is at the console.
func (s *story) toldOf(all ...core.Notice) {
	s.t.Helper()
	s.must(s.h.store.Update(s.t.Context(), func(tx core.Tx) error {
		for _, n := range all {
			if err := (activity.Inbox{}).Notify(tx, s.h.clock.Effective(), s.session.Request.Actor.ID, n); err != nil {
				return err
			}
		}
		return nil
	}))
	s.live()
}

// staffScreens are those of the operators, of what holds for all of them, and of
// what they are told.
func staffScreens() []screen {
	at := func(row string, keys ...string) func(*story) {
		return func(s *story) { s.Press("down"); s.section(row); s.Press(keys...) }
	}
	told := func(s *story) {
		s.toldOf(core.Notice{Kind: core.NoticeMailFailed, Institution: 1, Subject: core.Ref{Kind: core.KindMail, ID: 1}},
			core.Notice{Kind: core.NoticeSecurity, Args: map[string]string{"change": "factor-reset", "by": "Mia Keller"}})
	}
	return []screen{
		{name: "notices", as: operator, play: func(s *story) { told(s); s.Press("ctrl+n") }},
		{name: "notices-counted", as: operator, play: func(s *story) { told(s); s.Press("down") }},
		{name: "notices-empty", as: operator, play: func(s *story) { s.Press("ctrl+n") }},
		{name: "settings-company", as: admin, play: at("General", "enter")},
		{name: "settings-company-refused", as: admin, play: at("General", "e", "space", "ctrl+s")},
		{name: "settings-company-plan", as: admin, play: func(s *story) {
			s.enrol(s.session.Request)
			at("General", "e", "space", "ctrl+s")(s)
		}},
		{name: "settings-operators", as: "olga@opera.example", play: at("Operators", "enter")},
		{name: "settings-operator", as: admin, play: at("Leo Brandt", "enter")},
		{name: "settings-operator-refused", as: admin, play: at("Olga Brunner", "enter", "D")},
		{name: "settings-operator-invite", as: admin, play: func(s *story) {
			at("Operators", "n")(s)
			s.Type("Ada Vogt")
		}},
		{name: "settings-operator-invited", as: admin, play: (*story).invite},
		{name: "settings-operator-disable", as: admin, play: at("Leo Brandt", "D")},
	}
}

// invite invites Ada from the list of operators.
func (s *story) invite() {
	s.t.Helper()
	s.Press("down")
	s.section("Operators")
	s.Press("n")
	s.put("Name", "Ada Vogt")
	s.put("Address", "ada@opera.example")
	s.Press("ctrl+s")
}
