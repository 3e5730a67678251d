package record_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/record"
	"willcall/storage/storagetest"
)

const (
	spacePeople core.Space = "people"
	spaceNames  core.Space = "people.names"
	house       core.ID    = 7
)

func contacts() record.Table[person] {
	names := record.NewIndex(spaceNames, func(p *person) [][]byte {
		var keys [][]byte
		for _, name := range []string{p.Surname, p.First} {
			if name != "" {
				keys = append(keys, []byte(strings.ToLower(name)))
			}
		}
		return keys
	})
	return record.NewTable(spacePeople, core.KindContact, personCodec(), names)
}

// within runs fn in one update and fails the test where fn does.
func within(t *testing.T, store core.Store, fn func(tx core.Tx) error) {
	t.Helper()
	if err := store.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// insert adds people by surname and gives their ids.
func insert(t *testing.T, store core.Store, table record.Table[person], surnames ...string) (ids []core.ID) {
	t.Helper()
	within(t, store, func(tx core.Tx) error {
		for _, surname := range surnames {
			id, err := table.Insert(tx, house, person{Surname: surname})
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids
}

func TestInsertAndGet(t *testing.T) {
	t.Parallel()
	store, table := storagetest.New(t), contacts()
	want := sample()
	within(t, store, func(tx core.Tx) error {
		id, err := table.Insert(tx, house, want)
		if err != nil {
			return err
		}
		got, version, err := table.Get(tx, house, id)
		if err != nil || id != 1 || version != 1 || !reflect.DeepEqual(got, want) {
			t.Errorf("record %d of version %d: %+v, %v", id, version, got, err)
		}
		there, err := table.Has(tx, house, id)
		if !there {
			t.Error("the record isn't there")
		}
		return err
	})
}

func TestMissingRecords(t *testing.T) {
	t.Parallel()
	store, table := storagetest.New(t), contacts()
	id := insert(t, store, table, "Li")[0]
	within(t, store, func(tx core.Tx) error {
		for _, key := range []struct{ institution, id core.ID }{{house, id + 1}, {house + 1, id}} {
			_, _, err := table.Get(tx, key.institution, key.id)
			expectCode(t, "get", err, core.CodeNotFound)
			_, err = table.Save(tx, key.institution, key.id, 1, person{})
			expectCode(t, "save", err, core.CodeNotFound)
			expectCode(t, "delete", table.Delete(tx, key.institution, key.id, 1), core.CodeNotFound)
			there, err := table.Has(tx, key.institution, key.id)
			if there || err != nil {
				t.Errorf("has a missing record: %t, %v", there, err)
			}
		}
		return nil
	})
}

func expectCode(t *testing.T, doing string, err error, want core.Code) {
	t.Helper()
	if got := core.CodeOf(err); got != want {
		t.Errorf("%s: %q (%v), want %q", doing, got, err, want)
	}
}

func TestSaveRaisesTheVersion(t *testing.T) {
	t.Parallel()
	store, table := storagetest.New(t), contacts()
	id := insert(t, store, table, "Li")[0]
	within(t, store, func(tx core.Tx) error {
		version, err := table.Save(tx, house, id, 1, person{Surname: "Lee"})
		if version != 2 {
			t.Errorf("version %d after one save, want 2", version)
		}
		return err
	})
	within(t, store, func(tx core.Tx) error {
		got, version, err := table.Get(tx, house, id)
		if got.Surname != "Lee" || version != 2 {
			t.Errorf("version %d is %+v", version, got)
		}
		return err
	})
}

func TestLostRaceIsAConflict(t *testing.T) {
	t.Parallel()
	store, table := storagetest.New(t), contacts()
	id := insert(t, store, table, "Li")[0]
	within(t, store, func(tx core.Tx) error {
		if _, err := table.Save(tx, house, id, 1, person{Surname: "Lee"}); err != nil {
			return err
		}
		_, err := table.Save(tx, house, id, 1, person{Surname: "Lie"})
		expectCode(t, "save", err, core.CodeConflict)
		expectCode(t, "delete", table.Delete(tx, house, id, 1), core.CodeConflict)
		got, _, err := table.Get(tx, house, id)
		if got.Surname != "Lee" {
			t.Errorf("the first save became %+v", got)
		}
		return err
	})
}

func TestPutInsertsOrReplaces(t *testing.T) {
	t.Parallel()
	store, table := storagetest.New(t), contacts()
	within(t, store, func(tx core.Tx) error {
		for want := record.Version(1); want <= 2; want++ {
			if err := table.Put(tx, house, 40, person{Status: status(want)}); err != nil {
				return err
			}
			got, version, err := table.Get(tx, house, 40)
			if err != nil || version != want || got.Status != status(want) {
				t.Errorf("version %d of %+v, %v; want %d", version, got, err, want)
			}
		}
		return nil
	})
}

func TestIndexFollowsTheRecord(t *testing.T) {
	t.Parallel()
	store, table := storagetest.New(t), contacts()
	ids := insert(t, store, table, "Li", "Lindqvist", "Abe")
	expectLookup(t, store, table, "li", ids[0], ids[1])
	expectLookup(t, store, table, "lin", ids[1])
	expectLookup(t, store, table, "", ids[2], ids[0], ids[1])

	within(t, store, func(tx core.Tx) error {
		_, err := table.Save(tx, house, ids[0], 1, person{Surname: "Lee", First: "Lindsay"})
		return err
	})
	expectLookup(t, store, table, "li", ids[1], ids[0])
	expectLookup(t, store, table, "lee", ids[0])

	within(t, store, func(tx core.Tx) error {
		if err := table.Put(tx, house, ids[2], person{Surname: "Lind"}); err != nil {
			return err
		}
		return table.Delete(tx, house, ids[1], 1)
	})
	expectLookup(t, store, table, "lind", ids[2], ids[0])
	expectLookup(t, store, table, "abe")
}

// expectLookup also looks from another institution, which must find nothing.
func expectLookup(t *testing.T, store core.Store, table record.Table[person], prefix string, want ...core.ID) {
	t.Helper()
	within(t, store, func(tx core.Tx) error {
		for institution, want := range map[core.ID][]core.ID{house: want, house + 1: nil} {
			var got []core.ID
			err := table.Lookup(tx, institution, spaceNames, []byte(prefix), func(id core.ID) error {
				got = append(got, id)
				return nil
			})
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("looking for %q in %d: %v, %v; want %v", prefix, institution, got, err, want)
			}
		}
		return nil
	})
}

// TestLookupDoesNotTakeIDsForKeys has a key followed by an id that together
// begin with the prefix.
func TestLookupDoesNotTakeIDsForKeys(t *testing.T) {
	t.Parallel()
	store, table := storagetest.New(t), contacts()
	const id = core.ID('i') << 56
	within(t, store, func(tx core.Tx) error { return table.Put(tx, house, id, person{Surname: "L"}) })
	expectLookup(t, store, table, "li")
	expectLookup(t, store, table, "l", id)
}

func TestLookupStops(t *testing.T) {
	t.Parallel()
	store, table := storagetest.New(t), contacts()
	insert(t, store, table, "Li", "Lind")
	within(t, store, func(tx core.Tx) error {
		seen := 0
		err := table.Lookup(tx, house, spaceNames, nil, func(core.ID) error {
			seen++
			return core.Stop
		})
		if seen != 1 {
			t.Errorf("%d ids after a stop at the first", seen)
		}
		return err
	})
}

func TestRanges(t *testing.T) {
	t.Parallel()
	store, table := storagetest.New(t), contacts()
	insert(t, store, table, "a", "b", "c", "d")
	within(t, store, func(tx core.Tx) error {
		if err := table.Put(tx, house+1, 1, person{Surname: "elsewhere"}); err != nil {
			return err
		}
		return table.Delete(tx, house, 2, 1)
	})
	within(t, store, func(tx core.Tx) error {
		for _, c := range []struct {
			walk  func(core.View, core.ID, core.ID, func(core.ID, record.Version, person) error) error
			bound core.ID
			want  string
		}{
			{table.Ascend, 0, "1a1 3c1 4d1"},
			{table.Ascend, 3, "3c1 4d1"},
			{table.Ascend, 5, ""},
			{table.Descend, 0, "4d1 3c1 1a1"},
			{table.Descend, 4, "3c1 1a1"},
			{table.Descend, 1, ""},
		} {
			var got []string
			err := c.walk(tx, house, c.bound, func(id core.ID, version record.Version, p person) error {
				got = append(got, fmt.Sprintf("%d%s%d", id, p.Surname, version))
				return nil
			})
			if strings.Join(got, " ") != c.want || err != nil {
				t.Errorf("from %d: %q, %v; want %q", c.bound, got, err, c.want)
			}
		}
		n, err := table.Count(tx, house)
		if n != 3 {
			t.Errorf("counted %d, want 3", n)
		}
		return err
	})
}

// later is a person as a newer program knows it.
type later struct {
	Surname, Pronoun string
	Email            laterEmail
}

type laterEmail struct {
	Typed  string
	Bounce string
}

func laterPeople() record.Table[later] {
	email := record.New(
		record.Text(1, func(e *laterEmail) *string { return &e.Typed }),
		record.Text(9, func(e *laterEmail) *string { return &e.Bounce }),
	)
	return record.NewTable(spacePeople, core.KindContact, record.New(
		record.Text(1, func(p *later) *string { return &p.Surname }),
		record.Struct(11, func(p *later) *laterEmail { return &p.Email }, email),
		record.Text(77, func(p *later) *string { return &p.Pronoun }),
	))
}

func TestUnknownFieldsSurvive(t *testing.T) {
	t.Parallel()
	save := func(tx core.Tx, id core.ID, p person) error {
		_, err := contacts().Save(tx, house, id, 1, p)
		return err
	}
	put := func(tx core.Tx, id core.ID, p person) error { return contacts().Put(tx, house, id, p) }
	for name, write := range map[string]func(core.Tx, core.ID, person) error{"save": save, "put": put} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			within(t, storagetest.New(t), func(tx core.Tx) error {
				before := later{Surname: "Li", Pronoun: "they", Email: laterEmail{Typed: "li@example.org", Bounce: "full"}}
				id, err := laterPeople().Insert(tx, house, before)
				if err != nil {
					return err
				}
				known, _, err := contacts().Get(tx, house, id)
				if err != nil {
					return err
				}
				known.Surname, known.Email.Typed = "Lee", ""
				if err := write(tx, id, known); err != nil {
					return err
				}
				got, _, err := laterPeople().Get(tx, house, id)
				want := later{Surname: "Lee", Pronoun: "they", Email: laterEmail{Bounce: "full"}}
				if got != want {
					t.Errorf("a save by an older program left %+v, want %+v", got, want)
				}
				return err
			})
		})
	}
}

