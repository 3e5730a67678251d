package component

import (
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
)

// Form is a column of fields. It has the keyboard whenever its page does:
// Update takes letters, pastes and the keys that [Form.Actions] lists.
type Form struct {
	entries []*entry
	at      int // the field with the keyboard
	general []error

	// Resting tells that the keyboard is elsewhere: no field is drawn as having
	// it.
	Resting bool

	width, height int  // that were last drawn
	rows          bool // fields stood beside each other then
	sight         sight
	loose         bool     // scrolled by the wheel, away from the field with the keyboard
	owners        []int    // the field of each line, in the whole form
	targets       []target // what of fields a click acts on
	names         area     // the open list of variables, where it was drawn
	cursor        struct {
		x, y  int
		shown bool
	}
}

// NewForm makes a form; the first field that can be filled in has the keyboard.
func NewForm(fields ...Field) *Form {
	f := &Form{}
	for _, field := range fields {
		f.entries = append(f.entries, newEntry(field))
	}
	f.Start()
	return f
}

// Start gives the keyboard to the first field.
func (f *Form) Start() {
	f.at = -1
	f.step(1)
	f.at = max(0, f.at)
	f.sight.begin()
}

// Fill sets fields to what was saved, clears errors and marks the form as
// unchanged. Fields that values doesn't name become empty.
func (f *Form) Fill(values map[string]string) {
	f.general = nil
	for _, e := range f.entries {
		if e.Kind == FieldHeading || e.Kind == FieldNote {
			continue
		}
		e.set(values[e.Name])
		e.clean = e.get()
	}
}

// Set changes one field, as if typed.
func (f *Form) Set(name, value string) {
	if e := f.entry(name); e != nil {
		e.set(value)
	}
}

// Value is what a field holds; the key of a choice, "true" for a toggle that
// is on. Unknown names give "".
func (f *Form) Value(name string) string {
	if e := f.entry(name); e != nil {
		return e.get()
	}
	return ""
}

// On reports whether a toggle is on.
func (f *Form) On(name string) bool { return f.Value(name) == "true" }

// Values are all fields by name, hidden ones too.
func (f *Form) Values() map[string]string {
	values := make(map[string]string, len(f.entries))
	for _, e := range f.entries {
		if e.Name != "" {
			values[e.Name] = e.get()
		}
	}
	return values
}

// Dirty reports whether a field differs from what the form was filled with.
func (f *Form) Dirty() bool {
	for _, e := range f.entries {
		if e.takes() && e.get() != e.clean {
			return true
		}
	}
	return false
}

// Change edits a field's description: its hint, options, note or whether it is
// hidden. What was put into it stays, but a choice keeps only a key that is
// still offered.
func (f *Form) Change(name string, edit func(*Field)) {
	e := f.entry(name)
	if e == nil {
		return
	}
	edit(&e.Field)
	e.input.Placeholder, e.editor.Placeholder = e.Placeholder, e.Placeholder
	e.input.Max, e.editor.Max = e.Max, e.Max
	if e.Kind == FieldChoice && e.label() == "" {
		e.value = ""
	}
	if !f.entries[f.at].takes() {
		f.step(1)
	}
}

// types reports whether a field is drawn as having the keyboard.
func (f *Form) types(i int) bool { return i == f.at && !f.Resting }

// Focused is the name of the field with the keyboard.
func (f *Form) Focused() string {
	if f.at < len(f.entries) {
		return f.entries[f.at].Name
	}
	return ""
}

// Before is what stands before the cursor in the field with the keyboard.
func (f *Form) Before() string {
	if f.at >= len(f.entries) {
		return ""
	}
	if b := f.entries[f.at].text(); b != nil {
		return b.text[:b.at]
	}
	return ""
}

// Focus gives a field the keyboard.
func (f *Form) Focus(name string) {
	for i, e := range f.entries {
		if e.Name == name && e.takes() {
			f.leave(i)
		}
	}
}

// Open reports whether a choice shows its options, or a text its variables: esc
// then closes them.
func (f *Form) Open() bool { return f.at < len(f.entries) && f.entries[f.at].open() }

