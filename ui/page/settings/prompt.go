package settings

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
)

// prompt asks where to send a mail that tries something out.
type prompt struct {
	*component.Prompt
	id    core.ActionID
	label string // the catalogue key of sending
	send  func(to string) tea.Cmd
	busy  bool
	over  mode // what stays in sight
}

// fieldTo is the address to send to, the last field of every prompt.
const fieldTo = "to"

// ways makes a prompt with these fields before the address.
func (p *Page) ways(text func() string, before func() []component.Field) *prompt {
	fields := func() []component.Field {
		return append(before(), component.Field{
			Name: fieldTo, Label: p.s.Text.T("settings.to"), Required: true, Max: core.MaxName, Check: checkAddress,
		})
	}
	asked := &prompt{}
	asked.Prompt = component.NewPrompt(text, fields, func() string {
		if asked.busy {
			return p.s.Text.T("settings.sending")
		}
		return ""
	})
	asked.Focus(fieldTo)
	return asked
}

func (p *Page) openPrompt(asked *prompt) tea.Cmd {
	asked.over = p.mode
	p.prompt, p.said = asked, said{}
	p.enter(modePrompt)
	return nil
}

func (p *Page) promptActions() []action.Action {
	send := p.permitted(action.Action{ID: p.prompt.id, Label: p.prompt.label, Run: p.sendPrompt})
	return p.prompt.Actions(send, action.Action{Label: "settings.leave", Run: p.leavePrompt})
}

func (p *Page) leavePrompt() tea.Cmd {
	p.closePrompt(p.prompt)
	return nil
}

// closePrompt goes back to what was in sight, if the prompt still is.
func (p *Page) closePrompt(a *prompt) {
	if p.mode == modePrompt && p.prompt == a {
		p.enter(a.over)
	}
}

func (p *Page) sendPrompt() tea.Cmd {
	if !p.prompt.Check() {
		return nil
	}
	return p.prompt.send(strings.TrimSpace(p.prompt.Value(fieldTo)))
}

// promptRefused tells why at the prompt, or below the page where it was left.
func (p *Page) promptRefused(a *prompt, err error) {
	if p.mode == modePrompt && p.prompt == a {
		a.Fail(err)
		return
	}
	p.said = said{text: p.s.Text.Error(err), alarm: true}
}
