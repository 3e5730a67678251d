package outbox

import (
	"context"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/mail"
	"willcall/ui/action"
)

// picks are the keys that pick mails, and show the one that they come to.
func (p *Page) picks() []action.Action {
	all := p.list.PickActions()
	for i, a := range all {
		all[i].Run = func() tea.Cmd {
			p.said = said{}
			return tea.Batch(a.Run(), p.follow())
		}
	}
	return all
}

// manyActions are what can be done with the mails that are picked.
func (p *Page) manyActions() []action.Action {
	again := action.Action{ID: core.ActOutboxSendAgain, Keys: []string{keyAgain}, Run: p.askManyAgain}
	if p.list.PickedCount() > mail.MostAtOnce {
		again.Disabled = p.s.Text.T("outbox.too-many-again", "max", strconv.Itoa(mail.MostAtOnce))
	}
	cancel := action.Action{ID: core.ActOutboxCancel, Keys: []string{keyCancel}, Run: p.askMany}
	switch waiting := len(p.waiting()); {
	case waiting == 0:
		cancel.Disabled = p.noneWaits()
	case waiting > mail.MostAtOnce:
		cancel.Disabled = p.s.Text.T("outbox.too-many", "max", strconv.Itoa(mail.MostAtOnce))
	}
	return []action.Action{again, cancel}
}

// noneWaits is why none of the picked mails can be cancelled: the reason of one
// that waits, where any does.
func (p *Page) noneWaits() string {
	for _, m := range p.known.Entries {
		if err := m.Cancellable(); p.list.IsPicked(m.ID) && m.Damage == nil && core.CodeOf(err) == core.CodeWayIn {
			return p.reason(err)
		}
	}
	return p.s.Text.T("outbox.none-waits")
}

// waiting are the picked mails that can be cancelled, as far as is known.
func (p *Page) waiting() (ids []core.ID) {
	for _, m := range p.known.Entries {
		if m.Damage == nil && m.Cancellable() == nil && p.list.IsPicked(m.ID) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// askManyAgain asks before the picked mails go out again.
func (p *Page) askManyAgain() tea.Cmd {
	p.asked = asked{many: p.list.Picked()}
	p.back = p.mode
	p.enter(modeAgain)
	return nil
}

func (p *Page) sendManyAgain(question asked) tea.Cmd {
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		n, left, err := p.office.SendAllAgain(ctx, req, question.many)
		return done{asked: question, count: n, left: left}, err
	})
}

// askMany asks before the picked mails that wait are cancelled.
func (p *Page) askMany() tea.Cmd {
	p.asked = asked{many: p.waiting()}
	p.back = p.mode
	p.enter(modeCancel)
	return nil
}

func (p *Page) cancelMany(question asked) tea.Cmd {
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		n, err := p.office.CancelAll(ctx, req, question.many)
		return done{asked: question, cancelled: true, count: n}, err
	})
}

// takeMany tells what became of the picked mails.
func (p *Page) takeMany(d done) tea.Cmd {
	p.list.Unpick()
	p.said = said{text: p.cancelledMany(d)}
	if !d.cancelled {
		p.said.text = p.sentManyAgain(d)
	}
	return p.Refresh()
}

// cancelledMany is how many were cancelled: some may have gone out since they
// were asked for.
func (p *Page) cancelledMany(d done) string {
	t, clock := p.s.Text, p.s.Text.Clock(p.s.Now())
	text := t.N("outbox.said.cancelled-many", d.count, "time", clock)
	if left := len(d.many) - d.count; left > 0 {
		text += " " + t.N("outbox.said.not-cancelled", left)
	}
	return text
}

// sentManyAgain is how many go out again, and why others don't: each reason
// once, in the words of the first mail that has it.
func (p *Page) sentManyAgain(d done) string {
	t, clock := p.s.Text, p.s.Text.Clock(p.s.Now())
	key := "outbox.said.sent-many"
	if p.s.Captured {
		key = "outbox.said.captured-many"
	}
	text := t.N(key, d.count, "time", clock)
	var kinds []string
	count, words := map[string]int{}, map[string]string{}
	for _, l := range d.left {
		reason := p.leftReason(l)
		kind := string(core.CodeOf(l.Err))
		if core.CodeOf(l.Err) == core.CodeNotFound {
			kind = reason
		}
		if count[kind]++; count[kind] == 1 {
			kinds, words[kind] = append(kinds, kind), reason
		}
	}
	for _, kind := range kinds {
		text += " " + t.N("outbox.said.left", count[kind], "reason", words[kind])
	}
	return text
}

// leftReason is why one of many wasn't sent again.
func (p *Page) leftReason(l mail.Left) string {
	if m, ok := p.known.Entry(l.Mail); ok {
		return p.refusedAgain(m.Subject, l.Err)
	}
	return p.reason(l.Err)
}
