package validation_test

import (
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

func TestR20_R21_R22_AChannelsNewKindDecidesAtOnce(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	individual, structure := core.ContactIndividual, core.ContactStructure
	for i, tt := range []struct {
		kind    venue.ChannelKind
		offered map[core.ContactKind]bool
	}{
		{venue.ChannelCounter, map[core.ContactKind]bool{individual: false, structure: false}},
		{venue.ChannelInternetB2B, map[core.ContactKind]bool{individual: false, structure: true}},
		{venue.ChannelInternetAgency, map[core.ContactKind]bool{individual: false, structure: true}},
		{venue.ChannelInternetB2C, map[core.ContactKind]bool{individual: true, structure: true}},
	} {
		_, err := h.Venue.SaveChannel(h.Ctx, h.Owner, 1, core.Version(i+1), venue.SalesChannel{Name: "Internet", Kind: tt.kind})
		h.Must(err)
		for kind, want := range tt.offered {
			offer, err := h.Contacts.Offer(h.Ctx, h.Owner, kind, 0)
			h.Must(err)
			if got := offer.Has(h.Context()); got != want {
				t.Errorf("on a channel of kind %v the shop is offered to %vs: %v", tt.kind, kind, got)
			}
		}
	}
}

func TestR3_AMovedHouseShowsMarkersAndSendsOnceAnAdminTurnsItOn(t *testing.T) {
	t.Parallel()
	h := coretest.Empty(t, storagetest.New(t))
	d := coretest.Draft()
	d.Institution.Moving = true
	var err error
	h.Made, err = h.Setup.Do(h.Ctx, d)
	h.Must(err)
	h.Owner = h.SignIn(coretest.OwnerAddress)
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	h.Edit(id, func(d *contacts.Draft) { d.Address = other })
	_, err = h.Contacts.SendValidation(h.Ctx, h.Owner, id, h.Show(id).Email.Generation, h.Context())
	h.Refused(err, core.CodeSwitchOff)
	if mails := h.Mails(); len(mails) != 0 || h.Status(id) != core.EmailNotValidated {
		t.Errorf("%d mails while it is off, marker %v", len(mails), h.Status(id))
	}
	admin := h.Hire(core.RoleAdmin)
	o, err := h.Venue.Overview(h.Ctx, admin)
	h.Must(err)
	_, err = h.Venue.SwitchValidation(h.Ctx, h.Hire(core.RoleOperator), o.InstitutionVersion, true)
	h.Refused(err, core.CodeForbidden)
	_, err = h.Venue.SwitchValidation(h.Ctx, admin, o.InstitutionVersion, true)
	h.Must(err)
	_, err = h.Contacts.SendValidation(h.Ctx, h.Owner, id, h.Show(id).Email.Generation, h.Context())
	h.Must(err)
	if mails := h.Mails(); len(mails) != 1 || mails[0].To != other {
		t.Errorf("%d mails once it is on", len(mails))
	}
}
