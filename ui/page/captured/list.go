package captured

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/mail"
	"willcall/ui/component"
	"willcall/ui/session"
)

// batch is how many messages are read at once.
const batch = 100

// counts are read along with the newest messages.
type counts struct{ total int }

type (
	stretch = session.Stretch[mail.Summary, counts]
	found   = session.Found[mail.Summary, counts]
)

// read reads a stretch of captured mail. Fewer messages than asked for aren't yet
// the end: those that are damaged are left out.
func (p *Page) read(ctx context.Context, req core.Request, before core.ID) (stretch, error) {
	page, err := p.reading.List(ctx, req, uint64(before), batch)
	return stretch{Entries: page.Messages, Along: counts{page.Total}, End: before == 0 && len(page.Messages) >= page.Total}, err
}

// take puts what was read into the list.
func (p *Page) take(f found, err error) tea.Cmd {
	p.known.Take(f, err)
	if err != nil {
		p.list.Fail(component.State{Title: p.s.Text.T("captured.failed"), Text: p.s.Text.Error(err), Alarm: true})
		return nil
	}
	rows := make([]component.Row, len(p.known.Entries))
	for i, m := range p.known.Entries {
		rows[i] = p.row(m)
	}
	p.list.Empty = p.empty()
	p.list.Set(component.Batch{Rows: rows, Total: -1, More: !p.known.End})
	return p.follow()
}

// follow reads the message of the list's selection, and older mail where the
// screen asks for it.
func (p *Page) follow() tea.Cmd { return tea.Batch(p.known.Older(&p.list, p.read), p.showSelected()) }
