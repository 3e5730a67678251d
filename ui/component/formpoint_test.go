package component

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
)

// clickOn clicks on the cell where a text begins, and some cells on.
func clickOn(t *testing.T, f *Form, lines []string, text string, on int) {
	t.Helper()
	for y, line := range lines {
		plain := stripped(line)
		if at := strings.Index(plain, text); at >= 0 {
			if !f.Click(lipgloss.Width(plain[:at])+on, y) {
				t.Errorf("a click on %q hit nothing", text)
			}
			return
		}
	}
	t.Fatalf("%q is not drawn:\n%s", text, strings.Join(lines, "\n"))
}

func TestFormTakesClicks(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	f := NewForm(
		Field{Name: "name", Label: "Name"},
		Field{Name: "on", Label: "Guest", Kind: FieldToggle},
		Field{Name: "kind", Label: "Kind", Kind: FieldChoice, Options: []Option{{Key: "a", Label: "alpha"}, {Key: "b", Label: "beta"}, {Key: "c", Label: "gamma"}}},
		Field{Name: "notes", Label: "Notes", Kind: FieldLines, Rows: 3},
	)
	f.Fill(map[string]string{"name": "山田 Zoé", "kind": "a", "notes": "one\ntwo"})
	draw := func() []string { return f.Render(k, 60, 14) }
	clickOn(t, f, draw(), "山田", 5) // behind two wide letters and a blank
	if got := f.Before(); got != "山田 " {
		t.Errorf("the cursor stands behind %q", got)
	}
	clickOn(t, f, draw(), "[ ]", 0)
	if !f.On("on") || f.Focused() != "on" {
		t.Errorf("the toggle is %s, the keyboard in %s", f.Value("on"), f.Focused())
	}
	clickOn(t, f, draw(), "Guest", 0)
	if !f.On("on") {
		t.Error("a click on the label switched")
	}
	clickOn(t, f, draw(), "alpha", 0)
	if !f.Open() {
		t.Fatal("the choice didn't open")
	}
	clickOn(t, f, draw(), "gamma", 1)
	if f.Open() || f.Value("kind") != "c" {
		t.Errorf("open %t, chosen %q", f.Open(), f.Value("kind"))
	}
	clickOn(t, f, draw(), "two", 2)
	if got := f.Before(); got != "one\ntw" {
		t.Errorf("the cursor stands behind %q", got)
	}
	if f.Click(5, 13) || f.Click(-1, -1) {
		t.Error("a click beside the fields hit one")
	}
}

func TestFormScrollsByTheWheelUntilAKey(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	var fields []Field
	for _, name := range strings.Fields("a b c d e f g h i j") {
		fields = append(fields, Field{Name: name, Label: "Field " + name})
	}
	f := NewForm(fields...)
	f.Render(k, 60, 4)
	f.Wheel(100)
	if last := stripped(f.Render(k, 60, 4)[3]); !strings.Contains(last, "Field j") {
		t.Errorf("the last line is %q", last)
	}
	if _, _, shown := f.Cursor(); shown {
		t.Error("a cursor is shown where its field isn't")
	}
	keys(f, "down")
	if all := strings.Join(f.Render(k, 60, 4), "\n"); !strings.Contains(stripped(all), "Field b") {
		t.Errorf("the field with the keyboard is out of sight:\n%s", all)
	}
}