func TestBrokenRecords(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{
		"empty":           {},
		"another format":  {1, 1},
		"no version":      {2},
		"version zero":    {2, 0},
		"a broken field":  {2, 1, 1<<3 | 1, 9},
		"a broken number": {2, 0x80},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			within(t, storagetest.New(t), func(tx core.Tx) error {
				raw = sealed(spacePeople, core.Key(house, 1), raw)
				if err := tx.Put(spacePeople, core.Key(house, 1), raw); err != nil {
					return err
				}
				_, _, err := contacts().Get(tx, house, 1)
				if !errors.Is(err, record.ErrMalformed) || !strings.Contains(err.Error(), "contact/1") {
					t.Errorf("get: %v, want a malformed contact/1", err)
				}
				if err := contacts().Put(tx, house, 1, person{}); !errors.Is(err, record.ErrMalformed) {
					t.Errorf("put over it: %v, want a malformed record", err)
				}
				return nil
			})
		})
	}
}

func TestKeysOfOtherLengths(t *testing.T) {
	t.Parallel()
	within(t, storagetest.New(t), func(tx core.Tx) error {
		if err := tx.Put(spacePeople, core.Prefix(house), nil); err != nil {
			return err
		}
		err := contacts().Ascend(tx, house, 0, func(core.ID, record.Version, person) error { return nil })
		if err != nil {
			t.Errorf("a key before the range: %v", err)
		}
		err = contacts().Descend(tx, house, 0, func(core.ID, record.Version, person) error { return nil })
		if !errors.Is(err, record.ErrMalformed) {
			t.Errorf("a key in the range: %v, want a malformed record", err)
		}
		return nil
	})
}
