package settings

import (
	"willcall/core"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// Cells of the tree where there is room for two panes.
const (
	treeLeast = 35
	treeMost  = 48
)

// look is what components draw with.
func (p *Page) look() component.Look { return component.Look{Theme: p.s.Theme, Text: p.s.Text} }

// panes shares the width between tree and detail; right is 0 where there is
// room for one only. A tree that tells of drafts is wider by that.
func (p *Page) panes(width int) (left, right int) {
	if _, right = component.Panes(width); right == 0 {
		return width, 0
	}
	left = max(treeLeast, min(treeMost, width*3/10))
	if p.anyDraft() {
		left += p.draftWidth() + columnGap
	}
	return left, width - left - 1
}

// Render implements [session.Page].
func (p *Page) Render(width, height int) []string {
	if p.mode == modePrompt {
		return p.prompt.Below(p.body, p.look(), width, height)
	}
	foot := p.look().Clip(p.foot(width, height), width, p.footRoom(height))
	return append(p.body(width, height-len(foot)), foot...)
}

// shown is what is in sight: below a question what it is about.
func (p *Page) shown() mode {
	m := p.mode
	if m == modeAsk {
		m = p.ask.over
	}
	if m == modePrompt {
		m = p.prompt.over
	}
	return m
}

// footRoom is how many lines the foot may take: a question is shown whole.
func (p *Page) footRoom(height int) int {
	if p.mode == modeAsk {
		return max(1, height-1)
	}
	return max(1, height/2)
}

func (p *Page) body(width, height int) []string {
	if p.mode == modeAsk && p.ask.card != nil {
		return p.ask.card(width).Scrolled(&p.scroll, height)
	}
	switch p.shown() {
	case modeForm:
		return p.formPanes(width, height)
	case modeDetail:
		if left, right := p.panes(width); right >= component.ReadMost {
			p.tree.Focused = false
			return p.look().Beside(p.tree.Render(p.look(), left, height), p.full(right, height))
		}
		return p.full(width, height)
	case modePreview:
		return p.previewCard(width).Scrolled(&p.scroll, height)
	case modeEditions:
		return p.editionsPanes(width, height)
	case modeEdition:
		return p.editionFull(width, height)
	case modeTrial:
		return p.trialCard(width).Scrolled(&p.scroll, height)
	case modeConflict:
		return p.conflictScreen().Render(p.look(), width, height)
	case modeTree, modeAsk, modePrompt:
	}
	return p.both(width, height)
}

// both draws the tree, with what is selected beside it where there is room.
func (p *Page) both(width, height int) []string {
	k := p.look()
	left, right := p.panes(width)
	p.tree.Focused = true
	lines := p.tree.Render(k, left, height)
	if right == 0 {
		return lines
	}
	if state, ok := p.state(); ok {
		return k.Beside(lines, state.Render(k, right, height))
	}
	return k.Beside(lines, p.card(right).Lines(0, height))
}

// full is what is selected in the whole width.
func (p *Page) full(width, height int) []string {
	if state, ok := p.state(); ok {
		return state.Render(p.look(), width, height)
	}
	return p.card(width).Scrolled(&p.scroll, height)
}

// card is what is known of what is selected.
func (p *Page) card(width int) *component.Detail {
	card, n := p.look().Detail(width), p.selected()
	of := p.parts[n.section]
	if n.id == 0 && of.list != nil {
		p.sectionCard(card, n.section)
	} else {
		of.card(card, n.id)
	}
	return card
}

// sectionCard says what a section's things are for.
func (p *Page) sectionCard(card *component.Detail, s section) {
	t, of := p.s.Text, p.parts[s]
	card.Title(t.T(of.title), "").Blank()
	card.Paragraph(theme.Text, t.T(of.title+".what")).Blank()
	if of.sum != nil {
		of.sum(card)
	}
	if of.create == "" {
		return
	}
	p.offer(card, of.create, "n")
	p.keptNote(card, node{section: s}, "n")
}

// state is what stands in the place of a card: before anything is read nothing,
// for a section without things what it would hold, and what makes the first one.
func (p *Page) state() (component.State, bool) {
	if p.view == nil {
		return component.State{}, true
	}
	n, t := p.selected(), p.s.Text
	of := p.parts[n.section]
	if of.list == nil || len(of.list(p.view)) > 0 {
		return component.State{}, false
	}
	state := component.State{Title: t.T(of.title + ".none"), Text: t.T(of.title + ".none.text")}
	if reason := p.notAllowed(of.create); reason != "" {
		state.Text += " " + reason
		return state, true
	}
	if p.drafted(node{section: n.section}) {
		state.Text += " " + t.T("settings.kept", "key", "n")
	}
	state.Key, state.Do = "n", t.T("action."+string(of.create))
	return state, true
}

// offer says what a key does here, or why the role can't do it.
func (p *Page) offer(card *component.Detail, id core.ActionID, key string) {
	p.offerAs(card, id, key, p.s.Text.T("action."+string(id)))
}

// offerAs is [Page.offer] in words of its own.
func (p *Page) offerAs(card *component.Detail, id core.ActionID, key, does string) {
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
	_, earlier := p.drafts[p.name(n)]
	f, kept := p.kept[n]
	return earlier || kept && f.dirty()
}

func (p *Page) anyDraft() bool {
	if len(p.drafts) > 0 {
		return true
	}
	for n := range p.kept {
		if p.drafted(n) {
			return true
		}
	}
	return false
}

// foot is the last lines of the page: what is asked, or what was done.
func (p *Page) foot(width, height int) []string {
	k, t := p.look(), p.s.Text
	switch {
	case p.busy:
		return k.Bar(theme.Accent, t.T("settings.saving"), width)
	case p.mode == modeAsk:
		return k.Bar(theme.Amber, p.ask.text, width)
	case p.said.text == "" || p.mode == modeForm:
		return nil
	case p.said.alarm:
		return k.Bar(theme.Red, p.said.text, width)
	}
	if p.said.short != "" && height < roomyForm {
		return k.Bar(theme.Green, p.said.short, width)
	}
	return k.Bar(theme.Green, p.said.text, width)
}

// Cursor implements [session.Page].
func (p *Page) Cursor() (x, y int, shown bool) {
	switch p.mode {
	case modeForm:
		x, y, shown = p.form.Cursor()
		return x + p.formX, y + p.form.head, shown
	case modePrompt:
		return p.prompt.Cursor()
	case modeTree, modeDetail, modePreview, modeEditions, modeEdition, modeAsk, modeTrial, modeConflict:
	}
	return 0, 0, false
}
