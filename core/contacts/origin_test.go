package contacts_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/validation"
	"willcall/storage/storagetest"
)

const elsewhere = "marie@mail.example"

// from is the request of an actor who is no operator.
func from(h *coretest.House, actor core.Actor) core.Request {
	return core.Request{Actor: actor, Institution: h.Made.Institution, Organisation: h.Made.Organisation}
}

// sso is the request of an identity provider.
func sso(h *coretest.House) core.Request {
	return from(h, core.Actor{Kind: core.ActorSSO, Name: "venue-id"})
}

// customer is the request of who signed in as a contact, 0 for nobody yet.
func customer(h *coretest.House, id core.ID) core.Request {
	return from(h, core.Actor{Kind: core.ActorCustomer, ID: id, Name: "Marie Dupont"})
}

// outgoing parts mails into those with a link and notices, by address.
func outgoing(mails []mail.Work) (links, notices []string) {
	for _, m := range mails {
		if m.Values["link"] != "" {
			links = append(links, m.To)
		} else {
			notices = append(notices, m.To)
		}
	}
	return links, notices
}

func register(h *coretest.House) core.ID {
	h.T.Helper()
	saved, err := h.Contacts.Register(h.Ctx, customer(h, 0), coretest.Person("Marie", "Dupont", address), h.Context())
	h.Must(err)
	return saved.ID
}

func TestR5_AnAccountOfOurOwnGetsAValidationMail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]func(*coretest.House) validation.Context{
		"from a context":         (*coretest.House).Context,
		"from what is suggested": func(*coretest.House) validation.Context { return validation.Context{} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			saved, err := h.Contacts.Register(h.Ctx, customer(h, 0), coretest.Person("Marie", "Dupont", address), c(h))
			h.Must(err)
			mails := h.Mails()
			if links, _ := outgoing(mails); !slices.Equal(links, []string{address}) || saved.Sent.Mail != mails[0].ID {
				t.Errorf("mails to %v, told %+v", links, saved.Sent)
			}
			if mails[0].Document != h.Made.Document || h.Status(saved.ID) != core.EmailNotValidated {
				t.Errorf("from document %d, status %v", mails[0].Document, h.Status(saved.ID))
			}
			if e := journal(h); e.Action != core.ActCustomerRegister || e.Actor.Kind != core.ActorCustomer || e.Subject.ID != saved.ID {
				t.Errorf("entry %+v", e)
			}
		})
	}
}

func TestR5_WhatACustomerCannotSay(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := full()
	d.Structure, d.Primary, d.Guest = school(h, "Lycée"), true, true
	saved, err := h.Contacts.Register(h.Ctx, customer(h, 0), d, h.Context())
	h.Must(err)
	got := h.Show(saved.ID)
	if got.Kind != core.ContactIndividual || got.Guest || got.Notes != "" || got.Contact.Structure != 0 || got.Primary || got.SSO != "" {
		t.Errorf("registered as %+v", got.Contact)
	}
	_, err = h.Contacts.Register(h.Ctx, customer(h, 0), coretest.Person("Marie", "Dupont", " "), h.Context())
	if refused := coretest.FieldsOf(err); !maps.Equal(refused, map[string]core.Code{"address": core.CodeRequired}) {
		t.Errorf("without an address: %v", err)
	}
	_, err = h.Contacts.Register(h.Ctx, h.Owner, coretest.Person("Marie", "Dupont", ""), h.Context())
	h.Refused(err, core.CodeForbidden)
}

func TestR6_ACustomersChangeOfAddressSends(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := register(h)
	h.Follow(coretest.Token(h.Mails()[0]))
	saved, err := h.Contacts.ChangeAddress(h.Ctx, customer(h, id), id, elsewhere, validation.Context{})
	h.Must(err)
	links, notices := outgoing(h.Mails())
	if !slices.Equal(links, []string{elsewhere}) || saved.Status != core.EmailNotValidated {
		t.Errorf("mails to %v, status %v", links, saved.Status)
	}
	if !slices.Equal(notices, []string{address}) {
		t.Errorf("R8: notices to %v", notices)
	}
	if e := journal(h); e.Action != core.ActCustomerAddress || e.Actor.ID != id {
		t.Errorf("entry %+v", e)
	}
	if got := actions(history(h, id, 0, 1)); !slices.Equal(got, []core.ActionID{core.ActCustomerAddress}) {
		t.Errorf("history %v", got)
	}
}

