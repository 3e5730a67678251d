package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/validation"
	"willcall/storage"
	"willcall/storage/archive"
)

const (
	// largeVariable is how large the database of [BenchmarkLarge] is, in bytes.
	largeVariable = "WILLCALL_BENCH_BYTES"
	largeBytes    = 32 << 20
	// contactBytes is about what a contact of the sample data takes.
	contactBytes = 1200
	// savers is how many people save at a time.
	savers = 16
)

// BenchmarkLarge is what is done with a large database as a whole: opening it,
// reading from it for the first time, examining it, backing it up and restoring
// that, and saving alone and beside a backup. The raw sync of the same disk
// stands beside it.
func BenchmarkLarge(b *testing.B) {
	l := newLarge(b)
	b.Run("sync", l.sync)
	b.Run("open", l.open)
	b.Run("open-the-house", l.openHouse)
	b.Run("first-read", l.firstRead)
	b.Run("check", l.check)
	b.Run("examine", l.examine)
	b.Run("copy", l.copy)
	b.Run("backup", l.backUp)
	b.Run("restore", l.restore)
	b.Run("saves-alone", func(b *testing.B) { l.saves(b, false) })
	b.Run("saves-beside-copy", func(b *testing.B) { l.saves(b, true) })
}

// large is a closed data folder.
type large struct {
	dir  string
	size int64
}

func newLarge(b *testing.B) large {
	b.Helper()
	l := large{dir: filepath.Join(b.TempDir(), "data")}
	want := int64(largeBytes)
	if text := os.Getenv(largeVariable); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		mustBench(b, err)
		want = n
	}
	h := l.house(b, storage.Options{NoSync: true})
	mustBench(b, h.fillDemo(b.Context(), storyPortal, max(int(want/contactBytes), leastContacts), func(int) {}))
	mustBench(b, h.close())
	info, err := os.Stat(filepath.Join(l.dir, storage.DatabaseName))
	mustBench(b, err)
	l.size = info.Size()
	return l
}

func mustBench(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// house opens the folder as the program does.
func (l large) house(b *testing.B, engine storage.Options) *house {
	b.Helper()
	h, err := openHouse(b.Context(), options{
		dir: l.dir, wall: core.SystemWall, random: rand.Reader, cost: demoCost(), storage: engine, log: slog.New(slog.DiscardHandler),
	})
	mustBench(b, err)
	return h
}

// use opens the house for a benchmark.
func (l large) use(b *testing.B) *house {
	b.Helper()
	h := l.house(b, storage.Options{})
	b.Cleanup(func() { mustBench(b, h.close()) })
	return h
}

// perSecond has a benchmark told in bytes of the database.
func (l large) perSecond(b *testing.B) {
	b.Helper()
	b.SetBytes(l.size)
}

// sync is what the disk takes to make one page durable.
func (l large) sync(b *testing.B) {
	file, err := os.Create(filepath.Join(b.TempDir(), "page"))
	mustBench(b, err)
	defer file.Close() //nolint:errcheck // the end of the benchmark
	page := make([]byte, 4096)
	for n := byte(0); b.Loop(); n++ {
		page[0] = n
		_, err := file.WriteAt(page, 0)
		mustBench(b, errors.Join(err, file.Sync()))
	}
}

func (l large) open(b *testing.B) {
	for b.Loop() {
		store, err := storage.Open(b.Context(), l.dir, storage.Options{})
		mustBench(b, err)
		b.StopTimer()
		mustBench(b, store.Close())
		b.StartTimer()
	}
}

func (l large) openHouse(b *testing.B) {
	for b.Loop() {
		h := l.house(b, storage.Options{})
		b.StopTimer()
		mustBench(b, h.close())
		b.StartTimer()
	}
}

// firstRead is the first page of contacts after opening.
func (l large) firstRead(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		h := l.house(b, storage.Options{})
		b.StartTimer()
		_, err := h.contacts.Find(b.Context(), local(), contacts.Query{})
		b.StopTimer()
		mustBench(b, errors.Join(err, h.close()))
		b.StartTimer()
	}
}

func (l large) check(b *testing.B) {
	h := l.use(b)
	l.perSecond(b)
	for b.Loop() {
		mustBench(b, h.store.Check(b.Context(), func(err error) { b.Error(err) }))
	}
}

