package contacts

import (
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/mail"
	"willcall/core/safetext"
	"willcall/core/venue"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// roomForNumber is what marker and number take of a card's title.
const roomForNumber = 16

// roomForTimes is the width from which a status is shown with its time of day.
const roomForTimes = 70

// columns are those of the list: name and address share the room.
func columns() []component.Column {
	return []component.Column{
		{Width: 12, Grow: 3},
		{Width: 14, Grow: 4},
		{Width: 10, Drop: 2},
		{Width: 8, Drop: 1},
	}
}

// row is a contact in the list.
func (p *Page) row(r contacts.Row) component.Row {
	place := component.Cell{Text: r.City, Token: theme.Text}
	if r.Guest {
		place = component.Cell{Text: p.s.Text.T("words.guest") + " " + r.City, Token: theme.Muted}
	}
	address := component.Cell{Text: r.Address, Token: theme.Text}
	if r.Address == "" {
		address = component.Cell{Text: p.s.Theme.Signs.Absent, Token: theme.Muted}
	}
	return component.Row{ID: r.ID, Status: r.Status, Cells: []component.Cell{
		{Text: r.Name, Token: theme.Text},
		address,
		place,
		{Text: contacts.NumberText(r.Number), Token: theme.Muted},
	}}
}

// look is what components draw with.
func (p *Page) look() component.Look { return component.Look{Theme: p.s.Theme, Text: p.s.Text} }

// Render implements [session.Page].
func (p *Page) Render(width, height int) []string {
	switch p.mode {
	case modeForm, modeDiscard:
		return p.form.render(p, width, height)
	case modeDetail:
		return p.withSend(width, height, func(height int) []string { return p.full(width, height) })
	case modeSend:
		if p.back == modeDetail {
			return p.withSend(width, height, func(height int) []string { return p.full(width, height) })
		}
	case modeSearch, modeList:
	}
	return p.withSend(width, height, func(height int) []string { return p.both(width, height) })
}

// withSend leaves room at the foot for the line that asks, or for what the
// last act did.
func (p *Page) withSend(width, height int, page func(height int) []string) []string {
	foot := p.foot(width)
	foot = foot[:min(len(foot), p.footRoom(height))]
	return append(page(height-len(foot)), foot...)
}

// footRoom is how many lines the foot may take: a question is shown whole.
func (p *Page) footRoom(height int) int {
	if p.mode == modeSend || p.mode == modeDiscard {
		return max(1, height-1)
	}
	return max(1, height*2/3)
}

// both draws search and list, with the selected contact beside them where
// there is room.
func (p *Page) both(width, height int) []string {
	k := p.look()
	left, right := component.Panes(width)
	p.searchWidth = left
	p.list.Focused = p.mode == modeList || p.mode == modeSend
	lines := []string{p.search.Render(k, left, p.mode == modeSearch), k.Line(left).String()}
	lines = append(lines, p.list.Render(k, left, height-len(lines))...)
	if right == 0 {
		return lines
	}
	return k.Beside(lines, p.pane(right, height))
}

// pane is the selected contact beside the list.
func (p *Page) pane(width, height int) []string {
	if p.detail == nil {
		return component.State{}.Render(p.look(), width, height)
	}
	return p.card(*p.detail, width).Lines(0, height)
}

// full is one contact in the whole width.
func (p *Page) full(width, height int) []string {
	if p.detail == nil {
		return component.State{Title: p.s.Text.T("component.list.loading")}.Render(p.look(), width, height)
	}
	return p.card(*p.detail, width).Scrolled(&p.scroll, height)
}

// card is what is known of a contact, in the order in which it is asked for.
func (p *Page) card(d shown, width int) *component.Detail {
	t := p.s.Text
	card := p.look().Detail(width)
	card.Marked(d.Email.Status, d.Name(), contacts.NumberText(d.Number))
	facts := []string{t.T("words.kind." + d.Kind.String()), d.City(), p.language(d.Language)}
	if d.Kind != core.ContactStructure {
		facts = append(facts, d.Company)
	}
	if d.Guest {
		facts = append(facts, t.T("words.guest"))
	}
	card.Facts(facts...).Blank()
	if name := d.Name(); safetext.Width(name) > width-roomForNumber {
		card.Item(t.T("contacts.name"), name)
	}
	card.Item(t.T("contacts.address"), d.Email.Typed)
	p.status(card, d, width)
	p.mailed(card, d)
	if reason := p.refusal(d); reason == "" {
		card.Key("v", p.verb(d))
	} else if code := core.CodeOf(d.NotNow); code != core.CodeValidated && code != core.CodeNoAddress {
		card.Item("", reason) // what the marker doesn't say
	}
	for _, postal := range d.Postals {
		card.Section(t.T("contacts.postal"))
		for _, line := range postalLines(postal) {
			card.Item("", line)
		}
	}
	card.Section(t.T("contacts.history"))
	card.Item(t.T("contacts.created"), t.T("contacts.by", "time", t.Time(p.zone(d.Created)), "name", d.CreatedBy))
	if d.Changes > 0 {
		card.Item(t.T("contacts.changed"), t.N("contacts.changes", int(d.Changes), "time", t.Time(p.zone(d.Changed))))
	}
	return card
}

// moment is a time in full, without the day where that is today.
func (p *Page) moment(at time.Time) string {
	at, now := p.zone(at), p.s.Now()
	if at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return p.s.Text.Clock(at)
	}
	return p.s.Text.Time(at)
}

func (p *Page) zone(at time.Time) time.Time { return at.In(p.s.Location) }

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
	case d.Email.Status == core.EmailValidated || d.Last.Address != d.Email.Key:
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
		return theme.Red, t.T("contacts.mail.failed", "answer", d.mail.Answer)
	case mail.StateExpired:
		return theme.Amber, t.T("contacts.mail.expired")
	case mail.StateCancelled:
		return theme.Muted, t.T("contacts.mail.cancelled")
	}
	return theme.Muted, ""
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

func nameIn(list []venue.Named, id core.ID) string {
	for _, n := range list {
		if n.ID == id {
			return n.Name
		}
	}
	return ""
}

// Cursor implements [session.Page].
func (p *Page) Cursor() (x, y int, shown bool) {
	switch p.mode {
	case modeSearch:
		return p.search.CursorIn(p.look(), p.searchWidth), 0, true
	case modeForm:
		return p.form.cursor()
	case modeList, modeDetail, modeSend, modeDiscard:
	}
	return 0, 0, false
}
