// Package notices is the console's page of what an operator was told: the
// newest first, unread ones marked, each with the way to what it is about.
package notices

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/activity"
	"willcall/ui/component"
	"willcall/ui/session"
)

// batch is how many notices are read at once.
const batch = 50

// Inbox is where the notices of a request's operator are; see
// [activity.Notices].
type Inbox interface {
	List(ctx context.Context, req core.Request, before core.ID, limit int) ([]activity.NoticeEntry, error)
	Unread(ctx context.Context, req core.Request) (int, error)
	Read(ctx context.Context, req core.Request, ids ...core.ID) error
}

// Page implements [session.Page].
type Page struct {
	s     *session.Session
	inbox Inbox

	list  component.List
	known session.Timeline[activity.NoticeEntry, counts]
	busy  bool   // all are being marked as read
	said  string // why the last act here failed
}

// New makes the page.
func New(s *session.Session, inbox Inbox) *Page {
	p := &Page{s: s, inbox: inbox}
	p.known = session.NewTimeline[activity.NoticeEntry, counts](s, p.Key(), func(n activity.NoticeEntry) core.ID { return n.ID })
	p.list.Columns, p.list.Focused = p.columns(), true
	return p
}

// Key implements [session.Page].
func (p *Page) Key() session.PageKey { return session.PageNotices }

// Typing implements [session.Page]: there is no field here.
func (p *Page) Typing() bool { return false }

// Unsaved implements [session.Page].
func (p *Page) Unsaved() bool { return false }

// Cursor implements [session.Page].
func (p *Page) Cursor() (x, y int, shown bool) { return 0, 0, false }

// Reword implements [session.Speaker].
func (p *Page) Reword() {
	p.said = ""
	p.list.Columns = p.columns()
	if p.list.Loaded() {
		p.fill()
	}
}

// Open implements [session.Page].
func (p *Page) Open(core.Ref) tea.Cmd {
	p.said = ""
	return p.Refresh()
}

// Refresh implements [session.Page].
func (p *Page) Refresh() tea.Cmd { return p.known.Refresh(&p.list, p.read) }

// Update implements [session.Page].
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case session.Result:
		return p.result(msg)
	case session.Click:
		return p.clicked(msg)
	case session.Wheel:
		if p.list.Wheel(msg.Rows) {
			return p.more()
		}
	case tea.KeyPressMsg:
		if p.list.Update(msg) {
			return p.more()
		}
	}
	return nil
}

// clicked selects a notice, and opens the selected one.
func (p *Page) clicked(at session.Click) tea.Cmd {
	again, hit := p.list.Click(at.Y)
	switch {
	case !hit:
		return nil
	case again:
		return p.open()
	}
	return p.more()
}

// result sorts answers by what was asked.
func (p *Page) result(msg session.Result) tea.Cmd {
	switch value := msg.Value.(type) {
	case found:
		if p.known.Awaits(msg) {
			return p.take(value, msg.Err)
		}
	case marked:
		return p.takeMarked(value, msg.Err)
	}
	return nil
}

// current is the notice that keys act on.
func (p *Page) current() (n activity.NoticeEntry, ok bool) {
	row, ok := p.list.Selected()
	if !ok {
		return n, false
	}
	return p.known.Entry(row.ID)
}
