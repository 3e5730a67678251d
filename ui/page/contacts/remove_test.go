package contacts_test

import (
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/ui/action"
)

func TestR90_AMistakeIsRemovedAndBroughtBack(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont", "Paul Roux")
	st.keys("down", "D")
	st.says("Remove C-000001 Marie Dupont? It will be found no more. Its validation mails are withdrawn",
		"u brings it back within 24 h.")
	st.keys("esc", "D")
	removing := st.press("D")
	if again := st.press("D"); again != nil {
		t.Error("D removes twice")
	}
	st.run(removing)
	if _, err := st.house.Contacts.Show(t.Context(), st.house.Owner, 1); core.CodeOf(err) != core.CodeNotFound {
		t.Fatalf("the contact is still there: %v", err)
	}
	st.says("C-000001 Dupont Marie removed. u brings it back (until ", "Paul Roux C-000002")
	st.silent("Marie Dupont")
	st.keys("enter", "esc", "u")
	st.says("C-000001 Dupont Marie is back.", "Marie Dupont C-000001")
	if st.press("u") != nil {
		t.Error("u undoes twice")
	}
	st.house.Show(1)
}

func TestR90_WhatIsNoMistakeSaysWhy(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.house.Clock.Advance(24 * time.Hour)
	st.session.Request = st.house.SignIn(coretest.OwnerAddress)
	st.run(st.Refresh())
	st.keys("down")
	a, ok := action.Find(st.Actions(), "D", false)
	if !ok || a.Disabled != "It is more than 24 hours old. Only a contact made by mistake can be removed." {
		t.Errorf("D is disabled by %q", a.Disabled)
	}
}

func TestR90_AnUndoIsOverAfterItsTime(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down", "D", "D")
	st.says("No contacts yet", "removed. u brings it back")
	st.house.Clock.Advance(24 * time.Hour)
	a, ok := action.Find(st.Actions(), "u", false)
	if !ok || a.Disabled != "The time for undoing this is over." {
		t.Errorf("u is disabled by %q", a.Disabled)
	}
}

func TestAContactChangedMeanwhileIsNotRemoved(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down", "enter", "D")
	st.house.Edit(1, func(d *draft) { d.LastName = "Roux" })
	st.keys("D")
	st.says("Somebody else saved this first.", "Marie Roux")
	if _, ok := action.Find(st.Actions(), "u", false); ok {
		t.Error("there is something to undo")
	}
}

func TestTheRemovedRelayLeadsBackToItsStructure(t *testing.T) {
	t.Parallel()
	st := school(t)
	st.keys("tab", "enter", "D", "D")
	st.says("Lycée du Lac C-000001", "1 relay", "Roux Zoé", "removed")
	st.keys("u")
	st.says("Zoé Roux C-000003", "is back")
	st.keys("esc")
	st.says("Lycée du Lac C-000001", "2 relays")
}

func TestWhoComesBackIsSelected(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{
		"where nothing is searched": nil,
		"where somebody else is":    {"/", "r", "o", "u", "x", "down"},
		"where nobody is found":     {"/", "x", "y", "z", "down"},
		"where its search stands":   {"/", "d", "u", "p", "down"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := open(t, "Marie Dupont", "Ana Ambre", "Zoé Zürcher", "Paul Roux")
			st.keys("down", "down", "D", "D")
			st.says("C-000001 Dupont Marie removed.")
			st.keys(keys...)
			st.keys("u")
			st.says("C-000001 Dupont Marie is back.", "Marie Dupont C-000001")
			st.keys("enter")
			st.says("Marie Dupont C-000001")
			st.silent("Paul Roux")
		})
	}
}

func TestTypingGoesBeforeWhoComesBack(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont", "Paul Roux")
	st.keys("down", "D", "D", "/", "r", "o", "u", "x", "down")
	back := st.press("u")
	answer := st.Update(back())
	st.keys("/", "backspace")
	st.run(answer)
	st.says("Paul Roux C-000002", "rou")
	st.silent("Marie Dupont C-000001")
}
