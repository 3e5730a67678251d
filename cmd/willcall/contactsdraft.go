package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/venue"
)

// contactDraft is a contact as it is typed, in JSON.
type contactDraft struct {
	Kind      string         `json:"kind"`
	FirstName string         `json:"first_name"`
	LastName  string         `json:"last_name"`
	Company   string         `json:"company"`
	Address   string         `json:"address"`
	Phones    []phoneOption  `json:"phones"`
	Postals   []postalOption `json:"postals"`
	Birth     string         `json:"birth"` // 1984-05-03
	Notes     string         `json:"notes"`
	OptOuts   []string       `json:"opt_outs"`
	Language  string         `json:"language"`
	Guest     bool           `json:"guest"`
	Structure string         `json:"structure"` // C-000123
	Primary   bool           `json:"primary"`
}

type phoneOption struct {
	Use    string `json:"use"`
	Number string `json:"number"`
}

type postalOption struct {
	Use        string `json:"use"`
	Street     string `json:"street"`
	PostalCode string `json:"postal_code"`
	City       string `json:"city"`
	Country    string `json:"country"`
}

// biggestInput is how much is read from a file or the standard input.
const biggestInput = 1 << 20

// draft is the contact that file and flags describe; flags win.
func (at *bench) draft(ctx context.Context) (contacts.Draft, error) {
	var d contactDraft
	if at.has("draft") {
		raw, err := at.read(at.value("draft"))
		if err != nil {
			return contacts.Draft{}, err
		}
		decoder := json.NewDecoder(strings.NewReader(raw))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&d); err != nil {
			return contacts.Draft{}, at.refuse("command.draft", "error", err.Error())
		}
	}
	for flag, into := range map[string]*string{
		"kind": &d.Kind, "first-name": &d.FirstName, "last-name": &d.LastName, "company": &d.Company, "address": &d.Address,
		"birth": &d.Birth, "notes": &d.Notes, "language": &d.Language, "structure": &d.Structure,
	} {
		at.text(flag, into)
	}
	d.Guest, d.Primary = d.Guest || at.has("guest"), d.Primary || at.has("primary")
	d.OptOuts = append(d.OptOuts, at.given["opt-out"]...)
	for _, typed := range at.given["phone"] {
		use, number, found := strings.Cut(typed, ":")
		if !found {
			use, number = contacts.PhoneMobile.String(), typed
		}
		d.Phones = append(d.Phones, phoneOption{use, number})
	}
	var p postalOption
	for flag, into := range map[string]*string{
		"street": &p.Street, "postal-code": &p.PostalCode, "city": &p.City, "country": &p.Country,
	} {
		at.text(flag, into)
	}
	if p != (postalOption{}) {
		p.Use = contacts.PostalHome.String()
		d.Postals = append([]postalOption{p}, d.Postals...)
	}
	return at.understand(ctx, d)
}

// understand turns words into values. Words that mean nothing become values
// that the draft's own check refuses by their field.
func (at *bench) understand(ctx context.Context, d contactDraft) (contacts.Draft, error) {
	draft := contacts.Draft{
		FirstName: d.FirstName, LastName: d.LastName, Company: d.Company, Address: d.Address,
		Notes: d.Notes, Language: d.Language, Guest: d.Guest, Primary: d.Primary,
	}
	if d.Kind == "" {
		d.Kind = core.ContactIndividual.String()
	}
	draft.Kind = meant(d.Kind, core.ContactKinds())
	for _, p := range d.Phones {
		draft.Phones = append(draft.Phones, contacts.Phone{Use: meant(p.Use, contacts.PhoneUses()), Number: p.Number})
	}
	for _, p := range d.Postals {
		draft.Postals = append(draft.Postals, contacts.Postal{
			Use: meant(p.Use, contacts.PostalUses()), Street: p.Street, PostalCode: p.PostalCode, City: p.City, Country: p.Country,
		})
	}
	var fields core.Fields
	var err error
	draft.Birth, err = core.ParseDate(d.Birth)
	fields.Add("birth", err)
	for _, word := range d.OptOuts {
		way := slices.IndexFunc(contacts.AllOptOuts(), func(o contacts.OptOuts) bool { return o.Key() == word })
		if way < 0 {
			fields.Add("opt-out", core.Refuse(core.CodeChoice))
			continue
		}
		draft.OptOuts |= contacts.AllOptOuts()[way]
	}
	if d.Structure != "" {
		draft.Structure, err = at.byNumber(ctx, d.Structure)
		if core.CodeOf(err) == core.CodeNotFound {
			err = core.RefuseField(core.CodeChoice, "structure")
		}
		if err != nil {
			return draft, err
		}
	}
	return draft, fields.Err()
}

// meant is the value that a word names, or the zero value.
func meant[T fmt.Stringer](word string, all []T) (value T) {
	for _, one := range all {
		if one.String() == word {
			return one
		}
	}
	return value
}

// read gives the text of a file, or of the standard input for "-".
func (at *bench) read(name string) (string, error) {
	in := io.Reader(at.s.in)
	if name != "-" {
		file, err := os.Open(name) //nolint:gosec // who calls the command chose the file
		if err != nil {
			return "", fmt.Errorf("read what was typed: %w", err)
		}
		defer func() { _ = file.Close() }() // it was only read
		in = file
	}
	raw, err := io.ReadAll(io.LimitReader(in, biggestInput+1))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	if len(raw) > biggestInput {
		return "", at.refuse("command.too-big", "name", name)
	}
	return string(raw), nil
}

