// Package contacts is the box office's book: people, structures and relays,
// their addresses with their status, and how to find one.
package contacts

import (
	"fmt"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/record"
)

// Postal is a postal address.
type Postal struct {
	Street     string
	PostalCode string
	City       string
	Country    string
}

// Contact is one entry of the book.
type Contact struct {
	Number    uint64 // the number people use, per institution, from 1
	Kind      core.ContactKind
	FirstName string
	LastName  string
	Company   string
	Email     core.Email
	Postal    Postal
	Language  string // of mails; empty for the institution's
	// Guest contacts bought without an account and are not subject to
	// validation (R15).
	Guest bool
	// SSO is the identity at an identity provider; never set by a form (R85).
	SSO       string
	Created   time.Time
	CreatedBy string
	Changed   time.Time
	Changes   uint32
}

// Name is how the contact is called in a mail: first name first, or the
// company of a structure.
func (c Contact) Name() string {
	person := strings.TrimSpace(c.FirstName + " " + c.LastName)
	if c.Kind == core.ContactStructure && c.Company != "" || person == "" {
		return c.Company
	}
	return person
}

// Listed is how the contact is called in lists: last name first.
func (c Contact) Listed() string {
	person := strings.TrimSpace(c.LastName + " " + c.FirstName)
	switch {
	case c.Kind == core.ContactStructure && c.Company != "" || person == "":
		return c.Company
	case c.Kind == core.ContactRelay && c.Company != "":
		return person + ", " + c.Company
	}
	return person
}

// NumberText is the number as people write it: C-004821.
func NumberText(number uint64) string { return fmt.Sprintf("C-%06d", number) }

const (
	spaceContacts core.Space = "contacts"
	spaceNumbers  core.Space = "contacts.numbers"
)

func emailCodec() record.Codec[core.Email] {
	proof := record.New(
		record.Uint(1, func(p *core.Proof) *core.ProofHow { return &p.How }),
		record.Time(2, func(p *core.Proof) *time.Time { return &p.At }),
		record.Text(3, func(p *core.Proof) *string { return &p.By }),
	)
	return record.New(
		record.Text(1, func(e *core.Email) *string { return &e.Typed }),
		record.Text(2, func(e *core.Email) *string { return &e.Key }),
		record.Uint(3, func(e *core.Email) *uint64 { return &e.Generation }),
		record.Uint(4, func(e *core.Email) *core.EmailStatus { return &e.Status }),
		record.Struct(5, func(e *core.Email) *core.Proof { return &e.Proof }, proof),
		record.Time(6, func(e *core.Email) *time.Time { return &e.Since }),
	)
}

func postalCodec() record.Codec[Postal] {
	return record.New(
		record.Text(1, func(p *Postal) *string { return &p.Street }),
		record.Text(2, func(p *Postal) *string { return &p.PostalCode }),
		record.Text(3, func(p *Postal) *string { return &p.City }),
		record.Text(4, func(p *Postal) *string { return &p.Country }),
	)
}

func table() record.Table[Contact] {
	return record.NewTable(spaceContacts, core.KindContact, record.New(
		record.Uint(1, func(c *Contact) *uint64 { return &c.Number }),
		record.Uint(2, func(c *Contact) *core.ContactKind { return &c.Kind }),
		record.Text(3, func(c *Contact) *string { return &c.FirstName }),
		record.Text(4, func(c *Contact) *string { return &c.LastName }),
		record.Text(5, func(c *Contact) *string { return &c.Company }),
		record.Struct(6, func(c *Contact) *core.Email { return &c.Email }, emailCodec()),
		record.Struct(7, func(c *Contact) *Postal { return &c.Postal }, postalCodec()),
		record.Text(8, func(c *Contact) *string { return &c.Language }),
		record.Bool(9, func(c *Contact) *bool { return &c.Guest }),
		record.Text(10, func(c *Contact) *string { return &c.SSO }),
		record.Time(11, func(c *Contact) *time.Time { return &c.Created }),
		record.Text(12, func(c *Contact) *string { return &c.CreatedBy }),
		record.Time(13, func(c *Contact) *time.Time { return &c.Changed }),
		record.Uint(14, func(c *Contact) *uint32 { return &c.Changes }),
	))
}

// Draft is what a form says of a contact. There is no field for the status or
// an SSO identity: neither comes from a form (R85).
type Draft struct {
	Kind      core.ContactKind
	FirstName string
	LastName  string
	Company   string
	Address   string // email, as typed
	Postal    Postal
	Language  string
	Guest     bool
}

