package core

import (
	"fmt"
	"time"
)

// Notice tells one operator of something that happened. Its sentence stands in
// the catalogue under "notice." and the kind. It holds no personal data of
// contacts, so that nothing is to be erased from it: Subject leads there, for
// those who may look.
type Notice struct {
	Kind NoticeKind
	Args map[string]string // the placeholders of its sentence
	// Subject is what it is about, within Institution; both may be zero.
	Subject     Ref
	Institution ID
}

// NoticeKind says what a notice tells.
type NoticeKind string

// The kinds of notices.
const (
	// NoticeSecurity: something that guards the operator's account was changed;
	// the argument "change" says what.
	NoticeSecurity NoticeKind = "security"
	// NoticeMailFailed: a mail that the operator caused won't arrive.
	NoticeMailFailed NoticeKind = "mail-failed"
	// NoticeSpray, to owners: more sign-ins fail than people mistype.
	NoticeSpray NoticeKind = "spray"
	// NoticeLockedOut: wrong passwords or codes locked the operator's account for
	// a while.
	NoticeLockedOut NoticeKind = "locked-out"
	// NoticeClockAhead and NoticeClockBack, to owners: the computer's clock jumped;
	// the argument "seconds" says how far.
	NoticeClockAhead NoticeKind = "clock-ahead"
	NoticeClockBack  NoticeKind = "clock-back"
)

// Inbox keeps operators' notices. It is safe for concurrent use.
type Inbox interface {
	// Notify puts a notice into the inbox of the operator to, in the transaction
	// of what it tells of and at its time.
	Notify(tx Tx, at time.Time, to ID, n Notice) error
}

// Notify tells the operator to of something, if the act is committed.
func (a *Act) Notify(to ID, n Notice) error {
	if a.desk.cfg.Inbox == nil {
		return fmt.Errorf("tell operator %d of %q without an inbox: %w", to, n.Kind, Refuse(CodeInternal))
	}
	if err := a.desk.cfg.Inbox.Notify(a.Tx, a.At, to, n); err != nil {
		return fmt.Errorf("tell operator %d of %q: %w", to, n.Kind, err)
	}
	return nil
}
