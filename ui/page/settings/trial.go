package settings

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/mail"
	"willcall/core/venue"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// trialPatience is how long a test mail may take: a server may hesitate at
// every step.
const trialPatience = 2 * time.Minute

// trial is a test mail through the mail server, saved or only typed.
type trial struct {
	draft  mail.ServerDraft
	to     string
	busy   bool
	answer mail.Answer
	over   mode // what it was begun from
}

// tried is the answer to a test mail.
type tried struct {
	trial  *trial
	prompt *prompt
	answer mail.Answer
}

// testSaved tries the mail server as it was saved.
func (p *Page) testSaved() tea.Cmd {
	v := p.view.server
	return p.askTrial(mail.ServerDraft{
		Host: v.Host, Port: v.Port, Security: v.Security, User: v.User, KeepPassword: true,
	}, p.s.Address)
}

// testTyped tries what the form says, before it is saved.
func (p *Page) testTyped(f *form) tea.Cmd {
	if !f.Check() {
		return nil
	}
	return p.askTrial(serverDraft(f), p.s.Address)
}

// askTrial asks to whom a test mail goes, and offers an address.
func (p *Page) askTrial(d mail.ServerDraft, offered string) tea.Cmd {
	asked := p.ways(
		func() string { return p.s.Text.T("settings.trial.ask", "server", address(d)) },
		func() []component.Field { return nil })
	asked.id, asked.label = core.ActMailServerTest, "settings.trial.send"
	asked.Fill(map[string]string{fieldTo: offered})
	asked.send = func(to string) tea.Cmd { return p.sendTrial(asked, d, to) }
	return p.openPrompt(asked)
}

// sendTrial sends, and shows the way it goes. It outlasts the patience that
// reading and saving have.
func (p *Page) sendTrial(asked *prompt, d mail.ServerDraft, to string) tea.Cmd {
	tr := &trial{draft: d, to: to, busy: true, over: asked.over}
	p.trial = tr
	p.enter(modeTrial)
	from, program := p.sender(to), p.s.Ctx
	return p.s.Do(p.Key(), 0, func(_ context.Context, req core.Request) (any, error) {
		ctx, cancel := context.WithTimeout(program, trialPatience)
		defer cancel()
		answer, err := p.servers.Test(ctx, req, d, from, to)
		return tried{tr, asked, answer}, err
	})
}

// sender is what a test mail comes from: the first point of sale's sender, as
// real mail does.
func (p *Page) sender(otherwise string) string {
	for _, running := range []bool{true, false} {
		for _, e := range p.view.PointsOfSale {
			if !running || e.State == venue.StateRunning {
				return e.Sender
			}
		}
	}
	return otherwise
}

// takeTried shows what the server said. What was refused before anything was
// sent is told where it was typed.
func (p *Page) takeTried(done tried, err error) {
	tr := done.trial
	tr.busy, tr.answer = false, done.answer
	inSight := p.mode == modeTrial && p.trial == tr
	switch {
	case err == nil && inSight:
	case err == nil:
		p.said = said{text: p.outcome(tr), alarm: tr.answer.Verdict != mail.Delivered}
	case inSight && fieldOf(err) == fieldTo:
		p.prompt = done.prompt
		p.enter(modePrompt)
		p.prompt.Fail(err)
	case inSight && tr.over == modeForm:
		p.enter(modeForm)
		p.form.Fail(err)
	default:
		if inSight {
			p.enter(tr.over)
		}
		p.said = said{text: p.s.Text.Error(err), alarm: true}
	}
}

// fieldOf is the first field that an error refuses.
func fieldOf(err error) string {
	var fields core.Fields
	if errors.As(err, &fields) && len(fields) > 0 {
		return fields[0].Field
	}
	var one *core.Error
	if errors.As(err, &one) {
		return one.Field
	}
	return ""
}

// outcome is what came of a test, in a sentence.
func (p *Page) outcome(tr *trial) string {
	key := "settings.trial.refused"
	if tr.answer.Verdict == mail.Delivered {
		key = "settings.trial.taken"
	}
	return p.s.Text.T(key, "server", address(tr.draft), "address", tr.to)
}

func (p *Page) trialActions() []action.Action {
	back := action.Key("settings.back", p.leaveTrial, "esc", "left")
	if p.trial.busy {
		return []action.Action{back}
	}
	again := func() tea.Cmd {
		p.mode = p.trial.over
		return p.askTrial(p.trial.draft, p.trial.to)
	}
	test := action.Action{ID: core.ActMailServerTest, Label: "settings.trial.again", Keys: []string{"t"}, Run: again}
	return append(p.scroll.Actions(), p.permitted(test), back)
}

func (p *Page) leaveTrial() tea.Cmd {
	p.enter(p.trial.over)
	return p.Refresh()
}

// trialCard is a test mail, from the sending to what the answer means; first
// what is asked first.
func (p *Page) trialCard(width int) *component.Detail {
	t, tr := p.s.Text, p.trial
	card := p.look().Detail(width)
	card.Title(t.T("settings.trial"), "").Blank()
	if tr.busy {
		card.Bar(theme.Accent, t.T("settings.trial.busy"))
	} else {
		p.trialAnswer(card, tr)
	}
	card.Blank().Item(t.T("settings.mail-server"), address(tr.draft))
	card.Item(t.T("settings.security"), t.T("settings.security."+tr.draft.Security.String()))
	return card.Item(t.T("settings.to"), tr.to)
}

// trialAnswer is what the server said, in full, and what that means.
func (p *Page) trialAnswer(card *component.Detail, tr *trial) {
	t, token := p.s.Text, theme.Red
	if tr.answer.Verdict == mail.Delivered {
		token = theme.Green
	}
	card.Bar(token, p.outcome(tr)).Section(t.T("settings.trial.answer"))
	if tr.answer.Text == "" {
		card.Paragraph(theme.Muted, t.T("settings.trial.silent"))
	} else {
		card.Paragraph(theme.Text, tr.answer.Text)
	}
	if tr.answer.Why != "" {
		card.Section(t.T("settings.trial.means")).Paragraph(theme.Text, t.T("why."+string(tr.answer.Why)))
	}
}
