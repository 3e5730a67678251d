package component

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/ui/action"
)

func contactForm() *Form {
	return NewForm(
		Field{Kind: FieldHeading, Label: "New contact"},
		Field{Name: "kind", Label: "Kind", Kind: FieldChoice, Options: []Option{
			{Key: "individual", Label: "individual", Hint: "a person"},
			{Key: "structure", Label: "structure", Hint: "a company"},
			{Key: "relay", Label: "relais de vente"},
		}},
		Field{Name: "last", Label: "Last name", Required: true},
		Field{Name: "email", Label: "Address", Check: checkAddress},
		Field{Name: "guest", Label: "Guest", Kind: FieldToggle},
		Field{Name: "note", Label: "Note", Kind: FieldLines, Rows: 3},
		Field{Kind: FieldNote, Label: "Saving creates the contact."},
	)
}

func checkAddress(s string) error {
	if s == "" {
		return nil
	}
	_, err := core.CanonicalAddress(s)
	return err
}

func TestFormGivesTheKeyboardInOrder(t *testing.T) {
	t.Parallel()
	f := contactForm()
	order := []string{"kind"}
	for range 5 {
		keys(f, "tab")
		order = append(order, f.Focused())
	}
	if got := strings.Join(order, " "); got != "kind last email guest note kind" {
		t.Errorf("tab goes %s", got)
	}
	keys(f, "shift+tab")
	if f.Focused() != "note" {
		t.Errorf("shift+tab goes to %s", f.Focused())
	}
}

func TestFormLeavesEnterInTheLastFieldToThePage(t *testing.T) {
	t.Parallel()
	f := NewForm(Field{Name: "email"}, Field{Name: "password", Kind: FieldPassword})
	if !f.Update(press("enter")) || f.Focused() != "password" {
		t.Error("enter in the first field didn't go on")
	}
	if f.Update(press("enter")) {
		t.Error("enter in the last field was taken")
	}
}

func TestFormChecksOnLeaving(t *testing.T) {
	t.Parallel()
	f := contactForm()
	k := darkLook(t)
	f.Focus("email")
	typed(f, "marie")
	if s := flat(f.Render(k, 100, 20)); strings.Contains(s, "┃ ") && !strings.Contains(s, "┃ Saving") {
		t.Errorf("refused while typing:\n%s", s)
	}
	before := len(strings.Split(strings.TrimSpace(flat(f.Render(k, 100, 20))), "\n"))
	keys(f, "tab")
	after := flat(f.Render(k, 100, 20))
	if len(strings.Split(strings.TrimSpace(after), "\n")) <= before {
		t.Errorf("nothing said after leaving:\n%s", after)
	}
	keys(f, "shift+tab")
	typed(f, "@mail.example")
	keys(f, "tab")
	if f.entry("email").err != nil {
		t.Error("still refused after it was mended")
	}
}

func TestFormCheckStopsAtTheFirstRefusal(t *testing.T) {
	t.Parallel()
	f := contactForm()
	if f.Check() || f.Focused() != "last" {
		t.Errorf("the keyboard is in %s", f.Focused())
	}
	typed(f, "Dupont")
	if !f.Check() {
		t.Error("a complete form is refused")
	}
}

func TestFormPutsErrorsAtTheirFields(t *testing.T) {
	t.Parallel()
	f := contactForm()
	f.Fail(core.Fields{
		core.RefuseField(core.CodeTooLong, "email").With("max", "200"),
		core.RefuseField(core.CodeChoice, "kind"),
		core.Refuse(core.CodeBusy),
	})
	if f.Focused() != "kind" {
		t.Errorf("the keyboard is in %s", f.Focused())
	}
	if f.entry("email").err == nil || len(f.general) != 1 {
		t.Errorf("email: %v, above the form: %v", f.entry("email").err, f.general)
	}
	f.Fail(errors.New("a defect"))
	if len(f.general) != 1 {
		t.Errorf("above the form: %v", f.general)
	}
	f.Fail(core.RefuseField(core.CodeAddress, "email"))
	if f.entry("email").err == nil || len(f.general) != 0 {
		t.Errorf("email: %v, above the form: %v", f.entry("email").err, f.general)
	}
}

func TestChoiceIsFilteredWhileTyping(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ keys, want string }{
		{"enter home down enter", "structure"},
		{"space down down enter", "relay"},
		{"s t r enter", "structure"},
		{"R E L tab", "relay"},
		{"p e r s enter", "individual"},
		{"s esc", "relay"},
		{"x y z enter", "relay"},
		{"enter enter", "relay"},
		{"enter up enter", "structure"},
	} {
		f := contactForm()
		f.Fill(map[string]string{"kind": "relay"})
		keys(f, strings.Fields(c.keys)...)
		if got := f.Value("kind"); got != c.want || f.Open() {
			t.Errorf("%s: %q, want %q, open %v", c.keys, got, c.want, f.Open())
		}
	}
}

