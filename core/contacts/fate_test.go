package contacts_test

import (
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

func TestR90_FateTellsWhoRemovedAContactAndWhetherItCanComeBack(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Create(coretest.Person("Marie", "Dupont", "marie@mail.example"))
	fate := func() contacts.Fate {
		f, err := h.Contacts.Fate(h.Ctx, h.Owner, 1)
		h.Must(err)
		return f
	}
	if got := fate(); got != (contacts.Fate{}) {
		t.Errorf("of one that is there: %+v", got)
	}
	mia := h.Hire(core.RoleAdmin)
	at := h.Clock.Effective()
	removed, err := h.Contacts.Remove(h.Ctx, mia, 1, h.Show(1).Version)
	h.Must(err)
	if got := fate(); got.By.ID != mia.Actor.ID || !got.At.Equal(at) || !got.Until.Equal(removed.Until) {
		t.Errorf("removed: %+v, until %v", got, removed.Until)
	}
	h.Clock.Advance(contacts.UndoTime)
	h.Owner = h.SignIn(coretest.OwnerAddress)
	h.Create(coretest.Person("Zoé", "Roux", "")) // sweeps
	if got := fate(); got.By.ID != mia.Actor.ID || !got.Until.IsZero() {
		t.Errorf("gone for good: %+v", got)
	}
	_, err = h.Contacts.Fate(h.Ctx, h.Hire(core.RoleDeveloper), 1)
	h.Refused(err, core.CodeForbidden)
}
