package bolt_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

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

// BenchmarkUpdate reports beside the updates a second how many times a second
// the same disk takes 4 KiB for good, and the slowest hundredth of the updates.
func BenchmarkUpdate(b *testing.B) {
	for _, callers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("synced/callers=%d", callers), func(b *testing.B) {
			store := benchStore(b, 1000, bolt.Options{})
			benchUpdates(b, callers, storeUpdate(b, store))
			b.ReportMetric(syncRate(b), "syncs/s")
		})
		b.Run(fmt.Sprintf("unsynced/callers=%d", callers), func(b *testing.B) {
			store := benchStore(b, 1000, bolt.Options{NoSync: true, InitialMap: 8 << 20})
			benchUpdates(b, callers, storeUpdate(b, store))
		})
	}
}

// BenchmarkPlainUpdate is bbolt without the writer, for comparison.
func BenchmarkPlainUpdate(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("synced/callers=%d", callers), func(b *testing.B) {
			db, err := bbolt.Open(filepath.Join(b.TempDir(), "plain.db"), 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = db.Close() })
			benchUpdates(b, callers, func(n int) error {
				return db.Update(func(tx *bbolt.Tx) error {
					bucket, err := tx.CreateBucketIfNotExists([]byte(things))
					if err != nil {
						return err
					}
					return bucket.Put(core.Key(1, core.ID(n%1000+1)), make([]byte, 120))
				})
			})
			b.ReportMetric(syncRate(b), "syncs/s")
		})
	}
}

// BenchmarkReadsBesideWriters reads while 64 callers write.
func BenchmarkReadsBesideWriters(b *testing.B) {
	store := benchStore(b, 1000, bolt.Options{})
	update := storeUpdate(b, store)
	done := make(chan struct{})
	var writing sync.WaitGroup
	for caller := range 64 {
		writing.Go(func() {
			for n := caller; ; n += 64 {
				select {
				case <-done:
					return
				default:
				}
				if err := update(n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	for n := core.ID(0); b.Loop(); n++ {
		err := store.View(b.Context(), func(v core.View) error {
			_, err := v.Get(things, core.Key(1, n%1000+1))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reads/s")
	close(done)
	writing.Wait()
}

func storeUpdate(b *testing.B, store core.Store) func(n int) error {
	return func(n int) error {
		value := make([]byte, 120)
		return store.Update(b.Context(), func(tx core.Tx) error {
			return tx.Put(things, core.Key(1, core.ID(n%1000+1)), value)
		})
	}
}

// benchUpdates makes b.N updates from so many callers.
func benchUpdates(b *testing.B, callers int, update func(n int) error) {
	b.ReportAllocs()
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var group sync.WaitGroup
	b.ResetTimer()
	for range callers {
		group.Go(func() {
			for n := int(next.Add(1)) - 1; n < b.N; n = int(next.Add(1)) - 1 {
				begun := time.Now()
				if err := update(n); err != nil {
					b.Error(err)
					return
				}
				took[n] = time.Since(begun)
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// syncRate is how often a second 4 KiB reach the disk that benchmarks write to.
func syncRate(b *testing.B) float64 {
	b.Helper()
	const rounds = 50
	file, err := os.Create(filepath.Join(b.TempDir(), "synced"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	begun := time.Now()
	for range rounds {
		if _, err := file.WriteAt(make([]byte, 4096), 0); err != nil {
			b.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	return rounds / time.Since(begun).Seconds()
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
