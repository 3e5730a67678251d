package contacts_test

import (
	"encoding/binary"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

const address = "marie.dupont@orange.example"

func TestDraftsAreRefusedByTheirFields(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", core.MaxName+1)
	type codes map[string]core.Code
	individual := contacts.Draft{Kind: core.ContactIndividual, LastName: "Dupont"}
	structure := contacts.Draft{Kind: core.ContactStructure, Company: "Lycée"}
	relay := contacts.Draft{Kind: core.ContactRelay, LastName: "Dupont"}
	with := func(d contacts.Draft, change func(*contacts.Draft)) contacts.Draft {
		change(&d)
		return d
	}
	tests := map[string]struct {
		draft contacts.Draft
		want  codes
	}{
		"an individual":            {individual, codes{}},
		"a structure":              {structure, codes{}},
		"a relay":                  {relay, codes{}},
		"no kind":                  {contacts.Draft{LastName: "Dupont"}, codes{"kind": core.CodeChoice}},
		"a kind that isn't":        {contacts.Draft{Kind: core.ContactRelay + 1, LastName: "Dupont"}, codes{"kind": core.CodeChoice}},
		"an individual, no name":   {contacts.Draft{Kind: core.ContactIndividual}, codes{"last-name": core.CodeRequired}},
		"a relay, only a company":  {contacts.Draft{Kind: core.ContactRelay, Company: "Lycée"}, codes{"last-name": core.CodeRequired}},
		"a structure, only a name": {contacts.Draft{Kind: core.ContactStructure, LastName: "Dupont"}, codes{"company": core.CodeRequired}},
		"an address that isn't":    {with(individual, func(d *contacts.Draft) { d.Address = "marie" }), codes{"address": core.CodeAddress}},
		"a language not spoken":    {with(individual, func(d *contacts.Draft) { d.Language = "xx" }), codes{"language": core.CodeLanguage}},
		"everything too long": {with(relay, func(d *contacts.Draft) {
			d.FirstName, d.LastName, d.Company = long, long, long
			d.Postals = []contacts.Postal{{Use: contacts.PostalHome, Street: long, PostalCode: long, City: long, Country: long}}
		}), codes{
			"first-name": core.CodeTooLong, "last-name": core.CodeTooLong, "company": core.CodeTooLong, "street.1": core.CodeTooLong,
			"postal-code.1": core.CodeTooLong, "city.1": core.CodeTooLong, "country.1": core.CodeTooLong,
		}},
		"control characters": {with(relay, func(d *contacts.Draft) {
			d.FirstName, d.LastName, d.Company = "a\x1b[2J", "a\nb", "a\x00"
			d.Postals = []contacts.Postal{{Use: contacts.PostalHome, Street: "a\tb", PostalCode: "1\r2", City: "\x7fa", Country: "\xff"}}
		}), codes{
			"first-name": core.CodeControl, "last-name": core.CodeControl, "company": core.CodeControl, "street.1": core.CodeControl,
			"postal-code.1": core.CodeControl, "city.1": core.CodeControl, "country.1": core.CodeControl,
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := coretest.FieldsOf(tt.draft.Check(true, core.DateOf(coretest.Start()))); !maps.Equal(got, tt.want) {
				t.Errorf("refused %v, want %v", got, tt.want)
			}
		})
	}
}

func TestLinesAreStoredClean(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := coretest.Person("  Rene\u0301 ", "\tDupont\u00a0", "  Rene@Orange.example\n")
	d.Company = " Lycée"
	d.Postals = []contacts.Postal{{Use: contacts.PostalHome, Street: " 1 rue ", PostalCode: " 1200", City: "Gene\u0300ve ", Country: " CH "}}
	got := h.Show(h.Create(d).ID)
	want := contacts.Postal{Use: contacts.PostalHome, Street: "1 rue", PostalCode: "1200", City: "Genève", Country: "CH"}
	if got.FirstName != "René" || got.LastName != "Dupont" || got.Company != "Lycée" || !slices.Equal(got.Postals, []contacts.Postal{want}) {
		t.Errorf("stored as %+v", got.Contact)
	}
	if got.Email.Typed != "Rene@Orange.example" || got.Email.Key != "rene@orange.example" {
		t.Errorf("address stored as %+v", got.Email)
	}
}

func TestAKelvinSignInAnAddressIsNoK(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	_, err := h.Contacts.Create(h.Ctx, h.Owner, coretest.Person("K", "K", "\u212aarl@mail.example"), h.Context())
	h.Refused(err, core.CodeAddress)
}

func TestNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contact      contacts.Contact
		name, listed string
	}{
		"individual":              {contacts.Contact{Kind: core.ContactIndividual, FirstName: "Marie", LastName: "Dupont", Company: "Lycée"}, "Marie Dupont", "Dupont Marie"},
		"individual, one name":    {contacts.Contact{Kind: core.ContactIndividual, LastName: "Dupont"}, "Dupont", "Dupont"},
		"structure":               {contacts.Contact{Kind: core.ContactStructure, Company: "Lycée", FirstName: "Marie", LastName: "Dupont"}, "Lycée", "Lycée"},
		"structure, no company":   {contacts.Contact{Kind: core.ContactStructure, FirstName: "Marie", LastName: "Dupont"}, "Marie Dupont", "Dupont Marie"},
		"relay":                   {contacts.Contact{Kind: core.ContactRelay, Company: "Lycée", FirstName: "Marie", LastName: "Dupont"}, "Marie Dupont", "Dupont Marie, Lycée"},
		"relay without a company": {contacts.Contact{Kind: core.ContactRelay, FirstName: "Marie", LastName: "Dupont"}, "Marie Dupont", "Dupont Marie"},
		"relay without a name":    {contacts.Contact{Kind: core.ContactRelay, Company: "Lycée"}, "Lycée", "Lycée"},
	}
	for name, tt := range tests {
		if tt.contact.Name() != tt.name || tt.contact.Listed() != tt.listed {
			t.Errorf("%s: called %q, listed as %q", name, tt.contact.Name(), tt.contact.Listed())
		}
	}
}

