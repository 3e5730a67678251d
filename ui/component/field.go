package component

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
)

// FieldKind is how a [Field] is filled in.
type FieldKind uint8

// The kinds of fields.
const (
	FieldText     FieldKind = iota // one line
	FieldPassword                  // one line, masked
	FieldChoice                    // one of Options, filtered while typing
	FieldToggle                    // on or off; see [Form.On]
	FieldLines                     // plain text of many lines
	FieldShown                     // a value that can't be changed here
	FieldHeading                   // a title above the fields that follow
	FieldNote                      // a sentence behind a bar: what saving does
	FieldLookup                    // one of many, found while typing; see [Form.Asks]
	FieldDate                      // a date; it is handed out as ISO 8601 writes it
	FieldPhone                     // a phone number, tidied when the field is left
)

// Option is one value of a choice.
type Option struct {
	Key   string // what the form hands out
	Label string
	Hint  string
	// Status is drawn before the label where the field is Marked.
	Status core.EmailStatus
}

// Field is one line of a [Form].
type Field struct {
	// Name is the field's name in core.Error.
	Name  string
	Label string
	Kind  FieldKind
	// Required marks it, and refuses an empty value when it is left.
	Required bool
	// Hint stands at the right, or below where there is no room.
	Hint string
	// Yields gives the hint some of the field's own cells where it stands beside
	// it by that.
	Yields      bool
	Placeholder string
	// Max is the length in code points; 0 is 200, and 10,000 for many lines.
	Max int
	// Rows is the height of many lines; 0 is 8.
	Rows int
	// Options of a choice. None says in its place why there are none. Of a
	// look-up they are those whose labels are known: what it holds is one.
	Options []Option
	None    string
	// Marked draws the email status of every option.
	Marked bool
	// Beside puts the field on the line of the field before it, where the form
	// is wide enough. Brief is its label there; empty for none.
	Beside bool
	Brief  string
	// Cells is the width of the value where it shares its line; 0 is 20.
	Cells int
	// Variables are offered behind a brace being typed in a text: Key is the
	// name without braces.
	Variables []Option
	// Tidy writes a phone number that was typed as it is to be kept, when the
	// field is left. It may be nil.
	Tidy func(typed string) string
	// Check refuses a value when the field is left. It may be nil.
	Check func(value string) error
	// Watch refuses a value while it is typed, and when the field is left. It
	// may be nil.
	Watch func(value string) error
	// Alarm makes a note a warning.
	Alarm bool
	// Hidden takes the field away; its value stays.
	Hidden bool
}

// entry is a field with what was put into it.
type entry struct {
	Field
	input  Input
	editor Editor
	pick   picker
	names  completion
	value  string // of a choice, a toggle, or what is shown
	clean  string // the value when the form was filled
	err    error
	seen   int    // the cluster of a line's text that was drawn first
	hint   string // what is drawn beside it
	held   bool   // it is being edited, and not only passed by
}

func newEntry(f Field) *entry {
	return &entry{
		Field:  f,
		input:  Input{Max: f.Max, Masked: f.Kind == FieldPassword, Placeholder: f.Placeholder},
		editor: Editor{Max: f.Max, Placeholder: f.Placeholder},
	}
}

// takes reports whether the field can have the keyboard: a choice of nothing
// can't, and is not asked for.
func (e *entry) takes() bool {
	switch e.Kind {
	case FieldText, FieldPassword, FieldToggle, FieldLines, FieldLookup, FieldDate, FieldPhone:
		return !e.Hidden
	case FieldChoice:
		return !e.Hidden && len(e.Options) > 0
	case FieldShown, FieldHeading, FieldNote:
	}
	return false
}

func (e *entry) get() string {
	switch e.Kind {
	case FieldText, FieldPassword, FieldPhone:
		return e.input.Value()
	case FieldDate:
		if d := e.day(); d != 0 {
			return d.String()
		}
		return e.input.Value()
	case FieldLines:
		return e.editor.Value()
	case FieldChoice, FieldToggle, FieldShown, FieldHeading, FieldNote, FieldLookup:
	}
	return e.value
}

func (e *entry) set(value string) {
	e.err, e.names = nil, completion{}
	switch e.Kind {
	case FieldText, FieldPassword, FieldPhone:
		e.input.Set(value)
	case FieldDate:
		e.setDay(value)
	case FieldLines:
		e.editor.Set(value)
	case FieldChoice, FieldToggle, FieldShown, FieldHeading, FieldNote, FieldLookup:
		e.value = value
	}
}

// text is what is edited in the field, nil where nothing is typed.
func (e *entry) text() *buffer {
	switch e.Kind {
	case FieldText, FieldPassword, FieldDate, FieldPhone:
		return &e.input.buffer
	case FieldLines:
		return &e.editor.buffer
	case FieldChoice, FieldToggle, FieldShown, FieldHeading, FieldNote, FieldLookup:
	}
	return nil
}

// refuse shows an error at the field.
func (e *entry) refuse(err error) {
	e.err = err
	if b := e.text(); b != nil {
		b.loss = lossNone
	}
}

// check is what happens when the field is left. That a letter was left out is
// no news any more then; what a paste lost is.
func (e *entry) check() error {
	e.err = nil
	if b := e.text(); b != nil && b.loss == lossTyped {
		b.loss = lossNone
	}
	e.tidy()
	value := e.get()
	switch {
	case !e.takes():
	case e.Required && strings.TrimSpace(value) == "":
		e.err = core.RefuseField(core.CodeRequired, e.Name)
	case e.Check != nil:
		e.err = e.Check(value)
	case e.Kind == FieldDate:
		_, e.err = core.ParseDate(value)
	}
	if e.err == nil {
		e.err = e.watched()
	}
	return e.err
}

