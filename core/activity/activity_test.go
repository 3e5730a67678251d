package activity_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

const (
	entrySpace    core.Space = "activity"
	personalSpace core.Space = "activity.personal"
)

// journal is the journal on a store of its own.
type journal struct {
	t      testing.TB
	store  core.Store
	spaces *coretest.Spaces
}

func newJournal(t testing.TB) *journal {
	t.Helper()
	store := storagetest.New(t)
	return &journal{t, store, coretest.WatchSpaces(t, store)}
}

// record writes entries, each in a transaction of its own.
func (j *journal) record(all ...core.Entry) {
	j.t.Helper()
	random := coretest.Random(1)
	for _, e := range all {
		j.update(func(tx core.Tx) error { return activity.Journal{}.Record(tx, e, random) })
	}
}

func (j *journal) update(fn func(core.Tx) error) {
	j.t.Helper()
	if err := j.store.Update(j.t.Context(), fn); err != nil {
		j.t.Fatal(err)
	}
}

// read gives the entries from id on.
func (j *journal) read(from core.ID) (ids []core.ID, all []core.Entry, err error) {
	err = j.store.View(j.t.Context(), func(v core.View) error {
		return activity.Journal{}.Ascend(v, from, func(id core.ID, e core.Entry) error {
			ids, all = append(ids, id), append(all, e)
			return nil
		})
	})
	return ids, all, err
}

// raw gives a space's only value.
func (j *journal) raw(space core.Space) string {
	j.t.Helper()
	var values []string
	err := j.store.View(j.t.Context(), func(v core.View) error {
		return v.Ascend(space, nil, nil, func(_, value []byte) error {
			values = append(values, string(value))
			return nil
		})
	})
	if err != nil || len(values) != 1 {
		j.t.Fatalf("%d values in %s, %v", len(values), space, err)
	}
	return values[0]
}

func entry() core.Entry {
	return core.Entry{
		At: coretest.Start(), Actor: core.Actor{Kind: core.ActorOperator, ID: 3, Name: "Olga Brunner"}, Role: core.RoleAdmin,
		Session: 9, Institution: 7, Action: core.ActContactsEdit, Subject: core.Ref{Kind: core.KindContact, ID: 12},
		Details: []core.Detail{
			{Name: "why", Value: "a letter"},
			{Name: "first-name", Value: "Marie → Anne", Personal: true},
			{Name: "city", Value: "", Personal: true},
			{Name: "address", Value: "marie@orange.example", Personal: true},
		},
	}
}

// equal compares entries: they hold slices.
func equal(a, b core.Entry) bool { return fmt.Sprintf("%+v", a) == fmt.Sprintf("%+v", b) }

func TestEntriesAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	refusal := core.Entry{At: coretest.Start(), Actor: core.Actor{Kind: core.ActorLink}, Action: core.ActValidationFollow, Refused: core.CodeForbidden}
	j.record(entry(), refusal)
	ids, got, err := j.read(0)
	if err != nil || !slices.Equal(ids, []core.ID{1, 2}) {
		t.Fatalf("ids %v, %v", ids, err)
	}
	if !equal(got[0], entry()) {
		t.Errorf("read %+v", got[0])
	}
	if refusal.Details = []core.Detail{}; !equal(got[1], refusal) {
		t.Errorf("a refusal reads %+v", got[1])
	}
}

func TestEntriesComeInTheirOrderFromAnyOne(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	for i := range 300 {
		e := core.Entry{At: coretest.Start().Add(-time.Duration(i) * time.Minute), Institution: core.ID(i % 3), Subject: core.Ref{ID: core.ID(i)}}
		j.record(e)
	}
	ids, all, err := j.read(250)
	if err != nil || len(ids) != 51 || ids[0] != 250 {
		t.Fatalf("%d entries from %v, %v", len(ids), ids, err)
	}
	for i, e := range all {
		if ids[i] != core.ID(250+i) || e.Subject.ID != ids[i]-1 {
			t.Errorf("entry %d is of subject %d", ids[i], e.Subject.ID)
		}
	}
}

func TestReadingEndsWhereTheReaderSays(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	j.record(entry(), entry())
	seen := 0
	err := j.store.View(t.Context(), func(v core.View) error {
		return activity.Journal{}.Ascend(v, 0, func(core.ID, core.Entry) error {
			seen++
			return core.Stop
		})
	})
	if err != nil || seen != 1 {
		t.Errorf("%d entries, %v", seen, err)
	}
}

