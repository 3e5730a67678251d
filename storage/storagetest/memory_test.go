package storagetest_test

import (
	"bytes"
	"errors"
	"maps"
	"testing"

	"willcall/core"
	"willcall/storage/storagetest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, storagetest.New)
}

func filled(t *testing.T) *storagetest.Memory {
	t.Helper()
	m := storagetest.NewMemory(t)
	must(t, m.Update(t.Context(), func(tx core.Tx) error {
		return errors.Join(tx.Put("things", []byte("a"), []byte("one")), tx.Put("things", []byte("b"), []byte("two")))
	}))
	return m
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFunctionsRunTwice(t *testing.T) {
	t.Parallel()
	m, runs := filled(t), 0
	must(t, m.Update(t.Context(), func(tx core.Tx) error {
		runs++
		id, err := tx.NewID(1, "things")
		if id != 1 {
			t.Errorf("run %d got the id %d", runs, id)
		}
		return err
	}))
	if runs != 2 {
		t.Errorf("%d runs, want 2", runs)
	}
	_ = m.Update(t.Context(), func(core.Tx) error {
		runs++
		return core.ErrFull
	})
	if runs != 3 {
		t.Errorf("%d runs with that of a function that fails, want 3", runs)
	}
}

func TestKeptBytesTurnToJunk(t *testing.T) {
	t.Parallel()
	m := filled(t)
	var got, key, value []byte
	keep := func(v core.View) (err error) {
		if got, err = v.Get("things", []byte("a")); err != nil {
			return err
		}
		return v.Descend("things", nil, nil, func(k, v []byte) error {
			if key != nil && (string(key) == "b" || string(value) == "two") {
				t.Error("bytes of a step outlived it")
			}
			key, value = k, v
			return nil
		})
	}
	for name, use := range map[string]func() error{
		"view":   func() error { return m.View(t.Context(), keep) },
		"update": func() error { return m.Update(t.Context(), func(tx core.Tx) error { return keep(tx) }) },
	} {
		got, key, value = nil, nil, nil
		must(t, use())
		for _, kept := range [][]byte{got, key, value} {
			if !bytes.Equal(kept, bytes.Repeat([]byte{0xdb}, len(kept))) || len(kept) == 0 {
				t.Errorf("%s: bytes that were kept are still %q", name, kept)
			}
		}
	}
}

func TestMisuseIsFound(t *testing.T) {
	t.Parallel()
	cases := map[string]func(tx core.Tx) error{
		"a key changed after it was put": func(tx core.Tx) error {
			key := []byte("c")
			err := tx.Put("things", key, nil)
			key[0] = 'd'
			return err
		},
		"a value changed after it was put": func(tx core.Tx) error {
			value := []byte("c")
			err := tx.Put("things", []byte("c"), value)
			value[0] = 'd'
			return err
		},
		"writing to what was read": func(tx core.Tx) error {
			got, err := tx.Get("things", []byte("a"))
			got[0] = 'x'
			return err
		},
		"writing to a step of a range": func(tx core.Tx) error {
			return tx.Ascend("things", nil, nil, func(key, _ []byte) error {
				key[0] = 'x'
				return nil
			})
		},
	}
	for name, fn := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := filled(t)
			before := m.Snapshot()
			if err := m.Update(t.Context(), fn); !errors.Is(err, storagetest.ErrMisuse) {
				t.Errorf("it got %v", err)
			}
			if !maps.Equal(before.All(), m.Snapshot().All()) {
				t.Error("something of it stayed")
			}
		})
	}
}

func TestSnapshotsComeBack(t *testing.T) {
	t.Parallel()
	m := filled(t)
	before := m.Snapshot()
	want := before.All()
	for range 2 {
		must(t, m.Update(t.Context(), func(tx core.Tx) error {
			_, err := tx.NewID(1, "others")
			return errors.Join(err, tx.Delete("things", []byte("a")), tx.Put("others", []byte("c"), nil))
		}))
		if got := m.Snapshot().All(); maps.Equal(got, want) {
			t.Error("nothing changed")
		}
		m.Restore(before)
		if got := m.Snapshot().All(); !maps.Equal(got, want) {
			t.Errorf("restored: %q, want %q", got, want)
		}
	}
	if got := before.Spaces(); len(got) != 1 || got[0] != "things" {
		t.Errorf("spaces %q", got)
	}
}
