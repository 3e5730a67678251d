package outbox

import (
	"strconv"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/mail"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// columns are those of the list. Where room is short, state and recipient stay.
func (p *Page) columns() []component.Column {
	t := p.s.Text
	return []component.Column{
		{Title: t.T("outbox.column.state"), Width: 12},
		{Title: t.T("outbox.to"), Width: 14, Grow: 3, Most: 40},
		{Title: t.T("outbox.what"), Width: 12, Grow: 2, Most: 40, Drop: 2},
		{Title: t.T("outbox.column.tries"), Width: 6, Right: true, Drop: 3},
		{Title: t.T("outbox.column.time"), Width: 16, Right: true, Drop: 1},
	}
}

// row is a mail in the list.
func (p *Page) row(m mail.OutboxRow) component.Row {
	if m.Damage != nil {
		return component.Row{ID: m.ID, Cells: []component.Cell{
			{Text: p.s.Text.T("words.unreadable"), Token: theme.Red, Sign: p.s.Theme.Signs.Wrong},
		}}
	}
	sign, token := p.sign(m.State)
	to := m.ToName
	if to == "" {
		to = m.To
	}
	tries := component.Cell{Token: theme.Muted}
	if m.Attempts > 0 {
		tries.Text = p.s.Text.Number(int(m.Attempts))
	}
	return component.Row{ID: m.ID, Cells: []component.Cell{
		{Text: p.s.Text.T("outbox.state." + m.State.String()), Token: token, Sign: sign},
		{Text: to, Token: theme.Text},
		{Text: p.what(m.Entry), Token: theme.Muted},
		tries, p.when(m.Entry),
	}}
}

// sign is a state as a sign and its token.
func (p *Page) sign(s mail.State) (sign string, token theme.Token) {
	signs := p.s.Theme.Signs
	switch s {
	case mail.StateQueued, mail.StateLeased:
		return signs.More, theme.Amber
	case mail.StateSent, mail.StateCaptured:
		return signs.Done, theme.Green
	case mail.StateFailed:
		return signs.Wrong, theme.Red
	case mail.StateExpired, mail.StateCancelled:
	}
	return signs.Absent, theme.Muted
}

// what a mail is made from: a document by its name, or a text of the product's
// own.
func (p *Page) what(e mail.Entry) string {
	switch {
	case e.System != "" && p.s.Text.Has("outbox.system."+e.System):
		return p.s.Text.T("outbox.system." + e.System)
	case e.System != "":
		return e.System
	}
	if name := p.known.Along.documents[e.Document]; name != "" {
		return name
	}
	return p.s.Text.T("outbox.document", "number", strconv.FormatUint(uint64(e.Document), 10))
}

// when is the next try of a mail that was refused, else the time of what
// happened last.
func (p *Page) when(e mail.Entry) component.Cell {
	switch {
	case e.State == mail.StateQueued && e.Attempts > 0:
		return component.Cell{Text: p.s.Text.T("outbox.again-at", "time", p.s.Text.Clock(e.Next.In(p.s.Location))), Token: theme.Muted}
	case e.State.Final():
		return component.Cell{Text: p.s.ClockOrDay(e.Settled), Token: theme.Muted}
	}
	return component.Cell{Text: p.s.ClockOrDay(e.Created), Token: theme.Muted}
}

// look is what components draw with.
func (p *Page) look() component.Look { return component.Look{Theme: p.s.Theme, Text: p.s.Text} }

// Render implements [session.Page].
func (p *Page) Render(width, height int) []string {
	k := p.look()
	foot := p.foot(k, width)
	foot = foot[:min(len(foot), max(1, height-1))]
	opened := p.mode == modeDetail || p.Asking() && p.back == modeDetail
	p.list.Focused = !opened
	if _, right := panes(width); opened && right < mailStays {
		return append(p.full(width, height-len(foot)), foot...)
	}
	return append(p.both(width, height-len(foot)), foot...)
}

// Cells of list and mail where there is room for both.
const (
	listLeast = 50 // state, recipient and time
	mailNeeds = 48 // a sentence about an answer in few lines, most addresses in one
	mailStays = 64 // an opened mail doesn't need more: the list stays beside it
)

// panes shares the width between list and mail: where it is short the mail has
// what it needs first, then the list. right is 0 where there is room for one
// only.
func panes(width int) (left, right int) {
	if left, right = component.Panes(width); right == 0 {
		return left, right
	}
	left = max(listLeast, min(left, width-mailNeeds-1))
	return left, width - left - 1
}

// both draws the list, with the selected mail beside it where there is room.
func (p *Page) both(width, height int) []string {
	k := p.look()
	left, right := panes(width)
	if p.list.Loaded() && p.list.Len() == 0 { // nothing stands beside nothing
		left, right = width, 0
	}
	lines := p.head(left)
	lines = append(lines, p.list.Render(k, left, height-len(lines))...)
	lines = lines[:max(0, height)]
	if right == 0 {
		return lines
	}
	return k.Beside(lines, p.full(right, height))
}

// head shows which mails are listed, with their number.
func (p *Page) head(width int) []string {
	k := p.look()
	lines := []string{component.Tabs(k, p.views(), int(p.show), width)}
	if p.contact == 0 {
		return lines
	}
	return append(lines, k.Bar(theme.Accent, p.s.Text.T("outbox.only", "name", p.contactName()), width)...)
}

// views are the tabs of the list.
func (p *Page) views() []component.Tab {
	views := make([]component.Tab, shows)
	for v := range shows {
		views[v] = component.Tab{Label: p.s.Text.T("outbox.show." + v.String()), Count: p.count(v)}
	}
	return views
}

// count is how many mails a view lists, 0 where that isn't known: the numbers of
// what waits and failed are everybody's.
func (p *Page) count(v show) int {
	switch {
	case v == p.show:
		return p.known.Along.total
	case p.contact != 0:
	case v == showWaiting:
		return p.known.Along.waiting
	case v == showFailed:
		return p.known.Along.failed
	}
	return 0
}

// contactName is the contact whose mails are listed, as the newest of them says.
func (p *Page) contactName() string {
	for _, m := range p.known.Entries {
		if m.Mail.Subject == (core.Ref{Kind: core.KindContact, ID: p.contact}) && m.ToName != "" {
			return m.ToName
		}
	}
	return p.s.Text.T("outbox.one-contact")
}

// full is one mail: what is known of it, then its text.
func (p *Page) full(width, height int) []string {
	k := p.look()
	if p.detail == nil {
		return p.absent().Render(k, width, height)
	}
	return p.card(*p.detail, width).Scrolled(&p.scroll, height)
}

// absent is what stands in a mail's place.
func (p *Page) absent() component.State {
	switch {
	case p.gone != "":
		return component.State{Title: p.s.Text.T("outbox.mail-failed"), Text: p.gone, Alarm: true}
	case p.wanted != 0:
		return component.State{Title: p.s.Text.T("component.list.loading")}
	}
	return component.State{}
}

// card is a mail in full, in the order in which it is asked for.
func (p *Page) card(m mail.OutboxMail, width int) *component.Detail {
	t := p.s.Text
	k := p.look()
	card := k.Detail(width)
	if width < roomForPairs {
		card.Labels(labelNeeds)
	}
	title := k.Hidden(m.Subject, mail.Mask)
	if title == "" {
		title = p.what(m.Entry)
	}
	card.Title(title, "").Blank()
	sign, token := p.sign(m.State)
	card.Signed(t.T("outbox.column.state"), token, sign, t.T("outbox.state."+m.State.String()))
	card.Toned("", theme.Muted, p.since(m.Entry))
	p.answered(card, m.Entry)
	p.keys(card, m)
	card.Blank()
	pair(card, width, t.T("outbox.to"), m.ToName, m.To)
	pair(card, width, t.T("outbox.from"), m.FromName, m.From)
	pair(card, width, t.T("outbox.what"), p.what(m.Entry), p.edition(m.Entry))
	card.Item(t.T("outbox.tries"), t.Number(int(m.Attempts)))
	if m.State == mail.StateQueued {
		card.Item(t.T("outbox.next"), p.time(m.Next))
	}
	if !m.Expires.IsZero() && !m.State.Final() {
		card.Item(t.T("outbox.expires"), p.time(m.Expires))
	}
	card.Section(t.T("outbox.text")).Blank()
	if strings.TrimSpace(m.Body) == "" {
		return card.Paragraph(theme.Muted, t.T("outbox.no-text"))
	}
	return card.Paragraph(theme.Text, k.Hidden(m.Body, mail.Mask))
}

// roomForPairs is the width from which a name and what belongs to it share a
// line.
const roomForPairs = 70

// labelNeeds is the longest label beside a value, in either language.
const labelNeeds = 8

// pair is a name and what belongs to it: beside it, or below where room is
// short.
func pair(card *component.Detail, width int, label, name, more string) {
	switch {
	case name == "":
		card.Item(label, more)
	case width >= roomForPairs:
		card.Item(label, name+", "+more)
	default:
		card.Item(label, name).Item("", more)
	}
}

// edition is the document's edition and the language of its text.
func (p *Page) edition(e mail.Entry) string {
	language := p.s.Text.T("words.language." + e.Language)
	if e.System != "" {
		return language
	}
	return p.s.Text.T("outbox.edition", "number", strconv.FormatUint(uint64(e.Edition), 10), "language", language)
}

// time is a moment in full.
func (p *Page) time(at time.Time) string { return p.s.Text.Time(at.In(p.s.Location)) }

// since says when the mail came to its state.
func (p *Page) since(e mail.Entry) string {
	at := e.Created
	if e.State.Final() {
		at = e.Settled
	}
	t := p.s.Text
	ago := t.Ago(p.s.Now().Sub(at))
	switch {
	case e.State.Final():
		return t.T("outbox.settled", "time", p.time(at), "ago", ago)
	case e.State == mail.StateQueued && e.Attempts > 0:
		return t.T("outbox.refused-so-far")
	}
	return t.T("outbox.since", "time", p.time(at), "ago", ago)
}

// answered shows what the mail server said last, why, and what to do. A mail
// that no server was asked to take, or that was cancelled, has a reason alone.
func (p *Page) answered(card *component.Detail, e mail.Entry) {
	t := p.s.Text
	if e.Answer != "" {
		card.Item(t.T("outbox.answer"), e.Answer)
	}
	if key := "why." + string(e.Why); e.Why != "" && t.Has(key) {
		card.Item(t.T("outbox.means"), t.T(key, "name", e.CancelledBy))
	}
}

// keys lists what can be done with the mail now.
func (p *Page) keys(card *component.Detail, m mail.OutboxMail) {
	t := p.s.Text
	card.Blank()
	if p.noneAgain(m) == "" && p.s.Allows(core.ActOutboxSendAgain) {
		card.Key(keyAgain, t.T("action."+string(core.ActOutboxSendAgain)))
	}
	if m.Cancel == nil && p.s.Allows(core.ActOutboxCancel) {
		card.Key(keyCancel, t.T("action."+string(core.ActOutboxCancel)))
	}
	if m.Mail.Subject.Kind == core.KindContact {
		card.Key(keyContact, t.T("outbox.contact"))
	}
}
