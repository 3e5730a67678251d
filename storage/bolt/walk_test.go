package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"willcall/core"
)

// smallPage makes files of many pages small.
const smallPage = 1024

// treeRecords is how many records a treeFile has, with the mark of the engine.
const treeRecords = 1 + 3 + 30 + 3 + 12

// treeFile is a closed store of small pages: buckets of two levels, one inside
// its value, one whose values take several pages, and free pages.
func treeFile(tb testing.TB) (path string, raw []byte) {
	tb.Helper()
	path = filepath.Join(tb.TempDir(), "store.db")
	db, err := bbolt.Open(path, fileMode, &bbolt.Options{NoSync: true, PageSize: smallPage})
	if err != nil {
		tb.Fatal(err)
	}
	fill := func(space string, n, size int) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists([]byte(space))
			for i := range n {
				err = errors.Join(err, b.Put(fmt.Appendf(nil, "%s-%04d", space, i), bytes.Repeat([]byte{byte(i + 1)}, size)))
			}
			return err
		}
	}
	for _, fn := range []func(*bbolt.Tx) error{
		mark, fill("small", 3, 10), fill("things", 30, 150), fill("large", 3, 2500), fill("others", 12, 150), fill("things", 4, 120),
	} {
		if err := db.Update(fn); err != nil {
			tb.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
	if raw, err = os.ReadFile(filepath.Clean(path)); err != nil {
		tb.Fatal(err)
	}
	return path, raw
}

// faultsOf examines the newest state in raw.
func faultsOf(tb testing.TB, raw []byte, w pageWalk) (faults []error) {
	tb.Helper()
	file := bytes.NewReader(raw)
	m, err := newestMeta(file, smallPage)
	if err != nil {
		return []error{err}
	}
	w.ctx, w.file, w.size, w.pageSize, w.meta = tb.Context(), file, int64(len(raw)), smallPage, m
	w.report = func(err error) { faults = append(faults, err) }
	if err := w.run(); err != nil {
		tb.Fatal(err)
	}
	return faults
}

// planted is a file to spoil.
type planted struct {
	raw  []byte
	meta meta
}

func plantedFile(tb testing.TB) planted {
	tb.Helper()
	_, raw := treeFile(tb)
	m, err := newestMeta(bytes.NewReader(raw), smallPage)
	if err != nil {
		tb.Fatal(err)
	}
	return planted{raw, m}
}

func (p planted) page(id uint64) []byte { return p.raw[id*smallPage : (id+1)*smallPage] }

// branches are the branch pages that are used, the leaves the first of them leads
// to, and the bucket it is of.
func (p planted) branches() (ids, children []uint64) {
	w := pageWalk{
		ctx: context.Background(), file: bytes.NewReader(p.raw), size: int64(len(p.raw)), pageSize: smallPage,
		meta: p.meta, report: func(error) {},
	}
	_ = w.run()
	for id := uint64(2); id < p.meta.pages; id++ {
		if h := readHeader(p.page(id)); w.uses[id] == used && h.id == id && h.kind == branchFlag {
			ids = append(ids, id)
		}
	}
	h := readHeader(p.page(ids[0]))
	for i := range h.count {
		children = append(children, h.entry(p.page(ids[0]), i).child)
	}
	return ids, children
}

// lead has the branch page's entry i lead to another page.
func (p planted) lead(branch uint64, i int, to uint64) {
	binary.NativeEndian.PutUint64(p.page(branch)[pageHeader+entrySize*i+8:], to)
}

func TestAWholeFileHasNoFaults(t *testing.T) {
	t.Parallel()
	_, raw := treeFile(t)
	for _, branches := range []bool{false, true} {
		if faults := faultsOf(t, raw, pageWalk{branches: branches}); len(faults) > 0 {
			t.Errorf("only branches %t: %v", branches, faults)
		}
	}
}

// plantings are what is put into a file, and what is then said of it. Both walks
// find those that lead elsewhere.
func plantings() map[string]struct {
	plant func(p planted, branch uint64, leaves []uint64)
	want  string // with the branch and its first leaf
	leads bool
} {
	type planting = struct {
		plant func(p planted, branch uint64, leaves []uint64)
		want  string
		leads bool
	}
	leaf := func(change func(page []byte)) func(planted, uint64, []uint64) {
		return func(p planted, _ uint64, leaves []uint64) { change(p.page(leaves[0])) }
	}
	return map[string]planting{
		"a page that leads to itself": {func(p planted, b uint64, _ []uint64) { p.lead(b, 1, b) }, "page %[1]d: refers back to page %[1]d", true},
		"a page that is used twice":   {func(p planted, b uint64, l []uint64) { p.lead(b, 1, l[0]) }, "page %[1]d: refers to page %[2]d, which is used elsewhere", true},
		"a page beyond the end":       {func(p planted, b uint64, _ []uint64) { p.lead(b, 1, p.meta.pages) }, "page %[1]d: refers to page %[3]d, out of bounds", true},
		"a meta page as a leaf":       {func(p planted, b uint64, _ []uint64) { p.lead(b, 1, 1) }, "page %[1]d: refers to page 1, out of bounds", true},
		"a free page that is used": {func(p planted, _ uint64, l []uint64) {
			binary.NativeEndian.PutUint64(p.page(p.meta.freelist)[pageHeader:], l[0])
		}, "page %[2]d: in use, and listed as free", true},
		"a page that is free twice": {func(p planted, _ uint64, _ []uint64) {
			copy(p.page(p.meta.freelist)[pageHeader+8:], p.page(p.meta.freelist)[pageHeader:][:8])
		}, "is listed as free twice", true},
		"a list of free pages too long": {func(p planted, _ uint64, _ []uint64) {
			binary.NativeEndian.PutUint16(p.page(p.meta.freelist)[pageCount:], 60000)
		}, "60000 entries in the list of free pages", true},
		"a branch that says it's a leaf": {func(p planted, b uint64, _ []uint64) { p.page(b)[pageFlags] = leafFlag }, "page %[1]d: entry 0 is at", false},
		"a leaf that says it's another":  {leaf(func(page []byte) { page[0]++ }), "page %[2]d: says that it is page", false},
		"a leaf of no kind":              {leaf(func(page []byte) { page[pageFlags] = 0x40 }), "page %[2]d: of kind 0x40", false},
		"a leaf of fewer entries":        {leaf(func(page []byte) { page[pageCount]-- }), "page %[2]d: entry 0 is at", false},
		"a leaf of no entries":           {leaf(func(page []byte) { page[pageCount] = 0 }), "page %[2]d: empty", false},
		"a leaf of very many entries":    {leaf(func(page []byte) { page[pageCount+1] = 0xff }), "entries don't fit", false},
		"a leaf that takes another page": {leaf(func(page []byte) { page[pageOverflow]++ }), "", false},
		"a leaf that takes all pages":    {leaf(func(page []byte) { page[pageOverflow+3]++ }), "page %[2]d: takes 16777217 pages, out of bounds", false},
		"a value that ends elsewhere":    {leaf(func(page []byte) { page[pageHeader+12]++ }), "page %[2]d: entry 1 is at", false},
		"a bucket inside a bucket":       {leaf(func(page []byte) { page[pageHeader] = bucketFlag }), "page %[2]d: a bucket inside the bucket", false},
		"an entry of no kind":            {leaf(func(page []byte) { page[pageHeader] = 8 }), "page %[2]d: an entry of kind 0x8", false},
		"keys out of order":              {leaf(func(page []byte) { page[bytes.Index(page, []byte("-0001"))+1]-- }), "page %[2]d: key 1 isn't behind the one before it", false},
		"keys that belong to the left":   {func(p planted, _ uint64, l []uint64) { page := p.page(l[1]); page[bytes.IndexByte(page, '-')-1]-- }, "key 0 isn't where page %[1]d has it", false},
		"keys that belong to the right":  {leaf(func(page []byte) { page[bytes.LastIndex(page, []byte("-00"))-1]++ }), "isn't where page %[1]d has it", false},
	}
}

func TestPlantedFaultsAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range plantings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := plantedFile(t)
			branches, leaves := p.branches()
			c.plant(p, branches[0], leaves)
			want := fmt.Sprintf(c.want+"%[4]s", branches[0], leaves[0], p.meta.pages, "")
			faults := faultsOf(t, p.raw, pageWalk{})
			if !slices.ContainsFunc(faults, func(err error) bool { return strings.Contains(err.Error(), want) }) {
				t.Errorf("found %v, want %q", faults, want)
			}
			for _, fault := range faults {
				if !errors.Is(fault, core.ErrDamaged) || strings.Contains(fault.Error(), "%!") {
					t.Errorf("found %v", fault)
				}
			}
			if found := len(faultsOf(t, p.raw, pageWalk{branches: true})) > 0; found != c.leads {
				t.Errorf("looking at branches alone finds it: %t", found)
			}
		})
	}
}

