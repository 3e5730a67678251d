package console

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/theme"
)

// switchDialog lists where the operator may work. Where there are many it is
// filtered while typing.
type switchDialog struct {
	root   *Root
	search component.Search
	list   component.List
	busy   bool       // the session is being moved
	then   session.Go // what is shown there; zero for the same tab
}

const (
	filterFrom  = 8 // spots above which there is a field to filter by
	switchFrame = 5 // lines of the box that aren't the list's
)

// openSwitch opens the list and reads it again: what happens elsewhere is not
// told here.
func (r *Root) openSwitch() tea.Cmd {
	d := &switchDialog{root: r}
	d.search.Found, d.search.Total = -1, -1
	d.search.Placeholder = r.s.Text.T("console.switch.filter")
	d.list.Columns = []component.Column{
		{Width: 12, Grow: 3}, {Width: 10, Grow: 2, Drop: 1}, {Width: 4, Right: true, Drop: 2},
	}
	d.list.Focused = true
	d.fill()
	for _, s := range spots(r.places) {
		if r.here(s) {
			d.list.Select(s.row())
		}
	}
	return tea.Batch(r.show(d), r.readPlaces())
}

// organisationBits is where a row's id holds the institution: ids are dense
// counters and never come near.
const organisationBits = 32

// row is the spot's id in the list.
func (s spot) row() core.ID { return s.place.ID<<organisationBits | s.organisation.ID }

// label is the spot in one line.
func (s spot) label() string { return strings.TrimSpace(s.place.Name + " " + s.organisation.Name) }

func (d *switchDialog) filtered() bool { return len(spots(d.root.places)) > filterFrom }

// fill lists the spots that the field lets through.
func (d *switchDialog) fill() {
	t := d.root.s.Text
	var rows []component.Row
	for _, s := range spots(d.root.places) {
		if d.filtered() && !d.search.Matches(s.label()) {
			continue
		}
		now := component.Cell{Token: theme.Muted}
		if d.root.here(s) {
			now.Text = t.T("console.switch.here")
		}
		rows = append(rows, component.Row{ID: s.row(), Cells: []component.Cell{
			{Text: s.place.Name, Token: theme.Strong}, {Text: s.organisation.Name, Token: theme.Text}, now,
		}})
	}
	d.list.Columns[2].Width = shownCells(t.T("console.switch.here"))
	d.list.Empty = component.State{Title: t.T("console.switch.no-match")}
	d.list.Set(component.Batch{Rows: rows, Total: len(rows)})
}

// selected is the spot that enter goes to.
func (d *switchDialog) selected() (spot, bool) {
	row, ok := d.list.Selected()
	for _, s := range spots(d.root.places) {
		if ok && s.row() == row.ID {
			return s, true
		}
	}
	return spot{}, false
}

func (d *switchDialog) actions() []action.Action {
	if d.busy {
		return nil
	}
	down, up := []string{"down"}, []string{"up"}
	if !d.filtered() { // else letters are typed
		down, up = append(down, "j"), append(up, "k")
	}
	all := []action.Action{
		{Label: "console.down", Keys: down, Run: d.press(tea.KeyDown)},
		{Label: "console.up", Keys: up, Quiet: true, Run: d.press(tea.KeyUp)},
	}
	if _, ok := d.selected(); ok {
		all = append(all, action.Action{Label: "console.switch.go", Keys: []string{"enter"}, Run: d.enter})
	}
	return append(all, action.Action{Label: "console.back", Keys: []string{"esc"}, Run: d.root.dismiss})
}

// press moves the selection as a key does.
func (d *switchDialog) press(code rune) func() tea.Cmd {
	return func() tea.Cmd {
		d.list.Update(tea.KeyPressMsg{Code: code})
		return nil
	}
}

// enter goes to the selected spot; in the present one there is nothing to do.
func (d *switchDialog) enter() tea.Cmd {
	to, ok := d.selected()
	if !ok || d.root.here(to) {
		return d.root.dismiss()
	}
	return d.root.switchTo(d, to)
}

// typed filters by what no action took.
func (d *switchDialog) typed(msg tea.Msg) {
	if d.busy || !d.filtered() {
		return
	}
	if press, ok := msg.(tea.KeyPressMsg); ok && press.Text == "" && d.list.Update(press) {
		return
	}
	before := d.search.Value()
	d.search.Update(msg)
	if d.search.Value() != before {
		d.list.Reset()
		d.fill()
	}
}

// draw shows as many spots as the page has room for.
func (d *switchDialog) draw(k component.Look) component.Dialog {
	box := component.Dialog{Title: k.Text.T("console.switch.title"), Actions: d.actions()}
	if d.busy {
		box.Text = k.Text.T("console.switch.busy")
		return box
	}
	page := d.root.layout().page
	frame := switchFrame
	if !component.Roomy(page) {
		box.Actions, frame = nil, tableLow // the help line has them too
	}
	box.Body = func(width int) []string {
		var lines []string
		if d.filtered() {
			lines = append(lines, d.search.Render(k, width, true))
		}
		rows := max(1, min(max(d.list.Len(), 1), page-frame-len(lines)))
		return append(lines, d.list.Render(k, width, rows)...)
	}
	return box
}

// cursor is where the field's cursor stands on the page.
func (d *switchDialog) cursor(k component.Look) (x, y int, shown bool) {
	if d.busy || !d.filtered() {
		return 0, 0, false
	}
	x, y, cells := d.draw(k).Inner(k, d.root.width, d.root.layout().page)
	return x + d.search.CursorIn(k, cells), y, true
}