func TestPersonalValuesLieInTheirOwnSpaceOnly(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	j.record(entry())
	err := j.store.View(t.Context(), func(v core.View) error {
		dump, err := j.spaces.Dump(v)
		for key, value := range dump {
			for _, private := range []string{"Marie", "Anne", "marie@orange.example"} {
				if strings.Contains(value, private) != strings.HasPrefix(key, string(personalSpace)+"/") {
					t.Errorf("%q in %q", private, key)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if raw := j.raw(entrySpace); !strings.Contains(raw, "a letter") {
		t.Errorf("what isn't personal isn't in the entry %q", raw)
	}
}

func TestCommitmentsToEqualValuesDiffer(t *testing.T) {
	t.Parallel()
	once, twice := newJournal(t), newJournal(t)
	e := core.Entry{Details: []core.Detail{{Name: "city", Value: "Genève", Personal: true}}}
	once.record(e)
	twice.record(entry()) // moves the random stream on
	twice.update(func(tx core.Tx) error { return tx.Delete(entrySpace, core.Key(core.Installation, 1)) })
	twice.update(func(tx core.Tx) error { return activity.Journal{}.Record(tx, e, coretest.Random(2)) })
	if once.raw(entrySpace) == twice.raw(entrySpace) {
		t.Error("a value can be guessed from its commitment")
	}
}

func TestAnEntryOutlivesItsPersonalDetails(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	j.record(entry(), entry())
	j.update(func(tx core.Tx) error { return tx.Delete(personalSpace, core.Key(core.Installation, 1)) })
	_, got, err := j.read(0)
	if err != nil {
		t.Fatal(err)
	}
	want := entry()
	for i := range want.Details {
		if want.Details[i].Personal {
			want.Details[i].Value = ""
		}
	}
	if !equal(got[0], want) {
		t.Errorf("erased, it reads %+v", got[0])
	}
	if !equal(got[1], entry()) {
		t.Errorf("the next one reads %+v", got[1])
	}
}

func TestChangedPersonalDetailsAreNoticed(t *testing.T) {
	t.Parallel()
	changes := map[string]func(string) string{
		"another value":  func(raw string) string { return strings.Replace(raw, "Anne", "Anna", 1) },
		"cut short":      func(raw string) string { return raw[:len(raw)-1] },
		"more than none": func(raw string) string { return raw + raw },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJournal(t)
			j.record(entry())
			raw := change(j.raw(personalSpace))
			j.update(func(tx core.Tx) error { return tx.Put(personalSpace, core.Key(core.Installation, 1), []byte(raw)) })
			if _, got, err := j.read(0); err == nil {
				t.Errorf("changed, it reads %+v", got)
			}
		})
	}
}

func TestPersonalDetailsOfNoCommitmentAreNoticed(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	plain := core.Entry{Details: []core.Detail{{Name: "why", Value: "a letter"}}}
	j.record(entry(), plain)
	j.update(func(tx core.Tx) error {
		surplus, err := tx.Get(personalSpace, core.Key(core.Installation, 1))
		if err != nil {
			return err
		}
		return tx.Put(personalSpace, core.Key(core.Installation, 2), slices.Clone(surplus))
	})
	if _, got, err := j.read(2); err == nil {
		t.Errorf("with details slipped in, it reads %+v", got)
	}
}

func TestDetailsThatChangedPlacesAreNoticed(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	j.record(entry(), entry())
	key := func(id core.ID) []byte { return core.Key(core.Installation, id) }
	j.update(func(tx core.Tx) error {
		first, err := tx.Get(personalSpace, key(1))
		if err != nil {
			return err
		}
		return tx.Put(personalSpace, key(2), slices.Clone(first))
	})
	if _, _, err := j.read(2); err == nil {
		t.Error("another entry's details pass")
	}
}

// exhausted is a source of randomness that ran dry.
type exhausted struct{}

var errDry = errors.New("no randomness")

func (exhausted) Read([]byte) (int, error) { return 0, errDry }

func TestNoPersonalDetailWithoutASalt(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	err := j.store.Update(t.Context(), func(tx core.Tx) error {
		return activity.Journal{}.Record(tx, entry(), exhausted{})
	})
	if !errors.Is(err, errDry) {
		t.Errorf("recorded, with %v", err)
	}
}

func BenchmarkRecord(b *testing.B) {
	j := newJournal(b)
	random := coretest.Random(1)
	for b.Loop() {
		j.update(func(tx core.Tx) error { return activity.Journal{}.Record(tx, entry(), random) })
	}
}

func BenchmarkAscend(b *testing.B) {
	j := newJournal(b)
	j.update(func(tx core.Tx) error {
		for range 1000 {
			if err := (activity.Journal{}).Record(tx, entry(), coretest.Random(1)); err != nil {
				return err
			}
		}
		return nil
	})
	for b.Loop() {
		if _, _, err := j.read(0); err != nil {
			b.Fatal(err)
		}
	}
}
