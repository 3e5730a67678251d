package console

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
)

// keyPalette opens the palette, also while a field has the keyboard.
const keyPalette = "ctrl+p"

// palette lists what can be done now, and finds contacts, by what is typed.
type palette struct {
	root     *Root
	box      component.Palette
	contacts search
	changed  uint64 // when something else was selected last, see [curtain.seen]
}

// openPalette opens the palette.
func (r *Root) openPalette() tea.Cmd {
	p := &palette{root: r, box: component.NewPalette()}
	p.fill()
	return r.show(p)
}

// named is an action in the palette, by a name that stays while it is open.
type named struct {
	id string
	action.Action
}

// reachable lists what the palette can do now: the page's actions, the tabs and
// the console's own. What only moves about and itself are left out.
func (p *palette) reachable() []named {
	r := p.root
	all := r.allowed(r.page().Actions())
	if r.s.SignedIn() && !r.asked() {
		all = append(all, r.tabActions(keyLead+" ")...)
	}
	all = append(all, r.allowed(r.globals(false))...)
	var found []named
	for _, a := range all {
		if !moves(a) && !slices.Contains(a.Keys, keyLead) && !slices.Contains(a.Keys, keyPalette) {
			found = append(found, named{strings.Join(append([]string{a.LabelKey()}, a.Keys...), " "), a})
		}
	}
	return found
}

// moves reports whether an action only moves about by keys that do so
// everywhere.
func moves(a action.Action) bool {
	motions := []string{"up", "down", "left", "right", "j", "k", "pgup", "pgdown", "home", "end", "space", "tab", "shift+tab"}
	return a.ID == "" && len(a.Keys) > 0 &&
		!slices.ContainsFunc(a.Keys, func(key string) bool { return !slices.Contains(motions, key) })
}

// matching lists the entries of the actions that match what is typed, the best
// first: those by their names, then those by other words for them.
func (p *palette) matching() []component.Entry {
	type match struct {
		component.Entry
		cost int
	}
	var named, meant []match
	for _, a := range p.reachable() {
		label, words := p.root.s.Text.T(a.LabelKey()), p.words(a.Action)
		entry := component.Entry{ID: a.id, Label: label, Keys: a.Keys, Reason: a.Disabled}
		if cost, ok := component.Match(p.box.Value(), label); ok {
			named = append(named, match{entry, cost})
		} else if cost, by, ok := component.MatchAny(p.box.Value(), append([]string{label}, words...)); ok {
			if by != label {
				entry.Aside = by
			}
			meant = append(meant, match{entry, cost})
		}
	}
	var entries []component.Entry
	for _, found := range [][]match{named, meant} {
		slices.SortStableFunc(found, func(a, b match) int { return a.cost - b.cost })
		for _, m := range found {
			entries = append(entries, m.Entry)
		}
	}
	return entries
}

// words are those that an action is found by too.
func (p *palette) words(a action.Action) []string {
	if a.Finds == "" {
		return nil
	}
	words := strings.Split(p.root.s.Text.T(a.Finds), ",")
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	return words
}

// fill offers what matches, and reports whether something else is selected now.
func (p *palette) fill() (changed bool) {
	before, _ := p.box.Selected()
	entries, contacts := p.matching(), p.contactEntries()
	if numbered(p.box.Value()) {
		entries, contacts = contacts, entries
	}
	p.box.Offer(append(entries, contacts...))
	p.describe()
	now, _ := p.box.Selected()
	return before.ID != now.ID
}

// describe says what is typed here, and what became of the search.
func (p *palette) describe() {
	t := p.root.s.Text
	p.box.Placeholder = t.T("console.palette.field")
	help := t.T("console.palette.none.text")
	if p.finds() {
		p.box.Placeholder = t.T("console.palette.field.contacts")
		help = t.T("console.palette.none.contacts")
	}
	p.box.Empty = component.State{Title: t.T("console.palette.none")}
	if p.roomy() {
		p.box.Empty.Text = help
	}
	p.box.Note = ""
	switch {
	case p.contacts.failure != nil:
		p.box.Note = t.Error(p.contacts.failure)
	case p.contacts.waiting:
		p.box.Note = t.T("console.palette.searching")
	}
}

