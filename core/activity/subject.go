package activity

import (
	"encoding/binary"
	"fmt"

	"willcall/core"
	"willcall/core/record"
)

// spaceSubjects finds the entries about a subject, by age.
const spaceSubjects core.Space = "activity.subjects"

// subjectKey names a subject of an institution. Kinds hold no zero byte, so no
// subject's key begins another's.
func subjectKey(institution core.ID, subject core.Ref) []byte {
	key := append(core.Prefix(institution), subject.Kind...)
	return binary.BigEndian.AppendUint64(append(key, 0), uint64(subject.ID))
}

// subjectIndex keeps entries by subject; those about nothing have none.
func subjectIndex() record.Index[line] {
	return record.NewIndex(spaceSubjects, func(l *line) [][]byte {
		if l.Subject.IsZero() {
			return nil
		}
		return [][]byte{subjectKey(l.Institution, l.Subject)}
	})
}

// Of calls fn for the entries about a subject of an institution with ids below
// before, 0 being no limit, newest first; fn returns [core.Stop] to end early.
// Erased personal details have an empty value. It fails where a detail no
// longer matches its commitment.
func (j Journal) Of(
	v core.View, institution core.ID, subject core.Ref, before core.ID, fn func(id core.ID, e core.Entry) error,
) error {
	from := append(core.Prefix(core.Installation), subjectKey(institution, subject)...)
	to := core.PrefixEnd(from)
	if before != 0 {
		to = binary.BigEndian.AppendUint64(append([]byte(nil), from...), uint64(before))
	}
	err := v.Descend(spaceSubjects, from, to, func(key, _ []byte) error {
		id := core.ID(binary.BigEndian.Uint64(key[len(key)-8:]))
		e, err := j.entry(v, id)
		if err != nil {
			return err
		}
		return fn(id, e)
	})
	if err != nil {
		return fmt.Errorf("read the journal about %s: %w", subject, err)
	}
	return nil
}

// entry reads one entry.
func (Journal) entry(v core.View, id core.ID) (core.Entry, error) {
	l, _, err := lines().Get(v, core.Installation, id)
	if err != nil {
		return core.Entry{}, err
	}
	return whole(v, id, l)
}
