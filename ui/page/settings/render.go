package settings

import (
	"willcall/core"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// Cells of the tree where there is room for two panes.
const (
	treeLeast = 32
	treeMost  = 48
)

// look is what components draw with.
func (p *Page) look() component.Look { return component.Look{Theme: p.s.Theme, Text: p.s.Text} }

// panes shares the width between tree and detail; right is 0 where there is
// room for one only.
func panes(width int) (left, right int) {
	if _, right = component.Panes(width); right == 0 {
		return width, 0
	}
	left = max(treeLeast, min(treeMost, width*3/10))
	return left, width - left - 1
}

// Render implements [session.Page].
func (p *Page) Render(width, height int) []string {
	foot := p.foot(width)
	foot = foot[:min(len(foot), p.footRoom(height))]
	height -= len(foot)
	return append(p.body(width, height), foot...)
}

// footRoom is how many lines the foot may take: a question is shown whole.
func (p *Page) footRoom(height int) int {
	if p.mode == modeAsk || p.mode == modeDiscard {
		return max(1, height-1)
	}
	return max(1, height/2)
}

func (p *Page) body(width, height int) []string {
	switch p.mode {
	case modeForm, modeDiscard:
		return p.formPanes(width, height)
	case modeDetail:
		return p.full(width, height)
	case modeAsk:
		if p.back == modeDetail {
			return p.full(width, height)
		}
	case modeTree:
	}
	return p.both(width, height)
}

// both draws the tree, with what is selected beside it where there is room.
func (p *Page) both(width, height int) []string {
	k := p.look()
	left, right := panes(width)
	p.tree.Focused = true
	lines := p.tree.Render(k, left, height)
	if right == 0 {
		return lines
	}
	return k.Beside(lines, p.pane(right, height, func(*component.Detail) int { return 0 }))
}

// full is what is selected in the whole width.
func (p *Page) full(width, height int) []string {
	p.height = height
	return p.pane(width, height, func(card *component.Detail) int {
		p.top = max(0, min(p.top, card.Len()-height))
		return p.top
	})
}

// pane is what is selected, from the line on that top gives.
func (p *Page) pane(width, height int, top func(*component.Detail) int) []string {
	k := p.look()
	if p.view == nil {
		return component.State{}.Render(k, width, height)
	}
	n := p.selected()
	if empty, ok := p.empty(n); ok {
		return empty.Render(k, width, height)
	}
	card := k.Detail(width)
	p.fill(card, n)
	return card.Lines(top(card), height)
}

// fill puts what is known of a node on a card.
func (p *Page) fill(card *component.Detail, n node) {
	switch n.section {
	case sectionValidation:
		p.validationCard(card)
	case sectionPoints:
		if e, ok := pointOf(*p.view, n.id); ok {
			p.pointCard(card, e)
			return
		}
		p.sectionCard(card, n.section)
	case sectionDocuments:
		if e, ok := documentOf(*p.view, n.id); ok {
			p.documentCard(card, e)
			return
		}
		p.sectionCard(card, n.section)
	}
}

// sectionCard says what a section's things are for.
func (p *Page) sectionCard(card *component.Detail, s section) {
	t := p.s.Text
	create, _ := s.acts()
	card.Title(t.T(s.title()), "").Blank()
	card.Paragraph(theme.Text, t.T(s.title()+".what")).Blank()
	p.offer(card, create, "n", t.T("action."+string(create)))
	p.keptNote(card, node{section: s}, "n")
}

// empty says what a section without things would hold, and what makes the
// first one.
func (p *Page) empty(n node) (component.State, bool) {
	none := n.section == sectionPoints && len(p.view.PointsOfSale) == 0 ||
		n.section == sectionDocuments && len(p.view.Documents) == 0
	if !none {
		return component.State{}, false
	}
	t := p.s.Text
	create, _ := n.section.acts()
	state := component.State{Title: t.T(n.section.title() + ".none"), Text: t.T(n.section.title() + ".none.text")}
	if reason := p.notAllowed(create); reason != "" {
		state.Text += " " + reason
		return state, true
	}
	if p.drafted(node{section: n.section}) {
		state.Text += " " + p.s.Text.T("settings.kept", "key", "n")
	}
	state.Key, state.Do = "n", t.T("action."+string(create))
	return state, true
}

// offer says what a key does here, or why the role can't do it.
func (p *Page) offer(card *component.Detail, id core.ActionID, key, does string) {
	if reason := p.notAllowed(id); reason != "" {
		card.Paragraph(theme.Muted, reason)
		return
	}
	card.Key(key, does)
}

// keptNote says that typed text waits, and the key that goes on with it.
func (p *Page) keptNote(card *component.Detail, n node, key string) {
	if p.drafted(n) {
		card.Blank().Bar(theme.Amber, p.s.Text.T("settings.kept", "key", key))
	}
}

// drafted reports whether typed text waits at a place in the tree.
func (p *Page) drafted(n node) bool {
	f, kept := p.kept[n]
	return kept && f.dirty()
}

// foot is the last lines of the page: the question, or what was done.
func (p *Page) foot(width int) []string {
	k, t := p.look(), p.s.Text
	switch {
	case p.switching:
		return k.Bar(theme.Accent, t.T("settings.saving"), width)
	case p.mode == modeAsk:
		return k.Bar(theme.Amber, t.T("settings.validation.ask"), width)
	case p.mode == modeDiscard:
		return k.Bar(theme.Amber, t.T("settings.discard.ask"), width)
	case p.said.text == "" || p.mode == modeForm:
		return nil
	case p.said.alarm:
		return k.Bar(theme.Red, p.said.text, width)
	}
	return k.Bar(theme.Green, p.said.text, width)
}

// Cursor implements [session.Page].
func (p *Page) Cursor() (x, y int, shown bool) {
	if p.mode != modeForm {
		return 0, 0, false
	}
	x, y, shown = p.form.Cursor()
	return x + p.formX, y + p.form.head, shown
}
