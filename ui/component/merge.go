package component

import (
	"strings"

	"willcall/core"
	"willcall/core/safetext"
)

// Difference is a field that somebody else saved while it was being edited, in
// words a person reads: labels of options and switches, long texts shortened to
// a line.
type Difference struct {
	Name    string
	Label   string
	Heading string // that the field stands below, empty without one
	Theirs  string
	Mine    string
	// Taken tells that the field was not touched here and holds theirs now.
	// Otherwise it keeps mine.
	Taken bool
}

// Merge brings the form on top of what somebody else saved. Fields that were
// not touched since before take theirs; fields changed on both sides keep what
// stands here. Both are told, in the order of the fields; what is the same on
// both sides is not. Values are as for [Form.Fill], and missing ones are empty.
// The form then counts as changed against theirs.
func (f *Form) Merge(k Look, before, theirs map[string]string) []Difference {
	var all []Difference
	heading := ""
	for _, e := range f.entries {
		if e.Kind == FieldHeading {
			heading = e.Label
		}
		if !e.merges() {
			continue
		}
		was, is, mine := e.normal(before[e.Name]), e.normal(theirs[e.Name]), e.normal(e.get())
		e.clean = theirs[e.Name]
		if was == is || mine == is {
			continue
		}
		if mine == was {
			e.set(theirs[e.Name])
		}
		all = append(all, Difference{
			Name: e.Name, Label: e.Label, Heading: heading,
			Theirs: e.readable(k, is), Mine: e.readable(k, mine), Taken: mine == was,
		})
	}
	return all
}

// merges reports whether the field holds something that is saved and may be
// shown.
func (e *entry) merges() bool {
	switch e.Kind {
	case FieldText, FieldChoice, FieldToggle, FieldLines, FieldShown, FieldLookup, FieldDate, FieldPhone:
		return true
	case FieldPassword, FieldHeading, FieldNote:
	}
	return false
}

// normal is a value in the one form it is compared in: a toggle that was never
// switched is off.
func (e *entry) normal(value string) string {
	if e.Kind == FieldToggle && value != "true" {
		return "false"
	}
	return value
}

// readable is a value as a person reads it.
func (e *entry) readable(k Look, value string) string {
	if e.Kind == FieldToggle {
		return k.Text.T(switchWord(value == "true"))
	}
	if d, err := core.ParseDate(value); e.Kind == FieldDate && err == nil && d != 0 {
		return k.Text.Day(d)
	}
	for _, o := range e.Options {
		if o.Key == value {
			return o.Label
		}
	}
	return shortened(safetext.Line(strings.ReplaceAll(value, "\n", " ")))
}

// mostShown is how many letters of a value are shown beside another's.
const mostShown = 300

func shortened(value string) string {
	if letters := []rune(value); len(letters) > mostShown {
		return string(letters[:mostShown]) + "…"
	}
	return value
}
