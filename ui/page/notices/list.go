package notices

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/activity"
	"willcall/ui/component"
	"willcall/ui/session"
)

// counts are read along with the newest notices.
type counts struct {
	unread int // of all, not only of those that are known
}

type (
	stretch = session.Stretch[activity.NoticeEntry, counts]
	found   = session.Found[activity.NoticeEntry, counts]
)

// read reads a stretch of notices.
func (p *Page) read(ctx context.Context, req core.Request, before core.ID) (s stretch, err error) {
	if before == 0 {
		if s.Along.unread, err = p.inbox.Unread(ctx, req); err != nil {
			return s, err
		}
	}
	s.Entries, err = p.inbox.List(ctx, req, before, batch)
	s.End = len(s.Entries) < batch
	return s, err
}

// more reads older notices where the screen asks for them.
func (p *Page) more() tea.Cmd { return p.known.Older(&p.list, p.read) }

// take shows the notices that were read.
func (p *Page) take(f found, err error) tea.Cmd {
	p.known.Take(f, err)
	switch {
	case err != nil && f.Older:
		p.said = p.s.Text.Error(err)
		return nil
	case err != nil:
		p.said = ""
		p.list.Fail(component.State{Title: p.s.Text.T("notices.failed"), Text: p.s.Text.Error(err), Alarm: true})
		return nil
	}
	p.fill()
	return p.more()
}

// fill puts what is known into the list.
func (p *Page) fill() {
	rows := make([]component.Row, len(p.known.Entries))
	for i, n := range p.known.Entries {
		rows[i] = p.row(n)
	}
	p.list.Empty = component.State{Title: p.s.Text.T("notices.none"), Text: p.s.Text.T("notices.none.text")}
	p.list.Set(component.Batch{Rows: rows, Total: -1, More: !p.known.End})
}
