package contacts

import (
	"slices"
	"strings"
	"time"

	"willcall/core"
)

// Draft is what a form says of a contact. There is no field for the status or
// an SSO identity: neither comes from a form (R85).
type Draft struct {
	Kind      core.ContactKind
	FirstName string
	LastName  string
	Company   string
	Address   string // email, as typed
	Phones    []Phone
	Postals   []Postal
	Birth     core.Date
	Notes     string
	OptOuts   OptOuts
	Language  string
	Guest     bool
	Structure core.ID // of a relay; 0 for none
	Primary   bool    // of that structure's relays
}

// DraftOf is the draft that changes nothing about c.
func DraftOf(c Contact) Draft {
	return Draft{
		Kind: c.Kind, FirstName: c.FirstName, LastName: c.LastName, Company: c.Company,
		Address: c.Email.Typed, Phones: slices.Clone(c.Phones), Postals: slices.Clone(c.Postals), Birth: c.Birth,
		Notes: c.Notes, OptOuts: c.OptOuts, Language: c.Language, Guest: c.Guest,
		Structure: c.Structure, Primary: c.Primary,
	}
}

// Equal reports whether two drafts say the same, in the same order.
func (d Draft) Equal(o Draft) bool {
	return d.Kind == o.Kind && d.FirstName == o.FirstName && d.LastName == o.LastName && d.Company == o.Company &&
		d.Address == o.Address && slices.Equal(d.Phones, o.Phones) && slices.Equal(d.Postals, o.Postals) &&
		d.Birth == o.Birth && d.Notes == o.Notes && d.OptOuts == o.OptOuts && d.Language == o.Language &&
		d.Guest == o.Guest && d.Structure == o.Structure && d.Primary == o.Primary
}

// clean brings every line to its stored form. The address is only trimmed: its
// local part is compared as typed, and NFC would make a K of a Kelvin sign.
func (d Draft) clean() Draft {
	d.Address = strings.TrimSpace(d.Address)
	for _, s := range []*string{&d.FirstName, &d.LastName, &d.Company} {
		*s = core.CleanLine(*s)
	}
	d.Notes = strings.TrimRight(strings.ReplaceAll(d.Notes, "\r\n", "\n"), " \t\n")
	d.Phones, d.Postals = cleanPhones(d.Phones), cleanPostals(d.Postals)
	if d.Kind != core.ContactRelay {
		d.Structure = 0
	}
	d.Primary = d.Primary && d.Structure != 0
	return d
}

// Check refuses a draft by its own fields: "kind", "first-name", "last-name",
// "company", "address", "phone.1", "street.1", "postal-code.1", "city.1",
// "country.1", "phone-use.1", "postal-use.1", "birth", "notes", "opt-outs",
// "language".
// reserved says that reserved names such as .example will do for the address;
// today is the last day a birth date may be.
func (d Draft) Check(reserved bool, today core.Date) error {
	var fields core.Fields
	if d.Kind < core.ContactIndividual || d.Kind > core.ContactRelay {
		fields.Add("kind", core.Refuse(core.CodeChoice))
	}
	structure := d.Kind == core.ContactStructure
	fields.Add("first-name", core.CheckLine(d.FirstName, core.MaxName, false))
	fields.Add("last-name", core.CheckLine(d.LastName, core.MaxName, !structure))
	fields.Add("company", core.CheckLine(d.Company, core.MaxName, structure))
	fields.Add("address", checkAddress(d.Address, reserved))
	checkPhones(&fields, d.Phones)
	checkPostals(&fields, d.Postals)
	fields.Add("birth", d.Birth.CheckBirth(today))
	fields.Add("notes", core.CheckText(d.Notes, core.MaxNote, false))
	if d.OptOuts.unknown() {
		fields.Add("opt-outs", core.Refuse(core.CodeChoice))
	}
	if d.Language != "" {
		fields.Add("language", core.CheckLanguage(d.Language))
	}
	return fields.Err()
}

func checkAddress(typed string, reserved bool) error {
	if strings.TrimSpace(typed) == "" {
		return nil
	}
	key, err := core.CanonicalAddress(typed)
	if err == nil && !reserved && core.ReservedAddress(key) {
		return core.Refuse(core.CodeReserved)
	}
	return err
}

// keepsAddress reports whether a draft leaves a contact's canonical address as
// it is: then the address isn't held against the reserved names, under which a
// contact may have been made in rehearsal.
func (d Draft) keepsAddress(c Contact) bool {
	key, err := core.CanonicalAddress(d.Address)
	return err == nil && key == c.Email.Key
}

// apply gives c as the draft wants it. changed tells that the canonical
// address is another. Who becomes a guest is red from then on, and links sent
// before are void (R15).
func (d Draft) apply(c Contact, at time.Time) (next Contact, changed bool, err error) {
	next = c
	next.Kind, next.FirstName, next.LastName, next.Company = d.Kind, d.FirstName, d.LastName, d.Company
	next.Phones, next.Postals, next.Birth, next.Notes = d.Phones, d.Postals, d.Birth, d.Notes
	next.OptOuts, next.Language, next.Guest = d.OptOuts, d.Language, d.Guest
	next.Structure, next.Primary = d.Structure, d.Primary
	next.Email, changed, err = c.Email.ChangeTo(d.Address, at)
	if d.Guest && !c.Guest && !changed {
		next.Email = next.Email.Void(at)
	}
	return next, changed, core.InField("address", err)
}

// difference is what the journal keeps of a field that changed.
func difference(name, was, is string) core.Detail {
	return core.Detail{Name: name, Value: was + " → " + is, Personal: true}
}

// differences lists the fields in which two contacts differ, for the journal.
func differences(before, after Contact) []core.Detail {
	var found []core.Detail
	add := func(name, was, is string) {
		if was != is {
			found = append(found, difference(name, was, is))
		}
	}
	add("kind", before.Kind.String(), after.Kind.String())
	add("first-name", before.FirstName, after.FirstName)
	add("last-name", before.LastName, after.LastName)
	add("company", before.Company, after.Company)
	add("address", before.Email.Typed, after.Email.Typed)
	add("phones", phonesText(before.Phones), phonesText(after.Phones))
	add("postals", postalsText(before.Postals), postalsText(after.Postals))
	add("birth", before.Birth.String(), after.Birth.String())
	if before.Notes != after.Notes {
		found = append(found, difference("notes", notesText(before.Notes), notesText(after.Notes)))
	}
	add("opt-outs", before.OptOuts.String(), after.OptOuts.String())
	add("language", before.Language, after.Language)
	add("guest", yesNo(before.Guest), yesNo(after.Guest))
	add("sso", before.SSO, after.SSO)
	add("validated", proofText(before.Email), proofText(after.Email))
	add("orders", yesNo(before.HasOrders), yesNo(after.HasOrders))
	return found
}
