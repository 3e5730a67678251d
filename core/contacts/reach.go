package contacts

import (
	"fmt"
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/record"
)

// How many phones and postal addresses a contact may have.
const (
	MaxPhones  = 6
	MaxPostals = 6
)

// PhoneUse is what a phone is for.
type PhoneUse uint8

// The uses of a phone.
const (
	PhoneMobile PhoneUse = iota + 1
	PhoneHome
	PhoneWork
	PhoneOther
)

// PhoneUses lists all, in the order forms offer them.
func PhoneUses() []PhoneUse { return []PhoneUse{PhoneMobile, PhoneHome, PhoneWork, PhoneOther} }

// String is the use's key in the catalogue.
func (u PhoneUse) String() string {
	switch u {
	case PhoneMobile:
		return "mobile"
	case PhoneHome:
		return "home"
	case PhoneWork:
		return "work"
	case PhoneOther:
		return "other"
	}
	return "unknown"
}

// Phone is a phone number, as typed.
type Phone struct {
	Use    PhoneUse
	Number string
}

// PostalUse is what a postal address is for.
type PostalUse uint8

// The uses of a postal address.
const (
	PostalHome PostalUse = iota + 1
	PostalWork
	PostalBilling
	PostalDelivery
)

// PostalUses lists all, in the order forms offer them.
func PostalUses() []PostalUse {
	return []PostalUse{PostalHome, PostalWork, PostalBilling, PostalDelivery}
}

// String is the use's key in the catalogue.
func (u PostalUse) String() string {
	switch u {
	case PostalHome:
		return "home"
	case PostalWork:
		return "work"
	case PostalBilling:
		return "billing"
	case PostalDelivery:
		return "delivery"
	}
	return "unknown"
}

// empty reports whether no line of the address is filled.
func (p Postal) empty() bool {
	p.Use = 0
	return p == Postal{}
}

// City is the city of the main postal address.
func (c Contact) City() string {
	if len(c.Postals) == 0 {
		return ""
	}
	return c.Postals[0].City
}

// OptOuts is the set of ways on which a contact wants no advertising.
type OptOuts uint8

// The ways that can be refused.
const (
	NoEmail OptOuts = 1 << iota
	NoPost
	NoPhone
	NoText // short messages
)

// AllOptOuts lists each way, in the order forms offer them.
func AllOptOuts() []OptOuts { return []OptOuts{NoEmail, NoPost, NoPhone, NoText} }

// Has reports whether a way is refused.
func (o OptOuts) Has(way OptOuts) bool { return o&way != 0 }

// unknown reports whether there is a way in o that [AllOptOuts] doesn't know.
func (o OptOuts) unknown() bool {
	for _, way := range AllOptOuts() {
		o &^= way
	}
	return o != 0
}

// Key is the key of one way in the catalogue.
func (o OptOuts) Key() string {
	switch o {
	case NoEmail:
		return "email"
	case NoPost:
		return "post"
	case NoPhone:
		return "phone"
	case NoText:
		return "text"
	}
	return "unknown"
}

// String lists the keys of the ways refused.
func (o OptOuts) String() string {
	var keys []string
	for _, way := range AllOptOuts() {
		if o.Has(way) {
			keys = append(keys, way.Key())
		}
	}
	return strings.Join(keys, ", ")
}

func phoneCodec() record.Codec[Phone] {
	return record.New(
		record.Uint(1, func(p *Phone) *PhoneUse { return &p.Use }),
		record.Text(2, func(p *Phone) *string { return &p.Number }),
	)
}

// cleanPhones drops empty ones.
func cleanPhones(phones []Phone) []Phone {
	var kept []Phone
	for _, p := range phones {
		if p.Number = core.CleanLine(p.Number); p.Number != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// cleanPostals drops empty ones.
func cleanPostals(postals []Postal) []Postal {
	var kept []Postal
	for _, p := range postals {
		for _, s := range []*string{&p.Street, &p.PostalCode, &p.City, &p.Country} {
			*s = core.CleanLine(*s)
		}
		if !p.empty() {
			kept = append(kept, p)
		}
	}
	return kept
}

func checkPhones(fields *core.Fields, phones []Phone) {
	if len(phones) > MaxPhones {
		fields.Add(nth("phone", MaxPhones), core.Refuse(core.CodeTooMany).With("max", strconv.Itoa(MaxPhones)))
	}
	for i, p := range phones {
		fields.Add(nth("phone", i), core.CheckPhone(p.Number))
		if p.Use < PhoneMobile || p.Use > PhoneOther {
			fields.Add(nth("phone-use", i), core.Refuse(core.CodeChoice))
		}
	}
}

func checkPostals(fields *core.Fields, postals []Postal) {
	if len(postals) > MaxPostals {
		fields.Add(nth("street", MaxPostals), core.Refuse(core.CodeTooMany).With("max", strconv.Itoa(MaxPostals)))
	}
	for i, p := range postals {
		fields.Add(nth("street", i), core.CheckLine(p.Street, core.MaxName, false))
		fields.Add(nth("postal-code", i), core.CheckLine(p.PostalCode, core.MaxName, false))
		fields.Add(nth("city", i), core.CheckLine(p.City, core.MaxName, false))
		fields.Add(nth("country", i), core.CheckLine(p.Country, core.MaxName, false))
		if p.Use < PostalHome || p.Use > PostalDelivery {
			fields.Add(nth("postal-use", i), core.Refuse(core.CodeChoice))
		}
	}
}

// nth names the i-th field of its kind, from 0: "phone.1".
func nth(name string, i int) string { return fmt.Sprintf("%s.%d", name, i+1) }

func phonesText(phones []Phone) string {
	all := make([]string, len(phones))
	for i, p := range phones {
		all[i] = p.Number + " (" + p.Use.String() + ")"
	}
	return strings.Join(all, ", ")
}

func postalsText(postals []Postal) string {
	all := make([]string, len(postals))
	for i, p := range postals {
		lines := strings.Fields(strings.Join([]string{p.Street, p.PostalCode, p.City, p.Country}, " "))
		all[i] = strings.Join(lines, " ") + " (" + p.Use.String() + ")"
	}
	return strings.Join(all, "; ")
}

// noteLength is how much of the notes the journal keeps, in code points.
const noteLength = 200

// notesText is the beginning of notes, on one line.
func notesText(notes string) string {
	line := []rune(strings.Join(strings.Fields(notes), " "))
	if len(line) <= noteLength {
		return string(line)
	}
	return string(line[:noteLength]) + "…"
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// proofText is how an address came to be validated by other than a link, which
// the journal has an entry of its own for.
func proofText(e core.Email) string {
	if e.Status != core.EmailValidated {
		return ""
	}
	return e.Proof.How.String()
}
