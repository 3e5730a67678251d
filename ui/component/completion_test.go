package component

import (
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
)

func letter() *Form {
	variables := []Option{
		{Key: "name", Label: "{name}", Hint: "the contact's name"},
		{Key: "point-of-sale", Label: "{point-of-sale}", Hint: "where it comes from"},
		{Key: "link", Label: "{link}", Hint: "the link to follow"},
	}
	return NewForm(
		Field{Name: "subject", Label: "Subject", Variables: variables},
		Field{Name: "body", Label: "Text", Kind: FieldLines, Rows: 4, Variables: variables, Max: 60},
		Field{Name: "last", Label: "Last"},
	)
}

func TestVariablesAreCompleted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, typed, keys, want string }{
		{"the first", "{", "enter", "{name}"},
		{"by tab", "{", "tab", "{name}"},
		{"another", "{", "down down enter", "{link}"},
		{"up again", "{", "down up enter", "{name}"},
		{"not beyond the last", "{", "down down down down enter", "{link}"},
		{"filtered", "Dear {po", "enter", "Dear {point-of-sale}"},
		{"by what a name holds", "{sal", "enter", "{point-of-sale}"},
		{"a beginning goes first", "{l", "enter", "{link}"},
		{"filtered less", "{lx", "backspace enter", "{link}"},
		{"after a brace", "{{{na", "enter", "{{{name}"},
	} {
		for _, field := range []string{"subject", "body"} {
			f := letter()
			f.Focus(field)
			typed(f, c.typed)
			keys(f, strings.Fields(c.keys)...)
			if f.Value(field) != c.want || f.Focused() != field || f.Open() {
				t.Errorf("%s, %s: %q in %s, open %v", c.name, field, f.Value(field), f.Focused(), f.Open())
			}
		}
	}
}

func TestCompletionIsInNobodysWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, typed, keys, want string }{
		{"a doubled brace", "{{", "enter", "{{\n"},
		{"a name nobody has", "{seat", "enter", "{seat\n"},
		{"a blank", "{ ", "enter", "{ \n"},
		{"a variable typed to its end", "{name}", "enter", "{name}\n"},
		{"left by esc", "{na", "esc enter", "{na\n"},
		{"and it stays so", "{n", "esc a enter", "{na\n"},
		{"until the next brace", "{n", "esc space { enter", "{n {name}"},
		{"a cursor that comes by", "{n}", "left enter", "{n\n}"},
	} {
		f := letter()
		f.Focus("body")
		typed(f, c.typed)
		keys(f, strings.Fields(c.keys)...)
		if f.Value("body") != c.want {
			t.Errorf("%s: %q, want %q", c.name, f.Value("body"), c.want)
		}
	}
	f := letter()
	f.Focus("body")
	f.Update(tea.PasteMsg{Content: "pasted {na"})
	if f.Open() {
		t.Error("a paste opens the list")
	}
	f = letter()
	typed(f, "{")
	keys(f, "shift+tab")
	if f.Open() || f.Focused() != "last" {
		t.Error("the list holds the keyboard")
	}
}

func TestCompletionTakesTheRestOfAName(t *testing.T) {
	t.Parallel()
	f := letter()
	f.Set("subject", "Dear {nme}, hello")
	keys(f, "home", "right", "right", "right", "right", "right", "right", "right", "a", "enter")
	if got := f.Value("subject"); got != "Dear {name}, hello" {
		t.Errorf("%q", got)
	}
	f.Set("subject", "hello")
	keys(f, "home", "{", "n", "enter")
	if got := f.Value("subject"); got != "{name}hello" {
		t.Errorf("a word was taken for the rest of a variable: %q", got)
	}
}

func TestCompletionIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	f := letter()
	f.Focus("body")
	typed(f, strings.Repeat("a", 50)+"{po")
	keys(f, "enter")
	if got := f.Value("body"); got != strings.Repeat("a", 50)+"{po" {
		t.Errorf("%q", got)
	}
	if s := flat(f.Render(darkLook(t), 80, 12)); !strings.Contains(s, "Use 60 characters") {
		t.Errorf("a variable was left out in silence:\n%s", s)
	}
}

func TestCompletionListsItsKeysAndLiesBesideTheCursor(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	for _, size := range [][2]int{{120, 30}, {40, 6}, {40, 3}} {
		f := letter()
		f.Focus("body")
		typed(f, "Dear {")
		if a, ok := action.Find(f.Actions(), "esc", true); !ok || a.Label != "component.form.close" {
			t.Errorf("esc means %q", a.Label)
		}
		if err := action.Check(f.Actions()); err != nil {
			t.Error(err)
		}
		lines := f.Render(k, size[0], size[1])
		exact(t, "completion", lines, size[0], size[1])
		_, y, _ := f.Cursor()
		s := flat(lines)
		if !strings.Contains(s, "▸ {name}") || !strings.Contains(flat(lines[y:y+1]), "Dear {") {
			t.Errorf("%v: the list is missing or lies on the cursor:\n%s", size, s)
		}
	}
}

func TestAFieldIsWatchedWhileTyping(t *testing.T) {
	t.Parallel()
	refuse := func(value string) error {
		if strings.Contains(value, "x") {
			return core.Refuse(core.CodeChoice)
		}
		return nil
	}
	f := NewForm(Field{Name: "word", Label: "Word", Watch: refuse}, Field{Name: "next", Label: "Next"})
	said := func() bool { return strings.Contains(flat(f.Render(darkLook(t), 80, 6)), "not one of the choices") }
	if typed(f, "ax"); !said() {
		t.Error("a refused letter isn't told")
	}
	if keys(f, "backspace"); said() {
		t.Error("told though it is gone")
	}
	f.Set("word", "x")
	if f.Check() || !said() {
		t.Error("accepted as a whole")
	}
}

func TestFormGivesWhatStandsBeforeTheCursor(t *testing.T) {
	t.Parallel()
	f := letter()
	f.Focus("body")
	typed(f, "one two")
	keys(f, "left", "left")
	if got := f.Before(); got != "one t" {
		t.Errorf("%q", got)
	}
}

func TestARestingFormShowsNoFocus(t *testing.T) {
	t.Parallel()
	f := letter()
	typed(f, "one")
	f.Resting = true
	if s := flat(f.Render(darkLook(t), 80, 10)); strings.Contains(s, "▸") || !strings.Contains(s, "one") {
		t.Errorf("it shows the keyboard:\n%s", s)
	}
	if _, _, shown := f.Cursor(); shown {
		t.Error("the cursor stands in it")
	}
}

func FuzzCompletion(f *testing.F) {
	f.Add("Dear {na", "\n{")
	f.Add("{{{", "me}")
	f.Add("{\u0301", "link}")
	f.Add("é{p}", "{{x")
	k := darkLook(f)
	f.Fuzz(func(t *testing.T, before, after string) {
		form := letter()
		form.Focus("body")
		form.Update(tea.PasteMsg{Content: before})
		for _, r := range after {
			if r >= ' ' && r != 0x7f {
				form.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
		}
		open, was := form.Open(), form.Value("body")
		exact(t, "completion", form.Render(k, 60, 8), 60, 8)
		keys(form, "tab")
		is := form.Value("body")
		if open == (is == was) && len([]rune(is)) < 55 {
			t.Errorf("open %v: %q became %q", open, was, is)
		}
		if !utf8.ValidString(is) || open && form.Focused() != "body" {
			t.Errorf("%q became %q, the keyboard is in %s", was, is, form.Focused())
		}
	})
}
