// Package outbox is the console's page of the mails that go out: what waits,
// what went, what the mail server said of it, and what can be done about it.
package outbox

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/mail"
	"willcall/core/venue"
	"willcall/ui/component"
	"willcall/ui/session"
)

// mode is what has the page.
type mode uint8

const (
	modeList   mode = iota // the list beside or without the mail
	modeDetail             // one mail in full width
	modeAgain              // the line that asks before a mail goes out again
	modeCancel             // the line that asks before a mail is cancelled
)

// Page implements [session.Page].
type Page struct {
	s       *session.Session
	reading *mail.Reading
	office  *mail.Office
	venue   *venue.Service

	mode   mode
	back   mode // where a question returns to
	opened uint64

	show    show
	contact core.ID // whose mails are listed; 0 for everybody's

	list  component.List
	known session.Timeline[mail.OutboxRow, along]

	detail *mail.OutboxMail // what is shown of a mail; nil before one is read
	wanted core.ID          // the mail it is to be; 0 for none
	gone   string           // why it can't be read, in a sentence
	read   session.Question // the newest reading of a mail
	scroll component.Scroll // within the mail

	asked asked // what a question is about
	said  said  // what the last act here did

	copying component.Copies
}

// New makes the page.
func New(s *session.Session, reading *mail.Reading, office *mail.Office, houses *venue.Service) *Page {
	p := &Page{s: s, reading: reading, office: office, venue: houses}
	p.known = session.NewTimeline[mail.OutboxRow, along](s, p.Key(), func(m mail.OutboxRow) core.ID { return m.ID })
	p.list.Columns, p.list.Picks = p.columns(), true
	return p
}

// Key implements [session.Page].
func (p *Page) Key() session.PageKey { return session.PageOutbox }

// Opened implements [session.Opener].
func (p *Page) Opened() uint64 { return p.opened }

// Asking implements [session.Asker].
func (p *Page) Asking() bool { return p.mode == modeAgain || p.mode == modeCancel }

// Typing implements [session.Page]: there is no field here.
func (p *Page) Typing() bool { return false }

// Unsaved implements [session.Page].
func (p *Page) Unsaved() bool { return false }

// Cursor implements [session.Page].
func (p *Page) Cursor() (x, y int, shown bool) { return 0, 0, false }

// Open implements [session.Page]; ref may be a mail, or a contact whose mails
// are to be listed.
func (p *Page) Open(ref core.Ref) tea.Cmd {
	p.said = said{}
	switch ref.Kind { //nolint:exhaustive // kinds are open; these have a place here
	case core.KindMail:
		p.show, p.contact = showAll, 0
		p.list.Select(ref.ID)
		p.scroll.Top()
		p.enter(modeDetail)
		return tea.Batch(p.find(), p.open(ref.ID))
	case core.KindContact:
		p.contact = ref.ID
		p.enter(modeList)
		return p.filter(showAll)
	}
	return p.Refresh()
}

// Refresh implements [session.Page]: states change, so that all that was read
// is read again.
func (p *Page) Refresh() tea.Cmd { return tea.Batch(p.find(), p.openAgain()) }

// enter changes what has the page; keys typed before it is drawn don't count.
func (p *Page) enter(m mode) {
	p.mode, p.said = m, said{}
	if m != modeList {
		p.opened++
	}
}

// Update implements [session.Page].
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case session.Result:
		return p.result(msg)
	case session.Click:
		return p.clicked(msg)
	case session.Wheel:
		return p.wheeled(msg)
	case tea.KeyPressMsg:
		return p.typed(msg)
	}
	return nil
}

// result sorts answers by what was asked.
func (p *Page) result(msg session.Result) tea.Cmd {
	switch value := msg.Value.(type) {
	case found:
		if p.known.Awaits(msg) {
			return p.take(value, msg.Err)
		}
	case opened:
		if msg.Stamp == p.read.Stamp {
			p.takeMail(value, msg.Err)
		}
	case done:
		return p.takeDone(value, msg.Err)
	}
	return nil
}

// typed gives what no action took to the list or the mail.
func (p *Page) typed(msg tea.KeyPressMsg) tea.Cmd {
	switch p.mode {
	case modeDetail:
		p.scroll.Update(msg)
	case modeList:
		if p.list.Update(msg) {
			p.said = said{} // it was about another mail
			return p.follow()
		}
	case modeAgain, modeCancel:
	}
	return nil
}

// opened is the answer to the reading of a mail.
type opened struct {
	mail.OutboxMail
	asked core.ID
}

// open reads one mail. Until the answer is there the one before stays on the
// screen, and nothing acts on it.
func (p *Page) open(id core.ID) tea.Cmd {
	p.wanted = id
	return p.s.Do(p.Key(), p.read.Next(), func(ctx context.Context, req core.Request) (any, error) {
		m, err := p.reading.OutboxMail(ctx, req, id)
		return opened{m, id}, err
	})
}

// openAgain reads the mail that is shown again.
func (p *Page) openAgain() tea.Cmd {
	if p.wanted == 0 {
		return nil
	}
	return p.open(p.wanted)
}

// openSelected reads the list's selection, unless it is the one shown. A mail
// opened in full width stays.
func (p *Page) openSelected() tea.Cmd {
	if p.mode == modeDetail || p.Asking() {
		return nil
	}
	row, ok := p.list.Selected()
	if !ok {
		p.detail, p.wanted, p.gone = nil, 0, ""
		return nil
	}
	if p.wanted == row.ID {
		return nil
	}
	p.scroll.Top()
	return p.open(row.ID)
}

// takeMail shows a mail that was read.
func (p *Page) takeMail(m opened, err error) {
	p.gone = ""
	if err != nil {
		p.detail, p.gone = nil, p.s.Text.Error(err)
		return
	}
	p.detail = &m.OutboxMail
}

// current is the mail that keys act on, or nil while it isn't read.
func (p *Page) current() *mail.OutboxMail {
	if p.detail == nil || p.detail.ID != p.wanted {
		return nil
	}
	return p.detail
}

func (p *Page) leaveDetail() tea.Cmd {
	p.enter(modeList)
	return p.openSelected()
}

func (p *Page) enterDetail() tea.Cmd {
	if _, ok := p.list.Selected(); !ok {
		return nil
	}
	read := p.openSelected()
	p.scroll.Top()
	p.enter(modeDetail)
	return read
}
