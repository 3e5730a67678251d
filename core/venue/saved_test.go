package venue_test

import (
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

func TestLastSaveTellsWhoSavedLast(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	house := core.Ref{Kind: core.KindInstitution, ID: h.Made.Institution}
	last := func(subject core.Ref) venue.Save {
		save, err := h.Venue.LastSave(h.Ctx, h.Owner, subject)
		h.Must(err)
		return save
	}
	mia := h.Hire(core.RoleAdmin)
	o, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	h.Clock.Advance(time.Hour)
	d := draft(o.Institution)
	d.Name = "Théâtre du Lac"
	_, err = h.Venue.SaveInstitution(h.Ctx, mia, o.InstitutionVersion, d)
	h.Must(err)
	saved := last(house)
	if saved.By.ID != mia.Actor.ID || !saved.At.Equal(h.Clock.Effective()) {
		t.Errorf("saved by %+v at %v", saved.By, saved.At)
	}
	h.Clock.Advance(time.Hour)
	if _, err = h.Venue.SaveInstitution(h.Ctx, h.Owner, o.InstitutionVersion, d); core.CodeOf(err) != core.CodeConflict {
		t.Fatalf("saved over Mia's: %v", err)
	}
	_, err = h.Venue.SendSample(h.Ctx, h.Owner, h.Made.Document, "fr", "olga@mail.example")
	h.Must(err)
	if got := last(house); got != saved {
		t.Errorf("a refusal counts as a save: %+v", got)
	}
	if got := last(core.Ref{Kind: core.KindDocument, ID: h.Made.Document}); got.At.Equal(h.Clock.Effective()) {
		t.Errorf("a sample counts as a save: %+v", got)
	}
	if got := last(core.Ref{Kind: core.KindPointOfSale, ID: 99}); got != (venue.Save{}) {
		t.Errorf("nobody saved it, not %+v", got)
	}
}
