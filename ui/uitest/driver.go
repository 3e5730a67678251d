package uitest

import (
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// Driver runs a model the way Bubble Tea does, but in the test's goroutine:
// each message is followed by all commands it leads to and by View. It is not
// safe for concurrent use.
type Driver struct {
	t             testing.TB
	model         tea.Model
	width, height int
	view          tea.View
	frame         *Frame // of the view, once somebody asked
	views         []tea.View
	commands      []tea.Cmd
	waiting       int
	quit          bool
}

// New starts a model on a terminal of this size with full colour.
func New(t testing.TB, model tea.Model, width, height int) *Driver {
	t.Helper()
	d := &Driver{t: t, model: model}
	d.commands = append(d.commands, model.Init())
	d.look()
	d.Send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
	d.Resize(width, height)
	return d
}

// Press presses keys, each spelled as Bubble Tea spells it: "ctrl+s", "enter",
// "G", "?", "space".
func (d *Driver) Press(keys ...string) {
	d.t.Helper()
	for _, key := range keys {
		msg, err := keyPress(key)
		if err != nil {
			d.t.Fatalf("press a key: %v", err)
		}
		d.Send(msg)
	}
}

// Type presses the key of every character of text.
func (d *Driver) Type(text string) {
	d.t.Helper()
	for text != "" {
		_, n := utf8.DecodeRuneInString(text)
		key := text[:n]
		if key == " " {
			key = "space"
		}
		d.Press(key)
		text = text[n:]
	}
}

// Paste pastes text in one piece.
func (d *Driver) Paste(text string) {
	d.t.Helper()
	d.Send(tea.PasteMsg{Content: text})
}

// Resize changes the size of the terminal.
func (d *Driver) Resize(width, height int) {
	d.t.Helper()
	d.width, d.height, d.frame = width, height, nil
	d.Send(tea.WindowSizeMsg{Width: width, Height: height})
}

// Send hands a message to the model and runs every command that follows.
// After the model quit it does nothing.
func (d *Driver) Send(msg tea.Msg) {
	d.t.Helper()
	d.deliver(msg)
	d.settle()
}

// Step hands a message to the model and returns its command without running
// it: for what happens while the answer isn't there yet.
func (d *Driver) Step(msg tea.Msg) tea.Cmd {
	d.t.Helper()
	if d.quit {
		return nil
	}
	var cmd tea.Cmd
	d.model, cmd = d.model.Update(msg)
	d.look()
	return cmd
}

// Run runs a command from [Driver.Step] and all that follow.
func (d *Driver) Run(cmd tea.Cmd) {
	d.t.Helper()
	d.commands = append(d.commands, cmd)
	d.settle()
}

// Frame is what the terminal shows now.
func (d *Driver) Frame() Frame {
	if d.frame == nil {
		f := Flatten(d.view, d.width, d.height)
		d.frame = &f
	}
	return *d.frame
}

// View is the last view of the model.
func (d *Driver) View() tea.View { return d.view }

// Views lists every view so far that differed from the one before, for
// [Record].
func (d *Driver) Views() []tea.View { return d.views }

// Quit reports whether the model ended the program.
func (d *Driver) Quit() bool { return d.quit }

// Waiting counts the commands left out because they only wait for time to
// pass, such as a blinking cursor.
func (d *Driver) Waiting() int { return d.waiting }

// Want fails the test unless every text stands on the screen.
func (d *Driver) Want(texts ...string) {
	d.t.Helper()
	f := d.Frame()
	for _, text := range texts {
		if !f.Contains(text) {
			d.t.Fatalf("the screen doesn't show %q:\n%s", text, f)
		}
	}
}

// Without fails the test if one of the texts stands on the screen.
func (d *Driver) Without(texts ...string) {
	d.t.Helper()
	f := d.Frame()
	for _, text := range texts {
		if f.Contains(text) {
			d.t.Fatalf("the screen shows %q:\n%s", text, f)
		}
	}
}

// look takes the model's view, as Bubble Tea does after every message.
func (d *Driver) look() {
	v := d.model.View()
	if n := len(d.views); n == 0 || v.Content != d.view.Content || !sameCursor(v.Cursor, d.view.Cursor) {
		d.views = append(d.views, v)
	}
	d.view, d.frame = v, nil
}

func sameCursor(a, b *tea.Cursor) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Position == b.Position
}
