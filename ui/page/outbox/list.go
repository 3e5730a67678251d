package outbox

import (
	"context"
	"fmt"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/mail"
	"willcall/core/venue"
	"willcall/ui/component"
)

// show is which states are listed.
type show uint8

const (
	showAll show = iota
	showWaiting
	showFailed
	shows
)

// states are those that a view lists; nil for all.
func (s show) states() []mail.State {
	switch s {
	case showWaiting:
		return []mail.State{mail.StateQueued, mail.StateLeased}
	case showFailed:
		return []mail.State{mail.StateFailed}
	case showAll, shows:
	}
	return nil
}

// String is a view's key in the catalogue.
func (s show) String() string {
	switch s {
	case showWaiting:
		return "waiting"
	case showFailed:
		return "failed"
	case showAll, shows:
	}
	return "all"
}

// listed is a stretch of the outbox from its newest mail on, with the names of
// the documents.
type listed struct {
	mail.OutboxPage
	names map[core.ID]string
	end   bool // there are no older ones
}

// before are older mails.
type before struct{ listed }

// find reads the list again, as far down as it was read: to what the screen
// shows, to the selection and to what is picked.
func (p *Page) find() tea.Cmd {
	first, count, _ := p.list.Want()
	need, through := max(batch, first+count), core.ID(math.MaxUint64)
	if row, ok := p.list.Selected(); ok {
		through = row.ID
	}
	for _, id := range p.list.Picked() {
		through = min(through, id)
	}
	query := p.query()
	p.older = false
	return p.s.Do(p.Key(), p.found.Next(), func(ctx context.Context, req core.Request) (any, error) {
		return p.newest(ctx, req, query, need, through)
	})
}

func (p *Page) query() mail.OutboxQuery {
	return mail.OutboxQuery{States: p.show.states(), Contact: p.contact, Limit: batch}
}

// newest reads at least so many mails, and on until one as old as through.
func (p *Page) newest(ctx context.Context, req core.Request, q mail.OutboxQuery, need int, through core.ID) (listed, error) {
	all, err := p.stretch(ctx, req, q)
	for err == nil && !all.end && (len(all.Rows) < need || all.oldest() > through) {
		q.Before = all.oldest()
		var more listed
		more, err = p.stretch(ctx, req, q)
		all.Rows, all.end = append(all.Rows, more.Rows...), more.end
	}
	if err != nil {
		return all, err
	}
	o, err := p.venue.Overview(ctx, req)
	if err != nil {
		return all, fmt.Errorf("read the documents' names: %w", err)
	}
	all.names = namesOf(o.Documents)
	return all, nil
}

func (p *Page) stretch(ctx context.Context, req core.Request, q mail.OutboxQuery) (listed, error) {
	page, err := p.reading.Outbox(ctx, req, q)
	return listed{OutboxPage: page, end: len(page.Rows) < q.Limit}, err
}

// oldest is the id of the last row.
func (l listed) oldest() core.ID {
	if len(l.Rows) == 0 {
		return 0
	}
	return l.Rows[len(l.Rows)-1].ID
}

func namesOf(documents []venue.DocumentEntry) map[core.ID]string {
	names := make(map[core.ID]string, len(documents))
	for _, d := range documents {
		names[d.ID] = d.Name
	}
	return names
}

// more reads older mails where the screen has come to the end of what is known.
func (p *Page) more() tea.Cmd {
	_, _, missing := p.list.Want()
	if !missing || p.older || p.loaded.end || len(p.loaded.Rows) == 0 {
		return nil
	}
	p.older = true
	query := p.query()
	query.Before = p.loaded.oldest()
	return p.s.Do(p.Key(), p.found.Stamp, func(ctx context.Context, req core.Request) (any, error) {
		page, err := p.stretch(ctx, req, query)
		return before{page}, err
	})
}

// take puts what was read into the list.
func (p *Page) take(l listed, err error) tea.Cmd {
	if err != nil {
		p.list.Fail(component.State{Title: p.s.Text.T("outbox.failed"), Text: p.s.Text.Error(err), Alarm: true})
		return nil
	}
	p.loaded = l
	return p.fill()
}

// takeOlder puts older mails below the others.
func (p *Page) takeOlder(l before, err error) tea.Cmd {
	p.older = false
	if err != nil {
		p.said = said{text: p.s.Text.Error(err), alarm: true}
		return nil
	}
	p.loaded.Rows, p.loaded.end = append(slices.Clip(p.loaded.Rows), l.Rows...), l.end
	return p.fill()
}

func (p *Page) fill() tea.Cmd {
	rows := make([]component.Row, len(p.loaded.Rows))
	for i, m := range p.loaded.Rows {
		rows[i] = p.row(m)
	}
	p.list.Empty = p.empty()
	p.list.Set(component.Batch{Rows: rows, Total: -1, More: !p.loaded.end})
	return p.follow()
}

// follow reads the mail of the list's selection, and older ones where the
// screen asks for them.
func (p *Page) follow() tea.Cmd { return tea.Batch(p.more(), p.openSelected()) }

// filter lists other states, from the newest mail on.
func (p *Page) filter(to show) tea.Cmd {
	p.show, p.said = to, said{}
	p.list.Reset()
	return p.find()
}

// turn goes to the next view, round and round.
func (p *Page) turn(by int) func() tea.Cmd {
	return func() tea.Cmd { return p.filter((p.show + shows + show(by+int(shows))) % shows) } //nolint:gosec // by is 1 or -1
}

// everybody lists the mails of all contacts again.
func (p *Page) everybody() tea.Cmd {
	p.contact = 0
	return p.filter(p.show)
}

// empty says why there are no rows.
func (p *Page) empty() component.State {
	t := p.s.Text
	switch {
	case p.show != showAll:
		return component.State{Title: t.T("outbox.none." + p.show.String()), Text: t.T("outbox.others")}
	case p.contact != 0:
		return component.State{Title: t.T("outbox.contact.none"), Text: t.T("outbox.contact.none.text")}
	}
	return component.State{Title: t.T("outbox.empty"), Text: t.T("outbox.empty.text")}
}
