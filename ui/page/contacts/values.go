package contacts

import (
	"errors"
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/contacts"
)

// values are what the form is filled with.
func (p *Page) values(c contacts.Contact) map[string]string {
	v := map[string]string{
		"kind": c.Kind.String(), "first-name": c.FirstName, "last-name": c.LastName, "company": c.Company,
		"address": c.Email.Typed, "birth": c.Birth.String(), "notes": c.Notes, "language": c.Language,
		"guest": strconv.FormatBool(c.Guest), "primary": strconv.FormatBool(c.Primary),
		"sso": c.SSO, "orders": p.orders(c),
	}
	v["structure"] = ""
	if c.Structure != 0 {
		v["structure"] = optionKey(c.Structure)
	}
	for _, way := range contacts.AllOptOuts() {
		v["opt-out."+way.Key()] = strconv.FormatBool(c.OptOuts.Has(way))
	}
	phoneValues(v, c.Phones)
	postalValues(v, c.Postals)
	return v
}

// phoneValues fill the rows of phones; those beyond them are offered with a use
// of their own.
func phoneValues(v map[string]string, phones []contacts.Phone) {
	uses := contacts.PhoneUses()
	for i := range contacts.MaxPhones {
		v[nth("phone-use", i)] = uses[min(i, len(uses)-1)].String()
	}
	for i, phone := range phones[:min(len(phones), contacts.MaxPhones)] {
		v[nth("phone", i)], v[nth("phone-use", i)] = phone.Number, phone.Use.String()
	}
}

func postalValues(v map[string]string, postals []contacts.Postal) {
	uses := contacts.PostalUses()
	for i := range contacts.MaxPostals {
		v[nth("postal-use", i)] = uses[min(i, len(uses)-1)].String()
	}
	for i, a := range postals[:min(len(postals), contacts.MaxPostals)] {
		v[nth("street", i)], v[nth("postal-code", i)], v[nth("city", i)] = a.Street, a.PostalCode, a.City
		v[nth("country", i)], v[nth("postal-use", i)] = a.Country, a.Use.String()
	}
}

// draft is what the form says. Rows of phones and addresses left empty are no
// part of it.
func (f *form) draft() contacts.Draft {
	d := contacts.Draft{
		Kind: f.kindNow(), FirstName: f.Value("first-name"), LastName: f.Value("last-name"),
		Company: f.Value("company"), Address: f.Value("address"), Notes: f.Value("notes"),
		Language: f.Value("language"), Guest: f.On("guest"),
	}
	d.Birth, _ = core.ParseDate(f.Value("birth")) // refused on leaving the field, and before saving
	for _, way := range contacts.AllOptOuts() {
		if f.On("opt-out." + way.Key()) {
			d.OptOuts |= way
		}
	}
	if d.Kind == core.ContactRelay {
		d.Structure = f.structureNow()
		d.Primary = d.Structure != 0 && f.On("primary")
	}
	for _, i := range f.rows("phone") {
		d.Phones = append(d.Phones, contacts.Phone{
			Use:    named(contacts.PhoneUses(), f.Value(nth("phone-use", i))),
			Number: f.Value(nth("phone", i)),
		})
	}
	for _, i := range f.rows("street") {
		d.Postals = append(d.Postals, contacts.Postal{
			Use:    named(contacts.PostalUses(), f.Value(nth("postal-use", i))),
			Street: f.Value(nth("street", i)), PostalCode: f.Value(nth("postal-code", i)),
			City: f.Value(nth("city", i)), Country: f.Value(nth("country", i)),
		})
	}
	return d
}

// named gives the value whose key is typed in the form.
func named[T interface {
	comparable
	String() string
}](all []T, key string) (none T) {
	for _, value := range all {
		if value.String() == key {
			return value
		}
	}
	return none
}

// rows lists the rows of phones or addresses in which something stands.
func (f *form) rows(name string) []int {
	most := contacts.MaxPhones
	if name == "street" {
		most = contacts.MaxPostals
	}
	var filled []int
	for i := range most {
		if f.filled(name, i) {
			filled = append(filled, i)
		}
	}
	return filled
}

// filled reports whether something stands in a row.
func (f *form) filled(name string, i int) bool {
	parts := []string{name}
	if name == "street" {
		parts = []string{"street", "postal-code", "city", "country"}
	}
	for _, part := range parts {
		if strings.TrimSpace(f.Value(nth(part, i))) != "" {
			return true
		}
	}
	return false
}

// kindNow is the kind that stands in the form.
func (f *form) kindNow() core.ContactKind {
	if k := named(core.ContactKinds(), f.Value("kind")); k != 0 {
		return k
	}
	return core.ContactIndividual
}

// structureNow is the structure that stands in the form, 0 for none.
func (f *form) structureNow() core.ID {
	id, err := strconv.ParseUint(f.Value("structure"), 10, 64)
	if err != nil {
		return 0
	}
	return core.ID(id)
}

// placed gives a refusal the names of the form's own rows: the core counts
// phones and addresses without the empty rows between them.
func (f *form) placed(err error) error {
	var fields core.Fields
	if !errors.As(err, &fields) {
		var one *core.Error
		if !errors.As(err, &one) || one.Field == "" {
			return err
		}
		fields = core.Fields{one}
	}
	var moved core.Fields
	for _, e := range fields {
		copied := *e
		copied.Field = f.rowOf(e.Field)
		moved = append(moved, &copied)
	}
	return moved.Err()
}

func (f *form) rowOf(field string) string {
	name, number, numbered := strings.Cut(field, ".")
	n, err := strconv.Atoi(number)
	if !numbered || err != nil || n < 1 {
		return field
	}
	rows := f.rows("street")
	if strings.HasPrefix(name, "phone") {
		rows = f.rows("phone")
	}
	if n > len(rows) {
		return field
	}
	return nth(name, rows[n-1])
}
