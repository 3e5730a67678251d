package component

import (
	tea "charm.land/bubbletea/v2"

	"willcall/ui/action"
)

// Actions lists the form's own keys that work now, for the help line. Running
// one is the same as handing its key to Update.
func (f *Form) Actions() []action.Action {
	if f.at >= len(f.entries) {
		return nil
	}
	if f.Open() {
		return f.listKeys()
	}
	e := f.entries[f.at]
	own := f.fieldKeys(e)
	next, previous := []string{"tab"}, []string{"shift+tab"}
	if (e.Kind == FieldText || e.Kind == FieldPassword || e.Kind == FieldDate || e.Kind == FieldPhone) && f.beyond(1) >= 0 {
		next = append(next, "enter")
	}
	if e.Kind != FieldLines && !e.steps() { // there they move the cursor, or step the date
		if f.beyondLine(1) >= 0 {
			next = append(next, "down")
		}
		if f.beyondLine(-1) >= 0 {
			previous = append(previous, "up")
		}
	}
	own = append(own,
		f.action("component.form.next", tea.KeyPressMsg{Code: tea.KeyTab}, next...),
		quiet(f.action("component.form.previous", tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}, previous...)))
	return append(own, f.undoKeys(e)...)
}

// listKeys are those of a list that is open.
func (f *Form) listKeys() []action.Action {
	take := []string{"enter"}
	if f.entries[f.at].names.open {
		take = append(take, "tab")
	}
	return []action.Action{
		f.action("component.form.pick", tea.KeyPressMsg{Code: tea.KeyEnter}, take...),
		f.action("component.form.close", tea.KeyPressMsg{Code: tea.KeyEscape}, "esc"),
		quiet(f.action("component.form.option-down", tea.KeyPressMsg{Code: tea.KeyDown}, "down")),
		quiet(f.action("component.form.option-up", tea.KeyPressMsg{Code: tea.KeyUp}, "up")),
	}
}

// fieldKeys are those of the field with the keyboard alone.
func (f *Form) fieldKeys(e *entry) (own []action.Action) {
	switch e.Kind {
	case FieldChoice:
		own = append(own, f.action("component.form.choose", tea.KeyPressMsg{Code: tea.KeyEnter}, "enter", "space"))
	case FieldLookup:
		own = append(own, f.action("component.form.look-up", tea.KeyPressMsg{Code: tea.KeyEnter}, "enter", "space"))
		if e.value != "" {
			own = append(own, f.action("component.form.clear", tea.KeyPressMsg{Code: tea.KeyDelete}, "delete", "backspace"))
		}
	case FieldToggle:
		own = append(own, f.action("component.form.switch", tea.KeyPressMsg{Code: tea.KeySpace}, "space", "enter"))
	case FieldDate:
		if e.steps() {
			up, down := e.part().labels()
			own = append(own, f.action(up, tea.KeyPressMsg{Code: tea.KeyUp}, "up"),
				quiet(f.action(down, tea.KeyPressMsg{Code: tea.KeyDown}, "down")))
		}
	case FieldText, FieldPassword, FieldPhone, FieldLines, FieldShown, FieldHeading, FieldNote:
	}
	return own
}

// undoKeys take back what was typed, and type it again.
func (f *Form) undoKeys(e *entry) (keys []action.Action) {
	b := e.text()
	if b == nil {
		return nil
	}
	if b.past.undoes() {
		keys = append(keys, quiet(f.action("component.form.undo", tea.KeyPressMsg{Code: 'z', Mod: tea.ModCtrl}, keyUndo)))
	}
	if b.past.redoes() {
		keys = append(keys, quiet(f.action("component.form.redo", tea.KeyPressMsg{Code: 'y', Mod: tea.ModCtrl}, keyRedo)))
	}
	return keys
}

func (f *Form) action(label string, press tea.KeyPressMsg, keys ...string) action.Action {
	return action.Action{
		Label: label, Keys: keys, Typing: true,
		Run: func() tea.Cmd {
			f.Update(press)
			return nil
		},
	}
}

// quiet leaves an action to the list of all keys.
func quiet(a action.Action) action.Action {
	a.Quiet = true
	return a
}
