// Package drafts keeps what operators typed into forms and haven't saved, so
// that neither a lock nor a killed program loses it. A draft belongs to one
// operator in one institution; nobody else ever reads it.
package drafts

import (
	"encoding/binary"
	"time"

	"willcall/core"
	"willcall/core/record"
)

const (
	// MaxSize is the most that a draft takes, in bytes.
	MaxSize = 64 << 10
	// Most is how many drafts an operator has in an institution; of more, the
	// oldest go.
	Most = 50
	// Life is how long a draft is kept.
	Life = 30 * 24 * time.Hour

	maxForm = 200 // bytes of a form's name
	// sweep is how many expired ones each draft kept deletes, of whomever.
	sweep = 16
)

// Draft is what stands in a form and isn't saved.
type Draft struct {
	// Form names the form, such as "contacts.edit/17"; an operator has one draft
	// of each.
	Form string
	// Subject is whom or what it is about; zero for something new.
	Subject core.Ref
	// Version is that of the record the form was filled from; 0 for something new.
	Version core.Version
	// Typed holds the fields that were changed, by name. Was holds the same
	// fields as they were before, so that a save by somebody else meanwhile can
	// be told from one's own change.
	Typed map[string]string
	Was   map[string]string
	// Kept is when it was kept last.
	Kept time.Time
}

const (
	spaceDrafts   core.Space = "drafts"
	spaceForms    core.Space = "drafts.forms"
	spaceKept     core.Space = "drafts.kept"
	spaceSubjects core.Space = "drafts.subjects"

	sealPurpose = "draft"
)

// stored is a draft as it lies in the store: what was typed is sealed, since it
// may say anything of anybody.
type stored struct {
	Operator core.ID
	Form     string
	Subject  core.Ref
	Version  core.Version
	Kept     time.Time
	Sealed   []byte
}

func table() record.Table[stored] {
	return record.NewTable(spaceDrafts, "draft", record.New(
		record.Uint(1, func(s *stored) *core.ID { return &s.Operator }),
		record.Text(2, func(s *stored) *string { return &s.Form }),
		record.Text(3, func(s *stored) *core.Kind { return &s.Subject.Kind }),
		record.Uint(4, func(s *stored) *core.ID { return &s.Subject.ID }),
		record.Uint(5, func(s *stored) *core.Version { return &s.Version }),
		record.Time(6, func(s *stored) *time.Time { return &s.Kept }),
		record.Bytes(7, func(s *stored) *[]byte { return &s.Sealed }),
	), record.NewIndex(spaceForms, func(s *stored) [][]byte {
		return [][]byte{append(formsOf(s.Operator, s.Form), 0)}
	}), record.NewIndex(spaceKept, func(s *stored) [][]byte {
		return [][]byte{timeKey(s.Kept)}
	}), record.NewIndex(spaceSubjects, func(s *stored) [][]byte {
		if s.Subject.IsZero() {
			return nil
		}
		return [][]byte{subjectKey(s.Subject)}
	}))
}

// formsOf is the beginning of the keys of an operator's forms.
func formsOf(operator core.ID, forms string) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(operator)), forms...)
}

func timeKey(t time.Time) []byte {
	if t.IsZero() {
		return make([]byte, 8)
	}
	return binary.BigEndian.AppendUint64(nil, uint64(t.UnixNano()))
}

// subjectKey names a subject. Kinds hold no zero byte, so no subject's key
// begins another's.
func subjectKey(subject core.Ref) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(subject.Kind), 0), uint64(subject.ID))
}

// contents are what is sealed of a draft.
func contents() record.Codec[Draft] {
	return record.New(
		record.Map(1, func(d *Draft) *map[string]string { return &d.Typed }),
		record.Map(2, func(d *Draft) *map[string]string { return &d.Was }),
	)
}
