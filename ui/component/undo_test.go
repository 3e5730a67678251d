package component

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"
)

func TestUndoGoesBackByWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, keys, want string }{
		{"", "o n e space t w o ctrl+z", "one "},
		{"", "o n e space t w o ctrl+z ctrl+z", ""},
		{"", "o n e space t w o ctrl+z ctrl+z ctrl+y", "one "},
		{"", "o n e ctrl+z ctrl+z ctrl+y ctrl+y", "one"},
		{"", "o n e ctrl+z ctrl+y x ctrl+z", "one"},
		{"", "o n e ctrl+z x ctrl+y", "x"},
		{"", "o n e ctrl+z x ctrl+z ctrl+z", ""},
		{"saved", "ctrl+z", "saved"},
		{"one two", "backspace backspace backspace backspace ctrl+z", "one "},
		{"one two", "backspace backspace backspace backspace ctrl+z ctrl+z", "one two"},
		{"one two", "home delete delete delete delete delete ctrl+z", "two"},
		{"one two", "home delete delete delete delete delete ctrl+z ctrl+z", "one two"},
		{"one two", "ctrl+w ctrl+u ctrl+z ctrl+z", "one two"},
		{"ac", "left b right d ctrl+z", "abc"},
		{"e", "\u0301 ctrl+z", "e"},
		{"", "漢 字 ctrl+z ctrl+y", "漢字"},
	} {
		var in Input
		in.Set(c.text)
		keys(&in, strings.Fields(c.keys)...)
		if in.Value() != c.want {
			t.Errorf("%q, %s: %q, want %q", c.text, c.keys, in.Value(), c.want)
		}
	}
}

func TestAPasteIsOneStep(t *testing.T) {
	t.Parallel()
	var e Editor
	typed(&e, "a")
	e.Update(tea.PasteMsg{Content: "one two\nthree"})
	typed(&e, "b")
	for _, want := range []string{"aone two\nthree", "a", ""} {
		keys(&e, "ctrl+z")
		if e.Value() != want {
			t.Errorf("undone to %q, want %q", e.Value(), want)
		}
	}
}

func TestWhatEscTookOutOfASearchComesBack(t *testing.T) {
	t.Parallel()
	var s Search
	typed(&s, "vidal")
	keys(&s, "esc", "ctrl+z")
	if s.Value() != "vidal" {
		t.Errorf("%q came back", s.Value())
	}
}

func TestASecretIsNotRemembered(t *testing.T) {
	t.Parallel()
	f := NewForm(Field{Name: "password", Kind: FieldPassword})
	typed(f, "curtain")
	keys(f, "ctrl+u")
	if f.Update(press("ctrl+z")) || f.Value("password") != "" {
		t.Errorf("%q came back", f.Value("password"))
	}
	if past := f.entries[0].text().past; len(past.steps) != 0 {
		t.Errorf("%d steps are kept", len(past.steps))
	}
}

func TestAFilledFormHasNothingToUndo(t *testing.T) {
	t.Parallel()
	f := NewForm(Field{Name: "last"})
	typed(f, "Dupont")
	if !offers(f, keyUndo) || offers(f, keyRedo) {
		t.Error("what was typed can't be undone")
	}
	keys(f, "ctrl+z")
	if offers(f, keyUndo) || !offers(f, keyRedo) {
		t.Error("what was undone can't be done again")
	}
	f.Fill(map[string]string{"last": "Saved"})
	keys(f, "ctrl+z", "ctrl+y")
	if offers(f, keyUndo) || offers(f, keyRedo) || f.Value("last") != "Saved" {
		t.Errorf("%q stands there after saving", f.Value("last"))
	}
}

// offers reports whether a form lists a key.
func offers(f *Form, key string) bool {
	for _, a := range f.Actions() {
		for _, k := range a.Keys {
			if k == key {
				return true
			}
		}
	}
	return false
}

func TestAVariableIsUndoneWhole(t *testing.T) {
	t.Parallel()
	f := NewForm(Field{Name: "body", Kind: FieldLines, Variables: []Option{{Key: "link", Label: "link"}}})
	typed(f, "{l")
	keys(f, "enter")
	if f.Value("body") != "{link}" {
		t.Fatalf("completed to %q", f.Value("body"))
	}
	keys(f, "ctrl+z")
	if f.Value("body") != "{l" {
		t.Errorf("undone to %q", f.Value("body"))
	}
}

func TestThePastIsBounded(t *testing.T) {
	t.Parallel()
	b := buffer{max: 1 << 20}
	for range 60 {
		b.insert(strings.Repeat("x", 5000), lossPaste)
	}
	if past := b.past; past.bytes > stepsBytes || len(past.steps) > stepsMost || len(past.steps) == 0 {
		t.Errorf("%d bytes in %d steps", past.bytes, len(past.steps))
	}
	for range 3 * stepsMost {
		b.insert("y", lossPaste)
	}
	if len(b.past.steps) != stepsMost {
		t.Errorf("%d steps are kept", len(b.past.steps))
	}
}

// TestUndoIsTheWayBack: whatever is done, undoing all comes to the beginning,
// and doing all again to the end.
func TestUndoIsTheWayBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var e Editor
		e.Set("début 漢字 e\u0301")
		begin := e.Value()
		edits := []string{"a", "\u0301", "字", "space", "enter", "backspace", "delete", "left", "right", "home", "ctrl+w", "ctrl+u", "ctrl+k", "ctrl+z", "ctrl+y"}
		for _, key := range rapid.SliceOfN(rapid.SampledFrom(edits), 0, stepsMost).Draw(t, "keys") {
			e.Update(press(key))
		}
		for e.buffer.past.redoes() {
			keys(&e, "ctrl+y")
		}
		end, steps, bytes := e.Value(), len(e.buffer.past.steps), 0
		for _, s := range e.buffer.past.steps {
			bytes += s.size()
		}
		if bytes != e.buffer.past.bytes {
			t.Fatalf("%d bytes are counted, %d kept", e.buffer.past.bytes, bytes)
		}
		for range steps {
			keys(&e, "ctrl+z")
		}
		if e.Value() != begin {
			t.Fatalf("undone to %q", e.Value())
		}
		for range steps {
			keys(&e, "ctrl+y")
		}
		if e.Value() != end {
			t.Fatalf("done again to %q, want %q", e.Value(), end)
		}
	})
}