func TestR7_EveryKindOfCustomerGetsTheMail(t *testing.T) {
	t.Parallel()
	for _, kind := range core.ContactKinds() {
		h := coretest.New(t, storagetest.New(t))
		d := coretest.Person("Marie", "Dupont", address)
		d.Kind, d.Company = kind, "Lycée"
		id := h.Create(d).ID
		h.Mails()
		_, err := h.Contacts.ChangeAddress(h.Ctx, customer(h, id), id, elsewhere, h.Context())
		h.Must(err)
		if links, _ := outgoing(h.Mails()); !slices.Equal(links, []string{elsewhere}) {
			t.Errorf("%v: mails to %v", kind, links)
		}
	}
}

func TestR7_ACustomersSpellingKeepsTheStatus(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := register(h)
	h.Follow(coretest.Token(h.Mails()[0]))
	_, err := h.Contacts.ChangeAddress(h.Ctx, customer(h, id), id, strings.ToUpper(address), h.Context())
	h.Must(err)
	if len(h.Mails()) != 0 || h.Status(id) != core.EmailValidated {
		t.Errorf("status %v", h.Status(id))
	}
}

func TestWhomACustomerCannotChange(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id, other := register(h), h.Create(coretest.Person("Paul", "Dupont", "")).ID
	guest := coretest.Person("Ana", "Reis", "ana@mail.example")
	guest.Guest = true
	bought := h.Create(guest).ID
	change := func(who, whom core.ID, typed string) error {
		_, err := h.Contacts.ChangeAddress(h.Ctx, customer(h, who), whom, typed, h.Context())
		return err
	}
	h.Refused(change(id, other, elsewhere), core.CodeForbidden)
	h.Refused(change(0, id, elsewhere), core.CodeForbidden)
	h.Refused(change(bought, bought, elsewhere), core.CodeGuest)
	h.Refused(change(id, id, "  "), core.CodeRequired)
	h.Refused(change(id, id, "marie"), core.CodeAddress)
	remove(h, id)
	h.Refused(change(id, id, elsewhere), core.CodeNotFound)
}

func signIn(h *coretest.House, a contacts.Assertion) contacts.Saved {
	h.T.Helper()
	saved, err := h.Contacts.SignInBySSO(h.Ctx, sso(h), a)
	h.Must(err)
	return saved
}

// marie is what the provider asserts of her.
func marie() contacts.Assertion {
	return contacts.Assertion{Identity: "venue:1", Address: address, FirstName: "Marie", LastName: "Dupont", Language: "fr"}
}

func TestR16_AnAssertedAddressIsGreenWithoutAMail(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	saved := signIn(h, marie())
	got := h.Show(saved.ID)
	want := core.Proof{How: core.ProofSSO, At: coretest.Start(), By: "venue-id"}
	if got.Email.Status != core.EmailValidated || got.Email.Proof != want || len(h.Mails()) != 0 {
		t.Errorf("email %+v", got.Email)
	}
	if got.SSO != "venue:1" || got.Name() != "Marie Dupont" || got.Language != "fr" || got.Kind != core.ContactIndividual || !got.LastSignIn.Equal(coretest.Start()) {
		t.Errorf("made %+v", got.Contact)
	}
	h.Clock.Advance(time.Hour)
	if again := signIn(h, marie()); again.ID != saved.ID || again.Number != saved.Number {
		t.Errorf("the same identity is contact %d, then %d", saved.ID, again.ID)
	}
	now := h.Show(saved.ID)
	if !now.LastSignIn.Equal(coretest.Start().Add(time.Hour)) || now.Email.Proof != want || now.Changes != 0 {
		t.Errorf("after another sign-in %+v", now.Contact)
	}
}

