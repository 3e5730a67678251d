package bolt_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"willcall/core"
	"willcall/storage/bolt"
)

// sizedFile makes a closed store of a size in MiB.
func sizedFile(b *testing.B, size int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "store.db")
	store, err := bolt.Open(b.Context(), path, bolt.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	for n := uint64(0); ; {
		err := store.Update(b.Context(), func(tx core.Tx) error {
			for range 5000 {
				n++
				if err := tx.Put(things, binary.BigEndian.AppendUint64(nil, n), make([]byte, 300)); err != nil {
					return err
				}
				if err := tx.Put("index", binary.BigEndian.AppendUint64(nil, n*0x9E3779B97F4A7C15), nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Size() >= int64(size)<<20 {
			break
		}
	}
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// readValues reads the end of every value, as bbolt's checker doesn't.
func readValues(tx *bbolt.Tx) error {
	var read byte
	return tx.ForEach(func(_ []byte, bucket *bbolt.Bucket) error {
		return bucket.ForEach(func(_, value []byte) error {
			if len(value) > 0 {
				read ^= value[len(value)-1]
			}
			return nil
		})
	})
}

// BenchmarkCheck is beside bbolt's own checker, for comparison.
func BenchmarkCheck(b *testing.B) {
	for _, size := range []int{32, 256} {
		path := sizedFile(b, size)
		b.Run(fmt.Sprintf("MiB=%d", size), func(b *testing.B) {
			store, err := bolt.Open(b.Context(), path, bolt.Options{NoSync: true})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = store.Close() }()
			b.ReportAllocs()
			for b.Loop() {
				if err := store.Check(b.Context(), func(err error) { b.Error(err) }); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("bbolt/MiB=%d", size), func(b *testing.B) {
			db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			b.ReportAllocs()
			for b.Loop() {
				err := db.View(func(tx *bbolt.Tx) error { return errors.Join(readValues(tx), <-tx.Check()) })
				if err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("open/MiB=%d", size), func(b *testing.B) {
			for b.Loop() {
				store, err := bolt.Open(b.Context(), path, bolt.Options{NoSync: true})
				if err != nil {
					b.Fatal(err)
				}
				if err := store.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
