package notices

import (
	"context"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/activity"
	"willcall/ui/component"
)

// listed are notices from the newest on.
type listed struct {
	entries []activity.NoticeEntry
	unread  int
	end     bool // there are no older ones
}

// before are older notices.
type before struct{ listed }

// find reads the notices again, as far down as the screen shows and the
// selection stands.
func (p *Page) find() tea.Cmd {
	first, count, _ := p.list.Want()
	need, through := max(batch, first+count), core.ID(math.MaxUint64)
	if row, ok := p.list.Selected(); ok {
		through = row.ID
	}
	p.older = false
	return p.s.Do(p.Key(), p.found.Next(), func(ctx context.Context, req core.Request) (any, error) {
		return p.newest(ctx, req, need, through)
	})
}

// newest reads at least so many notices, and on until one as old as through.
func (p *Page) newest(ctx context.Context, req core.Request, need int, through core.ID) (all listed, err error) {
	if all.unread, err = p.inbox.Unread(ctx, req); err != nil {
		return all, err
	}
	for !all.end && (len(all.entries) < need || all.oldest() > through) {
		more, err := p.stretch(ctx, req, all.oldest())
		if err != nil {
			return all, err
		}
		all.entries, all.end = append(all.entries, more.entries...), more.end
	}
	return all, nil
}

func (p *Page) stretch(ctx context.Context, req core.Request, from core.ID) (listed, error) {
	entries, err := p.inbox.List(ctx, req, from, batch)
	return listed{entries: entries, end: len(entries) < batch}, err
}

// oldest is the id of the last notice, 0 where there is none.
func (l listed) oldest() core.ID {
	if len(l.entries) == 0 {
		return 0
	}
	return l.entries[len(l.entries)-1].ID
}

// more reads older notices where the screen has come to the end of what is
// known.
func (p *Page) more() tea.Cmd {
	_, _, missing := p.list.Want()
	if !missing || p.older || p.loaded.end || len(p.loaded.entries) == 0 {
		return nil
	}
	p.older = true
	from := p.loaded.oldest()
	return p.s.Do(p.Key(), p.found.Stamp, func(ctx context.Context, req core.Request) (any, error) {
		page, err := p.stretch(ctx, req, from)
		return before{page}, err
	})
}

// take shows the notices that were read.
func (p *Page) take(l listed, err error) tea.Cmd {
	if err != nil {
		p.said = ""
		p.list.Fail(component.State{Title: p.s.Text.T("notices.failed"), Text: p.s.Text.Error(err), Alarm: true})
		return nil
	}
	p.loaded, p.unread = l, l.unread
	p.fill()
	return p.more()
}

// takeOlder puts older notices below the others.
func (p *Page) takeOlder(l before, err error) tea.Cmd {
	p.older = false
	if err != nil {
		p.said = p.s.Text.Error(err)
		return nil
	}
	p.loaded.entries, p.loaded.end = append(slices.Clip(p.loaded.entries), l.entries...), l.end
	p.fill()
	return p.more()
}

// fill puts what is known into the list.
func (p *Page) fill() {
	rows := make([]component.Row, len(p.loaded.entries))
	for i, n := range p.loaded.entries {
		rows[i] = p.row(n)
	}
	p.list.Empty = component.State{Title: p.s.Text.T("notices.none"), Text: p.s.Text.T("notices.none.text")}
	p.list.Set(component.Batch{Rows: rows, Total: -1, More: !p.loaded.end})
}