func TestR16_OnlyTheAssertedAddressIsGreen(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := signIn(h, marie()).ID
	h.Edit(id, func(d *contacts.Draft) { d.Address = elsewhere })
	if got := h.Status(id); got != core.EmailNotValidated {
		t.Errorf("an operator's address is %v", got)
	}
	h.Mails()
	signIn(h, marie())
	got := h.Show(id)
	if got.Email.Key != address || got.Email.Status != core.EmailValidated || got.Email.Proof.How != core.ProofSSO || got.Changes != 2 {
		t.Errorf("set back to %+v", got.Contact)
	}
	if mails := h.Mails(); len(mails) != 0 {
		t.Errorf("%d mails, the first to %s", len(mails), mails[0].To)
	}
}

func TestR16_AMailThatWaitsIsWithdrawnWhereTheAddressIsSetBack(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := signIn(h, marie()).ID
	h.Edit(id, func(d *contacts.Draft) { d.Address = elsewhere })
	signIn(h, marie())
	if links, _ := outgoing(h.Mails()); len(links) != 0 {
		t.Errorf("links went to %v", links)
	}
}

func TestR8_AFormerValidatedAddressHearsOfAnAssertedOne(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := signIn(h, marie()).ID
	moved := marie()
	moved.Address = elsewhere
	signIn(h, moved)
	links, notices := outgoing(h.Mails())
	if len(links) != 0 || !slices.Equal(notices, []string{address}) || h.Show(id).Email.Key != elsewhere {
		t.Errorf("links to %v, notices to %v", links, notices)
	}
}

func TestR16_AnAssertionTurnsARedAddressGreen(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	saved, err := h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: coretest.Person("Marie", "Dupont", address), SSO: "venue:1"})
	h.Must(err)
	if h.Status(saved.ID) != core.EmailNotValidated {
		t.Fatal("green without an assertion")
	}
	signIn(h, marie())
	if got := h.Show(saved.ID).Email; got.Status != core.EmailValidated || got.Proof.How != core.ProofSSO {
		t.Errorf("email %+v", got)
	}
}

func TestR16_AMailThatWaitsIsWithdrawnWhereTheProviderVouches(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	saved, err := h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: coretest.Person("Marie", "Dupont", address), SSO: "venue:1"})
	h.Must(err)
	seen := h.Show(saved.ID)
	_, err = h.Contacts.SendValidation(h.Ctx, h.Owner, saved.ID, seen.Email.Generation, h.Context())
	h.Must(err)
	signIn(h, marie())
	if mails := h.Mails(); len(mails) != 0 {
		t.Errorf("%d mails went out to a green address", len(mails))
	}
}

func TestR16_ALinksProofIsKept(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	saved, err := h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: coretest.Person("Marie", "Dupont", address), SSO: "venue:1"})
	h.Must(err)
	_, err = h.Contacts.SendValidation(h.Ctx, h.Owner, saved.ID, h.Show(saved.ID).Email.Generation, h.Context())
	h.Must(err)
	h.Follow(coretest.Token(h.Mails()[0]))
	signIn(h, marie())
	if got := h.Show(saved.ID).Email.Proof.How; got != core.ProofLink {
		t.Errorf("proof by %v", got)
	}
}

func TestR16_WithoutAUsableAddressNothingIsGreen(t *testing.T) {
	t.Parallel()
	for name, asserted := range map[string]string{"none": "", "blank": "  ", "no address": "marie", "hostile": "a@b.example\r\nBcc: x@y.example"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			a := marie()
			a.Address = asserted
			id := signIn(h, a).ID
			if got := h.Show(id); got.Email.Status != core.EmailNone || got.LastSignIn.IsZero() {
				t.Errorf("made with %+v", got.Contact)
			}
			h.Edit(id, func(d *contacts.Draft) { d.Address = elsewhere })
			before := h.Show(id)
			signIn(h, a)
			if got := h.Show(id); got.Email != before.Email {
				t.Errorf("%+v became %+v", before.Email, got.Email)
			}
		})
	}
	h := coretest.New(t, storagetest.New(t))
	h.GoLive()
	if got := signIn(h, marie()); got.Status != core.EmailNone {
		t.Errorf("a reserved name is %v where mail is delivered", got.Status)
	}
}