func TestChoiceFilterIgnoresAccents(t *testing.T) {
	t.Parallel()
	f := NewForm(Field{Name: "place", Kind: FieldChoice, Options: []Option{{Key: "l", Label: "Lyon"}, {Key: "g", Label: "Genève"}}})
	typed(f, "eve")
	keys(f, "enter")
	if f.Value("place") != "g" {
		t.Errorf("%q", f.Value("place"))
	}
}

func TestChoiceOfNothingSaysWhyAndIsNotAsked(t *testing.T) {
	t.Parallel()
	const why = "No point of sale is running."
	f := NewForm(Field{Name: "pos", Label: "Point of sale", Kind: FieldChoice, Required: true, None: why}, Field{Name: "last", Label: "Last name"})
	if f.Focused() != "last" || !f.Check() {
		t.Errorf("the keyboard is in %s, complete %v", f.Focused(), f.Check())
	}
	if s := flat(f.Render(darkLook(t), 80, 5)); !strings.Contains(s, why) {
		t.Errorf("no reason:\n%s", s)
	}
}

func TestToggleSwitches(t *testing.T) {
	t.Parallel()
	f := contactForm()
	f.Focus("guest")
	keys(f, "space")
	if !f.On("guest") {
		t.Error("space didn't switch it on")
	}
	keys(f, "space")
	if f.On("guest") || f.Value("guest") != "false" {
		t.Errorf("%q after a second space", f.Value("guest"))
	}
}

func TestFormKnowsUnsavedText(t *testing.T) {
	t.Parallel()
	f := contactForm()
	f.Fill(map[string]string{"kind": "relay", "last": "Dupont", "note": "one\ntwo", "guest": "false"})
	if f.Dirty() {
		t.Error("unsaved right after filling")
	}
	f.Focus("last")
	typed(f, "x")
	if !f.Dirty() || f.Values()["last"] != "Dupontx" {
		t.Errorf("unsaved %v, %q", f.Dirty(), f.Values()["last"])
	}
	keys(f, "backspace")
	if f.Dirty() {
		t.Error("unsaved though nothing differs")
	}
}

func TestFormChangeKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	f := contactForm()
	f.Fill(map[string]string{"kind": "relay", "last": "Dupont"})
	f.Change("kind", func(e *Field) { e.Options = e.Options[:2] })
	f.Change("last", func(e *Field) { e.Hidden = true })
	if f.Value("kind") != "" || f.Value("last") != "Dupont" {
		t.Errorf("kind %q, last %q", f.Value("kind"), f.Value("last"))
	}
	if keys(f, "tab"); f.Focused() != "email" {
		t.Errorf("the keyboard is in %s, past a hidden field", f.Focused())
	}
}

func TestFormScrollsToTheField(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	f := contactForm()
	f.Focus("note")
	lines := f.Render(k, 60, 4)
	exact(t, "form", lines, 60, 4)
	if _, y, shown := f.Cursor(); !shown || y < 0 || y >= 4 || !strings.Contains(flat(lines), "Note") {
		t.Errorf("cursor on line %d, %v:\n%s", y, shown, flat(lines))
	}
	f.Focus("kind")
	if s := flat(f.Render(k, 60, 4)); !strings.Contains(s, "▸ Kind") {
		t.Errorf("back at the first field:\n%s", s)
	}
}

func TestFormCursorFollowsTheText(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	f := contactForm()
	f.Focus("last")
	f.Render(k, 80, 20)
	start, _, _ := f.Cursor()
	typed(f, "山a")
	f.Render(k, 80, 20)
	if x, _, _ := f.Cursor(); x != start+3 {
		t.Errorf("the cursor is %d cells from the start, want 3", x-start)
	}
}

func TestFormClickGivesTheKeyboard(t *testing.T) {
	t.Parallel()
	f := contactForm()
	f.Render(darkLook(t), 80, 20)
	if f.Click(0, 0) || !f.Click(4, 3) || f.Focused() != "email" {
		t.Errorf("the keyboard is in %s", f.Focused())
	}
}

