package console

import (
	tea "charm.land/bubbletea/v2"

	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/text"
	"willcall/ui/theme"
)

// dialog lies on top of a page and has every key while it is there.
type dialog interface {
	actions() []action.Action
	draw(k component.Look) component.Dialog
}

// typist is a dialog with a field: it takes what no action does.
type typist interface {
	typed(msg tea.Msg)
	// cursor is where the field's cursor stands on the page.
	cursor(k component.Look) (x, y int, shown bool)
}

// typeInto gives a key or a paste to the dialog, if it has a field.
func (r *Root) typeInto(msg tea.Msg) {
	if d, ok := r.dialog.(typist); ok {
		d.typed(msg)
	}
}

// show puts a dialog on top.
func (r *Root) show(d dialog) tea.Cmd {
	return tea.Batch(r.lay(d), r.uncover())
}

// lay puts d, or nothing, in the place of the dialog that was on top.
func (r *Root) lay(d dialog) tea.Cmd {
	p, asked := r.dialog.(*proof)
	again := asked && d == dialog(p)
	r.dialog, r.leading = d, false
	if !asked || again {
		return nil
	}
	return p.drop()
}

// dismiss takes the dialog away.
func (r *Root) dismiss() tea.Cmd { return r.lay(nil) }

// question asks before something is lost. Its sentences are below
// "console.ask." and its name in the catalogue.
type question struct {
	name string
	key  string // a capital letter
	yes  func() tea.Cmd
	no   func() tea.Cmd

	text   func(text.Printer) string // in place of the one by its name; may be nil
	stands func() bool               // whether there is still a reason to ask; may be nil
}

// ask puts a question on top; asked once more, it stays.
func (r *Root) ask(q question) tea.Cmd {
	q.no = r.dismiss
	if open, ok := r.dialog.(question); ok && open.name == q.name {
		return nil
	}
	return r.show(q)
}

func (q question) actions() []action.Action {
	return []action.Action{
		{Label: "console.ask." + q.name, Keys: []string{q.key}, Run: q.yes},
		{Label: "console.back", Keys: []string{"esc"}, Run: q.no},
	}
}

func (q question) draw(k component.Look) component.Dialog {
	d := component.Dialog{Title: k.Text.T("console.ask." + q.name + ".title"), Actions: q.actions(), Alarm: true}
	if q.text != nil {
		d.Text = q.text(k.Text)
	} else {
		d.Text = k.Text.T("console.ask." + q.name + ".text")
	}
	return d
}

// keyTable lists every key of the page in front and of the console.
type keyTable struct {
	root   *Root
	scroll component.Scroll
}

// listKeys opens the list of all keys.
func (r *Root) listKeys() tea.Cmd { return r.show(&keyTable{root: r}) }

const (
	tableWidth  = 60 // cells within the box on a wide screen
	tableFrame  = 5  // lines of the box that aren't the list's
	tableLow    = 2  // the same on a low page: the border
	tableBorder = 4  // cells of the box that aren't the list's
)

func (t *keyTable) roomy() bool { return component.Roomy(t.root.layout().page) }

// fill gives the list to the part that scrolls it, as high as the page allows.
func (t *keyTable) fill() {
	width := min(tableWidth, t.root.width-tableBorder)
	groups := t.root.KeyGroups()
	for i := range groups {
		if !t.roomy() {
			groups[i].Title = ""
		}
	}
	lines := component.KeyList(t.root.with(), groups, width)
	if t.root.mouse.off {
		lines = append(t.root.with().Bar(theme.Muted, t.root.s.Text.T("console.mouse.off"), width), lines...)
	}
	frame := tableLow
	if t.roomy() {
		frame = tableFrame
	}
	t.scroll.Set(lines, width, min(len(lines), max(1, t.root.layout().page-frame)))
}

// press scrolls as a key does.
func (t *keyTable) press(code rune) func() tea.Cmd {
	return func() tea.Cmd {
		t.scroll.Update(tea.KeyPressMsg{Code: code})
		return nil
	}
}

func (t *keyTable) actions() []action.Action {
	back := action.Action{Label: "console.back", Keys: []string{"esc", "?", "f1", "enter"}, Run: t.root.dismiss}
	t.fill()
	if t.scroll.Whole() {
		return []action.Action{back}
	}
	return []action.Action{
		{Label: "console.down", Keys: []string{"down", "j"}, Run: t.press(tea.KeyDown)},
		{Label: "console.up", Keys: []string{"up", "k"}, Run: t.press(tea.KeyUp)},
		{Label: "console.page-down", Keys: []string{"pgdown", "space"}, Quiet: true, Run: t.press(tea.KeyPgDown)},
		{Label: "console.page-up", Keys: []string{"pgup"}, Quiet: true, Run: t.press(tea.KeyPgUp)},
		{Label: "console.first", Keys: []string{"home"}, Quiet: true, Run: t.press(tea.KeyHome)},
		{Label: "console.last", Keys: []string{"end"}, Quiet: true, Run: t.press(tea.KeyEnd)},
		back,
	}
}

func (t *keyTable) draw(k component.Look) component.Dialog {
	d := component.Dialog{
		Title: k.Text.T("console.keys.title"), Actions: t.actions(), // they fill the list
		Body: func(int) []string { return t.scroll.Render(k) },
	}
	if !t.roomy() {
		d.Actions = nil // the help line has them too
	}
	return d
}