// opened opens a file of those bytes.
func opened(t *testing.T, raw []byte) (*Store, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	if err := os.WriteFile(path, raw, fileMode); err != nil {
		t.Fatal(err)
	}
	return Open(t.Context(), path, Options{NoSync: true, InitialMap: 1 << 20})
}

// TestWhatLeadsAstrayIsNotOpened also holds that other damage is, that it is
// reported, and that no copy is made of it.
func TestWhatLeadsAstrayIsNotOpened(t *testing.T) {
	t.Parallel()
	for name, c := range plantings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := plantedFile(t)
			branches, leaves := p.branches()
			c.plant(p, branches[0], leaves)
			s, err := opened(t, p.raw)
			if c.leads {
				if !errors.Is(err, ErrDamaged) || !errors.Is(err, core.ErrDamaged) {
					t.Errorf("open gave %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			found := 0
			if err := s.Check(t.Context(), func(error) { found++ }); err != nil || found == 0 {
				t.Errorf("the check found %d, %v", found, err)
			}
			err = s.Copy(t.Context(), filepath.Join(t.TempDir(), "copy.db"), func(_, _ int64) {})
			if !errors.Is(err, core.ErrDamaged) {
				t.Errorf("a copy of it: %v", err)
			}
		})
	}
}

// TestAChainOfBranchesIsTooDeep has branches of one page each lead down, each
// right in itself.
func TestAChainOfBranchesIsTooDeep(t *testing.T) {
	t.Parallel()
	p := plantedFile(t)
	branches, _ := p.branches()
	e := readHeader(p.page(branches[0])).entry(p.page(branches[0]), 1)
	key := p.page(branches[0])[e.key:e.value]
	p.lead(branches[0], 1, p.meta.pages)
	p.raw = p.raw[:p.meta.pages*smallPage]
	for range deepest + 2 {
		page := make([]byte, smallPage)
		binary.NativeEndian.PutUint64(page, p.meta.pages)
		page[pageFlags], page[pageCount] = branchFlag, 1
		page[pageHeader], page[pageHeader+4] = entrySize, byte(len(key))
		copy(page[pageHeader+entrySize:], key)
		p.raw = append(p.raw, page...)
		p.meta.pages++
		p.lead(p.meta.pages-1, 0, p.meta.pages)
	}
	var faults []error
	w := pageWalk{
		ctx: t.Context(), file: bytes.NewReader(p.raw), size: int64(len(p.raw)), pageSize: smallPage, meta: p.meta,
		report: func(err error) { faults = append(faults, err) },
	}
	if err := w.run(); err != nil || len(faults) == 0 || !strings.Contains(faults[0].Error(), "more than 64 levels deep") {
		t.Errorf("found %v, %v", faults, err)
	}
}

func TestPagesThatNothingLeadsToAreToldAsOne(t *testing.T) {
	t.Parallel()
	p := plantedFile(t)
	branches, leaves := p.branches()
	p.lead(branches[0], 0, p.meta.pages)
	want := fmt.Sprintf("page %d: neither in use nor free", leaves[0])
	faults := faultsOf(t, p.raw, pageWalk{})
	if len(faults) != 2 || !strings.Contains(faults[1].Error(), want) {
		t.Errorf("found %v, want %q as well", faults, want)
	}
}

func TestLostRoomIsReportedAndCopiedOver(t *testing.T) {
	t.Parallel()
	p := plantedFile(t)
	p.page(p.meta.freelist)[pageCount]--
	s, err := opened(t, p.raw)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	var faults []error
	err = s.Check(t.Context(), func(fault error) { faults = append(faults, fault) })
	if err != nil || len(faults) != 1 || !strings.Contains(faults[0].Error(), "neither in use nor free") {
		t.Errorf("found %v, %v", faults, err)
	}
	if err := s.Copy(t.Context(), filepath.Join(t.TempDir(), "copy.db"), func(_, _ int64) {}); err != nil {
		t.Errorf("a copy: %v", err)
	}
}