func TestFormActionsMatchTheFocus(t *testing.T) {
	t.Parallel()
	f := contactForm()
	if a, ok := action.Find(f.Actions(), "enter", true); !ok || a.Label != "component.form.choose" {
		t.Errorf("enter on a choice: %v", a.Label)
	}
	a, _ := action.Find(f.Actions(), "enter", true)
	a.Run()
	if !f.Open() {
		t.Fatal("the choice didn't open")
	}
	a, ok := action.Find(f.Actions(), "esc", true)
	if !ok || a.Run() != nil || f.Open() {
		t.Error("esc didn't close it")
	}
	for _, name := range []string{"kind", "last", "guest", "note"} {
		f.Focus(name)
		if err := action.Check(f.Actions()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, a := range f.Actions() {
			if !darkLook(t).Text.Has(a.LabelKey()) {
				t.Errorf("no sentence for %s", a.LabelKey())
			}
		}
	}
}

func TestFormTakesPastes(t *testing.T) {
	t.Parallel()
	f := contactForm()
	f.Focus("note")
	f.Update(tea.PasteMsg{Content: "one\r\ntwo"})
	if f.Value("note") != "one\ntwo" {
		t.Errorf("%q", f.Value("note"))
	}
}

func TestFormSaysThatAFieldIsFull(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	for _, kind := range []FieldKind{FieldText, FieldPassword, FieldLines} {
		f := NewForm(Field{Name: "word", Label: "Word", Kind: kind, Max: 5}, Field{Name: "next", Label: "Next"})
		said := func() string { return strings.Join(strings.Fields(flat(f.Render(k, 120, 20))), " ") }
		const full, cut = "Use 5 characters at most", "Only the first part of the paste"
		typed(f, "abcde")
		if s := said(); strings.Contains(s, full) {
			t.Errorf("refused at its limit: %s", s)
		}
		typed(f, "f")
		if s := said(); !strings.Contains(s, full) || f.Value("word") != "abcde" {
			t.Errorf("a letter was left out in silence: %s", s)
		}
		keys(f, "backspace")
		if s := said(); strings.Contains(s, full) {
			t.Errorf("still said with room for one: %s", s)
		}
		f.Update(tea.PasteMsg{Content: "xyz"})
		if s := said(); !strings.Contains(s, cut) || !strings.Contains(s, "Use 5 characters") || f.Value("word") != "abcdx" {
			t.Errorf("a paste was cut in silence: %s", s)
		}
		keys(f, "tab")
		if s := said(); !strings.Contains(s, cut) {
			t.Errorf("gone with the focus: %s", s)
		}
		f.Fill(nil)
		if s := said(); strings.Contains(s, cut) {
			t.Errorf("still said of an empty field: %s", s)
		}
	}
}

func TestFormActionsNameEveryKeyThatMoves(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"kind": "enter space; tab down; shift+tab", "last": "tab enter down; shift+tab up",
		"guest": "space enter; tab down; shift+tab up", "note": "tab; shift+tab",
	} {
		f := contactForm()
		f.Focus(name)
		var got []string
		for _, a := range f.Actions() {
			got = append(got, strings.Join(a.Keys, " "))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%s: %s, want %s", name, s, want)
		}
	}
	f := NewForm(Field{Name: "first"}, Field{Name: "last"})
	f.Focus("last")
	if _, ok := action.Find(f.Actions(), "enter", true); ok {
		t.Error("enter in the last field is the page's")
	}
	a, _ := action.Find(f.Actions(), "up", true)
	if a.Run(); f.Focused() != "first" {
		t.Errorf("up goes to %s", f.Focused())
	}
}

func TestFormPutsLongLabelsAboveTheirFields(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	f := NewForm(Field{Name: "a", Label: "Organisation that sells the tickets", Required: true}, Field{Name: "b", Label: "Name"})
	f.Set("a", "Opéra du Lac")
	lines := f.Render(k, 40, 6)
	exact(t, "form", lines, 40, 6)
	want := " ▸ Organisation that sells the tickets *\n     Opéra du Lac\n   Name"
	if got := flat(lines[:3]); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if x, y, _ := f.Cursor(); x != 17 || y != 1 {
		t.Errorf("the cursor is at %d, %d", x, y)
	}
	short := NewForm(Field{Name: "a", Label: "Point of sale no 1"})
	short.Set("a", "Web shop")
	if got := flat(short.Render(k, 43, 1)); !strings.Contains(got, "Point of sale no 1") || !strings.Contains(got, "Web shop") {
		t.Errorf("a label that fits: %q", got)
	}
}

func TestFormShowsThatItGoesOn(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	f := contactForm()
	edges := func(height int) string {
		lines := strings.Split(flat(f.Render(k, 60, height)), "\n")
		return string([]rune(lines[0] + " ")[0]) + string([]rune(lines[height-1] + " ")[0])
	}
	if got := edges(4); got != " …" {
		t.Errorf("at the beginning %q", got)
	}
	f.Focus("guest")
	if got := edges(4); got != "……" {
		t.Errorf("in the middle %q", got)
	}
	if got := edges(12); got != "  " {
		t.Errorf("as a whole %q", got)
	}
}

func TestChoicePrefersBeginningsThenShorterLabels(t *testing.T) {
	t.Parallel()
	var options []Option
	for _, zone := range []string{"America/Paramaribo", "Asia/Dispar", "Europe/Paris", "America/Argentina/Catamarca"} {
		options = append(options, Option{Key: zone, Label: zone})
	}
	f := NewForm(Field{Name: "zone", Kind: FieldChoice, Options: options})
	typed(f, "par")
	var got []string
	for _, o := range f.entry("zone").matches() {
		got = append(got, o.Label)
	}
	if s := strings.Join(got, " "); s != "Europe/Paris America/Paramaribo Asia/Dispar" {
		t.Errorf("%s", s)
	}
}

func TestAKeyInAHintStaysWithItsName(t *testing.T) {
	t.Parallel()
	for width := 24; width < 80; width++ {
		f := NewForm(Field{Name: "a", Label: "Address", Kind: FieldText, Hint: "2 avec cette adresse, 1 personne   ctrl+o voir"})
		shown := ansi.Strip(strings.Join(f.Render(darkLook(t), width, 8), "\n"))
		if !strings.Contains(shown, "ctrl+o voir") {
			t.Fatalf("in %d cells\n%s", width, shown)
		}
	}
}