// Check looks at every field, as leaving them does, and gives the keyboard to
// the first that is refused.
func (f *Form) Check() (ok bool) {
	f.general = nil
	for _, e := range f.entries {
		_ = e.check() // kept in the entry, shown below the field
	}
	return f.focusRefused()
}

// Fail shows a refusal: each error at its field, those without one above the
// form. The first refused field gets the keyboard.
func (f *Form) Fail(err error) {
	f.general = nil
	var fields core.Fields
	if !errors.As(err, &fields) {
		f.refuse(err)
	}
	for _, one := range fields {
		f.refuse(one)
	}
	f.focusRefused()
}

// Forgive takes refusals of codes away that may be over by now.
func (f *Form) Forgive(codes ...core.Code) {
	over := func(err error) bool { return err != nil && slices.Contains(codes, core.CodeOf(err)) }
	f.general = slices.DeleteFunc(f.general, over)
	for _, e := range f.entries {
		if over(e.err) {
			e.err = nil
		}
	}
}

func (f *Form) refuse(err error) {
	var e *core.Error
	if errors.As(err, &e) {
		if at := f.entry(e.Field); at != nil && at.takes() {
			at.refuse(err)
			return
		}
	}
	if err != nil {
		f.general = append(f.general, err)
		f.sight.begin()
	}
}

func (f *Form) focusRefused() (none bool) {
	for i, e := range f.entries {
		if e.err != nil && e.takes() {
			f.entries[f.at].rest()
			f.at = i
			return false
		}
	}
	return true
}

func (f *Form) entry(name string) *entry {
	for _, e := range f.entries {
		if e.Name == name && name != "" {
			return e
		}
	}
	return nil
}

// Update takes what is typed into the field with the keyboard, and the keys
// that move between fields. Keys that mean nothing here are left to the page:
// enter in the last field is one.
func (f *Form) Update(msg tea.Msg) (handled bool) {
	if f.at >= len(f.entries) {
		return false
	}
	f.loose = false
	if f.entries[f.at].update(msg) {
		return true
	}
	press, ok := msg.(tea.KeyPressMsg)
	return ok && f.move(press.String())
}

func (f *Form) move(key string) bool {
	switch key {
	case "tab", "enter":
		return f.step(1) || key == "tab" && f.wrap(-1, 1)
	case "shift+tab":
		return f.step(-1) || f.wrap(len(f.entries), -1)
	case "down":
		return f.stepTo(f.beyondLine(1))
	case "up":
		return f.stepTo(f.beyondLine(-1))
	}
	return false
}

// step gives the keyboard to the next field in a direction.
func (f *Form) step(by int) bool { return f.stepTo(f.beyond(by)) }

func (f *Form) stepTo(i int) bool {
	if i < 0 {
		return false
	}
	f.leave(i)
	return true
}

// beyond is the next field in a direction that can have the keyboard, or -1.
func (f *Form) beyond(by int) int { return f.after(f.at, by) }

func (f *Form) after(at, by int) int {
	for i := at + by; i >= 0 && i < len(f.entries); i += by {
		if f.entries[i].takes() {
			return i
		}
	}
	return -1
}

// wrap goes on from the other end.
func (f *Form) wrap(from, by int) bool {
	for i := from + by; i >= 0 && i < len(f.entries); i += by {
		if f.entries[i].takes() {
			f.leave(i)
			return true
		}
	}
	return false
}

// leave checks the field that had the keyboard and gives it to another.
func (f *Form) leave(to int) {
	if f.at >= 0 && f.at < len(f.entries) && f.at != to {
		e := f.entries[f.at]
		e.rest()
		_ = e.check() // kept in the entry, shown below the field
	}
	f.at = to
}

// Cursor is the cell of the terminal's cursor, within what was last drawn.
func (f *Form) Cursor() (x, y int, shown bool) {
	return f.cursor.x, f.cursor.y, f.cursor.shown && f.cursor.y >= 0 && f.cursor.y < f.height
}
