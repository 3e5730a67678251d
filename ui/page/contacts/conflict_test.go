package contacts_test

import (
	"testing"

	"willcall/core"
	book "willcall/core/contacts"
	"willcall/ui/session"
)

// drafted hands the page a draft of the first contact's form, with "Mine" typed for
// Marie, begun from the version that is stored now.
func (st *stage) drafted() func() {
	version := st.house.Show(1).Version
	return func() {
		st.run(st.Update(session.Result{Page: st.Key(), Value: session.DraftsRead{{
			Form: "contacts.edit/1", Version: version,
			Typed: map[string]string{"first-name": "Mine"}, Was: map[string]string{"first-name": "Marie"},
		}}}))
	}
}

// elsewhere changes the first contact from another session.
func (st *stage) elsewhere(change func(*book.Draft)) { st.house.Edit(1, change) }

// overtaken shows a contact that was saved elsewhere since the draft of it began.
func overtaken(t *testing.T) *stage {
	t.Helper()
	st := open(t, "Marie Dupont")
	restore := st.drafted()
	st.elsewhere(func(d *book.Draft) { d.FirstName = "Theirs" })
	restore()
	st.run(st.Refresh())
	return st
}

func TestADraftMeetsWhatWasSavedSince(t *testing.T) {
	t.Parallel()
	st := overtaken(t)
	st.keys("down", "e")
	st.says("Somebody else saved this while you typed.", "[ ] Theirs", "[ ] Mine", "Olga Brunner, ")
	st.keys("enter") // nothing is decided yet
	if got := st.house.Show(1).FirstName; got != "Theirs" {
		t.Fatalf("nobody chose, and %q was saved", got)
	}
	st.keys("right", "enter")
	st.says("C-000001 saved")
	if got := st.house.Show(1).FirstName; got != "Mine" {
		t.Errorf("saved is %q", got)
	}
}

func TestADraftOfWhatNobodyTouchedGoesByWhatIsStored(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	restore := st.drafted()
	st.elsewhere(func(d *book.Draft) {})
	restore()
	st.run(st.Refresh())
	st.keys("down", "e")
	st.says("Edit Marie Dupont", "What you typed is kept since")
	st.keys("ctrl+s")
	st.says("C-000001 saved")
}

// TestADiscardedDraftLeavesNoConflict: what is typed afterwards began from what
// is stored.
func TestADiscardedDraftLeavesNoConflict(t *testing.T) {
	t.Parallel()
	st := overtaken(t)
	st.keys("down", "e", "esc", "ctrl+x", "X")
	st.says("Theirs")
	st.fill("Last name", "-Roux")
	st.keys("ctrl+s")
	st.says("C-000001 saved")
	if d := st.house.Show(1); d.FirstName != "Theirs" || d.LastName != "Dupont-Roux" {
		t.Errorf("saved is %s %s", d.FirstName, d.LastName)
	}
}

func TestAConflictIsEditedFurther(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down")
	st.edits("Zoé")
	st.elsewhere(func(d *book.Draft) { d.LastName = "Theirs" })
	st.keys("ctrl+s")
	st.says("changed there", "changed here", "Theirs")
	st.keys("e")
	st.says("Last name * Theirs", "MarieZoé")
	st.keys("ctrl+s")
	st.says("C-000001 saved")
	if d := st.house.Show(1); d.FirstName != "MarieZoé" || d.LastName != "Theirs" {
		t.Errorf("saved is %s %s", d.FirstName, d.LastName)
	}
}

func TestAnUnreadHistoryLeavesTheValuesAlone(t *testing.T) {
	t.Parallel()
	st := overtaken(t)
	st.keys("down")
	asked := st.press("e")
	st.session.Request.Actor = core.Actor{} // nobody answers
	st.run(asked)
	st.says("[ ] Theirs", "[ ] Mine")
}
