// Package captured is the console's page of captured mail: a list that grows at
// its top while mail comes in, and the message that is selected, with its links
// and codes where they are found first.
package captured

import (
	"cmp"
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/mail"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
)

// batch is how many messages are read at once.
const batch = 100

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

	list   component.List
	loaded []mail.Summary // newest first, without gaps
	total  int
	newest session.Question // the newest reading of what came in
	older  bool             // older ones are being read
	anew   session.Question // counts how often all was read anew
	live   bool             // there was a mail server when it was
	end    bool             // there are no older ones to be read
	shown  session.Question // the newest reading of a message

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

// Refresh implements [session.Page]: it reads what came in since. Mail never
// changes, so what was read stays; but all is read anew once there is a mail
// server, which masks some of it, or no longer one (R89).
func (p *Page) Refresh() tea.Cmd {
	if p.live != p.s.Captured {
		return p.since()
	}
	p.live, p.loaded, p.older, p.end = !p.s.Captured, nil, false, false
	p.anew.Next()
	again := p.since()
	if p.seq != 0 {
		again = tea.Batch(again, p.show(p.seq))
	}
	return again
}

// since asks for what came in since the newest mail that is known.
func (p *Page) since() tea.Cmd {
	known := uint64(0)
	if len(p.loaded) > 0 {
		known = p.loaded[0].Seq
	}
	return p.s.Do(p.Key(), p.newest.Next(), func(ctx context.Context, req core.Request) (any, error) {
		page, err := p.backTo(ctx, req, known)
		return came{page}, err
	})
}

// came is what came in.
type came struct{ mail.Page }

// backTo reads the newest mail, back to what is known so that no gap is left.
func (p *Page) backTo(ctx context.Context, req core.Request, known uint64) (mail.Page, error) {
	all, err := p.reading.List(ctx, req, 0, batch)
	for read := all; err == nil && known > 0 && len(read.Messages) > 0; {
		oldest := read.Messages[len(read.Messages)-1].Seq
		if oldest <= known {
			break
		}
		read, err = p.reading.List(ctx, req, oldest, batch)
		all.Messages = append(all.Messages, read.Messages...)
	}
	return all, err
}

// before is older mail.
type before struct{ mail.Page }

// more reads older mail where the screen has come to the end of what is known.
func (p *Page) more() tea.Cmd {
	_, _, missing := p.list.Want()
	if !missing || p.older || p.end || len(p.loaded) == 0 {
		return nil
	}
	p.older = true
	oldest := p.loaded[len(p.loaded)-1].Seq
	return p.s.Do(p.Key(), p.anew.Stamp, func(ctx context.Context, req core.Request) (any, error) {
		page, err := p.reading.List(ctx, req, oldest, batch)
		return before{page}, err
	})
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
	case came:
		if msg.Stamp == p.newest.Stamp {
			return p.take(value.Page, msg.Err)
		}
	case before:
		if msg.Stamp == p.anew.Stamp {
			p.older = false
			p.end = msg.Err == nil && len(value.Messages) == 0
			return p.take(value.Page, msg.Err)
		}
	case mail.Message:
		if msg.Stamp == p.shown.Stamp {
			p.takeMessage(value, msg.Err)
		}
	}
	return nil
}

// take puts messages to those that are known.
func (p *Page) take(page mail.Page, err error) tea.Cmd {
	if err != nil {
		p.list.Fail(component.State{Title: p.s.Text.T("captured.failed"), Text: p.s.Text.Error(err), Alarm: true})
		return nil
	}
	p.add(page)
	rows := make([]component.Row, len(p.loaded))
	for i, m := range p.loaded {
		rows[i] = p.row(m)
	}
	p.list.Empty = p.empty()
	p.list.Set(component.Batch{Rows: rows, Total: -1, More: len(p.loaded) < p.total && !p.end})
	return p.follow()
}

// add keeps the known messages in order. What makes room is the oldest.
func (p *Page) add(page mail.Page) {
	p.total = page.Total
	p.loaded = append(p.loaded, page.Messages...)
	slices.SortFunc(p.loaded, func(a, b mail.Summary) int { return cmp.Compare(b.Seq, a.Seq) })
	p.loaded = slices.CompactFunc(p.loaded, func(a, b mail.Summary) bool { return a.Seq == b.Seq })
	p.loaded = p.loaded[:min(len(p.loaded), p.total)]
}

// follow reads the message of the list's selection, and older mail where the
// screen asks for it.
func (p *Page) follow() tea.Cmd { return tea.Batch(p.more(), p.showSelected()) }

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
	return append(p.list.MoveActions(p.Update), action.Key("captured.open", p.openSelected, "enter", "right"), p.copyAction())
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
