package main

import (
	"strings"
	"time"
	"unicode/utf8"

	"willcall/core"
	"willcall/core/contacts"
)

// sampleName is who the journal says entered sample data.
const sampleName = "sample"

// group are contacts that belong together. Relays in it belong to its first
// contact, a structure.
type group []contacts.Contact

// teller makes up a contact's past and notes on it what follows from that.
type teller func(*contacts.Contact) []core.Entry

// insert saves groups as they stand in the caller's act, with the past that is
// told of each contact.
func insert(act *core.Act, groups []group, tell teller) error {
	for _, g := range groups {
		if err := g.insert(act, tell); err != nil {
			return err
		}
	}
	return nil
}

// insert saves a group; relays belong to its structure.
func (g group) insert(act *core.Act, tell teller) error {
	var structure core.ID
	for _, c := range g {
		if c.Kind == core.ContactRelay {
			c.Structure = structure
		}
		past := tell(&c)
		id, err := contacts.Insert(act, c)
		if err != nil {
			return err
		}
		if err := writePast(act, id, past); err != nil {
			return err
		}
		if c.Kind == core.ContactStructure {
			structure = id
		}
	}
	return nil
}

// count is how many contacts are in all groups.
func count(groups []group) int {
	n := 0
	for _, g := range groups {
		n += len(g)
	}
	return n
}

// firstOf keeps the first n contacts.
func firstOf(groups []group, n int) []group {
	var kept []group
	for _, g := range groups {
		g = g[:min(len(g), n)]
		if n -= len(g); len(g) > 0 {
			kept = append(kept, g)
		}
	}
	return kept
}

// group makes the next contacts: of a hundred groups five are structures with
// their relays, twelve households and one a person who was typed twice.
func (s *sampler) group() group {
	c := s.culture()
	switch roll := s.below(100); {
	case roll < 5:
		return s.structure(c)
	case roll < 17:
		return s.household(c)
	case roll < 18:
		return s.typedTwice(c)
	}
	return group{s.person(c)}
}

// structure is a school, company or agency with one to five relays, of which
// the first is the primary one.
func (s *sampler) structure(c culture) group {
	house := s.entered(core.ContactStructure, c)
	company := pick(s, c.company)
	house.Company = company.shown
	if n := s.below(40); n > 0 {
		house.Company = company.shown + " " + pick(s, []string{"Nord", "Sud", "Est", "Ouest", "Centre"})
	}
	s.email(&house, "office."+company.latin)
	house.Guest = false
	s.orders(&house)
	all := group{house}
	for i := range 1 + s.rank(5) {
		relay := s.entered(core.ContactRelay, c)
		first, last := s.first(c), s.last(c)
		relay.FirstName, relay.LastName, relay.Company = first.shown, last.shown, house.Company
		relay.Postals, relay.Created, relay.Changed = house.Postals, house.Created, house.Created
		relay.Primary = i == 0
		s.email(&relay, first.latin+"."+last.latin)
		relay.Guest = false
		all = append(all, relay)
	}
	return all
}

// household shares surname, postal address and the phone at home; children
// may share a parent's email address (R88).
func (s *sampler) household(c culture) group {
	last := s.last(c)
	head := s.named(c, last)
	if len(head.Postals) == 0 {
		head.Postals = []contacts.Postal{s.postal(contacts.PostalHome, c)}
	}
	home := contacts.Phone{Use: contacts.PhoneHome, Number: s.digits(pick(s, c.phone))}
	head.Phones = []contacts.Phone{home}
	all := group{head}
	for i := range 1 + s.below(3) {
		first := s.first(c)
		one := s.entered(core.ContactIndividual, c)
		one.FirstName, one.LastName, one.Postals = first.shown, last.shown, head.Postals
		one.Phones = []contacts.Phone{home}
		switch {
		case i == 0:
			one.Birth = s.birth(18, 90)
			s.email(&one, first.latin+"."+last.latin)
		case s.chance(40) && head.Email.Typed != "":
			one.Birth = s.birth(3, 18)
			one.Email, _, _ = one.Email.ChangeTo(head.Email.Typed, one.Created) // the head's was taken
		default:
			one.Birth = s.birth(3, 18)
		}
		s.orders(&one)
		all = append(all, one)
	}
	return all
}

// typedTwice is one person under two numbers: accents lost, the phone written
// otherwise, another address or none.
func (s *sampler) typedTwice(c culture) group {
	one := s.person(c)
	two := one
	two.FirstName = plainLetters(one.FirstName)
	two.Email, two.Guest, two.SSO, two.LastSignIn = core.Email{}, false, "", time.Time{}
	two.Created = s.since(one.Created)
	two.Changed, two.HasOrders, two.LastOrder = two.Created, false, time.Time{}
	two.Notes, two.Phones = "", spelledOtherwise(one.Phones)
	switch s.below(3) {
	case 0:
		two.FirstName, two.LastName = one.LastName, one.FirstName
	case 1:
		two.Postals = nil
		s.email(&two, addressLetters(one.LastName)+"."+addressLetters(one.FirstName))
	}
	return group{one, two}
}

// plainLetters drops accents from names in Latin letters.
func plainLetters(s string) string {
	folded := core.Fold(s)
	if folded == "" || folded[0] >= utf8.RuneSelf {
		return s
	}
	return strings.ToUpper(folded[:1]) + folded[1:]
}

// spelledOtherwise are the same numbers without blanks.
func spelledOtherwise(phones []contacts.Phone) []contacts.Phone {
	all := make([]contacts.Phone, len(phones))
	for i, p := range phones {
		all[i] = contacts.Phone{Use: p.Use, Number: strings.ReplaceAll(p.Number, " ", "")}
	}
	return all
}
