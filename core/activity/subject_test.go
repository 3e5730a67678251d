package activity_test

import (
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/activity"
)

// about is an entry of an institution about a contact.
func about(institution, contact core.ID) core.Entry {
	e := entry()
	e.Institution, e.Subject = institution, core.Ref{Kind: core.KindContact, ID: contact}
	return e
}

// of lists the entries about a subject.
func (j *journal) of(institution core.ID, subject core.Ref, before core.ID, limit int) (ids []core.ID, all []core.Entry, err error) {
	err = j.store.View(j.t.Context(), func(v core.View) error {
		return activity.Journal{}.Of(v, institution, subject, before, func(id core.ID, e core.Entry) error {
			ids, all = append(ids, id), append(all, e)
			if len(ids) == limit {
				return core.Stop
			}
			return nil
		})
	})
	return ids, all, err
}

func TestEntriesAboutASubjectComeNewestFirst(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	for range 100 {
		j.record(about(7, 12), about(7, 13), about(8, 12))
	}
	subject := core.Ref{Kind: core.KindContact, ID: 12}
	ids, all, err := j.of(7, subject, 0, 0)
	if err != nil || len(ids) != 100 || ids[0] != 298 || ids[99] != 1 || !slices.IsSortedFunc(ids, func(a, b core.ID) int { return int(b) - int(a) }) {
		t.Fatalf("%d entries %v, %v", len(ids), ids, err)
	}
	if !equal(all[0], about(7, 12)) {
		t.Errorf("read %+v", all[0])
	}
	if ids, _, _ := j.of(7, subject, 10, 2); !slices.Equal(ids, []core.ID{7, 4}) {
		t.Errorf("two before 10 are %v", ids)
	}
	if ids, _, _ := j.of(8, subject, 1, 0); len(ids) != 0 {
		t.Errorf("before all come %v", ids)
	}
}

func TestSubjectsAreToldApart(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	mail, none := about(7, 12), about(7, 0)
	mail.Subject.Kind, none.Subject.Kind = core.KindMail, ""
	long := about(7, 12)
	long.Subject.Kind = core.KindContact + "s"
	j.record(mail, none, long, about(core.Installation, 12), about(7, 12<<8))
	for _, subject := range []core.Ref{{Kind: core.KindContact, ID: 12}, {Kind: "contac", ID: 12}, {Kind: core.KindContact, ID: 's' << 56}, {}} {
		if ids, _, err := j.of(7, subject, 0, 0); len(ids) != 0 || err != nil {
			t.Errorf("entries %v are about %v, %v", ids, subject, err)
		}
	}
}

func TestEntriesAboutASubjectOutliveTheirPersonalDetails(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	j.record(about(7, 12), about(7, 12))
	j.update(func(tx core.Tx) error { return tx.Delete(personalSpace, core.Key(core.Installation, 1)) })
	_, all, err := j.of(7, core.Ref{Kind: core.KindContact, ID: 12}, 0, 0)
	if err != nil || len(all) != 2 || all[0].Details[1].Value != "Marie → Anne" || all[1].Details[1].Value != "" || all[1].Details[0].Value != "a letter" {
		t.Errorf("read %+v, %v", all, err)
	}
	j.update(func(tx core.Tx) error {
		surplus, err := tx.Get(personalSpace, core.Key(core.Installation, 2))
		if err != nil {
			return err
		}
		return tx.Put(personalSpace, core.Key(core.Installation, 2), append(slices.Clone(surplus), surplus...))
	})
	if _, _, err := j.of(7, core.Ref{Kind: core.KindContact, ID: 12}, 0, 0); err == nil {
		t.Error("changed details pass")
	}
}
