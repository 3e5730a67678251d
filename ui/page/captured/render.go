package captured

import (
	"slices"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/mail"
	"willcall/core/safetext"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// columns are those of the list. Where room is short, time and subject stay.
func (p *Page) columns() []component.Column {
	t := p.s.Text
	return []component.Column{
		{Title: t.T("captured.column.time"), Width: p.dayWidth()},
		{Title: t.T("captured.column.subject"), Width: 22, Grow: 4, Most: 60},
		{Title: t.T("captured.to"), Width: 12, Grow: 2, Most: 40, Drop: 1},
		{Title: t.T("captured.from"), Width: 12, Grow: 1, Most: 40, Drop: 3},
		{Title: t.T("captured.notes"), Width: 5, Right: true, Drop: 2},
	}
}

// dayWidth is the cells of a day of this year, in every month.
func (p *Page) dayWidth() (cells int) {
	const longest = 28 // a day of two figures that every month has
	now := p.s.Now()
	for month := time.January; month <= time.December; month++ {
		day := time.Date(now.Year(), month, longest, 0, 0, 0, 0, now.Location())
		cells = max(cells, safetext.Width(p.s.Text.Date(day, now)))
	}
	return cells
}

// row is a message in the list.
func (p *Page) row(m mail.Summary) component.Row {
	odd := component.Cell{Token: theme.Amber}
	if len(m.Lint) > 0 {
		odd.Text = p.s.Text.Number(len(m.Lint))
	}
	return component.Row{ID: core.ID(m.Seq), Cells: []component.Cell{
		{Text: p.s.ClockOrDay(m.Envelope.At), Token: theme.Muted},
		p.cell(p.look().Hidden(m.Subject, mail.Mask), theme.Text), p.cell(delivered(m), theme.Text), p.cell(sender(m), theme.Muted), odd,
	}}
}

// cell shows a sign where there is no value.
func (p *Page) cell(s string, token theme.Token) component.Cell {
	if s == "" {
		return component.Cell{Text: p.s.Theme.Signs.Absent, Token: theme.Muted}
	}
	return component.Cell{Text: s, Token: token}
}

// sender is what the message says, else the envelope.
func sender(m mail.Summary) string {
	if m.From != "" {
		return m.From
	}
	return m.Envelope.From
}

func recipient(m mail.Summary) string {
	if m.To != "" {
		return m.To
	}
	return strings.Join(addresses(m.Envelope), ", ")
}

// delivered is whom the mail went to, as the envelope says: addresses alone fit
// into a narrow list.
func delivered(m mail.Summary) string {
	if len(m.Envelope.Recipients) > 0 {
		return strings.Join(addresses(m.Envelope), ", ")
	}
	return m.To
}

func addresses(e mail.Envelope) []string {
	list := make([]string, len(e.Recipients))
	for i, r := range e.Recipients {
		list[i] = r.Address
	}
	return list
}

// empty says what would be here and where to send to: only developers see the
// mail of other programs.
func (p *Page) empty() component.State {
	t := p.s.Text
	what := "captured.empty.own"
	switch {
	case !p.s.Captured:
		what = "captured.empty.live"
	case p.s.Role == core.RoleDeveloper:
		what = "captured.empty.all"
	}
	return component.State{Title: t.T("captured.empty"), Text: t.T(what)}
}

// look is what components draw with.
func (p *Page) look() component.Look { return component.Look{Theme: p.s.Theme, Text: p.s.Text} }

// Render implements [session.Page].
func (p *Page) Render(width, height int) []string {
	foot := p.foot(width)
	foot = foot[:min(len(foot), height/2)]
	opened := p.mode == modeDetail
	p.list.Focused = !opened
	if _, right := panes(width); opened && right <= messageNeeds {
		return append(p.full(width, height-len(foot)), foot...)
	}
	return append(p.both(width, height-len(foot)), foot...)
}

// Cells of list and message where there is room for both.
const (
	listLeast    = 48
	messageNeeds = 72 // a line of a mail, or a link of the portal, in one piece
)

// panes shares the width between list and message: the message has what it
// needs first, then the list up to half. right is 0 where there is room for one
// only.
func panes(width int) (left, right int) {
	if _, right = component.Panes(width); right == 0 {
		return width, 0
	}
	left = max(listLeast, min(width/2, width-messageNeeds))
	return left, width - left - 1
}

// both draws the list, with the selected message beside it where there is room.
func (p *Page) both(width, height int) []string {
	k := p.look()
	left, right := panes(width)
	if p.list.Loaded() && p.list.Len() == 0 { // nothing stands beside nothing
		left, right = width, 0
	}
	lines := []string{p.count(left)}
	lines = append(lines, p.list.Render(k, left, height-len(lines))...)
	if right == 0 {
		return lines
	}
	return k.Beside(lines, p.full(right, height))
}

// count is the line above the list.
func (p *Page) count(width int) string {
	line := p.look().Line(width).Gap(1)
	if p.list.Len() > 0 {
		line.Text(theme.Muted, p.s.Text.N("captured.count", p.known.Along.total))
	}
	return line.String()
}

// full is one message: what is known of it, then its text.
func (p *Page) full(width, height int) []string {
	k := p.look()
	if p.message == nil {
		return p.absent().Render(k, width, height)
	}
	p.body.lay(k, *p.message, width)
	p.body.show(&p.scroll, p.card(*p.message, width), height)
	return p.scroll.Render(k)
}

// absent is what stands in a message's place.
func (p *Page) absent() component.State {
	switch {
	case p.failure != "":
		return component.State{Title: p.s.Text.T("captured.message-failed"), Text: p.failure, Alarm: true}
	case p.seq != 0:
		return component.State{Title: p.s.Text.T("component.list.loading")}
	}
	return component.State{}
}

// card is what stands above the text: what can be copied, then the headers
// that matter.
func (p *Page) card(m mail.Message, width int) *component.Detail {
	t := p.s.Text
	card := p.look().Detail(width)
	subject := p.look().Hidden(m.Subject, mail.Mask)
	if subject == "" {
		subject = t.T("captured.no-subject")
	}
	card.Title(subject, "").Blank()
	if m.Masked {
		card.Bar(theme.Amber, t.T("captured.masked")).Blank()
	}
	p.copies.draw(p, card, width)
	card.Item(t.T("captured.from"), sender(m.Summary)).Item(t.T("captured.to"), recipient(m.Summary))
	if differs(m.Summary) {
		card.Toned(t.T("captured.envelope"), theme.Amber, strings.Join(addresses(m.Envelope), ", "))
	}
	at := m.Envelope.At.In(p.s.Location)
	card.Item(t.T("captured.time"), t.T("captured.captured", "time", t.Time(at), "ago", t.Ago(p.s.Now().Sub(at))))
	card.Item(t.T("captured.size"), t.Bytes(m.Size))
	label := t.T("captured.attached")
	for _, part := range m.Parts {
		if part.FileName != "" {
			card.Item(label, part.FileName+" ("+t.Bytes(part.Size)+")")
			label = ""
		}
	}
	label = t.T("captured.notes")
	for _, odd := range m.Lint {
		card.Toned(label, theme.Amber, t.T("lint."+string(odd)))
		label = ""
	}
	card.Blank()
	if strings.TrimSpace(m.Text) == "" {
		card.Paragraph(theme.Muted, t.T("captured.no-text"))
	}
	return card
}

// differs reports whether the envelope names somebody the header doesn't.
func differs(m mail.Summary) bool {
	header := strings.ToLower(m.To)
	for _, address := range addresses(m.Envelope) {
		if m.To != "" && !strings.Contains(header, strings.ToLower(address)) {
			return true
		}
	}
	return false
}

// body is a message's text, cleaned and wrapped once for the look and width it
// is shown in, and what it was last scrolled with: a large text is not measured
// again for every picture.
type body struct {
	*component.Detail
	look   component.Look
	seq    uint64
	masked bool
	width  int
	head   []string // that stood above it, nil before it was shown
	height int
}

func (b *body) lay(k component.Look, m mail.Message, width int) {
	if b.Detail != nil && b.seq == m.Seq && b.masked == m.Masked && b.width == width && b.look.Theme == k.Theme {
		return
	}
	*b = body{Detail: k.Detail(width), look: k, seq: m.Seq, masked: m.Masked, width: width}
	if text := strings.TrimRight(m.Text, "\r\n\t "); text != "" {
		b.Paragraph(theme.Text, k.Hidden(text, mail.Mask))
	}
}

// show puts the text below a card into what scrolls both.
func (b *body) show(s *component.Scroll, card *component.Detail, height int) {
	head := card.Lines(0, card.Len())
	if b.height == height && slices.Equal(b.head, head) {
		return
	}
	b.head, b.height = head, height
	s.Set(append(slices.Clone(head), b.Lines(0, b.Len())...), b.width, height)
}
