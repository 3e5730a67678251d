package component

import (
	"willcall/core"
	"willcall/core/safetext"
)

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

// readable is a value as a person reads it, in as many lines as it has.
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
	return safetext.Block(value)
}
