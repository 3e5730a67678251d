package record_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/record"
	"willcall/storage/storagetest"
)

// findings examines a table and gives what was found.
func findings(t *testing.T, store core.Store, x record.Examination[person]) (all []record.Finding) {
	t.Helper()
	err := store.View(t.Context(), func(v core.View) error {
		all = nil
		return x.Run(v, func(f record.Finding) error {
			all = append(all, f)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func texts(all []record.Finding) (found []string) {
	for _, f := range all {
		found = append(found, fmt.Sprintf("%s %s %s %x", f.Fault, f.Space, f.Detail, f.Key))
	}
	slices.Sort(found)
	return found
}

func mend(t *testing.T, store core.Store, all []record.Finding) {
	t.Helper()
	within(t, store, func(tx core.Tx) error {
		for _, f := range all {
			if err := f.Mend(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// damage is one that an examination names.
type damage struct {
	plant func(tx core.Tx) error
	want  []string
}

func damages() map[string]damage {
	key := func(id core.ID) []byte { return core.Key(house, id) }
	entry := func(name string, id core.ID) []byte {
		return slices.Concat(core.Prefix(house), []byte(name), core.Key(0, id)[8:])
	}
	valid := func(key []byte) []byte { return coretest.Sealed(spacePeople, key, []byte{2, 1}) }
	return map[string]damage{
		"nothing": {func(core.Tx) error { return nil }, nil},
		"a broken record": {
			func(tx core.Tx) error { return tx.Put(spacePeople, key(1), []byte("junk")) },
			[]string{fmt.Sprintf("broken people  %x", key(1)), fmt.Sprintf("stray people.names index %x", entry("li", 1))},
		},
		"a key of another length": {
			func(tx core.Tx) error { return tx.Put(spacePeople, []byte("x"), nil) },
			[]string{"broken people key 78"},
		},
		"an id of zero": {
			func(tx core.Tx) error { return tx.Put(spacePeople, key(0), valid(key(0))) },
			[]string{fmt.Sprintf("broken people key %x", key(0))},
		},
		"an id far beyond the counter": {
			func(tx core.Tx) error { return tx.Put(spacePeople, key(1<<40), valid(key(1<<40))) },
			[]string{fmt.Sprintf("broken people key %x", key(1<<40))},
		},
		"an id beyond the counter": {
			func(tx core.Tx) error { return tx.Put(spacePeople, key(9), valid(key(9))) },
			[]string{fmt.Sprintf("wrong people counter %x", key(9))},
		},
		"an entry too few": {
			func(tx core.Tx) error { return tx.Delete(spaceNames, entry("li", 1)) },
			[]string{fmt.Sprintf("missing people.names index %x", entry("li", 1))},
		},
		"an entry with a value": {
			func(tx core.Tx) error { return tx.Put(spaceNames, entry("li", 1), []byte{1}) },
			[]string{fmt.Sprintf("wrong people.names index %x", entry("li", 1))},
		},
		"an entry of another key": {
			func(tx core.Tx) error { return tx.Put(spaceNames, entry("lee", 1), nil) },
			[]string{fmt.Sprintf("stray people.names index %x", entry("lee", 1))},
		},
		"an entry of nobody": {
			func(tx core.Tx) error { return tx.Put(spaceNames, entry("li", 7), nil) },
			[]string{fmt.Sprintf("stray people.names index %x", entry("li", 7))},
		},
		"a short entry": {
			func(tx core.Tx) error { return tx.Put(spaceNames, []byte("x"), nil) },
			[]string{"stray people.names index 78"},
		},
	}
}

func TestExamineOfEveryFault(t *testing.T) {
	t.Parallel()
	for name, c := range damages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, x := storagetest.New(t), record.Examination[person]{Table: contacts()}
			insert(t, store, x.Table, "Li", "Abe")
			within(t, store, c.plant)
			all := findings(t, store, x)
			if got := texts(all); !slices.Equal(got, c.want) {
				t.Fatalf("found %q, want %q", got, c.want)
			}
			mend(t, store, all)
			mend(t, store, all) // what is right stays as it is
			if left := texts(findings(t, store, x)); len(left) > 0 {
				t.Errorf("mending left %q", left)
			}
			expectLookup(t, store, x.Table, "abe", 2)
		})
	}
}

func TestExaminationLooksAtWhatCanBeRead(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	insert(t, store, contacts(), "Li", "Abe", "Cho")
	within(t, store, func(tx core.Tx) error { return tx.Put(spacePeople, core.Key(house, 2), nil) })
	var seen []string
	all := findings(t, store, record.Examination[person]{
		Table: contacts(),
		Known: func(core.ID) (bool, error) { return false, nil },
		Look: func(_, id core.ID, p person) error {
			seen = append(seen, fmt.Sprint(id, p.Surname))
			return nil
		},
	})
	if got := fmt.Sprint(seen); got != "[1Li 3Cho]" && got != "[1 Li 3 Cho]" {
		t.Errorf("looked at %s", got)
	}
	orphan := slices.IndexFunc(all, func(f record.Finding) bool {
		return f.Fault == record.FaultOrphan && f.Detail == record.DetailInstitution
	})
	if orphan < 0 || all[orphan].Mend != nil {
		t.Errorf("an institution that isn't there: %q", texts(all))
	}
}

// TestQuarantineKeepsAll sets aside what lay under one key one after the other,
// and under long ones that begin alike.
func TestQuarantineKeepsAll(t *testing.T) {
	t.Parallel()
	long := bytes.Repeat([]byte{'k'}, 20<<10)
	for name, keys := range map[string][2][]byte{
		"one key":   {core.Key(house, 1), core.Key(house, 1)},
		"long keys": {append(bytes.Clone(long), '1'), append(bytes.Clone(long), '2')},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := storagetest.New(t)
			want := []string{"first", "second"}
			for i, junk := range want {
				within(t, store, func(tx core.Tx) error {
					if err := tx.Put(spacePeople, keys[i], []byte(junk)); err != nil {
						return err
					}
					return record.SetAside(spacePeople, keys[i])(tx)
				})
			}
			var kept []string
			within(t, store, func(tx core.Tx) error {
				kept = nil
				return tx.Ascend("quarantine", nil, nil, func(_, value []byte) error {
					kept = append(kept, string(value))
					return nil
				})
			})
			if slices.Sort(kept); !slices.Equal(kept, want) {
				t.Errorf("in quarantine are %q, want %q", kept, want)
			}
		})
	}
}

func TestWhatIsSetAsideIsNamed(t *testing.T) {
	t.Parallel()
	store, key := storagetest.New(t), core.Key(house, 1)
	within(t, store, func(tx core.Tx) error {
		if err := tx.Put(spacePeople, key, []byte("junk")); err != nil {
			return err
		}
		return record.SetAside(spacePeople, key)(tx)
	})
	within(t, store, func(tx core.Tx) error {
		if aside, err := record.IsAside(tx, spacePeople, key); err != nil || !aside {
			t.Errorf("it is in quarantine: %t, %v", aside, err)
		}
		return record.EachAside(tx, func(space core.Space, at []byte) error {
			if space != spacePeople || !bytes.Equal(at, key) {
				t.Errorf("in quarantine is %x of %s", at, space)
			}
			return nil
		})
	})
}

func FuzzExamine(f *testing.F) {
	f.Add([]byte("key"), []byte{2, 1, 1<<3 | 1, 1, 'x'})
	f.Add([]byte(core.Key(house, 3)), []byte{})
	f.Fuzz(func(t *testing.T, key, raw []byte) {
		if len(key) == 0 || len(key) > 1000 {
			return
		}
		store, x := storagetest.New(t), record.Examination[person]{Table: contacts()}
		insert(t, store, x.Table, "Li", "Abe")
		within(t, store, func(tx core.Tx) error {
			if err := tx.Put(spaceNames, key, raw); err != nil {
				return err
			}
			return tx.Put(spacePeople, key, coretest.Sealed(spacePeople, key, raw))
		})
		mend(t, store, findings(t, store, x))
		if left := texts(findings(t, store, x)); len(left) > 0 {
			t.Errorf("mending left %q", left)
		}
	})
}