// follow keeps the list up with what is typed, found and possible now. It is
// called after every message.
func (p *palette) follow() tea.Cmd {
	ask := p.seek()
	if !p.fill() {
		return ask
	}
	nth, shown := p.root.curtain.await(p.root.cfg.FPS)
	p.changed = nth
	return tea.Batch(ask, shown)
}

// typed takes what no action took.
func (p *palette) typed(msg tea.Msg) {
	before := p.box.Value()
	p.box.Update(msg)
	if p.box.Value() != before {
		p.box.First()
	}
}

func (p *palette) actions() []action.Action {
	press := func(code rune) func() tea.Cmd {
		return func() tea.Cmd {
			p.box.Update(tea.KeyPressMsg{Code: code})
			return nil
		}
	}
	all := []action.Action{
		{Label: "console.down", Keys: []string{"down"}, Run: press(tea.KeyDown)},
		{Label: "console.up", Keys: []string{"up"}, Quiet: true, Run: press(tea.KeyUp)},
		{Label: "console.page-down", Keys: []string{"pgdown"}, Quiet: true, Run: press(tea.KeyPgDown)},
		{Label: "console.page-up", Keys: []string{"pgup"}, Quiet: true, Run: press(tea.KeyPgUp)},
		{Label: "console.first", Keys: []string{"home"}, Quiet: true, Run: press(tea.KeyHome)},
		{Label: "console.last", Keys: []string{"end"}, Quiet: true, Run: press(tea.KeyEnd)},
	}
	if e, ok := p.box.Selected(); ok {
		label := "console.palette.run"
		if e.Marked {
			label = "console.palette.open"
		}
		all = append(all, action.Action{Label: label, Keys: []string{"enter"}, Disabled: e.Reason, Run: p.enter})
	}
	return append(all, action.Action{Label: "console.back", Keys: []string{"esc", keyPalette}, Run: p.root.dismiss})
}

// enter does what is selected, if that has been on the screen. What it is now
// decides: it may have gone, or not be possible any more.
func (p *palette) enter() tea.Cmd {
	e, ok := p.box.Selected()
	if !ok || !p.root.curtain.seen(p.changed) {
		return nil
	}
	if c, ok := p.contacts.contact(e.ID); ok {
		return p.run(p.opening(c))
	}
	for _, a := range p.reachable() {
		if a.id == e.ID {
			return p.run(a.Action)
		}
	}
	return nil
}

// run does an action as its key does, with the palette out of the way. What
// can't be done is said, and the palette stays.
func (p *palette) run(a action.Action) tea.Cmd {
	r := p.root
	if !r.permits(a) || a.Disabled != "" {
		return r.do(a)
	}
	r.dismiss()
	return tea.Batch(r.watched(r.page(), func() tea.Cmd { return r.do(a) }), r.uncover())
}

// opening is the action that shows a contact on its page.
func (p *palette) opening(c Contact) action.Action {
	to := session.Go{Page: session.PageContacts, Ref: core.Ref{Kind: core.KindContact, ID: c.ID}}
	return action.Action{ID: core.ActContactsShow, Run: func() tea.Cmd { return p.root.travel(to) }}
}

const (
	paletteFrame = 5  // lines of the box that aren't the palette's
	paletteMost  = 16 // lines of the palette on a high page
)

func (p *palette) roomy() bool { return component.Roomy(p.root.layout().page) }

// draw is as high as the page has room for, whatever is listed, so that the
// field stays where it is.
func (p *palette) draw(k component.Look) component.Dialog {
	box := component.Dialog{Title: k.Text.T("console.palette.title"), Actions: p.actions()}
	page, frame := p.root.layout().page, paletteFrame
	if !p.roomy() {
		box.Actions, frame = nil, tableLow // the help line has them too
	}
	box.Body = func(width int) []string {
		return p.box.Render(k, width, min(paletteMost, max(2, page-frame)))
	}
	return box
}

// cursor is where the field's cursor stands on the page.
func (p *palette) cursor(k component.Look) (x, y int, shown bool) {
	x, y, cells := p.draw(k).Inner(k, p.root.width, p.root.layout().page)
	return x + p.box.CursorIn(k, cells), y, true
}
