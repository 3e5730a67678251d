package contacts_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

// trusted is the request of an import that runs by itself.
func trusted(h *coretest.House) core.Request {
	return from(h, core.Actor{Kind: core.ActorImport, Name: "old system"})
}

func TestR7_AnImportSendsNothing(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	last := coretest.Start().AddDate(0, -2, 0)
	saved, err := h.Contacts.Import(h.Ctx, trusted(h), contacts.Imported{Draft: full(), SSO: " venue:1 ", HasOrders: true, LastOrder: last})
	h.Must(err)
	got := h.Show(saved.ID)
	if !contacts.DraftOf(got.Contact).Equal(full()) || got.SSO != "venue:1" || !got.HasOrders || !got.LastOrder.Equal(last) {
		t.Errorf("imported %+v", got.Contact)
	}
	if len(h.Mails()) != 0 || got.Email.Status != core.EmailNotValidated || got.Mailed {
		t.Errorf("email %+v", got.Email)
	}
}

func TestR85_AnImportIsGreenOnlyWithProof(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	admin := h.Hire(core.RoleAdmin)
	for _, req := range []core.Request{admin, trusted(h)} {
		saved, err := h.Contacts.Import(h.Ctx, req, contacts.Imported{Draft: coretest.Person("Marie", "Dupont", address), Validated: true})
		h.Must(err)
		want := core.Proof{How: core.ProofImport, At: coretest.Start(), By: req.Actor.Name}
		if got := h.Show(saved.ID).Email; got.Status != core.EmailValidated || got.Proof != want {
			t.Errorf("email %+v", got)
		}
		if e := journal(h); e.Action != core.ActContactsImport || !slices.Contains(e.Details, core.Detail{Name: "validated", Value: " → import", Personal: true}) {
			t.Errorf("entry %+v", e)
		}
	}
	if mails := h.Mails(); len(mails) != 0 {
		t.Errorf("%d mails", len(mails))
	}
	for _, req := range []core.Request{h.Hire(core.RoleOperator), customer(h, 1), sso(h)} {
		_, err := h.Contacts.Import(h.Ctx, req, contacts.Imported{Draft: coretest.Person("Marie", "Dupont", address), Validated: true})
		h.Refused(err, core.CodeForbidden)
	}
	_, err := h.Contacts.Import(h.Ctx, admin, contacts.Imported{Draft: coretest.Person("Marie", "Dupont", ""), Validated: true})
	if got := coretest.FieldsOf(err); !maps.Equal(got, map[string]core.Code{"address": core.CodeRequired}) {
		t.Errorf("proof of no address: %v", err)
	}
}

func TestR15_AnImportedGuestIsRed(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := coretest.Person("Marie", "Dupont", address)
	d.Guest = true
	saved, err := h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: d, Validated: true})
	h.Must(err)
	if got := h.Status(saved.ID); got != core.EmailNotValidated {
		t.Errorf("a guest is %v", got)
	}
}

func TestR85_AnImportedIdentityIsNobodyElses(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	first := signIn(h, marie())
	_, err := h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: coretest.Person("Ana", "Reis", ""), SSO: "venue:1"})
	if got := coretest.FieldsOf(err); !maps.Equal(got, map[string]core.Code{"sso": core.CodeIdentity}) {
		t.Errorf("refused with %v", err)
	}
	_, err = h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: coretest.Person("Ana", "Reis", ""), SSO: "a\nb"})
	h.Refused(err, core.CodeControl)
	for range 2 {
		_, err = h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: coretest.Person("Ana", "Reis", "")})
		h.Must(err)
	}
	h.Edit(first.ID, func(d *contacts.Draft) { d.FirstName = "Anne" })
	if got := h.Show(first.ID).SSO; got != "venue:1" {
		t.Errorf("R85: a form changed the identity to %q", got)
	}
}

func TestImportsAreHeldAgainstTheRulesOfForms(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.GoLive()
	for want, d := range map[core.Code]contacts.Draft{
		core.CodeRequired: coretest.Person("Marie", "", ""),
		core.CodeReserved: coretest.Person("Marie", "Dupont", address),
		core.CodeChoice:   acts("Marie", 999, false),
	} {
		_, err := h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: d})
		h.Refused(err, want)
	}
	saved, err := h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: coretest.Person("Marie", "Dupont", ""), LastOrder: coretest.Start()})
	h.Must(err)
	if !h.Show(saved.ID).HasOrders {
		t.Error("a last order, and no orders")
	}
}

func TestARepeatedImportIsDoneOnce(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	req := h.Owner
	req.Key = "line 1"
	first, err := h.Contacts.Import(h.Ctx, req, contacts.Imported{Draft: coretest.Person("Marie", "Dupont", "")})
	h.Must(err)
	h.Clock.Advance(time.Minute)
	again, err := h.Contacts.Import(h.Ctx, req, contacts.Imported{Draft: coretest.Person("Marie", "Dupont", "")})
	h.Must(err)
	if again.ID != first.ID || again.Number != first.Number {
		t.Errorf("%+v, then %+v", first, again)
	}
}

func TestR32_NothingIsKnownOfOrdersUntilSomeWereLoaded(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	first := h.Create(coretest.Person("Marie", "Dupont", "")).ID
	elsewhere := h.Made.Institution + 100
	plant(t, h.Store, elsewhere, contacts.Contact{HasOrders: true})
	if h.Show(first).OrdersLoaded {
		t.Error("orders of another institution count")
	}
	_, err := h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: coretest.Person("Ana", "Reis", "")})
	h.Must(err)
	if h.Show(first).OrdersLoaded {
		t.Error("an import without orders counts")
	}
	second, err := h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: coretest.Person("Paul", "Roux", ""), HasOrders: true})
	h.Must(err)
	for _, id := range []core.ID{first, second.ID} {
		if !h.Show(id).OrdersLoaded {
			t.Errorf("contact %d: orders were loaded, and aren't known", id)
		}
	}
}