// tidy writes what was typed as it is kept; what was there before stays.
func (e *entry) tidy() {
	switch {
	case e.Kind == FieldPhone && e.Tidy != nil && e.get() != e.clean:
		e.input.buffer.retype(e.Tidy(e.get()))
	case e.day() != 0:
		e.input.buffer.retype(dayTyped(e.day()))
	}
}

// watched is why a value is refused while it is typed.
func (e *entry) watched() error {
	if e.Watch == nil || !e.takes() {
		return nil
	}
	return e.Watch(e.get())
}

// open reports whether a list is shown that esc closes.
func (e *entry) open() bool { return e.pick.open || e.names.open }

// rest is what the keyboard leaves behind.
func (e *entry) rest() { e.pick.open, e.names.open, e.held = false, false, false }

// update gives a message to the field; handled tells whether it meant
// something there.
func (e *entry) update(msg tea.Msg) (handled bool) {
	before := e.get()
	if e.completes(msg) {
		e.err = e.watched()
		return true
	}
	switch e.Kind {
	case FieldText, FieldPassword, FieldPhone:
		handled = e.input.Update(msg)
	case FieldDate:
		handled = e.stepKey(msg) || e.input.Update(msg)
		e.held = e.held || handled
	case FieldLines:
		handled = e.editor.Update(msg)
	case FieldToggle:
		handled = e.toggle(msg)
	case FieldChoice:
		handled = e.choose(msg)
	case FieldLookup:
		handled = e.lookUp(msg)
	case FieldShown, FieldHeading, FieldNote:
	}
	changed := e.get() != before
	if changed {
		e.err = e.watched()
	}
	e.typing(msg, changed)
	return handled
}

func (e *entry) toggle(msg tea.Msg) bool {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok || press.String() != "space" && press.String() != "enter" {
		return false
	}
	e.value = strconv.FormatBool(e.value != "true")
	return true
}

// label is that of the chosen option.
func (e *entry) label() string {
	return e.chosen().Label
}

// chosen is the option that the field holds; without a label where it is not
// known.
func (e *entry) chosen() Option {
	for _, o := range e.Options {
		if o.Key == e.value {
			return o
		}
	}
	return Option{}
}

// picker is an open choice: what was typed to filter, and which option is
// selected among those that match.
type picker struct {
	open   bool
	filter Input
	at     int
	answer answer // to a look-up
}

const pickerRows = 7

func (e *entry) choose(msg tea.Msg) bool {
	if !e.pick.open {
		return e.openPicker(msg)
	}
	if press, ok := msg.(tea.KeyPressMsg); ok && e.pickKey(press.String()) {
		return true
	}
	e.pick.at = 0
	return e.pick.filter.Update(msg)
}

// openPicker opens the choice by enter, space, or the first letter to filter
// by.
func (e *entry) openPicker(msg tea.Msg) bool {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok || len(e.Options) == 0 {
		return false
	}
	plain := press.String() == "enter" || press.String() == "space"
	if !plain && press.Text == "" {
		return false
	}
	e.pick = picker{open: true}
	if !plain {
		e.pick.filter.Update(msg)
		return true
	}
	for i, o := range e.Options {
		if o.Key == e.value {
			e.pick.at = i
		}
	}
	return true
}

func (e *entry) pickKey(key string) bool {
	last := len(e.matches()) - 1
	switch key {
	case "up":
		e.pick.at = max(0, e.pick.at-1)
	case "down":
		e.pick.at = max(0, min(last, e.pick.at+1))
	case "pgup", "home":
		e.pick.at = 0
	case "pgdown", "end":
		e.pick.at = max(0, last)
	case "esc":
		e.pick.open = false
	case "enter":
		e.take()
	case "tab": // takes it too, and goes on
		if e.Kind != FieldLookup || e.pick.filter.Value() != "" {
			e.take()
		}
		return false
	default:
		return false
	}
	return true
}

// take chooses the selected option and closes the list.
func (e *entry) take() {
	if e.Kind == FieldLookup && !e.answered() {
		return // what stands below is not about what was typed
	}
	if found := e.matches(); e.pick.at < len(found) {
		e.value = found[e.pick.at].Key
		e.know(found[e.pick.at])
	}
	e.pick.open = false
}

// matches lists the options that hold every typed word, whatever case and
// accents: first those with a word that begins as was typed, of these the
// shorter ones.
func (e *entry) matches() []Option {
	if e.Kind == FieldLookup {
		return e.pick.answer.found
	}
	words := strings.Fields(core.Fold(e.pick.filter.Value()))
	var found []Option
	for _, o := range e.Options {
		if holds(core.Fold(o.Label+" "+o.Hint), words) {
			found = append(found, o)
		}
	}
	if len(words) > 0 {
		slices.SortStableFunc(found, func(a, b Option) int {
			return cmp.Or(cmp.Compare(inside(a, words[0]), inside(b, words[0])),
				cmp.Compare(utf8.RuneCountInString(a.Label), utf8.RuneCountInString(b.Label)))
		})
	}
	return found
}

// inside is 0 where a word of the label begins with what was typed, else 1.
func inside(o Option, typed string) int {
	label := core.Fold(o.Label)
	for at := 0; ; at++ {
		i := strings.Index(label[at:], typed)
		if i < 0 {
			return 1
		}
		at += i
		if before, _ := utf8.DecodeLastRuneInString(label[:at]); at == 0 || !unicode.IsLetter(before) {
			return 0
		}
	}
}

func holds(s string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(s, w) {
			return false
		}
	}
	return true
}
