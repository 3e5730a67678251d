package contacts_test

import (
	"testing"

	"willcall/core"
	book "willcall/core/contacts"
	"willcall/core/coretest"
)

// removedMeanwhile opens the form of the first contact, types into it, and saves
// after somebody else removed the contact.
func removedMeanwhile(t *testing.T) *stage {
	t.Helper()
	st := open(t, "Marie Dupont", "Paul Roux")
	st.keys("down")
	st.edits("Zoé")
	_, err := st.house.Contacts.Remove(t.Context(), st.house.Owner, 1, st.house.Show(1).Version)
	st.house.Must(err)
	st.keys("ctrl+s")
	st.says("Olga Brunner removed this contact", "First name MarieZoé", "u undo", "n ")
	return st
}

func TestR90_WhatWasTypedSurvivesTheRemovalOfItsContact(t *testing.T) {
	t.Parallel()
	st := removedMeanwhile(t)
	st.keys("u")
	st.says("changed here", "MarieZoé")
	st.keys("enter")
	st.says("C-000001 saved")
	if got := st.house.Show(1).FirstName; got != "MarieZoé" {
		t.Errorf("saved is %q", got)
	}
}

func TestR90_WhatWasTypedBecomesANewContact(t *testing.T) {
	t.Parallel()
	st := removedMeanwhile(t)
	st.keys("n")
	st.says("New contact", "First name MarieZoé", "Last name * Dupont")
	st.keys("ctrl+s")
	st.says("C-000003 saved")
	_, err := st.house.Contacts.Show(t.Context(), st.house.Owner, 1)
	st.house.Refused(err, core.CodeNotFound)
}

func TestR90_TheFormOfAContactThatIsGoneIsGoneBackTo(t *testing.T) {
	t.Parallel()
	st := removedMeanwhile(t)
	st.keys("esc")
	st.says("Edit Marie Dupont", "MarieZoé")
	st.keys("ctrl+s")
	st.says("removed this contact")
}

func TestR90_NothingIsUndoneTooLate(t *testing.T) {
	t.Parallel()
	st := removedMeanwhile(t)
	st.house.Clock.Advance(book.UndoTime)
	st.keys("u")
	st.says("removed this contact", "The time for undoing this is over.")
	st.house.Owner = st.house.SignIn(coretest.OwnerAddress) // the session ended meanwhile
	_, err := st.house.Contacts.Show(t.Context(), st.house.Owner, 1)
	st.house.Refused(err, core.CodeNotFound)
}

// TestAFormOfANewContactThatIsKeptIsNotTypedOver by what another began.
func TestAFormOfANewContactThatIsKeptIsNotTypedOver(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down", "n")
	st.fill("First name", "Ana")
	st.keys("esc")
	st.edits("Zoé")
	_, err := st.house.Contacts.Remove(t.Context(), st.house.Owner, 1, st.house.Show(1).Version)
	st.house.Must(err)
	st.keys("ctrl+s", "n")
	st.says("removed this contact")
	st.keys("esc", "esc", "n")
	st.says("New contact", "Ana")
}
