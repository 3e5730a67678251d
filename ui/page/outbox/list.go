package outbox

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/mail"
	"willcall/ui/component"
	"willcall/ui/session"
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

// batch is how many mails are read at once.
const batch = 100

// along is read along with the newest mails: how many there are, and what their
// documents are called.
type along struct {
	total, waiting, failed int
	documents              map[core.ID]string
}

type (
	stretch = session.Stretch[mail.OutboxRow, along]
	found   = session.Found[mail.OutboxRow, along]
)

// find reads the list again, with what is to be listed now.
func (p *Page) find() tea.Cmd { return p.known.Refresh(&p.list, p.reader()) }

// reader reads mails of the present view.
func (p *Page) reader() session.Read[mail.OutboxRow, along] {
	q := mail.OutboxQuery{States: p.show.states(), Contact: p.contact, Limit: batch}
	return func(ctx context.Context, req core.Request, before core.ID) (s stretch, err error) {
		q.Before = before
		page, err := p.reading.Outbox(ctx, req, q)
		if err != nil {
			return s, err
		}
		s = stretch{Entries: page.Rows, End: len(page.Rows) < q.Limit}
		s.Along = along{total: page.Total, waiting: page.Waiting, failed: page.Failed}
		if before == 0 {
			s.Along.documents, err = p.documents(ctx, req)
		}
		return s, err
	}
}

// documents are the names of all documents.
func (p *Page) documents(ctx context.Context, req core.Request) (map[core.ID]string, error) {
	o, err := p.venue.Overview(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("read the documents' names: %w", err)
	}
	names := make(map[core.ID]string, len(o.Documents))
	for _, d := range o.Documents {
		names[d.ID] = d.Name
	}
	return names, nil
}

// take puts what was read into the list.
func (p *Page) take(f found, err error) tea.Cmd {
	p.known.Take(f, err)
	switch {
	case err != nil && f.Older:
		p.said = said{text: p.s.Text.Error(err), alarm: true}
		return nil
	case err != nil:
		p.list.Fail(component.State{Title: p.s.Text.T("outbox.failed"), Text: p.s.Text.Error(err), Alarm: true})
		return nil
	}
	return p.fill()
}

func (p *Page) fill() tea.Cmd {
	rows := make([]component.Row, len(p.known.Entries))
	for i, m := range p.known.Entries {
		rows[i] = p.row(m)
	}
	p.list.Empty = p.empty()
	p.list.Set(component.Batch{Rows: rows, Total: -1, More: !p.known.End})
	return p.follow()
}

// follow reads the mail of the list's selection, and older ones where the
// screen asks for them.
func (p *Page) follow() tea.Cmd {
	return tea.Batch(p.known.Older(&p.list, p.reader()), p.openSelected())
}

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
