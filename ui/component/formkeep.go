package component

import (
	"time"

	"willcall/core/safetext"
	"willcall/ui/theme"
)

// FormTitle is the line above a form, with the time at which all that stands in
// it was kept; the zero time is not yet.
func (k Look) FormTitle(title string, kept time.Time, width int) string {
	line := k.Line(width).Gap(1).Text(theme.Strong, title)
	if kept.IsZero() {
		return line.String()
	}
	said := k.Text.T("component.form.kept", "time", k.Text.Clock(kept))
	if line.Left() > safetext.Width(said)+1 {
		line.CellRight(theme.Muted, said, line.Left()-1)
	}
	return line.String()
}

// Changes gives the fields that differ from what the form was filled with: what
// stands in them, and what was there before. Passwords are never among them.
func (f *Form) Changes() (typed, was map[string]string) {
	typed, was = map[string]string{}, map[string]string{}
	for _, e := range f.entries {
		if !e.merges() || e.Kind == FieldShown || e.normal(e.get()) == e.normal(e.clean) {
			continue
		}
		typed[e.Name], was[e.Name] = e.get(), e.clean
	}
	return typed, was
}

// Restore puts typed back into its fields, over what the form was filled with.
// was is as [Form.Changes] gave it; the form counts as changed against it.
// Fields that there aren't any more are left out.
func (f *Form) Restore(typed, was map[string]string) {
	for name, value := range typed {
		e := f.entry(name)
		if e == nil || !e.merges() || e.Kind == FieldShown {
			continue
		}
		e.set(value)
		e.clean = was[name]
	}
}

// Secret reports whether something stands in a field for a password: it is kept
// nowhere.
func (f *Form) Secret() bool {
	for _, e := range f.entries {
		if e.Kind == FieldPassword && e.get() != "" {
			return true
		}
	}
	return false
}
