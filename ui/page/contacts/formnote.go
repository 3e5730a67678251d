package contacts

import (
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/validation"
	"willcall/ui/component"
	"willcall/ui/theme"
)

func optionKey(id core.ID) string { return strconv.FormatUint(uint64(id), 10) }

// readdressed reports whether saving sets another canonical address.
func (f *form) readdressed() bool {
	_, changed, err := f.before.Email.ChangeTo(f.Value("address"), f.before.Changed)
	return err == nil && changed
}

// subject reports whether saving is subject to validation at all: there is a
// new address, of somebody who is no guest.
func (f *form) subject() bool {
	return f.readdressed() && strings.TrimSpace(f.Value("address")) != "" && !f.On("guest")
}

// structureEdit is where the mail is offered, not automatic (R7).
func (f *form) structureEdit() bool { return f.id != 0 && f.kindNow() == core.ContactStructure }

// sends reports whether saving sends a validation mail.
func (f *form) sends() bool {
	return f.ready && f.subject() && f.offer.Possible() && (!f.structureEdit() || f.On("send"))
}

// sync brings what is asked for, and the line that says what saving will do,
// in step with what was typed.
func (f *form) sync(p *Page) {
	structure := f.kindNow() == core.ContactStructure
	f.Change("last-name", func(field *component.Field) { field.Required = !structure })
	f.Change("company", func(field *component.Field) { field.Required = structure })
	f.syncRelay()
	f.syncRows()
	f.Change("birth", func(field *component.Field) { field.Hint = p.birthHint(f.Value("birth")) })
	f.Change("send", func(field *component.Field) {
		field.Hidden = !f.structureEdit() || !f.subject() || !f.offer.Possible()
	})
	f.Change("address", func(field *component.Field) { field.Hint = p.alikeHint(f) })
	sends := f.sends()
	for _, name := range []string{"document", "point-of-sale"} {
		f.Change(name, func(field *component.Field) { field.Hidden = !sends })
	}
	key, alarm := f.will()
	f.alarm, f.note = alarm, f.noteText(p, key)
	if f.keeping.Err != nil {
		f.alarm = true
		f.note += " " + p.s.Text.T("contacts.form.unkept", "error", p.s.Text.Error(f.keeping.Err))
	}
}

// syncRelay asks for a structure where the contact is a relay.
func (f *form) syncRelay() {
	relay := f.kindNow() == core.ContactRelay
	f.hide(!relay, "structure")
	f.hide(!relay || f.structureNow() == 0, "primary")
	f.hide(f.before.SSO == "", "sso")
	f.hide(!f.before.HasOrders, "orders")
	f.hide(f.before.SSO == "" && !f.before.HasOrders, "elsewhere-known")
}

// syncRows shows the rows of phones and addresses that are filled, and one
// empty row after them.
func (f *form) syncRows() {
	for i := 1; i < contacts.MaxPhones; i++ {
		f.hide(!f.filled("phone", i) && !f.filled("phone", i-1), nth("phone", i), nth("phone-use", i))
	}
	for i := 1; i < contacts.MaxPostals; i++ {
		f.hide(!f.filled("street", i) && !f.filled("street", i-1), nth("postal", i),
			nth("street", i), nth("postal-code", i), nth("city", i), nth("country", i), nth("postal-use", i))
	}
}

func (f *form) hide(hidden bool, names ...string) {
	for _, name := range names {
		f.Change(name, func(field *component.Field) { field.Hidden = hidden })
	}
}

// birthHint says how old a birth date makes somebody, or how to write one.
func (p *Page) birthHint(typed string) string {
	d, err := core.ParseDate(typed)
	switch {
	case err != nil || d == 0:
		return p.s.Text.T("contacts.form.birth.hint")
	case d.CheckBirth(core.DateOf(p.s.Now())) != nil:
		return ""
	}
	return p.s.Text.N("contacts.form.birth.age", p.age(d))
}

// noteText is what saving will do, in a sentence.
func (f *form) noteText(p *Page, key string) string {
	choice := f.choice()
	return p.s.Text.T("contacts.note."+key,
		"document", nameIn(f.offer.Documents, choice.Document),
		"point-of-sale", nameIn(f.offer.PointsOfSale, choice.PointOfSale),
		"address", strings.TrimSpace(f.Value("address")), "organisation", p.s.Organisation)
}

// will names what saving will do, a key below "contacts.note.".
func (f *form) will() (key string, alarm bool) {
	what := "new"
	if f.id != 0 {
		what = "edit"
	}
	switch {
	case checkAddress(f.Value("address")) != nil:
		return "invalid", false
	case f.id != 0 && !f.readdressed():
		return "edit.same", false
	case strings.TrimSpace(f.Value("address")) == "":
		return what + ".no-address", f.id != 0
	case f.On("guest"):
		return what + ".guest", false
	case !f.ready:
		return what + ".plain", false
	case !f.offer.On:
		return what + ".off", true
	case !f.offer.Possible():
		return what + "." + whyEmpty(f.offer, f.kindNow()), true
	case !f.sends():
		return "edit.offered", false
	}
	return what + ".sends", false
}

// whyEmpty says what there is nothing of to send from: an active document, or a
// running point of sale on the channels that serve the kind (R21, R22).
func whyEmpty(o validation.Offer, kind core.ContactKind) string {
	switch {
	case len(o.Documents) == 0:
		return "no-document"
	case kind == core.ContactIndividual:
		return "no-b2c"
	}
	return "no-point-of-sale"
}

// render draws the form between its title and the line that says what saving
// will do, which stays in sight.
func (f *form) render(p *Page, width, height int) []string {
	k := p.look()
	head := []string{k.FormTitle(f.title(p), f.keeping.Since(f.Unkept().Typed), width)}
	if height > 14 {
		head = append(head, k.Line(width).String())
	}
	f.head = len(head)
	token, note := theme.Accent, f.note
	if f.alarm {
		token = theme.Amber
	}
	if p.mode == modeDiscard {
		token, note = theme.Amber, p.s.Text.T("contacts.form.ask-discard")
	}
	foot := k.Bar(token, note, width)
	foot = k.Clip(foot, width, p.footRoom(height))
	if height > 18 {
		foot = append([]string{k.Line(width).String()}, foot...)
	}
	lines := append(head, f.Render(k, width, height-len(head)-len(foot))...)
	return append(lines, foot...)
}

func (f *form) title(p *Page) string {
	switch {
	case f.id != 0:
		return p.s.Text.T("contacts.form.edit", "name", f.before.Name())
	case f.structure != 0:
		return p.s.Text.T("contacts.form.new-relay", "name", f.places[f.structure].Name)
	}
	return p.s.Text.T("contacts.form.new")
}

// cursor is the cell in the page, below the title.
func (f *form) cursor() (x, y int, shown bool) {
	x, y, shown = f.Cursor()
	return x, y + f.head, shown
}