// DraftOf is the draft that changes nothing about c.
func DraftOf(c Contact) Draft {
	return Draft{
		Kind: c.Kind, FirstName: c.FirstName, LastName: c.LastName, Company: c.Company,
		Address: c.Email.Typed, Postal: c.Postal, Language: c.Language, Guest: c.Guest,
	}
}

// clean brings every line to its stored form. The address is only trimmed: its
// local part is compared as typed, and NFC would make a K of a Kelvin sign.
func (d Draft) clean() Draft {
	d.Address = strings.TrimSpace(d.Address)
	for _, s := range []*string{
		&d.FirstName, &d.LastName, &d.Company,
		&d.Postal.Street, &d.Postal.PostalCode, &d.Postal.City, &d.Postal.Country,
	} {
		*s = core.CleanLine(*s)
	}
	return d
}

// Check refuses a draft by its own fields: "kind", "first-name", "last-name",
// "company", "address", "street", "postal-code", "city", "country",
// "language". captured says that mail is captured, so that reserved names such
// as .example will do.
func (d Draft) Check(captured bool) error {
	var fields core.Fields
	if d.Kind < core.ContactIndividual || d.Kind > core.ContactRelay {
		fields.Add("kind", core.Refuse(core.CodeChoice))
	}
	structure := d.Kind == core.ContactStructure
	fields.Add("first-name", core.CheckLine(d.FirstName, core.MaxName, false))
	fields.Add("last-name", core.CheckLine(d.LastName, core.MaxName, !structure))
	fields.Add("company", core.CheckLine(d.Company, core.MaxName, structure))
	fields.Add("address", checkAddress(d.Address, captured))
	fields.Add("street", core.CheckLine(d.Postal.Street, core.MaxName, false))
	fields.Add("postal-code", core.CheckLine(d.Postal.PostalCode, core.MaxName, false))
	fields.Add("city", core.CheckLine(d.Postal.City, core.MaxName, false))
	fields.Add("country", core.CheckLine(d.Postal.Country, core.MaxName, false))
	if d.Language != "" {
		fields.Add("language", core.CheckLanguage(d.Language))
	}
	return fields.Err()
}

func checkAddress(typed string, captured bool) error {
	if strings.TrimSpace(typed) == "" {
		return nil
	}
	key, err := core.CanonicalAddress(typed)
	if err == nil && !captured && core.ReservedAddress(key) {
		return core.Refuse(core.CodeReserved)
	}
	return err
}

// apply gives c as the draft wants it. changed tells that the canonical
// address is another. Who becomes a guest is red from then on, and links sent
// before are void (R15).
func (d Draft) apply(c Contact, at time.Time) (next Contact, changed bool, err error) {
	next = c
	next.Kind, next.FirstName, next.LastName, next.Company = d.Kind, d.FirstName, d.LastName, d.Company
	next.Postal, next.Language, next.Guest = d.Postal, d.Language, d.Guest
	next.Email, changed, err = c.Email.ChangeTo(d.Address, at)
	if d.Guest && !c.Guest && !changed {
		next.Email = next.Email.Void(at)
	}
	return next, changed, core.InField("address", err)
}

// differences lists the fields in which two contacts differ, for the journal.
func differences(before, after Contact) []core.Detail {
	var found []core.Detail
	add := func(name, was, is string) {
		if was != is {
			found = append(found, core.Detail{Name: name, Value: was + " → " + is, Personal: true})
		}
	}
	add("kind", before.Kind.String(), after.Kind.String())
	add("first-name", before.FirstName, after.FirstName)
	add("last-name", before.LastName, after.LastName)
	add("company", before.Company, after.Company)
	add("address", before.Email.Typed, after.Email.Typed)
	add("street", before.Postal.Street, after.Postal.Street)
	add("postal-code", before.Postal.PostalCode, after.Postal.PostalCode)
	add("city", before.Postal.City, after.Postal.City)
	add("country", before.Postal.Country, after.Postal.Country)
	add("language", before.Language, after.Language)
	add("guest", fmt.Sprint(before.Guest), fmt.Sprint(after.Guest))
	return found
}

// nextNumber hands out the next number of an institution.
func nextNumber(tx core.Tx, institution core.ID) (uint64, error) {
	id, err := tx.NewID(institution, spaceNumbers)
	if err != nil {
		return 0, fmt.Errorf("hand out a contact number: %w", err)
	}
	return uint64(id), nil
}

// Insert saves a new contact as it stands, with a number of its own, in the
// caller's act: for what brings contacts with their status, never for forms.
func Insert(act *core.Act, c Contact) (core.ID, error) {
	number, err := nextNumber(act, act.Req.Institution)
	if err != nil {
		return 0, err
	}
	c.Number = number
	return table().Insert(act, act.Req.Institution, c)
}
