package text

import (
	"errors"
	"strings"
	"time"

	"willcall/core"
)

// Error is the sentence for an error: what happened, and what to do next. A
// [core.Error] is looked up as "error." and its code, with its Args as
// placeholders; [core.Fields] are joined in their order; everything else is
// [core.CodeOf]'s code, so that nothing internal is told. nil gives "".
//
// Three arguments have a form of their own: "why" is the rest of a key below
// the code ("address.at"), "ago" a duration as [time.ParseDuration] reads it,
// "from" a moment of RFC 3339, shown as a clock in the printer's zone.
func (p Printer) Error(err error) string {
	if err == nil {
		return ""
	}
	var fields core.Fields
	if errors.As(err, &fields) {
		parts := make([]string, len(fields))
		for i, e := range fields {
			parts[i] = p.refusal(e)
		}
		return strings.Join(parts, " ")
	}
	var e *core.Error
	if errors.As(err, &e) {
		return p.refusal(e)
	}
	return p.T("error." + string(core.CodeOf(err)))
}

func (p Printer) refusal(e *core.Error) string {
	pairs := make([]string, 0, 2*len(e.Args))
	for name, value := range e.Args {
		pairs = append(pairs, name, p.argument(e.Code, name, value))
	}
	return p.T("error."+string(e.Code), pairs...)
}

// argument writes one value of an error in the printer's language; what can't
// be read stays as it is.
func (p Printer) argument(code core.Code, name, value string) string {
	switch name {
	case "why":
		return p.T(string(code) + "." + value)
	case "ago":
		if d, err := time.ParseDuration(value); err == nil {
			return p.Ago(d)
		}
	case "from":
		if t, err := time.Parse(time.RFC3339, value); err == nil {
			return p.clockInZone(t)
		}
	}
	return value
}

func (p Printer) clockInZone(t time.Time) string {
	if p.zone != nil {
		t = t.In(p.zone)
	}
	return p.Clock(t)
}
