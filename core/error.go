package core

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Code names a kind of refusal or failure. The catalogue holds a sentence for
// each, under "error." followed by the code.
type Code string

// The codes of every error a use case answers with.
const (
	CodeInternal    Code = "internal"     // a defect of ours
	CodeForbidden   Code = "forbidden"    // the role lacks the permission (R86)
	CodeSignedOut   Code = "signed-out"   // the session ended, or role or password changed
	CodeNotFound    Code = "not-found"    // no such thing, or in another institution (R87)
	CodeConflict    Code = "conflict"     // somebody else saved first
	CodeBusy        Code = "busy"         // too much at once: try again
	CodeFull        Code = "full"         // no space left
	CodeDamaged     Code = "damaged"      // stored data doesn't hold together
	CodeCancelled   Code = "cancelled"    // the caller gave up
	CodeUnknownDone Code = "outcome"      // it is not known whether it was saved
	CodeRequired    Code = "required"     // a field must not be empty
	CodeTooLong     Code = "too-long"     // {max} code points at most
	CodeControl     Code = "control"      // a one-line field holds control characters
	CodeChoice      Code = "choice"       // not one of the values offered
	CodeTaken       Code = "taken"        // another operator signs in with this address
	CodeAddress     Code = "address"      // not an email address; {why}
	CodeReserved    Code = "reserved"     // a reserved name such as .example, while mail is delivered
	CodeURL         Code = "url"          // not an http or https address
	CodeTimeZone    Code = "time-zone"    // not a time zone's name
	CodeLanguage    Code = "language"     // not a language the product speaks
	CodePassword    Code = "password"     // refused as a new password; {why}
	CodeRepeat      Code = "repeat"       // typed a second time, it isn't the same
	CodeSignIn      Code = "sign-in"      // address, password or code wrong, locked or disabled, without saying which
	CodeSetUp       Code = "set-up"       // an owner exists already
	CodeVariable    Code = "variable"     // a document names a variable that doesn't exist; {name}
	CodeLinkMissing Code = "link-missing" // a verification document without {link}
	CodeNoAddress   Code = "no-address"   // the contact has no address
	CodeGuest       Code = "guest"        // a guest is not subject to validation (R15)
	CodeValidated   Code = "validated"    // the address is validated already
	CodeSwitchOff   Code = "switch-off"   // validation is off (R1)
	CodeCoolDown    Code = "cool-down"    // sent {ago} ago, again from {from}
	CodeDailyCap    Code = "daily-cap"    // {max} validation mails a day to one address
	CodeHourlyCap   Code = "hourly-cap"   // {max} validation mails an hour by one operator
	CodeNoContext   Code = "no-context"   // no document or point of sale to send from (R22)
	CodeLinkUnknown Code = "link-unknown" // no such link
	CodePhone       Code = "phone"        // not a phone number; {why}
	CodeDate        Code = "date"         // not a date; {why}
	CodeTooMany     Code = "too-many"     // {max} at most
	CodeNotMistake  Code = "not-mistake"  // can't be removed as a mistake (R90); {why}
	CodeUndoOver    Code = "undo-over"    // the time for undoing is over
	CodeSSO         Code = "sso"          // only the identity provider changes this (R85)
	CodeIdentity    Code = "identity"     // another contact has this identity at the provider
	CodeHost        Code = "host"         // not a host's name or address
	CodePort        Code = "port"         // not a port from 1 to 65535
	CodeSettled     Code = "settled"      // the mail is no longer waiting
	CodeWayIn       Code = "way-in"       // the mail is about an operator's way in: it goes its way
	CodeNoServer    Code = "no-server"    // there is no mail server
	CodeNameTaken   Code = "name-taken"   // another one of its kind has this name
	CodeRange       Code = "range"        // a number from {min} to {max}
	CodeFolder      Code = "folder"       // nothing can be put into this folder; {why}
	CodeForm        Code = "form"         // a form without its token, or an old one

	CodeEnrol         Code = "enrol"           // a second factor is required, and has to be enrolled first (R67)
	CodeStepUp        Code = "step-up"         // needs a fresh proof of who sits there
	CodeAttemptOver   Code = "attempt-over"    // a sign-in took too long or too many tries: begin again
	CodeOneTime       Code = "one-time"        // a one-time code unknown, used or over
	CodeEnrolmentOver Code = "enrolment-over"  // an enrolment took too long: begin again
	CodeAppCode       Code = "app-code"        // the code typed while enrolling is wrong
	CodeFactorOn      Code = "factor-on"       // the second factor is on already
	CodeFactorOff     Code = "factor-off"      // there is no second factor
	CodeFactorNeeded  Code = "factor-required" // the second factor is required of everyone (R67)
	CodeLastOwner     Code = "last-owner"      // nobody would be left to own the house (R86)
	CodeLastEnrolled  Code = "last-enrolled"   // the last enrolled admin would be locked out (R83)
	CodeHigherRole    Code = "higher-role"     // the own role, or that of somebody higher (R86)
	CodeOwnAddress    Code = "own-address"     // the own address is not validated (R73)
	CodeNoDelivery    Code = "no-delivery"     // mailed codes need a mail server
	CodeNotEnrolled   Code = "not-enrolled"    // who requires a second factor has to have one (R67)
)