// examine is what the doctor reads of the records.
func (l large) examine(b *testing.B) {
	h := l.use(b)
	l.perSecond(b)
	for b.Loop() {
		if findings, err := h.examine(b.Context()); err != nil || len(findings) > 0 {
			b.Fatal(len(findings), err)
		}
	}
}

func (l large) copy(b *testing.B) {
	h := l.use(b)
	l.perSecond(b)
	for b.Loop() {
		mustBench(b, copyOnce(b.Context(), h, filepath.Join(b.TempDir(), "copy.db")))
	}
}

// copyOnce copies the database and removes the copy.
func copyOnce(ctx context.Context, h *house, path string) error {
	return errors.Join(h.store.Copy(ctx, path, nothing), os.Remove(path))
}

func nothing(int64, int64) {}

func (l large) backUp(b *testing.B) {
	h := l.use(b)
	l.perSecond(b)
	for b.Loop() {
		made, err := backUp(b.Context(), h, filepath.Join(b.TempDir(), "backups"))
		b.StopTimer()
		mustBench(b, errors.Join(err, os.RemoveAll(made)))
		b.StartTimer()
	}
}

// restore verifies a backup and puts it where nothing is.
func (l large) restore(b *testing.B) {
	h := l.house(b, storage.Options{})
	made, err := backUp(b.Context(), h, filepath.Join(b.TempDir(), "backups"))
	mustBench(b, errors.Join(err, h.close()))
	l.perSecond(b)
	for b.Loop() {
		to := filepath.Join(b.TempDir(), "restored")
		plan, err := archive.NewPlan(b.Context(), made, to, filepath.Join(l.dir, storage.KeyName), coretest.Start(), nothing)
		mustBench(b, err)
		_, err = plan.Run(b.Context(), func(context.Context, string) error { return nil }, nothing)
		b.StopTimer()
		mustBench(b, errors.Join(err, os.RemoveAll(to)))
		b.StartTimer()
	}
}

// saves are contacts made by several people at a time, each waiting for the
// answer before the next.
func (l large) saves(b *testing.B, beside bool) {
	h := l.use(b)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	copied := make(chan error, 1)
	if beside {
		begun := make(chan struct{})
		go func() { copied <- copyUntil(ctx, h, filepath.Join(b.TempDir(), "copy.db"), begun) }()
		<-begun
	} else {
		copied <- nil
	}
	var taken atomic.Int64
	took := make([][]time.Duration, savers)
	var all sync.WaitGroup
	b.ResetTimer()
	for i := range savers {
		all.Go(func() {
			for n := taken.Add(1); n <= int64(b.N); n = taken.Add(1) {
				begun := core.SystemWall()
				d := writtenAs(fmt.Sprintf("b%d-%d-%v", b.N, n, beside), 0)
				d.Guest, d.Notes = true, ""
				if _, err := h.contacts.Create(ctx, local(), d, validation.Context{}); err != nil {
					b.Error(err)
				}
				took[i] = append(took[i], core.SystemWall().Sub(begun))
			}
		})
	}
	all.Wait()
	b.StopTimer()
	stop()
	if err := <-copied; err != nil && !errors.Is(err, context.Canceled) {
		b.Error(err)
	}
	sorted := slices.Sorted(slices.Values(slices.Concat(took...)))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "saves/s")
	b.ReportMetric(float64(sorted[len(sorted)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(sorted[len(sorted)-1].Microseconds())/1000, "max-ms")
}

// copyUntil copies again and again until ctx ends; begun is closed once the
// first copy has.
func copyUntil(ctx context.Context, h *house, path string, begun chan struct{}) error {
	var once sync.Once
	tell := func(int64, int64) { once.Do(func() { close(begun) }) }
	defer tell(0, 0)
	for {
		if err := h.store.Copy(ctx, path, tell); err != nil {
			return err
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
}

// backUp makes a backup without the key file and gives its folder.
func backUp(ctx context.Context, h *house, folder string) (path string, err error) {
	made, err := copier{h}.Copy(ctx, backup.Order{Folder: folder, At: h.clock.Effective()},
		func(backup.Step, int64, int64) {})
	return made.Path, err
}
