package component

import (
	"strings"
	"testing"

	"willcall/core"
)

// reachForm has two lines of two fields, and one alone.
func reachForm() *Form {
	use := []Option{{Key: "mobile", Label: "mobile"}, {Key: "home", Label: "home"}}
	return NewForm(
		Field{Name: "phone", Label: "Phone"},
		Field{Name: "use", Label: "Use of phone", Kind: FieldChoice, Options: use, Beside: true, Brief: "Use"},
		Field{Name: "code", Label: "Postal code"},
		Field{Name: "city", Label: "City", Beside: true, Brief: "City"},
		Field{Name: "country", Label: "Country"},
	)
}

func TestFieldsStandBesideEachOtherWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	f := reachForm()
	f.Fill(map[string]string{"phone": "+41 79 123 45 67", "use": "mobile", "code": "1003", "city": "Lausanne"})
	lines := f.Render(k, 80, 5)
	exact(t, "form", lines, 80, 5)
	wide := strings.Split(flat(lines), "\n")
	if !strings.Contains(wide[0], "67") || !strings.Contains(wide[0], "Use  mobile") || !strings.Contains(wide[1], "City Lausanne") {
		t.Errorf("wide:\n%s", strings.Join(wide, "\n"))
	}
	narrow := flat(f.Render(k, 44, 8))
	if !strings.Contains(narrow, "Use of phone") || strings.Contains(narrow, "Use  mobile") {
		t.Errorf("narrow:\n%s", narrow)
	}
}

func TestArrowsGoByLineAndTabByField(t *testing.T) {
	t.Parallel()
	f := reachForm()
	f.Render(darkLook(t), 80, 8)
	path := func(names ...string) string {
		var order []string
		for _, name := range names {
			keys(f, name)
			order = append(order, f.Focused())
		}
		return strings.Join(order, " ")
	}
	if got := path("tab", "down", "tab", "up", "down", "down", "up"); got != "use code city phone code country code" {
		t.Errorf("the keyboard goes %s", got)
	}
	f.Render(darkLook(t), 44, 8)
	if got := path("up", "up", "down"); got != "use phone use" {
		t.Errorf("below each other it goes %s", got)
	}
}

func TestAHiddenFieldLeavesItsLineTogether(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	f := reachForm()
	f.Change("code", func(e *Field) { e.Hidden = true })
	if got := flat(f.Render(k, 80, 3)); strings.Contains(got, "Postal code") || !strings.Contains(got, "\n   City") {
		t.Errorf("without its first field:\n%s", got)
	}
}

func TestWhatIsSaidOfFieldsOnOneLineNamesTheSecond(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	f := reachForm()
	f.Render(k, 80, 8)
	f.Fail(core.Fields{core.RefuseField(core.CodeRequired, "code"), core.RefuseField(core.CodeControl, "city")})
	lines := f.Render(k, 80, 9)
	got := flat(lines)
	if !strings.Contains(got, "┃ This is needed") || !strings.Contains(got, "┃ City: This holds") {
		t.Errorf("refused as\n%s", got)
	}
	f.Focus("use")
	keys(f, "enter")
	lines = f.Render(k, 80, 9)
	exact(t, "form", lines, 80, 9)
	at := strings.Index(strings.Split(flat(lines), "\n")[1], "▸ mobile")
	if x, y, shown := f.Cursor(); !shown || y != 0 || x < at-4 || x > at {
		t.Errorf("the cursor is at %d, %d, options at %d:\n%s", x, y, at, flat(lines))
	}
}
