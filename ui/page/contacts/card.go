package contacts

import (
	"strings"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/mail"
	"willcall/core/safetext"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// card is what is known of a contact, in the order in which it is asked for.
// pick is the related contact that is selected, from 1; at is the line it
// stands on, or -1.
func (p *Page) card(d shown, width, pick int) (card *component.Detail, at int) {
	t := p.s.Text
	card = p.look().Detail(width)
	if width < roomForLabels {
		card.Labels(p.labelCells())
	}
	card.Marked(d.Email.Status, d.Name(), contacts.NumberText(d.Number))
	card.Facts(p.facts(d)...).Blank()
	if name := d.Name(); safetext.Width(name) > min(width, component.ReadMost)-roomForNumber {
		card.Item(t.T("contacts.name"), name)
	}
	if d.Kind != core.ContactStructure && d.Company != "" && d.Company != d.Detail.Structure.Name {
		card.Item(t.T("contacts.form.company"), d.Company)
	}
	card.Item(t.T("contacts.address"), d.Email.Typed)
	p.status(card, d, width)
	p.mailed(card, d)
	p.sendKeys(card, d)
	at = p.relations(card, d, pick)
	p.reach(card, d)
	p.person(card, d)
	if d.Notes != "" {
		card.Section(t.T("contacts.form.notes")).Paragraph(theme.Text, d.Notes)
	}
	p.past(card, d)
	return card, at
}

// labelCells is the width of the longest label that a narrow card may have.
func (p *Page) labelCells() int {
	labels := []string{
		"contacts.address", "contacts.mail", "contacts.birth", "contacts.advertising",
		"contacts.orders", "contacts.sign-in", "contacts.history", "contacts.form.company",
	}
	cells := 0
	for _, key := range labels {
		cells = max(cells, safetext.Width(p.s.Text.T(key)))
	}
	return cells
}

// facts are the short line below the name.
func (p *Page) facts(d shown) []string {
	t := p.s.Text
	facts := []string{t.T("words.kind." + d.Kind.String()), d.City()}
	if d.Birth != 0 {
		facts = append(facts, t.T("contacts.born", "year", yearText(d.Birth)))
	}
	facts = append(facts, p.language(d.Language))
	if d.Guest {
		facts = append(facts, t.T("words.guest"))
	}
	return facts
}

// sendKeys says what can be done about the validation mail.
func (p *Page) sendKeys(card *component.Detail, d shown) {
	if reason := p.refusal(d); reason == "" {
		card.Key("v", p.verb(d))
	} else if code := core.CodeOf(d.NotNow); code != core.CodeValidated && code != core.CodeNoAddress {
		card.Item("", reason) // what the marker doesn't say
	}
	if d.Mailed && p.s.Allows(core.ActOutboxShow) {
		card.Key("l", p.s.Text.T("contacts.open-mail"))
	}
}

// relations lists whom the contact belongs to, or who belongs to it, and gives
// the line of the selected one.
func (p *Page) relations(card *component.Detail, d shown, pick int) (at int) {
	t, at := p.s.Text, -1
	rows := d.related()
	switch {
	case d.Kind == core.ContactStructure:
		card.Section(t.N("contacts.relays", len(rows)))
		if len(rows) == 0 {
			card.Key("+", t.T("contacts.new-relay"))
		}
	case len(rows) > 0:
		card.Section(t.T("contacts.form.structure"))
	}
	for i, r := range rows {
		if i+1 == pick {
			at = card.Len()
		}
		name := strings.TrimSuffix(r.Name, ", "+d.Company)
		card.Pick(i+1 == pick, r.Status, name, p.standing(d, i, r))
	}
	return at
}

// standing is what stands beside a related contact.
func (p *Page) standing(d shown, i int, r contacts.Row) string {
	t := p.s.Text
	if r.Damage != nil {
		return t.T("words.unreadable")
	}
	primary := d.Kind == core.ContactRelay && d.Primary || d.Kind == core.ContactStructure && d.Relays[i].Primary
	facts := []string{contacts.NumberText(r.Number)}
	if primary {
		facts = []string{t.T("contacts.primary"), facts[0]}
	}
	return strings.Join(facts, ", ")
}

// reach lists phones and postal addresses with what they are for.
func (p *Page) reach(card *component.Detail, d shown) {
	t := p.s.Text
	if len(d.Phones) > 0 {
		card.Section(t.T("contacts.form.phones"))
	}
	for _, phone := range d.Phones {
		card.Item(t.T("words.phone-use."+phone.Use.String()), phone.Number)
	}
	if len(d.Postals) > 0 {
		card.Section(t.N("contacts.postals", len(d.Postals)))
	}
	for _, postal := range d.Postals {
		label := t.T("words.postal-use." + postal.Use.String())
		for _, line := range postalLines(postal) {
			card.Item(label, line)
			label = ""
		}
	}
}

// person is what is known of who it is, and from other systems.
func (p *Page) person(card *component.Detail, d shown) {
	t := p.s.Text
	card.Blank()
	if d.Birth != 0 {
		card.Item(t.T("contacts.birth"), p.birth(d.Birth))
	}
	if refused := p.refused(d.OptOuts); refused != "" {
		card.Toned(t.T("contacts.advertising"), theme.Amber, refused)
	}
	switch {
	case d.HasOrders:
		card.Item(t.T("contacts.orders"), p.orders(d.Contact))
	case d.OrdersLoaded:
		card.Item(t.T("contacts.orders"), t.T("contacts.orders.none"))
	default:
		card.Toned(t.T("contacts.orders"), theme.Muted, t.T("contacts.orders.not-loaded"))
	}
	if !d.LastSignIn.IsZero() {
		card.Item(t.T("contacts.sign-in"), t.Time(p.zone(d.LastSignIn)))
	}
	if d.SSO != "" {
		card.Item(t.T("contacts.sso"), d.SSO)
	}
}

// refused names the ways on which a contact wants no advertising.
func (p *Page) refused(o contacts.OptOuts) string {
	var ways []string
	for _, way := range contacts.AllOptOuts() {
		if o.Has(way) {
			ways = append(ways, p.s.Text.T("words.opt-out."+way.Key()))
		}
	}
	if ways == nil {
		return ""
	}
	return p.s.Text.T("contacts.no-advertising", "ways", strings.Join(ways, ", "))
}

// orders is what is known of a contact's orders, empty where none are (R32).
func (p *Page) orders(c contacts.Contact) string {
	switch {
	case !c.HasOrders:
		return ""
	case c.LastOrder.IsZero():
		return p.s.Text.T("contacts.orders.some")
	}
	return p.s.Text.T("contacts.orders.last", "date", p.s.Text.Date(p.zone(c.LastOrder), time.Time{}))
}

// birth is a date of birth with the age that it gives.
func (p *Page) birth(d core.Date) string {
	return p.s.Text.N("contacts.age", p.age(d), "date", p.s.Text.Day(d))
}

// age is how old a birth date makes somebody today, in years.
func (p *Page) age(d core.Date) int {
	now := p.s.Now()
	age := now.Year() - d.Year()
	if core.DateOf(now)%10000 < d%10000 {
		age--
	}
	return max(0, age)
}

func yearText(d core.Date) string { return strings.SplitN(d.String(), "-", 2)[0] }

// made says when the contact was made, and by whom.
func (p *Page) made(d shown) string {
	t := p.s.Text
	date := t.Date(p.zone(d.Created), p.s.Now())
	if d.CreatedBy == "" {
		return t.T("contacts.created.unnamed", "date", date)
	}
	return t.T("contacts.created", "date", date, "name", d.CreatedBy)
}

// past says who made the contact, and how often it was changed.
func (p *Page) past(card *component.Detail, d shown) {
	t, made := p.s.Text, p.made(d)
	card.Blank()
	if d.Changes > 0 {
		made = t.N("contacts.changes", int(d.Changes), "created", made)
	}
	card.Item(t.T("contacts.history"), made)
	if p.s.Allows(core.ActContactsHistory) {
		card.Key("h", t.T("contacts.all-changes"))
	}
}

func postalLines(a contacts.Postal) []string {
	var lines []string
	town := a.PostalCode
	if town != "" && a.City != "" {
		town += " "
	}
	for _, line := range []string{a.Street, town + a.City, a.Country} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// verb is what v does: the first mail is sent, later ones are sent again.
func (p *Page) verb(d shown) string {
	if d.Mailed {
		return p.s.Text.T("contacts.send-again")
	}
	return p.s.Text.T("contacts.send")
}

func (p *Page) language(code string) string {
	if code == "" {
		return ""
	}
	return p.s.Text.T("words.language." + code)
}

// status says what the marker means for this contact.
func (p *Page) status(card *component.Detail, d shown, width int) {
	t := p.s.Text
	switch d.Email.Status {
	case core.EmailNone:
		card.Status("", d.Email.Status, "")
	case core.EmailNotValidated:
		card.Status("", d.Email.Status, t.T("contacts.since", "date", t.Date(p.zone(d.Email.Since), p.s.Now())))
	case core.EmailValidated:
		card.Status("", d.Email.Status, "")
		proven := t.Date(p.zone(d.Email.Proof.At), p.s.Now())
		if width >= roomForTimes {
			proven = t.Time(p.zone(d.Email.Proof.At))
		}
		card.Toned("", theme.Muted, t.T("contacts.proof", "how", t.T("words.proof."+d.Email.Proof.How.String()), "time", proven))
	}
}

// mailed says what became of the newest validation mail.
func (p *Page) mailed(card *component.Detail, d shown) {
	if !d.Mailed {
		if d.Email.Status == core.EmailNotValidated && !d.Guest {
			card.Item(p.s.Text.T("contacts.mail"), p.s.Text.T("contacts.never-sent"))
		}
		return
	}
	t := p.s.Text
	token, sentence := p.outcome(d)
	card.Toned(t.T("contacts.mail"), token, sentence)
	document, from := nameIn(d.Offer.Documents, d.Last.Context.Document), nameIn(d.Offer.PointsOfSale, d.Last.Context.PointOfSale)
	if document != "" && from != "" {
		card.Item("", t.T("contacts.context", "document", document, "point-of-sale", from))
	}
	switch {
	case d.Email.Status == core.EmailValidated || d.Last.Address != d.Email.Key || d.mail.State == mail.StateCancelled:
	case p.s.Now().Before(d.Last.Expires):
		card.Item("", t.T("contacts.link-until", "time", p.moment(d.Last.Expires)))
	default:
		card.Toned("", theme.Amber, t.T("contacts.link-expired"))
	}
}

// outcome puts the state of a mail into words.
func (p *Page) outcome(d shown) (theme.Token, string) {
	t := p.s.Text
	when := p.moment(d.Last.At)
	switch d.mail.State {
	case mail.StateQueued:
		if d.mail.Attempts > 0 {
			return theme.Amber, t.T("contacts.mail.later", "time", t.Clock(p.zone(d.mail.Next)))
		}
		return theme.Text, t.T("contacts.mail.sending")
	case mail.StateLeased:
		return theme.Text, t.T("contacts.mail.sending")
	case mail.StateCaptured:
		return theme.Text, t.T("contacts.mail.captured", "time", when, "ago", t.Ago(p.s.Now().Sub(d.Last.At)))
	case mail.StateSent:
		return theme.Text, t.T("contacts.mail.sent", "time", when, "ago", t.Ago(p.s.Now().Sub(d.Last.At)))
	case mail.StateFailed:
		return theme.Red, p.failed(d.mail)
	case mail.StateExpired:
		return theme.Amber, t.T("contacts.mail.expired")
	case mail.StateCancelled:
		return theme.Muted, t.T("contacts.mail.cancelled")
	}
	return theme.Muted, ""
}

// failed says why a mail was not sent, in the server's words where it was asked.
func (p *Page) failed(e mail.Entry) string {
	t, why := p.s.Text, "why."+string(e.Why)
	switch {
	case e.Answer != "":
		return t.T("contacts.mail.failed", "answer", e.Answer)
	case t.Has(why):
		return t.T("contacts.mail.failed.why", "why", t.T(why))
	}
	return t.T("contacts.mail.failed.bare")
}
