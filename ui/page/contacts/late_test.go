package contacts_test

import (
	"strings"
	"testing"

	"willcall/core"
	book "willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/ui/action"
)

// edits opens the form of the contact selected and types behind the first name.
func (st *stage) edits(typed string) {
	st.t.Helper()
	st.keys("e")
	st.fill("First name", typed)
}

// TestALateSaveLeavesAloneWhoIsShown by then: keys act on whoever is selected.
func TestALateSaveLeavesAloneWhoIsShown(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont", "Paul Roux")
	st.keys("down")
	st.edits("Zoé")
	save, _ := action.Find(st.Actions(), "ctrl+s", true)
	saving := save.Run()
	st.run(st.Open(core.Ref{Kind: core.KindContact, ID: 2}))
	st.says("Paul Roux C-000002")
	st.run(saving)
	st.says("Paul Roux C-000002", "C-000001 saved")
	if got := st.house.Show(1).FirstName; got == "Marie" {
		t.Error("it wasn’t saved")
	}
}

// TestR90_ARefusedUndoIsToldWhereItWasAsked beside what was typed.
func TestR90_ARefusedUndoIsToldWhereItWasAsked(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont", "Paul Roux")
	st.keys("down")
	st.edits("Zoé")
	_, err := st.house.Contacts.Remove(t.Context(), st.house.Owner, 1, st.house.Show(1).Version)
	st.house.Must(err)
	save, _ := action.Find(st.Actions(), "ctrl+s", true)
	st.run(save.Run())
	st.says("removed this contact", "Zoé")
	st.session.Request = st.house.Hire(core.RoleDeveloper)
	st.keys("u")
	st.says("removed this contact", "Zoé", "Your role does not allow this.")
	st.session.Request = st.house.Owner
	st.house.Clock.Advance(book.UndoTime)
	st.keys("u")
	st.says("Zoé")
}

// TestAFormGoesByWhatIsStoredSince: what is typed back to an older value is
// typed too.
func TestAFormGoesByWhatIsStoredSince(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down")
	st.edits("tte")
	st.keys("esc")
	st.house.Edit(1, func(d *book.Draft) { d.FirstName = "Mariette" })
	st.run(st.Refresh())
	st.keys("e")
	st.silent("Somebody else")
	st.to("First name")
	st.keys("end", "backspace", "backspace", "backspace", "esc", "e")
	st.says("First name Marie Last name")
	if !st.Unsaved() {
		t.Error("what was typed is forgotten")
	}
}

// TestPhonesMoveUpWhereOneIsRemovedElsewhere: they are chosen together then, so
// that the choice of one doesn't take another one's place.
func TestPhonesMoveUpWhereOneIsRemovedElsewhere(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{"right": "+41 22 111 11 19, +41 22 222 22 22", "left": "+41 22 222 22 22"} {
		st := open(t)
		person := coretest.Person("Marie", "Dupont", "marie@mail.example")
		person.Phones = []book.Phone{{Use: book.PhoneMobile, Number: "+41 22 111 11 1"}, {Use: book.PhoneHome, Number: "+41 22 222 22 22"}}
		st.house.Create(person)
		st.run(st.Refresh())
		st.keys("down", "e")
		st.fill("Phone", "9")
		st.house.Edit(1, func(d *book.Draft) { d.Phones = d.Phones[1:] })
		save, _ := action.Find(st.Actions(), "ctrl+s", true)
		st.run(save.Run())
		st.says("Somebody else saved this", "Phones", "changed on both sides")
		st.keys(key, "enter")
		var numbers []string
		for _, phone := range st.house.Show(1).Phones {
			numbers = append(numbers, phone.Number)
		}
		if got := strings.Join(numbers, ", "); got != want {
			t.Errorf("%s saves %q, want %q", key, got, want)
		}
	}
}
