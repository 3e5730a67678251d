package component

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
)

func lookupForm() *Form {
	return NewForm(
		Field{Name: "structure", Label: "Structure", Kind: FieldLookup, Marked: true},
		Field{Name: "last", Label: "Last name"},
	)
}

func found() []Option {
	return []Option{
		{Key: "7", Label: "Lycée du Lac", Hint: "C-000007", Status: core.EmailValidated},
		{Key: "8", Label: "Lycée Voltaire", Hint: "C-000008"},
	}
}

func TestLookupAsksForEachTextOnce(t *testing.T) {
	t.Parallel()
	f := lookupForm()
	if _, _, asks := f.Asks(); asks {
		t.Error("a closed field asks")
	}
	typed(f, "ly")
	name, text, asks := f.Asks()
	if name != "structure" || text != "ly" || !asks {
		t.Errorf("asks for %q in %s, %v", text, name, asks)
	}
	if _, _, again := f.Asks(); again {
		t.Error("asks twice for one text")
	}
	typed(f, "c")
	if _, text, asks := f.Asks(); text != "lyc" || !asks {
		t.Errorf("asks for %q, %v after another letter", text, asks)
	}
}

func TestLookupTakesOnlyWhatWasFoundForTheText(t *testing.T) {
	t.Parallel()
	f := lookupForm()
	typed(f, "ly")
	f.Asks()
	keys(f, "enter")
	if f.Value("structure") != "" || !f.Open() {
		t.Fatal("enter took what was not there")
	}
	f.Answer("structure", "l", []Option{{Key: "1", Label: "Late"}}, 1, nil)
	f.Answer("last", "ly", []Option{{Key: "1", Label: "Wrong"}}, 1, nil)
	f.Answer("structure", "ly", found(), 12, nil)
	screen := flat(f.Render(darkLook(t), 80, 8))
	for _, want := range []string{"●✓ Lycée du Lac", "C-000008", "10 more, type on"} {
		if !strings.Contains(screen, want) {
			t.Errorf("no %q:\n%s", want, screen)
		}
	}
	if strings.Contains(screen, "Late") {
		t.Errorf("an older answer is shown:\n%s", screen)
	}
	typed(f, "c")
	keys(f, "enter")
	if f.Value("structure") != "" {
		t.Error("enter took what was found for another text")
	}
	f.Asks()
	f.Answer("structure", "lyc", found(), 2, nil)
	keys(f, "down", "enter")
	if f.Value("structure") != "8" || f.Open() {
		t.Errorf("holds %q", f.Value("structure"))
	}
	if screen := flat(f.Render(darkLook(t), 80, 8)); !strings.Contains(screen, "○  Lycée Voltaire") {
		t.Errorf("what was taken isn't named:\n%s", screen)
	}
}

func TestLookupSaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	f := lookupForm()
	keys(f, "enter")
	f.Asks()
	said := func() string { return flat(f.Render(k, 80, 8)) }
	if !strings.Contains(said(), k.Text.T("component.list.loading")) {
		t.Errorf("while it is looked for:\n%s", said())
	}
	f.Answer("structure", "", nil, 0, nil)
	if !strings.Contains(said(), k.Text.T("component.form.no-match")) {
		t.Errorf("nothing found:\n%s", said())
	}
	f.Answer("structure", "", nil, 0, errors.New("a defect"))
	if !strings.Contains(said(), "Something went wrong") {
		t.Errorf("failed:\n%s", said())
	}
}

func TestLookupIsEmptiedAndKeepsWhatItKnows(t *testing.T) {
	t.Parallel()
	f := lookupForm()
	f.Know("structure", found()[0])
	f.Fill(map[string]string{"structure": "7"})
	if a, ok := action.Find(f.Actions(), "delete", true); !ok || a.Label != "component.form.clear" {
		t.Error("no key to take it out")
	}
	f.Update(tea.PasteMsg{Content: "volt"})
	if _, text, _ := f.Asks(); text != "volt" {
		t.Errorf("a paste asks for %q", text)
	}
	keys(f, "esc")
	if f.Open() || f.Value("structure") != "7" || f.Dirty() {
		t.Errorf("esc left %q", f.Value("structure"))
	}
	keys(f, "enter", "tab")
	if f.Value("structure") != "7" || f.Focused() != "last" {
		t.Errorf("tab took %q", f.Value("structure"))
	}
	told := f.Facets(darkLook(t), f.Values(), map[string]string{"structure": ""}, f.Values())
	if len(told) != 1 || told[0].Mine != "Lycée du Lac" || told[0].Origin != ChangedThere {
		t.Errorf("compared as %+v", told)
	}
	f.Fill(map[string]string{"structure": "7"})
	f.Focus("structure")
	keys(f, "backspace")
	if f.Value("structure") != "" {
		t.Error("backspace left it")
	}
}

func TestTheSelectedOptionIsInSightOnALowScreen(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	f := lookupForm()
	keys(f, "enter")
	f.Asks()
	var many []Option
	for _, name := range strings.Fields("one two three four five six seven") {
		many = append(many, Option{Key: name, Label: name})
	}
	f.Answer("structure", "", many, len(many), nil)
	for _, o := range many {
		lines := f.Render(k, 40, 4)
		exact(t, "form", lines, 40, 4)
		if screen := flat(lines); !strings.Contains(screen, "▸ ○  "+o.Label) || !strings.Contains(screen, "Structure") {
			t.Errorf("%s isn't in sight:\n%s", o.Label, screen)
		}
		keys(f, "down")
	}
}
