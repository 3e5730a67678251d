package settings

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// switched is the answer to a switching.
type switched struct{ on bool }

func (p *Page) busySwitch() string {
	if p.switching {
		return p.s.Text.T("settings.saving")
	}
	return ""
}

// switchValidation switches on at once, and asks before it switches off.
func (p *Page) switchValidation() tea.Cmd {
	if !p.view.Institution.Validation {
		return p.setValidation(true)
	}
	p.back, p.said = p.mode, said{}
	p.enter(modeAsk)
	return nil
}

func (p *Page) askActions() []action.Action {
	return []action.Action{
		{ID: core.ActValidationSwitch, Label: "settings.switch-off", Keys: []string{"O"}, Disabled: p.busySwitch(), Run: p.switchOff},
		p.key("settings.leave", p.leaveAsk, "esc"),
	}
}

func (p *Page) switchOff() tea.Cmd { return p.setValidation(false) }

func (p *Page) leaveAsk() tea.Cmd {
	p.enter(p.back)
	return nil
}

func (p *Page) setValidation(on bool) tea.Cmd {
	p.switching, p.said = true, said{}
	version := p.view.InstitutionVersion
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		_, err := p.settings.SwitchValidation(ctx, req, version, on)
		return switched{on}, err
	})
}

// takeSwitched tells what became of the switch, and reads it again.
func (p *Page) takeSwitched(done switched, err error) tea.Cmd {
	p.switching = false
	if p.mode == modeAsk {
		p.enter(p.back)
	}
	switch {
	case err != nil:
		p.said = said{text: p.s.Text.Error(err), alarm: true}
	case done.on:
		p.said = said{text: p.s.Text.T("settings.validation.now-on")}
	default:
		p.said = said{text: p.s.Text.T("settings.validation.now-off")}
	}
	return p.Refresh()
}

// validationCard says what the switch does to whom (R1, R3).
func (p *Page) validationCard(card *component.Detail) {
	t, state := p.s.Text, p.onOff(p.view.Institution.Validation)
	card.Title(t.T("settings.validation"), "").Blank()
	card.Toned(t.T("settings.validation.state"), state.Token, state.Text).Blank()
	card.Paragraph(theme.Text, t.T("settings.validation.what")).Blank()
	if p.view.Institution.Validation {
		card.Bar(theme.Accent, t.T("settings.validation.is-on"))
	} else {
		card.Bar(theme.Amber, t.T("settings.validation.is-off"))
	}
	verb := "settings.validation.switch-on"
	if p.view.Institution.Validation {
		verb = "settings.validation.switch-off"
	}
	card.Blank()
	p.offer(card, core.ActValidationSwitch, "e", t.T(verb))
}