func TestADraftOfAContactChangesNothing(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := coretest.Person("Marie", "Dupont", address)
	d.Kind, d.Company, d.Guest, d.Language = core.ContactRelay, "Lycée", true, "fr"
	d.Postals = []contacts.Postal{{Use: contacts.PostalHome, Street: "1 rue", PostalCode: "1200", City: "Genève", Country: "CH"}}
	id := h.Create(d).ID
	before := h.Show(id)
	h.Edit(id, func(*contacts.Draft) {})
	after := h.Show(id)
	if after.Changes != before.Changes+1 || after.Version != before.Version+1 {
		t.Errorf("%d changes in version %d", after.Changes, after.Version)
	}
	after.Changes = before.Changes
	if !reflect.DeepEqual(after.Contact, before.Contact) {
		t.Errorf("%+v became %+v", before.Contact, after.Contact)
	}
}

// later is a field that a newer version of the program might write: tag 99,
// length-delimited.
func later() []byte {
	field := binary.AppendUvarint(nil, 99<<3|1)
	return append(binary.AppendUvarint(field, 6), "future"...)
}

func TestEditKeepsFieldsItDoesNotKnow(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	key := core.Key(h.Made.Institution, id)
	h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error {
		raw, err := tx.Get("contacts", key)
		if err != nil {
			return err
		}
		raw = append(slices.Clone(raw[:len(raw)-coretest.SumSize]), later()...)
		return tx.Put("contacts", key, coretest.Sealed("contacts", key, raw))
	}))
	h.Edit(id, func(d *contacts.Draft) { d.FirstName = "Anne-Marie" })
	if got := h.Show(id).FirstName; got != "Anne-Marie" {
		t.Errorf("called %s", got)
	}
	raw := h.Dump()["contacts/"+string(key)]
	if !strings.HasSuffix(raw[:len(raw)-coretest.SumSize], string(later())) {
		t.Errorf("the field is gone from %q", raw)
	}
}

// journal reads the newest entry.
func journal(h *coretest.House) core.Entry {
	var last core.Entry
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		return activity.Journal{}.Ascend(v, 0, func(_ core.ID, e core.Entry) error {
			last = e
			return nil
		})
	}))
	return last
}

