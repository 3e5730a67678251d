package contacts_test

import (
	"fmt"
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

// history lists a contact's changes, newest first.
func history(h *coretest.House, id, before core.ID, limit int) []contacts.Change {
	h.T.Helper()
	changes, err := h.Contacts.History(h.Ctx, h.Owner, id, before, limit)
	h.Must(err)
	return changes
}

func actions(changes []contacts.Change) []core.ActionID {
	all := make([]core.ActionID, len(changes))
	for i, c := range changes {
		all[i] = c.Action
	}
	return all
}

func TestR57_AHistoryTellsWhoChangedWhat(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	other := h.Create(coretest.Person("Paul", "Dupont", "")).ID
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	h.Follow(coretest.Token(h.Mails()[0]))
	admin := h.Hire(core.RoleAdmin)
	now := h.Show(id)
	d := contacts.DraftOf(now.Contact)
	d.FirstName = "Anne"
	_, err := h.Contacts.Edit(h.Ctx, admin, id, now.Version, d, h.Context(), false)
	h.Must(err)
	h.Edit(other, func(d *contacts.Draft) { d.FirstName = "Jean" })
	remove(h, id)
	restore(h, id)
	got := history(h, id, 0, 0)
	want := []core.ActionID{core.ActContactsRestore, core.ActContactsRemove, core.ActContactsEdit, core.ActValidationFollow, core.ActContactsCreate}
	if !slices.Equal(actions(got), want) {
		t.Fatalf("history %v", actions(got))
	}
	edit := got[2]
	if edit.By.Name != "admin" || !edit.At.Equal(coretest.Start()) || !slices.Equal(edit.Details, []core.Detail{{Name: "first-name", Value: "Marie → Anne", Personal: true}}) {
		t.Errorf("the edit reads %+v", edit)
	}
	if follow := got[3]; follow.By.Kind != core.ActorLink || len(follow.Details) != 0 {
		t.Errorf("the validation reads %+v", follow)
	}
}

func TestR57_AHistoryShowsNoRefusalsSignInsOrSecurityActs(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	assertion := contacts.Assertion{Identity: "venue:1", Address: address, LastName: "Dupont"}
	saved, err := h.Contacts.SignInBySSO(h.Ctx, sso(h), assertion)
	h.Must(err)
	_, err = h.Contacts.SignInBySSO(h.Ctx, sso(h), assertion)
	h.Must(err)
	assertion.Address = "other@orange.example"
	_, err = h.Contacts.SignInBySSO(h.Ctx, sso(h), assertion)
	h.Must(err)
	random := coretest.Random(5)
	log := func(action core.ActionID, refused core.Code, details ...core.Detail) {
		e := core.Entry{Institution: h.Made.Institution, Action: action, Refused: refused, Details: details}
		e.Subject = core.Ref{Kind: core.KindContact, ID: saved.ID}
		h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error { return activity.Journal{}.Record(tx, e, random) }))
	}
	log(core.ActContactsEdit, core.CodeForbidden)
	log(core.ActValidationFollow, "", core.Detail{Name: "state", Value: "expired"})
	log(core.ActSignIn, "")
	log(core.ActSessionSwitch, "")
	want := []core.ActionID{core.ActSSOSignIn, core.ActSSOSignIn} // the one that changed the address, the one that made it
	if got := actions(history(h, saved.ID, 0, 0)); !slices.Equal(got, want) {
		t.Errorf("history %v", got)
	}
}

func TestAHistoryComesInPages(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", "")).ID
	for i := range 60 {
		h.Edit(id, func(d *contacts.Draft) { d.FirstName = fmt.Sprint(i) })
	}
	if got := len(history(h, id, 0, 0)); got != 50 {
		t.Errorf("%d changes where nobody says how many", got)
	}
	var seen []core.ID
	for before := core.ID(0); ; {
		page := history(h, id, before, 25)
		for _, c := range page {
			seen = append(seen, c.Entry)
		}
		if len(page) < 25 {
			break
		}
		before = page[24].Entry
	}
	if len(seen) != 61 || !slices.IsSortedFunc(seen, func(a, b core.ID) int { return int(b) - int(a) }) {
		t.Errorf("%d changes: %v", len(seen), seen)
	}
}

func TestAHistoryOutlivesWhatWasErased(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", "")).ID
	h.Edit(id, func(d *contacts.Draft) { d.FirstName = "Anne" })
	edited := history(h, id, 0, 1)[0].Entry
	h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error {
		return tx.Delete("activity.personal", core.Key(core.Installation, edited))
	}))
	got := history(h, id, 0, 0)
	if len(got) != 2 || !slices.Equal(got[0].Details, []core.Detail{{Name: "first-name", Personal: true}}) || len(got[1].Details) == 0 {
		t.Errorf("history %+v", got)
	}
}

func TestR86_AHistoryIsForWhoSeesTheContact(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", "")).ID
	_, err := h.Contacts.History(h.Ctx, h.Hire(core.RoleDeveloper), id, 0, 0)
	h.Refused(err, core.CodeForbidden)
	changes, err := h.Contacts.History(h.Ctx, h.Hire(core.RoleOperator), id, 0, 0)
	h.Must(err)
	if len(changes) != 1 {
		t.Errorf("history %+v", changes)
	}
}
