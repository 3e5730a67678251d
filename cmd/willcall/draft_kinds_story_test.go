package main

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/session"
)

// formKind is one of the forms that things are saved by.
type formKind struct {
	saves core.ActionID
	page  session.PageKey
	field string // of text
	open  func(*story)
}

// formKinds are all of them.
func formKinds() []formKind {
	setting := func(id core.ActionID, field, row, key string) formKind {
		return formKind{id, session.PageSettings, field, func(s *story) { s.Press("down"); s.section(row); s.Press(key) }}
	}
	contact := func(id core.ActionID, number, key string) formKind {
		return formKind{id, session.PageContacts, "Last name", func(s *story) {
			s.listed = false
			s.find(number)
			s.Press(key)
		}}
	}
	return []formKind{
		contact(core.ActContactsCreate, "", "n"), contact(core.ActContactsEdit, "C-000001", "e"), contact(core.ActContactsCreate, "C-000011", "+"),
		setting(core.ActInstitutionsEdit, "Name", "This institution", "e"), setting(core.ActInstitutionsCreate, "Name", "Institutions", "n"),
		setting(core.ActOrganisationCreate, "Name", "Organisations", "n"), setting(core.ActOrganisationEdit, "Name", "Main house", "e"),
		setting(core.ActChannelsCreate, "Name", "Sales channels", "n"), setting(core.ActChannelsEdit, "Name", "Internet", "e"),
		setting(core.ActPointsOfSaleCreate, "Name", "Points of sale", "n"), setting(core.ActPointsOfSaleEdit, "Name", "Web shop", "e"),
		setting(core.ActDocumentsCreate, "Name", "Documents", "n"), setting(core.ActDocumentsEdit, "Name", "Welcome", "e"),
		setting(core.ActMailServerSave, "Host", "Mail server", "e"),
		setting(core.ActOperatorInvite, "Name", "Operators", "n"), setting(core.ActOperatorEdit, "Name", "Leo Brandt", "e"),
	}
}

// TestEveryFormIsAmongTheKinds finds what operators save at the console. The
// company's form has no field to type into; its page holds that it is kept.
func TestEveryFormIsAmongTheKinds(t *testing.T) {
	t.Parallel()
	for _, a := range core.Actions() {
		saves := slices.ContainsFunc([]string{".create", ".edit", ".save", ".invite"}, func(end string) bool {
			return strings.HasSuffix(string(a.ID), end) && a.ID != core.ActCompanySave
		})
		known := slices.ContainsFunc(formKinds(), func(k formKind) bool { return k.saves == a.ID })
		if saves != known {
			t.Errorf("%s saves by a form: %v, and is among the kinds: %v", a.ID, saves, known)
		}
	}
}

// TestEveryFormSurvives esc, a lock, the end of the session and a killed
// process.
func TestEveryFormSurvives(t *testing.T) {
	t.Parallel()
	for _, kind := range formKinds() {
		t.Run(string(kind.saves)+" "+kind.field, func(t *testing.T) {
			t.Parallel()
			s := filledStory(t)
			s.locks = true
			s.start(120, 40)
			s.signIn(demoOwner)
			kind.open(s)
			s.put(kind.field, "vidal")
			before := len(s.acts())
			stands := func(after string) {
				t.Helper()
				if !s.Frame().Contains("vidal") || !s.Frame().Contains("esc keep for later") {
					t.Fatalf("after %s the form doesn't stand\n%s", after, s.Frame())
				}
			}
			stands("typing")
			s.Press("esc")
			kind.open(s)
			stands("esc")
			s.Press("ctrl+l")
			s.Without("vidal")
			s.Type(demoPassword)
			s.Press("enter")
			stands("a lock")
			if did := s.acts()[before:]; slices.ContainsFunc(did, func(id core.ActionID) bool { return id != core.ActSessionStepUp }) {
				t.Errorf("keeping and unlocking did %v", did)
			}
			s.pass(console.EndAfter)
			s.Press("x")
			s.Want("What you typed is kept")
			s.signIn(demoOwner)
			kind.open(s)
			stands("the end of the session")
			s.toField(kind.field)
			s.Type("ie")
			s.Send(session.DraftPaused{Page: kind.page})
			s.start(120, 40) // the program was killed: the former console did nothing more
			s.signIn(demoOwner)
			kind.open(s)
			stands("a kill")
			s.Want("vidalie")
			s.Press("ctrl+x", "X")
			s.Without("vidal")
		})
	}
}

// TestKeysBeforeAQuestionIsDrawnAreDropped presses what opens something, and
// what would answer it, at once.
func TestKeysBeforeAQuestionIsDrawnAreDropped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		play    func(*story)
		opens   rune
		answers []rune
	}{
		"a validation mail": {func(s *story) { s.find("C-000001") }, 'v', []rune{tea.KeyEnter}},
		"a removal":         {func(s *story) { s.mistake() }, 'D', []rune{'D'}},
		"a cancelled mail":  {func(s *story) { s.Press("down", "g", "o"); s.toRow("waiting") }, 'C', []rune{'C', tea.KeyEnter}},
		"a mail again":      {func(s *story) { s.Press("down", "g", "o"); s.toRow("failed") }, 'a', []rune{'a', tea.KeyEnter}},
		"the mail server":   {func(s *story) { s.goLive(); s.Press("down"); s.section("Mail server") }, 'R', []rune{'R'}},
		"the switch":        {func(s *story) { s.Press("down"); s.section("Validation") }, 'e', []rune{'O'}},
		"another place":     {func(s *story) { s.Press("down") }, 'o', []rune{tea.KeyDown, tea.KeyEnter}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := demo(t, 120, 40)
			s.signIn(admin)
			c.play(s)
			before := len(s.acts())
			press := func(code rune) tea.Cmd {
				msg := tea.KeyPressMsg{Code: code}
				if code < 128 && code > ' ' {
					msg.Text = string(code)
				}
				return s.Step(msg)
			}
			late := []tea.Cmd{press(c.opens)}
			for _, code := range c.answers {
				late = append(late, press(code))
			}
			for _, cmd := range late {
				s.Run(cmd)
			}
			s.acted(before, "keys before the question")
		})
	}
}
