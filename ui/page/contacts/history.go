package contacts

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/text"
	"willcall/ui/theme"
)

// historyPage is how many changes are read at once.
const historyPage = 50

// history is what happened to one contact, newest first.
type history struct {
	contact core.ID
	status  core.EmailStatus
	name    string
	number  string
	made    string // when and by whom, for where nothing else is recorded
	changes []contacts.Change
	loaded  bool
	reading bool
	whole   bool // the oldest is there
	failure error
	scroll  component.Scroll
	drawn   picture // what the scroll holds
	turn    int     // rises with everything that changes the picture
}

// picture is what lines were made for. They are made again only when it is
// another: a long history takes longer than a frame.
type picture struct {
	width, height int
	turn          int
	theme         *theme.Theme
	language      text.Language
}

// told is the answer to a look into the history, with entries below before.
type told struct {
	changes []contacts.Change
	before  core.ID
	limit   int
}

// openHistory shows what happened to the contact.
func (p *Page) openHistory() tea.Cmd {
	d := p.current()
	p.history = history{contact: d.ID, status: d.Email.Status, name: d.Name(), number: contacts.NumberText(d.Number), made: p.made(*d)}
	p.back = p.mode
	p.enter(modeHistory)
	return p.readHistory(0, historyPage)
}

// readHistory reads some changes with entries below before, 0 for the newest.
func (p *Page) readHistory(before core.ID, limit int) tea.Cmd {
	p.history.reading = true
	p.history.turn++
	id := p.history.contact
	return p.s.Do(p.Key(), p.told.Next(), func(ctx context.Context, req core.Request) (any, error) {
		changes, err := p.book.History(ctx, req, id, before, limit)
		return told{changes, before, limit}, err
	})
}

// refreshHistory reads again as many as are shown.
func (p *Page) refreshHistory() tea.Cmd {
	if p.mode != modeHistory {
		return nil
	}
	return p.readHistory(0, max(historyPage, len(p.history.changes)))
}

func (p *Page) takeHistory(answer told, err error) {
	h := &p.history
	h.reading, h.failure = false, err
	h.turn++
	if err != nil {
		return
	}
	if answer.before == 0 {
		h.changes = nil
	}
	h.changes = append(h.changes, answer.changes...)
	h.loaded, h.whole = true, len(answer.changes) < answer.limit
}

// older reads the changes before those shown.
func (p *Page) older() tea.Cmd {
	h := &p.history
	if h.reading || h.whole || len(h.changes) == 0 {
		return nil
	}
	return p.readHistory(h.changes[len(h.changes)-1].Entry, historyPage)
}

// scrolled moves in the history; whoever comes to its end gets older changes.
func (p *Page) scrolled(msg tea.Msg) tea.Cmd {
	p.history.scroll.Update(msg)
	return p.atEnd()
}

// atEnd asks for older changes where the last one known is in sight.
func (p *Page) atEnd() tea.Cmd {
	if p.history.scroll.AtEnd() {
		return p.older()
	}
	return nil
}

func (p *Page) historyActions() []action.Action {
	all := append([]action.Action{action.Key("contacts.back", p.leaveHistory, "esc", "h")}, action.Arrows(p.scrolled, "contacts.older", "contacts.newer")...)
	h := p.history
	still := h.scroll.Whole() && (h.whole || !h.loaded)
	all[1].Quiet, all[2].Quiet = still, still
	return all
}

func (p *Page) leaveHistory() tea.Cmd {
	p.enter(p.back)
	return p.showAgain()
}

// historyLines draws the history below the name it is about.
func (p *Page) historyLines(width, height int) []string {
	h, k, t := &p.history, p.look(), p.s.Text
	head := k.Detail(width).Marked(h.status, h.name, h.number).Facts(t.T("contacts.history")).Lines(0, min(2, height))
	room := height - len(head)
	switch {
	case h.failure != nil && len(h.changes) == 0:
		return append(head, component.State{
			Title: t.T("contacts.failed.history"), Text: t.Error(h.failure), Alarm: true,
		}.Render(k, width, room)...)
	case !h.loaded:
		return append(head, component.State{Title: t.T("component.list.loading")}.Render(k, width, room)...)
	case len(h.changes) == 0:
		return append(head, component.State{
			Title: t.T("contacts.no-history"), Text: t.T("contacts.no-history.text", "created", h.made),
		}.Render(k, width, room)...)
	}
	now := picture{width, room, h.turn, p.s.Theme, t.Language()}
	if h.drawn != now {
		h.drawn = now
		p.changeList(width).Scrolled(&h.scroll, room)
	}
	return append(head, h.scroll.Render(k)...)
}

// changeList are all changes, and what follows them.
func (p *Page) changeList(width int) *component.Detail {
	h, t := &p.history, p.s.Text
	list := p.look().Detail(width)
	for _, c := range h.changes {
		p.change(list, c, width)
	}
	list.Blank()
	switch {
	case h.failure != nil:
		list.Bar(theme.Red, t.Error(h.failure))
	case h.reading:
		list.Paragraph(theme.Muted, t.T("component.list.loading"))
	case !h.whole:
		list.Paragraph(theme.Muted, t.T("contacts.more-history"))
	}
	return list
}
