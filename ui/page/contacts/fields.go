package contacts

import (
	"fmt"
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/ui/component"
)

const (
	notesRows  = 5
	rowCells   = 20 // of a value that shares its line
	birthCells = 24 // code points of a date, however it is written
)

// nth names the i-th field of its kind, from 0, as the core does: "phone.1".
func nth(name string, i int) string { return name + "." + strconv.Itoa(i+1) }

// fields are the form's, in the order in which they are asked for: first what
// every contact has, then what only some do.
func (p *Page) fields() []component.Field {
	all := append([]component.Field{{Name: noteKept, Kind: component.FieldNote, Hidden: true}}, p.essentials()...)
	all = append(all, p.heading("phones"))
	for i := range contacts.MaxPhones {
		all = append(all, p.phoneFields(i)...)
	}
	for i := range contacts.MaxPostals {
		all = append(all, p.postalFields(i)...)
	}
	return append(append(all, p.moreFields()...), p.foreignFields()...)
}

func (p *Page) field(name string, kind component.FieldKind) component.Field {
	return component.Field{Name: name, Label: p.s.Text.T("contacts.form." + name), Kind: kind, Max: core.MaxName}
}

func (p *Page) heading(name string) component.Field { return p.field(name, component.FieldHeading) }

func (p *Page) essentials() []component.Field {
	t := p.s.Text
	kind := p.field("kind", component.FieldChoice)
	for _, k := range core.ContactKinds() {
		kind.Options = append(kind.Options, component.Option{Key: k.String(), Label: t.T("words.kind." + k.String())})
	}
	address := p.field("address", component.FieldText)
	address.Check, address.Yields = checkAddress, true
	structure := p.field("structure", component.FieldLookup)
	structure.Marked, structure.Placeholder = true, t.T("contacts.form.structure.placeholder")
	primary := p.field("primary", component.FieldToggle)
	primary.Hint = t.T("contacts.form.primary.hint")
	document, from := p.field("document", component.FieldChoice), p.field("point-of-sale", component.FieldChoice)
	document.Required, from.Required = true, true
	send := p.field("send", component.FieldToggle)
	send.Hint = t.T("contacts.form.send.hint")
	return []component.Field{
		kind, p.field("first-name", component.FieldText), p.field("last-name", component.FieldText),
		structure, primary, p.field("company", component.FieldText), address, send, document, from,
	}
}

// numbered is the label of the i-th of several: the first goes without a
// number.
func (p *Page) numbered(name string, i int) string {
	label := p.s.Text.T("contacts.form." + name)
	if i == 0 {
		return label
	}
	return fmt.Sprintf("%s %d", label, i+1)
}

func (p *Page) phoneFields(i int) []component.Field {
	number := component.Field{
		Name: nth("phone", i), Label: p.numbered("phone", i), Kind: component.FieldPhone, Max: core.MaxName, Cells: rowCells,
		Check: core.CheckPhone, Tidy: contacts.TidyPhone,
	}
	use := component.Field{
		Name: nth("phone-use", i), Label: p.numbered("phone-use", i), Kind: component.FieldChoice,
		Beside: true, Brief: p.s.Text.T("contacts.form.use"), Cells: rowCells,
	}
	for _, u := range contacts.PhoneUses() {
		use.Options = append(use.Options, component.Option{Key: u.String(), Label: p.s.Text.T("words.phone-use." + u.String())})
	}
	return []component.Field{number, use}
}

func (p *Page) postalFields(i int) []component.Field {
	line := func(name string) component.Field {
		return component.Field{Name: nth(name, i), Label: p.s.Text.T("contacts.form." + name), Max: core.MaxName, Cells: rowCells}
	}
	head := component.Field{Name: nth("postal", i), Label: p.numbered("postal", i), Kind: component.FieldHeading}
	street := line("street")
	city, use := line("city"), line("postal-use")
	city.Beside, city.Brief = true, city.Label
	use.Kind, use.Beside, use.Brief = component.FieldChoice, true, p.s.Text.T("contacts.form.use")
	for _, u := range contacts.PostalUses() {
		use.Options = append(use.Options, component.Option{Key: u.String(), Label: p.s.Text.T("words.postal-use." + u.String())})
	}
	return []component.Field{head, street, line("postal-code"), city, line("country"), use}
}

// moreFields are what is known of some contacts only.
func (p *Page) moreFields() []component.Field {
	t := p.s.Text
	birth := p.field("birth", component.FieldDate)
	birth.Max, birth.Check = birthCells, p.checkBirth
	language := p.field("language", component.FieldChoice)
	language.Options = []component.Option{{Key: "", Label: t.T("contacts.form.language.house")}}
	for _, l := range core.Languages() {
		language.Options = append(language.Options, component.Option{Key: l, Label: t.T("words.language." + l)})
	}
	guest := p.field("guest", component.FieldToggle)
	guest.Hint = t.T("contacts.form.guest.hint")
	notes := p.field("notes", component.FieldLines)
	notes.Max, notes.Rows, notes.Placeholder = core.MaxNote, notesRows, t.T("contacts.form.notes.placeholder")
	all := []component.Field{p.heading("more"), birth, language, guest, notes, p.heading("opt-outs")}
	for _, way := range contacts.AllOptOuts() {
		all = append(all, component.Field{
			Name: "opt-out." + way.Key(), Label: t.T("contacts.form.opt-out." + way.Key()), Kind: component.FieldToggle,
		})
	}
	return all
}

// foreignFields are what other systems say of a contact: shown, never edited
// (R32, R85).
func (p *Page) foreignFields() []component.Field {
	return []component.Field{
		p.heading("elsewhere-known"), p.field("sso", component.FieldShown), p.field("orders", component.FieldShown),
	}
}

// checkAddress refuses on leaving the field what saving would refuse.
func checkAddress(typed string) error {
	if strings.TrimSpace(typed) == "" {
		return nil
	}
	_, err := core.CanonicalAddress(typed)
	return err
}

func (p *Page) checkBirth(typed string) error {
	d, err := core.ParseDate(typed)
	if err != nil {
		return err
	}
	return d.CheckBirth(core.DateOf(p.s.Now()))
}
