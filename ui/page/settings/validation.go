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

func (p *Page) validationPart() part {
	return part{
		title: "settings.validation",
		state: func(v *reading) component.Cell { return p.onOff(v.Institution.Validation) },
		card:  func(card *component.Detail, _ core.ID) { p.validationCard(card) },
		keys: func(core.ID) []action.Action {
			return []action.Action{p.permitted(action.Action{
				ID: core.ActValidationSwitch, Keys: []string{"e"}, Disabled: p.underWay(), Run: p.switchValidation,
			})}
		},
	}
}

// switchValidation switches on at once, and asks before it switches off.
func (p *Page) switchValidation() tea.Cmd {
	if !p.view.Institution.Validation {
		return p.setValidation(true)
	}
	off := func() tea.Cmd { return p.setValidation(false) }
	return p.pose(ask{
		text: p.s.Text.T("settings.validation.ask"), leave: "settings.leave",
		yes: action.Action{ID: core.ActValidationSwitch, Label: "settings.switch-off", Keys: []string{"O"}, Run: off},
	})
}

func (p *Page) setValidation(on bool) tea.Cmd {
	p.busy, p.said = true, said{}
	version := p.view.InstitutionVersion
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		_, err := p.settings.SwitchValidation(ctx, req, version, on)
		return switched{on}, err
	})
}

// takeSwitched tells what became of the switch, and reads it again.
func (p *Page) takeSwitched(done switched, err error) tea.Cmd {
	p.busy = false
	p.answered()
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
	verb := "settings.validation.switch-on"
	if p.view.Institution.Validation {
		card.Bar(theme.Accent, t.T("settings.validation.is-on"))
		verb = "settings.validation.switch-off"
	} else {
		card.Bar(theme.Amber, t.T("settings.validation.is-off"))
	}
	card.Blank()
	p.offerAs(card, core.ActValidationSwitch, "e", t.T(verb))
}
