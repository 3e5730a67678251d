package contacts_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/ui/session"
	"willcall/ui/text"
)

// lacks fails the test where some of this stands on the page.
func (st *stage) lacks(texts ...string) {
	st.t.Helper()
	flow := st.flow(120)
	for _, text := range texts {
		if strings.Contains(flow, text) {
			st.t.Errorf("the page says %q:\n%s", text, st.screen(120, 60))
		}
	}
}

func ctrlO() tea.KeyPressMsg { return tea.KeyPressMsg{Code: 'o', Mod: tea.ModCtrl} }

func TestAFormSaysWhoIsAlikeBesideTheAddress(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont", "Paul Roux")
	st.keys("down", "n")
	st.fill("First name", "MARIE")
	st.lacks("like this person", "ctrl+o")
	st.fill("Last name", "Düpont")
	st.says("1 like this person ctrl+o look")
	st.fill("Address", "1@mail.example")
	line := ""
	for _, l := range strings.Split(st.screen(120, 40), "\n") {
		if strings.Contains(l, "1@mail.example  ") {
			line = l
		}
	}
	if !strings.Contains(line, "1 with this address, 1 like this person   ctrl+o look") {
		t.Errorf("not beside the address: %q", line)
	}
	st.says("1 with this address, 1 like this person ctrl+o look")
	st.fill("Address", "x")
	st.lacks("with this address")
	words, err := text.Load()
	st.house.Must(err)
	st.session.Text = words.In(text.French)
	st.Reword()
	st.says("1 personne du même nom ctrl+o voir")
}

func TestWhoIsAlikeIsShownAndNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont", "Paul Roux")
	st.keys("down", "n")
	st.run(st.Update(ctrlO()))
	st.says("New contact") // nobody is alike yet
	st.fill("First name", "Paul")
	st.fill("Last name", "Roux")
	st.fill("Address", "0@mail.example")
	st.keys("ctrl+o")
	st.says("Contacts that may be the same", "Dupont Marie 0@mail.example address", "Roux Paul 1@mail.example name")
	st.keys("j", "k", "x") // letters move, and are typed nowhere
	st.keys("esc")
	st.says("New contact", "1 with this address, 1 like this person")
	st.keys("ctrl+o", "down", "enter")
	st.says("Paul Roux C-000002")
	st.keys("n")
	st.says("New contact", "0@mail.example", "1 with this address, 1 like this person")
	st.fill("Last name", "!")
	st.says("Roux!")
}

func TestAnOlderAnswerOfWhoIsAlikeIsDropped(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down", "n")
	st.fill("First name", "Marie")
	st.to("Last name")
	st.typed("Dupon")
	late := st.press("t")
	st.keys("x")
	st.run(late)
	st.lacks("like this person")
}

func TestWhoCameMeanwhileIsAlikeToo(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down", "n")
	st.fill("Address", "zoe@mail.example")
	st.lacks("with this address")
	st.house.Create(coretest.Person("Zoé", "Favre", "zoe@mail.example"))
	st.run(st.Refresh())
	st.says("1 with this address")
}

func TestAnEditIsAlikeToOthersOnlyWhereItChanges(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont", "Paul Roux")
	st.house.Create(coretest.Person("Marie", "Dupont", "0@mail.example"))
	st.run(st.Open(core.Ref{Kind: core.KindContact, ID: 1}))
	st.keys("e")
	st.lacks("with this address", "like this person")
	st.to("Address")
	st.run(st.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl}))
	st.typed("1@mail.example")
	st.says("1 with this address")
	st.lacks("like this person")
}

func TestTheMouseOpensWhoIsAlike(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont", "Paul Roux")
	st.keys("down", "n")
	st.fill("Address", "0@mail.example")
	st.keys("ctrl+o")
	st.screen(120, 40)
	st.run(st.Update(session.Click{X: 8, Y: 3, Width: 120}))
	st.says("Marie Dupont C-000001")
}
