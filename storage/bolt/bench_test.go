package bolt_test

import (
	"encoding/binary"
	"path/filepath"
	"testing"

	"willcall/core"
	"willcall/storage/bolt"
)

// benchStore holds n values of 120 bytes under keys as tables make them.
func benchStore(b *testing.B, n core.ID, options bolt.Options) *bolt.Store {
	b.Helper()
	store, err := bolt.Open(b.Context(), filepath.Join(b.TempDir(), "store.db"), options)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	err = store.Update(b.Context(), func(tx core.Tx) error {
		for id := core.ID(1); id <= n; id++ {
			if err := tx.Put(things, core.Key(1, id), make([]byte, 120)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return store
}

func BenchmarkGet(b *testing.B) {
	const records = 10_000
	store := benchStore(b, records, bolt.Options{NoSync: true, InitialMap: 8 << 20})
	err := store.View(b.Context(), func(v core.View) error {
		b.ReportAllocs()
		for id := core.ID(0); b.Loop(); id++ {
			if raw, err := v.Get(things, core.Key(1, id%records+1)); err != nil || raw == nil {
				b.Fatal("a record is missing", err)
			}
		}
		return nil
	})
	if err != nil {
		b.Error(err)
	}
}

func BenchmarkAscend10000(b *testing.B) {
	store := benchStore(b, 10_000, bolt.Options{NoSync: true, InitialMap: 8 << 20})
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		err := store.View(b.Context(), func(v core.View) error {
			return v.Ascend(things, nil, nil, func(_, _ []byte) error {
				n++
				return nil
			})
		})
		if err != nil || n != 10_000 {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkUpdate(b *testing.B) {
	for name, options := range map[string]bolt.Options{
		"synced":   {},
		"unsynced": {NoSync: true, InitialMap: 8 << 20},
	} {
		b.Run(name, func(b *testing.B) {
			store := benchStore(b, 1000, options)
			b.ReportAllocs()
			for n := uint64(0); b.Loop(); n++ {
				value := binary.BigEndian.AppendUint64(nil, n)
				err := store.Update(b.Context(), func(tx core.Tx) error { return tx.Put(things, core.Key(1, 1), value) })
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "store.db")
	for b.Loop() {
		store, err := bolt.Open(b.Context(), path, bolt.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := store.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
