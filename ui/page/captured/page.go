// Package captured is the console's page of captured mail: a list that grows at
// its top while mail comes in, and the message that is selected, with its links
// and codes where they are found first.
package captured

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/mail"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
)

// mode is what has the page.
type mode uint8

const (
	modeList   mode = iota // the list beside or without the message
	modeDetail             // one message in full width
)

// Page implements [session.Page].
type Page struct {
	s       *session.Session
	reading *mail.Reading

	mode   mode
	opened uint64

	list  component.List
	known session.Timeline[mail.Summary, counts]
	live  bool             // there was a mail server when the list was read
	shown session.Question // the newest reading of a message

	seq     uint64        // of the message shown, or being read
	message *mail.Message // nil before it is read
	failure string        // why it can't be read, in a sentence
	body    body
	copies  copies
	copying component.Copies

	scroll component.Scroll // within the message
}

// New makes the page.
func New(s *session.Session, reading *mail.Reading) *Page {
	p := &Page{s: s, reading: reading, live: !s.Captured}
	p.known = session.NewTimeline[mail.Summary, counts](s, p.Key(), func(m mail.Summary) core.ID { return core.ID(m.Seq) })
	p.list.Columns = p.columns()
	return p
}

// Key implements [session.Page].
func (p *Page) Key() session.PageKey { return session.PageCaptured }

// Opened implements [session.Opener].
func (p *Page) Opened() uint64 { return p.opened }

// Typing implements [session.Page]: there is no field here.
func (p *Page) Typing() bool { return false }

// Unsaved implements [session.Page].
func (p *Page) Unsaved() bool { return false }

// Cursor implements [session.Page].
func (p *Page) Cursor() (x, y int, shown bool) { return 0, 0, false }

// Open implements [session.Page]; ref may be a captured mail.
func (p *Page) Open(ref core.Ref) tea.Cmd {
	if ref.Kind == core.KindCaptured {
		p.list.Select(ref.ID)
		show := p.show(uint64(ref.ID))
		p.enter(modeDetail)
		return tea.Batch(p.Refresh(), show)
	}
	return p.Refresh()
}

// Refresh implements [session.Page]. Mail never changes, so that the message shown
// stays; but it is read again once there is a mail server, which masks some mail,
// or no longer one (R89).
func (p *Page) Refresh() tea.Cmd {
	list := p.known.Refresh(&p.list, p.read)
	if p.live != p.s.Captured {
		return list
	}
	p.live = !p.s.Captured
	if p.seq == 0 {
		return list
	}
	return tea.Batch(list, p.show(p.seq))
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
	case mail.Message:
		if msg.Stamp == p.shown.Stamp {
			p.takeMessage(value, msg.Err)
		}
	}
	return nil
}

// showSelected reads the selected message, unless it is the one shown. A
// message opened in full width stays.
func (p *Page) showSelected() tea.Cmd {
	row, ok := p.list.Selected()
	if p.mode == modeDetail {
		return nil
	}
	if !ok {
		p.seq, p.message, p.failure = 0, nil, ""
		return nil
	}
	if p.seq == uint64(row.ID) && p.failure == "" {
		return nil
	}
	return p.show(uint64(row.ID))
}

// show reads one message.
func (p *Page) show(seq uint64) tea.Cmd {
	p.seq, p.message, p.failure, p.copies = seq, nil, "", copies{}
	p.scroll.Top()
	return p.s.Do(p.Key(), p.shown.Next(), func(ctx context.Context, req core.Request) (any, error) {
		return p.reading.Get(ctx, req, seq)
	})
}

func (p *Page) takeMessage(m mail.Message, err error) {
	if err != nil {
		p.failure = p.s.Text.Error(err)
		return
	}
	p.message, p.copies = &m, copiesOf(m)
}

// enter changes what has the page; keys typed before it is drawn don't count.
func (p *Page) enter(m mode) {
	p.mode = m
	if m == modeDetail {
		p.opened++
	}
}

// typed gives what no action took to the list or the message.
func (p *Page) typed(msg tea.KeyPressMsg) tea.Cmd {
	if p.mode == modeDetail {
		p.scroll.Update(msg)
		return nil
	}
	if p.list.Update(msg) {
		return p.follow()
	}
	return nil
}

// Actions implements [session.Page].
func (p *Page) Actions() []action.Action {
	if p.mode == modeList && p.list.Len() == 0 {
		return nil
	}
	if p.mode == modeDetail {
		return append(p.scroll.Actions(), action.Key("captured.back", p.leaveDetail, "esc", "left"), p.copyAction())
	}
	return append(p.list.MoveActions(p), action.Key("captured.open", p.openSelected, "enter", "right"), p.copyAction())
}

func (p *Page) openSelected() tea.Cmd {
	if _, ok := p.list.Selected(); !ok {
		return nil
	}
	show := p.showSelected()
	p.scroll.Top()
	p.enter(modeDetail)
	return show
}

func (p *Page) leaveDetail() tea.Cmd {
	p.enter(modeList)
	return p.showSelected()
}
