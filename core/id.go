package core

import (
	"encoding/binary"
	"fmt"
)

// ID names one record inside one space of one institution. IDs are dense
// counters handed out by [Tx.NewID], start at 1, may have gaps and are never
// used again. The zero ID means "none".
type ID uint64

// Installation is the institution id of everything that belongs to no single
// institution: operators, sessions, secrets, due times, receipts, the journal.
const Installation ID = 0

// Kind says what a [Ref] points at.
type Kind string

// The kinds of things an act can be about.
const (
	KindInstitution  Kind = "institution"
	KindOrganisation Kind = "organisation"
	KindSalesChannel Kind = "sales-channel"
	KindPointOfSale  Kind = "point-of-sale"
	KindDocument     Kind = "document"
	KindContact      Kind = "contact"
	KindMail         Kind = "mail"
	KindMailServer   Kind = "mail-server"
	KindCaptured     Kind = "captured-mail"
	KindOperator     Kind = "operator"
	KindSession      Kind = "session"
	// KindNotice stands in events for the inbox of the operator whose id it has.
	KindNotice Kind = "notice"
	// KindDevice is what an operator signs in from.
	KindDevice Kind = "device"
	// KindCompany is what holds for everybody who signs in.
	KindCompany Kind = "company"
	// KindStorage is the installation's data as a whole; it has no id.
	KindStorage Kind = "storage"
	// KindBackup is a backup that was made.
	KindBackup Kind = "backup"
)

// Ref points at one thing within an institution.
type Ref struct {
	Kind Kind
	ID   ID
}

// IsZero reports whether r points at nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// String gives the form used in logs and journal entries, such as "contact/17".
func (r Ref) String() string { return fmt.Sprintf("%s/%d", r.Kind, r.ID) }

// Version counts the saves of one record, from 1. A save names the version it
// started from; another one meanwhile is a conflict.
type Version uint64

// Key is the storage key of a record: 8 bytes of institution, then 8 bytes of
// id, both big-endian so that keys sort by institution and then by age.
func Key(institution, id ID) []byte {
	key := make([]byte, 0, 16)
	key = binary.BigEndian.AppendUint64(key, uint64(institution))
	return binary.BigEndian.AppendUint64(key, uint64(id))
}

// Prefix is the first half of [Key]: everything of one institution.
func Prefix(institution ID) []byte {
	return binary.BigEndian.AppendUint64(make([]byte, 0, 8), uint64(institution))
}

// SplitKey takes a [Key] apart. ok is false where key has another length.
func SplitKey(key []byte) (institution, id ID, ok bool) {
	if len(key) != 16 {
		return 0, 0, false
	}
	return ID(binary.BigEndian.Uint64(key)), ID(binary.BigEndian.Uint64(key[8:])), true
}
