package component

import (
	"strings"
	"testing"

	"willcall/core"
)

func birthForm() *Form {
	return NewForm(
		Field{Name: "birth", Label: "Birth date", Kind: FieldDate, Hint: "hint", Check: func(value string) error {
			d, err := core.ParseDate(value)
			if err != nil {
				return err
			}
			return d.CheckBirth(20261122)
		}},
		Field{Name: "last", Label: "Last name"},
	)
}

func TestADateIsHandedOutAsISO(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"3.5.1984": "1984-05-03", "03/05/1984": "1984-05-03", "1984-5-3": "1984-05-03", "May": "May", "": "", "31.2.1984": "31.2.1984",
	} {
		f := birthForm()
		typed(f, written)
		if f.Value("birth") != want {
			t.Errorf("%q is handed out as %q, want %q", written, f.Value("birth"), want)
		}
	}
}

func TestADateIsReadBackInWords(t *testing.T) {
	t.Parallel()
	f, k := birthForm(), darkLook(t)
	typed(f, "03/05/1984")
	if s := flat(f.Render(k, 80, 6)); !strings.Contains(s, "03/05/1984") || !strings.Contains(s, "3 May 1984, hint") {
		t.Errorf("while typing:\n%s", s)
	}
	keys(f, "tab")
	if s := flat(f.Render(k, 80, 6)); !strings.Contains(s, "3 May 1984") || strings.Contains(s, "1984,") || strings.Contains(s, "/") {
		t.Errorf("after it:\n%s", s)
	}
	keys(f, "shift+tab")
	if s := flat(f.Render(k, 80, 6)); !strings.Contains(s, "3.5.1984") {
		t.Errorf("coming back:\n%s", s)
	}
	keys(f, "ctrl+z")
	if s := flat(f.Render(k, 80, 6)); !strings.Contains(s, "03/05/1984") {
		t.Errorf("undone:\n%s", s)
	}
}

func TestADayThatIsNoneIsNamed(t *testing.T) {
	t.Parallel()
	f, k := birthForm(), darkLook(t)
	typed(f, "29.2.1983")
	keys(f, "tab")
	if s := flat(f.Render(k, 80, 6)); !strings.Contains(s, "Feb 1983 has 28 days") {
		t.Errorf("refused with:\n%s", s)
	}
}

func TestADateWithoutARuleOfItsPageIsCheckedAllTheSame(t *testing.T) {
	t.Parallel()
	f := NewForm(Field{Name: "day", Kind: FieldDate})
	typed(f, "31.4.2024")
	if f.Check() {
		t.Error("31 April is taken")
	}
}

func TestArrowsStepThePartTheyAreOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typed, keys, want string }{
		{"3.5.1984", "up", "1985-05-03"},
		{"3.5.1984", "down down", "1982-05-03"},
		{"31.3.1984", "home right right right up", "1984-04-30"},
		{"31.12.1984", "home up", "1985-01-01"},
		{"1984-05-03", "up", "1984-05-04"},
		{"1984-05-03", "home up", "1985-05-03"},
		{"9.5.1984", "home up up", "1984-05-11"},
		{"22.11.2026", "home up", "2026-11-22"},
		{"22.11.2026", "up", "2026-11-22"},
		{"22.11.2025", "up up ctrl+z", "2025-11-22"},
	} {
		f := birthForm()
		typed(f, c.typed)
		keys(f, strings.Fields(c.keys)...)
		if f.Value("birth") != c.want || f.Focused() != "birth" {
			t.Errorf("%s, %s: %q in %s, want %q", c.typed, c.keys, f.Value("birth"), f.Focused(), c.want)
		}
	}
}

func TestArrowsPassByADate(t *testing.T) {
	t.Parallel()
	f := birthForm()
	f.Fill(map[string]string{"birth": "1984-05-03"})
	if offers(f, "up") {
		t.Error("up is offered to step before the field is touched")
	}
	keys(f, "down", "up", "down")
	if f.Dirty() || f.Focused() != "last" {
		t.Errorf("%q in %s", f.Value("birth"), f.Focused())
	}
	keys(f, "up", "left", "up")
	if f.Value("birth") != "1985-05-03" || !offers(f, "up") {
		t.Errorf("%q after a key in the field", f.Value("birth"))
	}
	keys(f, "tab", "shift+tab", "down")
	if f.Focused() != "last" {
		t.Error("down steps the date though nobody edits it")
	}
}

func TestPhonesAreTidiedWhenLeft(t *testing.T) {
	t.Parallel()
	f := NewForm(
		Field{Name: "phone", Kind: FieldPhone, Tidy: func(s string) string { return strings.ReplaceAll(s, ".", " ") }},
		Field{Name: "last"},
	)
	f.Fill(map[string]string{"phone": "021.311"})
	keys(f, "tab")
	if f.Dirty() {
		t.Errorf("%q was saved so, and changed by passing by", f.Value("phone"))
	}
	keys(f, "shift+tab")
	typed(f, ".22")
	if f.Value("phone") != "021.311.22" {
		t.Errorf("%q while typing", f.Value("phone"))
	}
	keys(f, "tab")
	if f.Value("phone") != "021 311 22" {
		t.Errorf("%q when left", f.Value("phone"))
	}
	keys(f, "shift+tab", "ctrl+z")
	if f.Value("phone") != "021.311.22" {
		t.Errorf("%q undone", f.Value("phone"))
	}
}

func TestADateIsComparedInWords(t *testing.T) {
	t.Parallel()
	f := birthForm()
	f.Fill(map[string]string{"birth": "1984-05-03"})
	all := f.Facets(darkLook(t), f.Values(), map[string]string{"birth": "1985-05-03"}, f.Values())
	if len(all) != 1 || all[0].Theirs != "3 May 1985" || all[0].Mine != "3 May 1984" || all[0].Origin != ChangedThere {
		t.Errorf("%+v", all)
	}
}
