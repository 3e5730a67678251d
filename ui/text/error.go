package text

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"willcall/core"
)

// Error is the sentence for an error: what happened, and what to do next. A
// [core.Error] is looked up as "error." and its code, with its Args as
// placeholders; [core.Fields] are joined in their order; everything else is
// [core.CodeOf]'s code, so that nothing internal is told. nil gives "".
//
// Some arguments have a form of their own: "why" is the rest of a key below the
// code ("address.at"), whose sentence gets the other arguments, "ago" a
// duration as [time.ParseDuration] reads it, "from" a moment of RFC 3339, shown
// as a clock in the printer's zone, "min" and "max" whole numbers, "month" the
// number of one. "sentence" is the key of a sentence that says more than the
// code's own.
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
	pairs := make([]string, 0, 2*len(e.Args)+2)
	for name, value := range e.Args {
		if name != "why" {
			pairs = append(pairs, name, p.argument(name, value))
		}
	}
	if why, ok := e.Args["why"]; ok {
		pairs = append(pairs, "why", p.T(string(e.Code)+"."+why, pairs...))
	}
	if key, ok := e.Args["sentence"]; ok {
		return p.T(key, pairs...)
	}
	return p.T("error."+string(e.Code), pairs...)
}

// argument writes one value of an error in the printer's language; what can't
// be read stays as it is.
func (p Printer) argument(name, value string) string {
	switch name {
	case "ago":
		if d, err := time.ParseDuration(value); err == nil {
			return p.Ago(d)
		}
	case "from":
		if t, err := time.Parse(time.RFC3339, value); err == nil {
			return p.clockInZone(t)
		}
	case "month":
		if key := "words.month." + value; p.Has(key) {
			return p.T(key)
		}
	case "min", "max":
		if n, err := strconv.Atoi(value); err == nil {
			return p.Number(n)
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