// contactAnswer is the answer of "contacts show".
type contactAnswer struct {
	Number string `json:"number"`
	contactDraft
	Status       string        `json:"status"`
	Since        moment        `json:"since,omitzero"`
	Proof        *proofAnswer  `json:"proof,omitempty"`
	SSO          string        `json:"sso"`
	HasOrders    bool          `json:"has_orders"`
	LastOrder    moment        `json:"last_order,omitzero"`
	LastSignIn   moment        `json:"last_sign_in,omitzero"`
	Created      moment        `json:"created"`
	CreatedBy    string        `json:"created_by"`
	Changed      moment        `json:"changed"`
	LastMail     *mailAnswer   `json:"last_validation_mail,omitempty"`
	NotNow       string        `json:"no_mail_because,omitempty"`
	Documents    []namedAnswer `json:"documents"`
	PointsOfSale []namedAnswer `json:"points_of_sale"`
	Relays       []relayAnswer `json:"relays,omitempty"`
}

type proofAnswer struct {
	How string `json:"how"`
	At  moment `json:"at"`
	By  string `json:"by"`
}

type mailAnswer struct {
	Asked   moment `json:"asked"`
	Expires moment `json:"expires"`
}

type namedAnswer struct {
	ID   core.ID `json:"id"`
	Name string  `json:"name"`
}

type relayAnswer struct {
	contactRow
	Primary bool `json:"primary"`
}

func namesOf(list []venue.Named) []namedAnswer {
	all := make([]namedAnswer, len(list))
	for i, n := range list {
		all[i] = namedAnswer{n.ID, n.Name}
	}
	return all
}

// draftOf is a contact's fields as they could be typed.
func draftOf(d contacts.Detail) contactDraft {
	out := contactDraft{
		Kind: d.Kind.String(), FirstName: d.FirstName, LastName: d.LastName, Company: d.Company, Address: d.Email.Typed,
		Birth: d.Birth.String(), Notes: d.Notes, Language: d.Language, Guest: d.Guest, Primary: d.Primary,
		Phones: []phoneOption{}, Postals: []postalOption{}, OptOuts: []string{},
	}
	for _, p := range d.Phones {
		out.Phones = append(out.Phones, phoneOption{p.Use.String(), p.Number})
	}
	for _, p := range d.Postals {
		out.Postals = append(out.Postals, postalOption{p.Use.String(), p.Street, p.PostalCode, p.City, p.Country})
	}
	for _, way := range contacts.AllOptOuts() {
		if d.OptOuts.Has(way) {
			out.OptOuts = append(out.OptOuts, way.Key())
		}
	}
	if d.Structure.ID != 0 {
		out.Structure = contacts.NumberText(d.Structure.Number)
	}
	return out
}

func contactOf(d contacts.Detail) contactAnswer {
	a := contactAnswer{
		Number: contacts.NumberText(d.Number), contactDraft: draftOf(d),
		Status: d.Email.Status.String(), Since: moment(d.Email.Since),
		SSO: d.SSO, HasOrders: d.HasOrders, LastOrder: moment(d.LastOrder), LastSignIn: moment(d.LastSignIn),
		Created: moment(d.Created), CreatedBy: d.CreatedBy, Changed: moment(d.Changed),
		Documents: namesOf(d.Offer.Documents), PointsOfSale: namesOf(d.Offer.PointsOfSale),
	}
	if d.Email.Status == core.EmailValidated {
		a.Proof = &proofAnswer{d.Email.Proof.How.String(), moment(d.Email.Proof.At), d.Email.Proof.By}
	}
	if d.Mailed {
		a.LastMail = &mailAnswer{moment(d.Last.At), moment(d.Last.Expires)}
	}
	if d.NotNow != nil {
		a.NotNow = string(core.CodeOf(d.NotNow))
	}
	for _, r := range d.Relays {
		a.Relays = append(a.Relays, relayAnswer{rowOf(r.Row), r.Primary})
	}
	return a
}

func (a contactAnswer) rows() [][]string {
	var f facts
	f.add("number", a.Number)
	f.add("kind", a.Kind)
	f.add("name", strings.TrimSpace(a.FirstName+" "+a.LastName))
	f.add("company", a.Company)
	f.add("address", a.Address)
	f.add("status", a.Status)
	f.add("since", a.Since.String())
	if a.Proof != nil {
		f.add("proof", a.Proof.How+" "+time.Time(a.Proof.At).UTC().Format(time.RFC3339)+" "+a.Proof.By)
	}
	f.add("guest", yes(a.Guest))
	for _, p := range a.Phones {
		f.add("phone", p.Number+" ("+p.Use+")")
	}
	for _, p := range a.Postals {
		f.add("postal", strings.Join([]string{p.Street, strings.TrimSpace(p.PostalCode + " " + p.City), p.Country}, ", ")+" ("+p.Use+")")
	}
	f.add("birth", a.Birth)
	f.add("language", a.Language)
	f.add("opt-outs", strings.Join(a.OptOuts, ", "))
	f.add("structure", a.Structure)
	f.add("sso", a.SSO)
	f.add("orders", yes(a.HasOrders))
	f.add("last order", a.LastOrder.String())
	f.add("created", a.Created.String()+" "+a.CreatedBy)
	f.add("changed", a.Changed.String())
	if a.LastMail != nil {
		f.add("last mail", a.LastMail.Asked.String())
	}
	f.add("no mail because", a.NotNow)
	for _, r := range a.Relays {
		f.add("relay", r.Number+" "+r.Name+" "+r.Status)
	}
	f.add("notes", a.Notes)
	return f
}
