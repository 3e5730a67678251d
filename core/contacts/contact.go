// Package contacts is the box office's book: people, structures and the relays
// who act for them, how they are reached, their address with its status, what
// became of them, and how to find one.
//
// Contacts come from forms, from customers themselves, from identity providers
// and from trusted imports; each origin has its own way to a green status, and
// no form has one. A contact made by mistake can be removed and brought back.
//
// Everything found is found through a [Finder]. [Lines] reads one stored line a
// contact, which [Projection] derives in the commit that changes the contact;
// [Scan] reads the contacts and is what the lines are tested against.
package contacts

import (
	"fmt"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/record"
)

// Postal is a postal address. A contact's first one is the main one.
type Postal struct {
	Use        PostalUse
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
	Phones    []Phone  // as many as [MaxPhones]; the first is the main one
	Postals   []Postal // as many as [MaxPostals]; the first is the main one
	Birth     core.Date
	Notes     string // many lines, for the box office's eyes only
	OptOuts   OptOuts
	Language  string // of mails; empty for the institution's
	// Guest contacts bought without an account and are not subject to
	// validation (R15).
	Guest bool
	// SSO is the identity at an identity provider: from the provider or a
	// trusted import, never from a form (R85).
	SSO string
	// HasOrders and LastOrder come from the system that keeps orders (R32).
	HasOrders bool
	LastOrder time.Time // zero where not known
	// LastSignIn is the newest sign-in to the shop; zero where there was none.
	LastSignIn time.Time
	// Structure is what a relay belongs to, 0 for none. At most one relay of a
	// structure is its primary one (R77).
	Structure core.ID
	Primary   bool
	Created   time.Time
	CreatedBy string
	Changed   time.Time
	Changes   uint32
	// Removed is when it was removed as a mistake (R90); zero for every contact
	// that is in the book.
	Removed time.Time
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
		record.Uint(7, func(e *core.Email) *uint64 { return &e.Came }),
	)
}

func postalCodec() record.Codec[Postal] {
	return record.New(
		record.Text(1, func(p *Postal) *string { return &p.Street }),
		record.Text(2, func(p *Postal) *string { return &p.PostalCode }),
		record.Text(3, func(p *Postal) *string { return &p.City }),
		record.Text(4, func(p *Postal) *string { return &p.Country }),
		record.Uint(5, func(p *Postal) *PostalUse { return &p.Use }),
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
		record.List(25, func(c *Contact) *[]Postal { return &c.Postals }, postalCodec()),
		record.Text(8, func(c *Contact) *string { return &c.Language }),
		record.Bool(9, func(c *Contact) *bool { return &c.Guest }),
		record.Text(10, func(c *Contact) *string { return &c.SSO }),
		record.Time(11, func(c *Contact) *time.Time { return &c.Created }),
		record.Text(12, func(c *Contact) *string { return &c.CreatedBy }),
		record.Time(13, func(c *Contact) *time.Time { return &c.Changed }),
		record.Uint(14, func(c *Contact) *uint32 { return &c.Changes }),
		record.List(15, func(c *Contact) *[]Phone { return &c.Phones }, phoneCodec()),
		record.Uint(16, func(c *Contact) *core.Date { return &c.Birth }),
		record.Text(17, func(c *Contact) *string { return &c.Notes }),
		record.Uint(18, func(c *Contact) *OptOuts { return &c.OptOuts }),
		record.Bool(19, func(c *Contact) *bool { return &c.HasOrders }),
		record.Time(20, func(c *Contact) *time.Time { return &c.LastOrder }),
		record.Time(21, func(c *Contact) *time.Time { return &c.LastSignIn }),
		record.Uint(22, func(c *Contact) *core.ID { return &c.Structure }),
		record.Bool(23, func(c *Contact) *bool { return &c.Primary }),
		record.Time(24, func(c *Contact) *time.Time { return &c.Removed }),
	), relayIndex(), identityIndex(), removedIndex())
}
