package notices

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/activity"
	"willcall/ui/action"
	"willcall/ui/session"
)

// keyAll marks everything as read.
const keyAll = "d"

// marked is the answer to a marking as read.
type marked struct{ all bool }

// Actions implements [session.Page].
func (p *Page) Actions() []action.Action {
	back := action.Key("notices.back", func() tea.Cmd { return session.Say(session.Back{}) }, "esc", "left")
	if p.list.Len() == 0 {
		return []action.Action{back}
	}
	all := action.Action{ID: core.ActNoticesRead, Label: "notices.all-read", Keys: []string{keyAll}, Disabled: p.noneUnread(), Run: p.readAll}
	return append(p.list.MoveActions(p), p.opening(), all, back)
}

// opening is what enter does with the selected notice.
func (p *Page) opening() action.Action {
	open := action.Action{Label: "notices.open", Keys: []string{"enter", "right"}, Run: p.open}
	n, _ := p.current()
	if to, ok := p.target(n); ok {
		if to.Institution != 0 {
			open.Label = "notices.open-there"
		}
		return open
	}
	open.Label = "notices.read"
	if !n.Read.IsZero() {
		open.Disabled = p.s.Text.T("notices.nothing")
	}
	return open
}

// noneUnread is why there is nothing to mark, empty where there is.
func (p *Page) noneUnread() string {
	switch {
	case p.busy:
		return p.s.Text.T("notices.marking")
	case p.known.Along.unread == 0:
		return p.s.Text.T("notices.none-unread")
	}
	return ""
}

// target is the page that shows what a notice is about, to this role, and the
// institution where it does if that is another one (R87).
func (p *Page) target(n activity.NoticeEntry) (to session.Go, ok bool) {
	if to, ok = p.page(n); !ok || n.Institution == core.Installation || n.Institution == p.s.Request.Institution {
		return to, ok
	}
	to.Institution = n.Institution
	return to, slices.Contains(p.s.Institutions, n.Institution)
}

func (p *Page) page(n activity.NoticeEntry) (to session.Go, ok bool) {
	switch {
	case n.Kind == core.NoticeSecurity || n.Kind == core.NoticeLockedOut: // about the operator's own account
		return session.Go{Page: session.PageProfile}, p.s.Allows(core.ActProfileShow)
	case n.Subject.Kind == core.KindMail:
		return session.Go{Page: session.PageOutbox, Ref: n.Subject}, p.s.Allows(core.ActOutboxShow)
	case n.Subject.Kind == core.KindOperator:
		return session.Go{Page: session.PageSettings, Ref: n.Subject}, p.s.Allows(core.ActOperatorList)
	}
	return session.Go{}, false
}

// elsewhere says that what the selected notice is about is of another institution
// (R87). Empty if it isn't.
func (p *Page) elsewhere() string {
	n, _ := p.current()
	switch to, ok := p.target(n); {
	case to.Institution == 0:
		return ""
	case ok:
		return p.s.Text.T("notices.elsewhere")
	}
	return p.s.Text.T("notices.elsewhere.closed")
}

// open marks the selected notice as read and brings what it is about to the
// front.
func (p *Page) open() tea.Cmd {
	n, ok := p.current()
	if !ok {
		return nil
	}
	var cmds []tea.Cmd
	if n.Read.IsZero() {
		cmds = append(cmds, p.mark(n.ID))
	}
	if to, ok := p.target(n); ok {
		cmds = append(cmds, session.Say(to))
	}
	return tea.Sequence(cmds...) // what is marked is marked from here
}

func (p *Page) readAll() tea.Cmd {
	p.busy = true
	return p.mark()
}

// mark marks notices as read, all where none is named.
func (p *Page) mark(ids ...core.ID) tea.Cmd {
	p.said = ""
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		return marked{len(ids) == 0}, p.inbox.Read(ctx, req, ids...)
	})
}

// takeMarked shows what is read now.
func (p *Page) takeMarked(done marked, err error) tea.Cmd {
	if done.all {
		p.busy = false
	}
	if err != nil {
		p.said = p.s.Text.Error(err)
	}
	return p.Refresh()
}