func TestWhatTheJournalKeepsOfAContactIsPersonal(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	check := func(action core.ActionID, want ...string) {
		t.Helper()
		e := journal(h)
		if e.Action != action || e.Subject != (core.Ref{Kind: core.KindContact, ID: id}) || e.Actor.Name != "Olga Brunner" {
			t.Errorf("entry %+v", e)
		}
		var got []string
		for _, d := range e.Details {
			got = append(got, d.Name+": "+d.Value)
			if !d.Personal {
				t.Errorf("%s is kept in the open", d.Name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("details %q, want %q", got, want)
		}
	}
	check(core.ActContactsCreate, "kind: unknown → individual", "first-name:  → Marie", "last-name:  → Dupont", "address:  → "+address, "language:  → en")
	h.Edit(id, func(d *contacts.Draft) {
		d.Kind, d.FirstName, d.LastName, d.Company, d.Address, d.Language, d.Guest = core.ContactRelay, "Anne", "Durand", "Lycée", "anne@mail.example", "fr", true
		d.Postals = []contacts.Postal{{Use: contacts.PostalHome, Street: "1 rue", PostalCode: "1200", City: "Genève", Country: "CH"}}
	})
	check(core.ActContactsEdit, "kind: individual → relay", "first-name: Marie → Anne", "last-name: Dupont → Durand", "company:  → Lycée",
		"address: "+address+" → anne@mail.example", "postals:  → 1 rue 1200 Genève CH (home)",
		"language: en → fr", "guest: no → yes")
	h.Edit(id, func(*contacts.Draft) {})
	check(core.ActContactsEdit)
}

func TestAGuestBecomesSubjectToValidationAndBack(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := coretest.Person("Marie", "Dupont", address)
	d.Guest = true
	id := h.Create(d).ID
	_, err := h.Contacts.SendValidation(h.Ctx, h.Owner, id, h.Show(id).Email.Generation, h.Context())
	h.Refused(err, core.CodeGuest)
	h.Edit(id, func(d *contacts.Draft) { d.Guest = false })
	if mails := h.Mails(); len(mails) != 0 {
		t.Errorf("%d mails for no change of address", len(mails))
	}
	if now := h.Show(id); now.NotNow != nil {
		t.Errorf("no longer a guest, and refused with %v", now.NotNow)
	}
	_, err = h.Contacts.SendValidation(h.Ctx, h.Owner, id, h.Show(id).Email.Generation, h.Context())
	h.Must(err)
	h.Edit(id, func(d *contacts.Draft) { d.Guest = true })
	h.Refused(h.Show(id).NotNow, core.CodeGuest)
}

func TestReservedAddressesAreForRehearsalOnly(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	h.GoLive()
	_, err := h.Contacts.Create(h.Ctx, h.Owner, coretest.Person("Jean", "Dupont", "jean@shop.test"), h.Context())
	if got := coretest.FieldsOf(err); !maps.Equal(got, map[string]core.Code{"address": core.CodeReserved}) {
		t.Errorf("creating is refused with %v", err)
	}
	now := h.Show(id)
	d := contacts.DraftOf(now.Contact)
	d.Address = "marie@example.com"
	_, err = h.Contacts.Edit(h.Ctx, h.Owner, id, now.Version, d, h.Context(), false)
	h.Refused(err, core.CodeReserved)
	_, err = h.Contacts.Create(h.Ctx, h.Owner, coretest.Person("Jean", "Dupont", "jean@orange.fr"), h.Context())
	h.Must(err)
}

func TestAContactOfRehearsalStaysEditable(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	h.GoLive()
	h.Edit(id, func(d *contacts.Draft) { d.FirstName, d.Address = "Anne", strings.ToUpper(address) })
	if got := h.Show(id); got.FirstName != "Anne" || got.Email.Typed != strings.ToUpper(address) {
		t.Errorf("saved as %+v", got.Contact)
	}
}

func TestR87_ContactsOfAnotherInstitutionAreNotThere(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	plant(t, h.Store, h.Made.Institution+1, person("Far", "Away", address), person("Further", "Away", address))
	h.Create(coretest.Person("Near", "By", ""))
	_, err := h.Contacts.Show(h.Ctx, h.Owner, 2)
	h.Refused(err, core.CodeNotFound)
	_, err = h.Contacts.Edit(h.Ctx, h.Owner, 2, 1, coretest.Person("A", "B", ""), h.Context(), false)
	h.Refused(err, core.CodeNotFound)
	_, err = h.Contacts.SendValidation(h.Ctx, h.Owner, 2, 1, h.Context())
	h.Refused(err, core.CodeNotFound)
	found, err := h.Contacts.Find(h.Ctx, h.Owner, contacts.Query{Text: "away"})
	h.Must(err)
	if len(found.Rows) != 0 || found.Total != 1 {
		t.Errorf("found %+v", found)
	}
}

func TestARowShowsWhatAListNeeds(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := coretest.Person("Marie", "Dupont", address)
	d.Kind, d.Company, d.Guest = core.ContactRelay, "Lycée", true
	d.Postals = []contacts.Postal{{Use: contacts.PostalHome, City: "Genève"}}
	d.Phones = []contacts.Phone{{Use: contacts.PhoneHome, Number: "021 555 01 28"}, {Use: contacts.PhoneWork, Number: "022 555 01 28"}}
	id := h.Create(d).ID
	found, err := h.Contacts.Find(h.Ctx, h.Owner, contacts.Query{})
	h.Must(err)
	want := contacts.Row{
		ID: id, Number: 1, Kind: core.ContactRelay, Name: "Dupont Marie, Lycée", Status: core.EmailNotValidated,
		Guest: true, Address: address, City: "Genève", Phone: "021 555 01 28",
	}
	if len(found.Rows) != 1 || found.Rows[0] != want || found.Matches != 1 {
		t.Errorf("found %+v", found)
	}
}

func TestDevelopersSeeNoContacts(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	developer := h.Hire(core.RoleDeveloper)
	_, err := h.Contacts.Find(h.Ctx, developer, contacts.Query{})
	h.Refused(err, core.CodeForbidden)
	_, err = h.Contacts.Show(h.Ctx, developer, id)
	h.Refused(err, core.CodeForbidden)
	_, err = h.Contacts.Offer(h.Ctx, developer, core.ContactIndividual, 0)
	h.Refused(err, core.CodeForbidden)
}
