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
	again := action.Action{
		ID: core.ActOutboxSendAgain, Keys: []string{keyAgain}, Disabled: p.s.Text.T("outbox.one-by-one"), Run: p.onCurrent(p.askAgain),
	}
	cancel := action.Action{ID: core.ActOutboxCancel, Keys: []string{keyCancel}, Run: p.askMany}
	switch waiting := len(p.waiting()); {
	case waiting == 0:
		cancel.Disabled = p.s.Text.T("outbox.none-waits")
	case waiting > mail.MostAtOnce:
		cancel.Disabled = p.s.Text.T("outbox.too-many", "max", strconv.Itoa(mail.MostAtOnce))
	}
	return []action.Action{again, cancel}
}

// waiting are the picked mails that wait, as far as is known.
func (p *Page) waiting() (ids []core.ID) {
	for _, m := range p.loaded.Rows {
		if m.Damage == nil && m.State == mail.StateQueued && p.list.IsPicked(m.ID) {
			ids = append(ids, m.ID)
		}
	}
	return ids
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

// takeMany tells what became of the picked mails: some may have gone out since
// they were asked for.
func (p *Page) takeMany(d done) tea.Cmd {
	p.list.Unpick()
	t, clock := p.s.Text, p.s.Text.Clock(p.s.Now())
	p.said = said{text: t.N("outbox.said.cancelled-many", d.count, "time", clock)}
	if left := len(d.many) - d.count; left > 0 {
		p.said.text += " " + t.N("outbox.said.not-cancelled", left)
	}
	return p.Refresh()
}