func TestR16_WhatAProviderDoesNotKnow(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	nameless, nobody := signIn(h, contacts.Assertion{Identity: "a", Address: address, Language: "xx"}), signIn(h, contacts.Assertion{Identity: " venue:7 "})
	if got := h.Show(nameless.ID); got.LastName != "marie.dupont" || got.Language != "" {
		t.Errorf("made %+v", got.Contact)
	}
	if got := h.Show(nobody.ID); got.LastName != "venue:7" || got.SSO != "venue:7" {
		t.Errorf("made %+v", got.Contact)
	}
	for _, identity := range []string{"", "  ", "a\x00b", strings.Repeat("x", 501)} {
		_, err := h.Contacts.SignInBySSO(h.Ctx, sso(h), contacts.Assertion{Identity: identity, Address: address})
		var e *core.Error
		if !errors.As(err, &e) || e.Field != "identity" {
			t.Errorf("%q: %v", identity, err)
		}
	}
	long := signIn(h, contacts.Assertion{Identity: strings.Repeat("é", 300)})
	if got := h.Show(long.ID).LastName; len([]rune(got)) != core.MaxName {
		t.Errorf("called %s", got)
	}
}

func TestR16_WhoSignsInIsNoGuest(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := coretest.Person("Marie", "Dupont", address)
	d.Guest = true
	saved, err := h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: d, SSO: "venue:1"})
	h.Must(err)
	signIn(h, contacts.Assertion{Identity: "venue:1"})
	if h.Show(saved.ID).Guest {
		t.Error("a guest signed in")
	}
}

func TestR85_IdentitiesAreOnePerInstitution(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	seen := map[core.ID]bool{}
	for _, identity := range []string{"venue:11", "venue:1", "venue:2"} { // one begins another
		a := marie()
		a.Identity = identity
		seen[signIn(h, a).ID] = true
	}
	if len(seen) != 3 {
		t.Errorf("three identities are the contacts %v", seen)
	}
	plant(t, h.Store, h.Made.Institution+1, contacts.Contact{Kind: core.ContactIndividual, LastName: "Far", SSO: "venue:9"})
	away := marie()
	away.Identity = "venue:9"
	if got := h.Show(signIn(h, away).ID).LastName; got != "Dupont" {
		t.Errorf("another institution's identity signed in as %s", got)
	}
}

func TestR86_OnlyTheirOwnActors(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	_, err := h.Contacts.SignInBySSO(h.Ctx, h.Owner, marie())
	h.Refused(err, core.CodeForbidden)
	_, err = h.Contacts.ChangeAddress(h.Ctx, h.Owner, register(h), elsewhere, h.Context())
	h.Refused(err, core.CodeForbidden)
}

func TestARepeatedCallOfAnOriginIsDoneOnce(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	once := func(req core.Request) core.Request {
		req.Key = "once"
		return req
	}
	for name, call := range map[string]func() (contacts.Saved, error){
		"register": func() (contacts.Saved, error) {
			return h.Contacts.Register(h.Ctx, once(customer(h, 0)), coretest.Person("Marie", "Dupont", address), h.Context())
		},
		"sign in": func() (contacts.Saved, error) { return h.Contacts.SignInBySSO(h.Ctx, once(sso(h)), marie()) },
		"import": func() (contacts.Saved, error) {
			return h.Contacts.Import(h.Ctx, once(trusted(h)), contacts.Imported{Draft: coretest.Person("Ana", "Reis", "")})
		},
	} {
		first, err := call()
		h.Must(err)
		again, err := call()
		h.Must(err)
		if first.ID == 0 || again.ID != first.ID {
			t.Errorf("%s: %+v, then %+v", name, first, again)
		}
	}
}
