package bolt

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"
)

// flipped is a store of small pages that is open while its file is spoilt.
type flipped struct {
	planted
	db   *bbolt.DB
	file *os.File
}

func openFlipped(t *testing.T) *flipped {
	t.Helper()
	path, _ := treeFile(t)
	p := plantedFile(t)
	if err := os.WriteFile(path, p.raw, fileMode); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, fileMode, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(filepath.Clean(path), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return &flipped{p, db, file}
}

// flip turns a bit, and reports whether the walk finds nothing. Then all there
// is can be read.
func (f *flipped) flip(t *testing.T, bit int) (clean bool) {
	t.Helper()
	at := bit / 8
	f.raw[at] ^= 1 << (bit % 8)
	defer func() { f.raw[at] ^= 1 << (bit % 8) }()
	if len(faultsOf(t, f.raw, pageWalk{})) > 0 {
		return false
	}
	f.write(t, at)
	if n, err := readAll(f.db); err != nil || at >= 2*smallPage && n != treeRecords {
		t.Errorf("with bit %d of byte %d of page %d turned nothing is found, but reading gives %d records, %v",
			bit%8, at%smallPage, at/smallPage, n, err)
	}
	f.raw[at] ^= 1 << (bit % 8)
	f.write(t, at)
	f.raw[at] ^= 1 << (bit % 8)
	return true
}

func (f *flipped) write(t *testing.T, at int) {
	t.Helper()
	if _, err := f.file.WriteAt(f.raw[at:at+1], int64(at)); err != nil {
		t.Fatal(err)
	}
}

// readAll counts the records, reads each and looks its key up.
func readAll(db *bbolt.DB) (n int, err error) {
	read := func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(key, value []byte) error {
				n++
				reach(value)
				if !bytes.Equal(b.Get(key), value) {
					return fmt.Errorf("%q of %q isn't where it belongs", key, name)
				}
				return nil
			})
		})
	}
	err = guarded("the file", func() error { return db.View(read) })
	return n, err
}

// TestEveryFlippedBitOfWhatLeadsToOthers turns each bit of the pages that say
// where others are, and some of those with the records. What the walk doesn't
// find doesn't matter: it is outside of what the page says it has.
func TestEveryFlippedBitOfWhatLeadsToOthers(t *testing.T) {
	t.Parallel()
	f := openFlipped(t)
	branches, leaves := f.branches()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	pages := append([]uint64{0, 1, f.meta.freelist, f.meta.root}, branches...)
	found := 0
	for _, id := range pages {
		for bit := range smallPage * 8 {
			if !f.flip(t, int(id)*smallPage*8+bit) {
				found++
			}
		}
	}
	for range 4000 {
		leaf := int(leaves[dice.IntN(len(leaves))])
		f.flip(t, (leaf*smallPage+dice.IntN(smallPage))*8+dice.IntN(8))
	}
	t.Logf("%d bits of %d pages turned, %d of them found", len(pages)*smallPage*8, len(pages), found)
	if found < 1000 {
		t.Errorf("only %d were found", found)
	}
}

// TestWhateverIsWrittenHasNoFaults holds the walk, which asks for more than
// bbolt's own checker, against files that bbolt wrote and finds whole.
func TestWhateverIsWrittenHasNoFaults(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	path, _ := treeFile(t)
	db, err := bbolt.Open(path, fileMode, &bbolt.Options{NoSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for range 300 {
		if err := db.Update(func(tx *bbolt.Tx) error { return shuffle(tx, dice) }); err != nil {
			t.Fatal(err)
		}
		for _, branches := range []bool{false, true} {
			err := db.View(func(tx *bbolt.Tx) error { return firstFault(t.Context(), tx, pageWalk{branches: branches}) })
			if err != nil {
				t.Fatalf("only branches %t: %v", branches, err)
			}
		}
	}
	if err := db.View(func(tx *bbolt.Tx) error { return <-tx.Check() }); err != nil {
		t.Errorf("bbolt's own checker: %v", err)
	}
}

// shuffle puts some keys into a bucket and deletes a range of others, at times
// all of them.
func shuffle(tx *bbolt.Tx, dice *rand.Rand) error {
	b, err := tx.CreateBucketIfNotExists([]byte{'a' + byte(dice.IntN(3))})
	if err != nil {
		return err
	}
	for range dice.IntN(60) {
		size := dice.IntN(80)
		if dice.IntN(30) == 0 {
			size = dice.IntN(9000)
		}
		if err := b.Put(fmt.Appendf(nil, "%d", dice.IntN(2000)), make([]byte, size)); err != nil {
			return err
		}
	}
	from, left := fmt.Appendf(nil, "%d", dice.IntN(2000)), dice.IntN(150)
	if dice.IntN(10) == 0 {
		from, left = nil, 10_000
	}
	c := b.Cursor()
	for key, _ := c.Seek(from); key != nil && left > 0; key, _ = c.Seek(key) {
		if err := b.Delete(key); err != nil {
			return err
		}
		left--
	}
	return nil
}

// FuzzWalk reads anything as the pages from one on, below a meta page that holds.
func FuzzWalk(f *testing.F) {
	p := plantedFile(f)
	whole := p.raw[:p.meta.pages*smallPage]
	for id := range uint16(p.meta.pages) {
		f.Add(id, bytes.TrimRight(p.page(uint64(id)), "\x00"))
	}
	f.Fuzz(func(t *testing.T, id uint16, page []byte) {
		raw := bytes.Clone(whole)
		copy(raw[int(id)%int(p.meta.pages)*smallPage:], page)
		copy(raw, whole[:2*smallPage])
		all := faultsOf(t, raw, pageWalk{})
		if some := faultsOf(t, raw, pageWalk{branches: true}); len(some) > 0 && len(all) == 0 {
			t.Errorf("looking at branches alone finds %v", some)
		}
		if bytes.Equal(raw, whole) && len(all) > 0 {
			t.Errorf("a whole file has the faults %v", all)
		}
	})
}
