package profile

import (
	"willcall/ui/component"
	"willcall/ui/theme"
)

// look is what components draw with.
func (p *Page) look() component.Look { return component.Look{Theme: p.s.Theme, Text: p.s.Text} }

// Render implements [session.Page].
func (p *Page) Render(width, height int) []string {
	if p.mode == modePrompt {
		return p.prompt.Below(p.main, p.look(), width, height)
	}
	foot := p.foot(width)
	foot = foot[:min(len(foot), max(0, height-1))]
	return append(p.main(width, height-len(foot)), foot...)
}

// shown is the mode of what stands above the foot.
func (p *Page) shown() mode {
	switch p.mode {
	case modePrompt:
		return p.prompt.over
	case modeAsk:
		return p.ask.over
	case modeList, modeCard, modeEnrol, modeCodes:
	}
	return p.mode
}

func (p *Page) main(width, height int) []string {
	switch shown := p.shown(); {
	case shown == modeEnrol:
		return p.enrolScreen(width, height)
	case shown == modeCodes:
		return p.codesScreen(width, height)
	case p.s.Walled:
		return p.wall().Render(p.look(), width, height)
	case p.view == nil:
		return p.list.Render(p.look(), width, height)
	case shown == modeCard:
		return p.card(width).Scrolled(&p.scroll, height)
	}
	return p.both(width, height)
}

// wall is what stands here before the enrolment that everything waits for has
// begun (R67).
func (p *Page) wall() component.State {
	t := p.s.Text
	state := component.State{Title: t.T("profile.enrol"), Text: t.T("profile.enrol.why")}
	if !p.busy {
		state.Key, state.Do = "n", t.T("action."+string(p.enrolling().ID))
	}
	return state
}

// both draws the list, with what is selected beside it where there is room.
func (p *Page) both(width, height int) []string {
	k := p.look()
	left, right := component.Panes(width)
	p.list.Focused = true
	lines := p.list.Render(k, left, height)
	if right == 0 {
		return lines
	}
	return k.Beside(lines, p.card(right).Lines(0, height))
}

// foot is the last lines of the page: what is asked, or what was done.
func (p *Page) foot(width int) []string {
	switch p.mode {
	case modeEnrol, modeCodes:
		return nil
	case modeAsk:
		if !p.busy {
			return p.look().Bar(theme.Amber, p.ask.text, width)
		}
	case modeList, modeCard, modePrompt:
	}
	return p.told(width)
}

// told is what is under way, or what the last act did.
func (p *Page) told(width int) []string {
	k := p.look()
	switch {
	case p.busy:
		return k.Bar(theme.Accent, p.s.Text.T("profile.busy"), width)
	case p.said.text == "":
		return nil
	case p.said.alarm:
		return k.Bar(theme.Red, p.said.text, width)
	case p.said.warn:
		return k.Bar(theme.Amber, p.said.text, width)
	}
	return k.Bar(theme.Green, p.said.text, width)
}

// Cursor implements [session.Page].
func (p *Page) Cursor() (x, y int, shown bool) {
	switch p.mode {
	case modePrompt:
		return p.prompt.Cursor()
	case modeEnrol:
		x, y, shown = p.enrol.form.Cursor()
		return x + p.enrol.x, y + p.enrol.y, shown && p.enrol.typing && !p.busy
	case modeList, modeCard, modeAsk, modeCodes:
	}
	return 0, 0, false
}