// Error is a refusal a person can act on: what kind, which field, and the
// values its sentence needs. It is compared with [errors.As] or [CodeOf].
type Error struct {
	Code  Code
	Field string            // the form field it belongs to, if any
	Args  map[string]string // the placeholders of its sentence
	Err   error             // what caused it, for the log; never shown
}

// Error is for logs, not for screens: those ask the catalogue.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	if e.Field != "" {
		fmt.Fprintf(&b, " (%s)", e.Field)
	}
	names := make([]string, 0, len(e.Args))
	for name := range e.Args {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(&b, " %s=%q", name, e.Args[name])
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Refuse makes an [Error] of a code.
func Refuse(code Code) *Error { return &Error{Code: code} }

// RefuseField makes an [Error] about one field of a form.
func RefuseField(code Code, field string) *Error { return &Error{Code: code, Field: field} }

// With adds a placeholder's value and returns e.
func (e *Error) With(name, value string) *Error {
	if e.Args == nil {
		e.Args = map[string]string{}
	}
	e.Args[name] = value
	return e
}

// CodeOf is the code of the first [Error] in err's chain, [CodeInternal] for
// any other error and "" for nil.
func CodeOf(err error) Code {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Code
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return CodeCancelled
	case errors.Is(err, ErrDamaged):
		return CodeDamaged
	case errors.Is(err, ErrFull):
		return CodeFull
	case errors.Is(err, ErrOutcomeUnknown):
		return CodeUnknownDone
	}
	return CodeInternal
}

// Fields is what a form is refused with: one [Error] a field, in the order of
// the form.
type Fields []*Error

// Add appends err where it is not nil. Errors without a field get this one.
func (f *Fields) Add(field string, err error) {
	var e *Error
	switch {
	case err == nil:
		return
	case errors.As(err, &e):
		if e.Field == "" {
			e.Field = field
		}
	default:
		e = &Error{Code: CodeInternal, Field: field, Err: err}
	}
	*f = append(*f, e)
}

// Err is nil for an empty list, the only error of a list of one, else the
// list.
func (f Fields) Err() error {
	switch len(f) {
	case 0:
		return nil
	case 1:
		return f[0]
	}
	return f
}

// Error lists all, for logs.
func (f Fields) Error() string {
	parts := make([]string, len(f))
	for i, e := range f {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "; ")
}

// Unwrap lets [errors.As] find each field's error.
func (f Fields) Unwrap() []error {
	errs := make([]error, len(f))
	for i, e := range f {
		errs[i] = e
	}
	return errs
}

// InField gives err the name of the form field it is about.
func InField(field string, err error) error {
	var fields Fields
	fields.Add(field, err)
	return fields.Err()
}
