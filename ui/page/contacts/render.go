package contacts

import (
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/venue"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// roomForNumber is what marker and number take of a card's title.
const roomForNumber = 16

// roomForLabels is the width from which all cards have labels equally wide.
const roomForLabels = 56

// roomForTimes is the width from which a status is shown with its time of day.
const roomForTimes = 70

// roomForTitles is the height from which the list's columns have titles.
const roomForTitles = 10

// roomForCities is the width from which the city of a guest is shown whole.
const roomForCities = 96

// columns are those of the list: name and address have the room first, and what
// else helps to tell people apart is shown where it doesn't squeeze them.
func (p *Page) columns(width, height int) []component.Column {
	city := 10
	if width >= roomForCities {
		city = 16
	}
	all := []component.Column{
		{Width: 12, Grow: 30, Most: 36},
		{Width: 14, Grow: 40, Most: 44},
		{Width: 16, From: 120},
		{Width: city, Grow: 1, Most: 24, Drop: 2, From: 60},
		{Width: 11, From: 108},
		{Width: 8, Drop: 1},
	}
	if height >= roomForTitles {
		for i, key := range []string{"name", "address", "phone", "city", "validated", "number"} {
			all[i].Title = p.s.Text.T("contacts.column." + key)
		}
	}
	return all
}

// row is a contact in the list.
func (p *Page) row(r contacts.Row) component.Row {
	if r.Damage != nil {
		return p.damagedRow(r)
	}
	place := component.Cell{Text: r.City, Token: theme.Text}
	if r.Guest {
		place = component.Cell{Text: p.s.Text.T("words.guest") + " " + r.City, Token: theme.Muted}
	}
	address := component.Cell{Text: r.Address, Token: theme.Text}
	if r.Address == "" {
		address = component.Cell{Text: p.s.Theme.Signs.Absent}
	}
	proven := component.Cell{Token: theme.Muted}
	if !r.Proven.IsZero() {
		proven.Text = p.s.Text.Date(p.zone(r.Proven), p.s.Now())
	}
	return component.Row{ID: r.ID, Status: r.Status, Cells: []component.Cell{
		{Text: r.Name, Token: theme.Text},
		address,
		{Text: r.Phone, Token: theme.Text},
		place,
		proven,
		{Text: contacts.NumberText(r.Number), Token: theme.Muted},
	}}
}

// damagedRow is a contact that can't be read, with what is known of it.
func (p *Page) damagedRow(r contacts.Row) component.Row {
	known := component.Cell{Token: theme.Muted}
	if r.Number != 0 {
		known.Text = contacts.NumberText(r.Number)
	}
	return component.Row{ID: r.ID, Cells: []component.Cell{
		{Text: r.Name, Token: theme.Muted},
		{Text: p.s.Text.T("words.unreadable"), Token: theme.Red, Sign: p.s.Theme.Signs.Wrong},
		{},
		{},
		{},
		known,
	}}
}

// look is what components draw with.
func (p *Page) look() component.Look { return component.Look{Theme: p.s.Theme, Text: p.s.Text} }

// Render implements [session.Page].
func (p *Page) Render(width, height int) []string {
	p.stage = 0
	draw := p.single()
	if draw == nil {
		return p.withSend(width, height, p.both)
	}
	left, right := component.Panes(width)
	if right >= stageLeast {
		p.stage = left + 1
		return p.withSend(width, height, func(width, height int) []string {
			p.list.Focused = false
			return p.look().Beside(p.listing(left, height), draw(right, height))
		})
	}
	return p.withSend(width, height, draw)
}

// stageLeast is the width of a pane from which what has the page is drawn in it,
// where the contact stood, and the list stays in sight.
const stageLeast = 64

// single draws what has the page to itself, nil where that is the list.
func (p *Page) single() (draw func(width, height int) []string) {
	switch p.mode {
	case modeForm, modeDiscard:
		return func(width, height int) []string { return p.form.render(p, width, height) }
	case modeConflict:
		return func(width, height int) []string { return p.conflictScreen().Render(p.look(), width, height) }
	case modeGone:
		return p.goneLines
	case modeAlike:
		return p.alikeLines
	case modeHistory:
		return p.historyLines
	case modeDetail:
		return p.full
	case modeSend, modeRemove:
		if p.back == modeDetail {
			return p.full
		}
	case modeSearch, modeList:
	}
	return nil
}

// withSend leaves room at the foot for the line that asks, or for what the
// last act did.
func (p *Page) withSend(width, height int, page func(width, height int) []string) []string {
	switch p.mode {
	case modeForm, modeDiscard, modeConflict, modeGone, modeAlike: // they have a foot of their own
		return page(width, height)
	case modeSearch, modeList, modeDetail, modeSend, modeRemove, modeHistory:
	}
	foot := p.foot(width)
	foot = p.look().Clip(foot, width, p.footRoom(height))
	return append(page(width, height-len(foot)), foot...)
}

// footRoom is how many lines the foot may take: a question is shown whole.
func (p *Page) footRoom(height int) int {
	if p.mode == modeSend || p.mode == modeDiscard || p.mode == modeRemove {
		return max(1, height-1)
	}
	return max(1, height*2/3)
}

// both draws search and list, with the selected contact beside them where
// there is room.
func (p *Page) both(width, height int) []string {
	left, right := component.Panes(width)
	p.list.Focused = p.mode == modeList || p.mode == modeSend || p.mode == modeRemove
	lines := p.listing(left, height)
	if right == 0 {
		return lines
	}
	return p.look().Beside(lines, p.pane(right, height))
}

// listing draws the search and what it found.
func (p *Page) listing(width, height int) []string {
	k := p.look()
	p.searchWidth = width
	p.list.Columns = p.columns(width, height)
	lines := []string{p.search.Render(k, width, p.mode == modeSearch)}
	return append(lines, p.list.Render(k, width, height-len(lines))...)
}

// pane is the selected contact beside the list.
func (p *Page) pane(width, height int) []string {
	if p.detail == nil {
		return component.State{}.Render(p.look(), width, height)
	}
	card, _ := p.card(*p.detail, width, 0)
	return card.Lines(0, height)
}

// full is one contact in the whole width.
func (p *Page) full(width, height int) []string {
	switch {
	case p.detail != nil:
	case p.failure != nil:
		return component.State{
			Title: p.s.Text.T("contacts.failed.one"), Text: p.s.Text.Error(p.failure), Alarm: true,
		}.Render(p.look(), width, height)
	default:
		return component.State{Title: p.s.Text.T("component.list.loading")}.Render(p.look(), width, height)
	}
	card, picked := p.card(*p.detail, width, p.picked)
	lines := card.Scrolled(&p.scroll, height)
	if p.reveal && picked >= 0 {
		p.reveal = false
		p.scroll.Reveal(picked)
		lines = p.scroll.Render(p.look())
	}
	return lines
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
		x, y, shown = p.form.cursor()
		return x + p.stage, y, shown
	case modeList, modeDetail, modeSend, modeDiscard, modeRemove, modeHistory, modeConflict, modeGone, modeAlike:
	}
	return 0, 0, false
}
