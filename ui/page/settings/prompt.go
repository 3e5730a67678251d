package settings

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// prompt asks in the foot of the page where to send a mail that tries something
// out.
type prompt struct {
	*component.Form
	text func() string
	// fields makes the fields anew, as in another language.
	fields func() []component.Field
	id     core.ActionID
	label  string // the catalogue key of sending
	send   func(to string) tea.Cmd
	busy   bool
	over   mode // what stays in sight

	head, top int // lines above the fields and above the prompt, as last drawn
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
	asked := &prompt{Form: component.NewForm(fields()...), text: text, fields: fields}
	asked.Focus(fieldTo)
	return asked
}

func (p *Page) openPrompt(asked *prompt) tea.Cmd {
	asked.over = p.mode
	p.prompt, p.said = asked, said{}
	p.enter(modePrompt)
	return nil
}

func (a *prompt) typed(msg tea.Msg) {
	if !a.busy {
		a.Update(msg)
	}
}

func (p *Page) promptActions() []action.Action {
	a, busy := p.prompt, ""
	if a.busy {
		busy = p.s.Text.T("settings.sending")
	}
	send := action.Action{ID: a.id, Label: a.label, Keys: []string{"ctrl+s"}, Typing: true, Disabled: busy, Run: p.sendPrompt}
	if a.busy {
		return []action.Action{p.permitted(send)}
	}
	if a.Open() {
		return a.Actions()
	}
	if a.Focused() == fieldTo {
		send.Keys = []string{"enter", "ctrl+s"}
	}
	own := append([]action.Action{p.permitted(send)}, a.Actions()...)
	return append(own, action.Action{Label: "settings.leave", Keys: []string{"esc"}, Typing: true, Run: p.leavePrompt})
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

// promptRows is the most that the fields of a prompt take, with an open list or
// a refusal.
const promptRows = 8

// render draws the question above its fields, as low as they are.
func (a *prompt) render(k component.Look, width, height int) []string {
	lines := k.Bar(theme.Accent, a.text(), width)
	if a.busy {
		lines = k.Bar(theme.Accent, k.Text.T("settings.sending"), width)
	}
	lines = lines[:min(len(lines), max(1, height/3))]
	a.head = len(lines)
	fields := a.Render(k, width, max(1, min(promptRows, height-1-a.head)))
	for len(fields) > 1 && strings.TrimSpace(fields[len(fields)-1]) == "" {
		fields = fields[:len(fields)-1]
	}
	return append(lines, fields...)
}
