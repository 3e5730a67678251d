package bolt_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.etcd.io/bbolt"

	"willcall/core"
	"willcall/core/record"
	"willcall/storage/bolt"
)

// slip is a record of the files that are damaged here.
type slip struct{ Text string }

func slips() record.Table[slip] {
	return record.NewTable("slips", "slip", record.New(record.Text(1, func(s *slip) *string { return &s.Text })),
		record.NewIndex("slips.texts", func(s *slip) [][]byte { return [][]byte{[]byte(s.Text[:4])} }))
}

const slipsMade = 300

func slipText(id core.ID) string {
	return fmt.Sprintf("%04d ", uint64(id)*7919%10000) + string(bytes.Repeat([]byte{'a' + byte(id%26)}, int(id%700)))
}

// slipFile makes a file of some 60 pages, with free pages among them, and gives
// its bytes.
func slipFile(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	store := open(t, path, quick())
	for range slipsMade / 50 {
		err := store.Update(t.Context(), func(tx core.Tx) error {
			for range 50 {
				last, err := tx.LastID(1, "slips")
				if err != nil {
					return err
				}
				if _, err := slips().Insert(tx, 1, slip{slipText(last + 1)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	closeStore(t, store)
	raw, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// afterDamage is what became of a damaged file.
type afterDamage struct {
	refused bool
	damaged bool // found on reading
	checked bool // found by the check of its pages
	found   int
}

// openDamaged opens a file, checks it and reads everything there is: values are
// right, or there is an error. What was refused is left as it is.
func openDamaged(t *testing.T, path string, raw []byte) (found afterDamage) {
	t.Helper()
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := bolt.Open(t.Context(), path, quick())
	if err != nil {
		refusals := []error{bolt.ErrEmpty, bolt.ErrForeign, bolt.ErrTruncated, bolt.ErrDamaged, core.ErrDamaged}
		if !slices.ContainsFunc(refusals, func(known error) bool { return errors.Is(err, known) }) {
			t.Errorf("refused with %v", err)
		}
		if after, err := os.ReadFile(filepath.Clean(path)); err != nil || !bytes.Equal(after, raw) {
			t.Errorf("what was refused was changed (%v)", err)
		}
		return afterDamage{refused: true}
	}
	defer func() { _ = store.Close() }()
	found.checked = len(check(t, store)) > 0
	err = store.View(t.Context(), func(v core.View) error {
		return slips().Ascend(v, 1, 0, func(id core.ID, _ record.Version, s slip) error {
			found.found++
			if s.Text != slipText(id) {
				t.Errorf("slip %d reads %q", id, s.Text)
			}
			return nil
		})
	})
	found.damaged = err != nil
	return found
}

func TestACutFileIsRefusedOrWhole(t *testing.T) {
	t.Parallel()
	whole, page, path := slipFile(t), os.Getpagesize(), filepath.Join(t.TempDir(), "store.db")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	var sizes []int
	for at := 0; at <= len(whole); at += page {
		sizes = append(sizes, at-1, at, at+1)
	}
	for range 60 {
		sizes = append(sizes, dice.IntN(len(whole)))
	}
	refused := 0
	for _, size := range sizes {
		if size < 0 || size > len(whole) {
			continue
		}
		got := openDamaged(t, path, whole[:size])
		if got.refused {
			refused++
			continue
		}
		if got.damaged || got.found != slipsMade {
			t.Errorf("cut to %d of %d bytes it opens: %+v", size, len(whole), got)
		}
		if err := bolt.CheckFile(t.Context(), path); err != nil {
			t.Errorf("cut to %d of %d bytes: %v", size, len(whole), err)
		}
	}
	if refused < len(sizes)/2 {
		t.Errorf("only %d of %d refused", refused, len(sizes))
	}
}

func TestOneMetaPageIsEnough(t *testing.T) {
	t.Parallel()
	whole, page, path := slipFile(t), os.Getpagesize(), filepath.Join(t.TempDir(), "store.db")
	const transaction = 64 // where its number is on a meta page
	newest := 0
	if binary.NativeEndian.Uint64(whole[page+transaction:]) > binary.NativeEndian.Uint64(whole[transaction:]) {
		newest = 1
	}
	for meta := range 2 {
		raw := bytes.Clone(whole)
		clear(raw[meta*page : (meta+1)*page])
		want := slipsMade
		if meta == newest { // a torn last write: the commit before it counts
			want -= 50
		}
		if got := openDamaged(t, path, raw); got.refused || got.damaged || got.found != want {
			t.Errorf("without meta page %d: %+v, want %d slips", meta, got, want)
		}
	}
	raw := bytes.Clone(whole)
	clear(raw[:2*page])
	if got := openDamaged(t, path, raw); !got.refused {
		t.Errorf("without meta pages it opens: %+v", got)
	}
}

// TestFlippedBits flips single bits all over the file. Nothing crashes, hangs or
// reads as another value. What bbolt has no checksum for, such as how many
// entries a page has, may hide some: the check of the pages tells, but for a key
// that still is where it belongs among the others.
func TestFlippedBits(t *testing.T) {
	t.Parallel()
	whole, path := slipFile(t), filepath.Join(t.TempDir(), "store.db")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	var refused, damaged, unharmed, hidden, missed int
	for range 400 {
		raw, bit := bytes.Clone(whole), dice.IntN(len(whole)*8)
		raw[bit/8] ^= 1 << (bit % 8)
		switch got := openDamaged(t, path, raw); {
		case got.refused:
			refused++
		case got.damaged:
			damaged++
		case got.found != slipsMade:
			hidden++
			if !got.checked {
				missed++
			}
			t.Logf("bit %d of byte %d of page %d: found %d", bit%8, bit/8%os.Getpagesize(), bit/8/os.Getpagesize(), got.found)
		default:
			unharmed++
		}
	}
	t.Logf("%d bytes: %d refused, %d found damaged, %d unharmed, %d hide something", len(whole), refused, damaged, unharmed, hidden)
	if damaged == 0 || missed > 2 {
		t.Errorf("only %d found damaged, and %d that hide something missed by the check", damaged, missed)
	}
}

// TestADamagedMarkIsRefused where it is on a page of its own, which is no more
// looked at than others before it is read.
func TestADamagedMarkIsRefused(t *testing.T) {
	t.Parallel()
	path := filled(t)
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := int64(0)
	err = db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("\x00willcall")).Put([]byte("more"), make([]byte, 3000))
	})
	err = errors.Join(err, db.View(func(tx *bbolt.Tx) error {
		at = int64(tx.Bucket([]byte("\x00willcall")).Root()) * int64(db.Info().PageSize)
		return nil
	}), db.Close())
	if err != nil || at == 0 {
		t.Fatalf("the mark is at %d: %v", at, err)
	}
	spoil(t, path, func(raw []byte) { binary.NativeEndian.PutUint16(raw[at+8:], 0x40) })
	expectRefusal(t, path, bolt.ErrDamaged)
}
