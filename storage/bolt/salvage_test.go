package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.etcd.io/bbolt"

	"willcall/core"
)

// tear destroys a page.
func (p planted) tear(id uint64) {
	for i := range p.page(id) {
		p.page(id)[i] ^= 0xa5
	}
}

// written puts the file into a folder of its own.
func (p planted) written(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "store.db")
	if err := os.WriteFile(path, p.raw, fileMode); err != nil {
		t.Fatal(err)
	}
	return path
}

// recordsOf are all records of a file, by bucket and key.
func recordsOf(t *testing.T, path string) map[string]string {
	t.Helper()
	all := map[string]string{}
	db, err := bbolt.Open(path, fileMode, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(key, value []byte) error {
				all[string(name)+"/"+string(key)] = string(value)
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// filesIn are the files of a folder with their bytes.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join(dir, name.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[name.Name()] = string(raw)
	}
	return all
}

func salvageTo(path string) Salvage { return Salvage{Kept: path + ".kept"} }

// torn are pages that are destroyed, what is missing after a salvage and of which
// spaces.
func torn() map[string]struct {
	tear    func(p planted, branch uint64, leaves []uint64)
	missing func(p planted, leaves []uint64) int
	short   []core.Space
} {
	type tearing = struct {
		tear    func(p planted, branch uint64, leaves []uint64)
		missing func(p planted, leaves []uint64) int
		short   []core.Space
	}
	nothing := func(planted, []uint64) int { return 0 }
	inLeaf := func(p planted, leaves []uint64) int { return readHeader(p.page(leaves[1])).count }
	return map[string]tearing{
		"a leaf":   {func(p planted, _ uint64, l []uint64) { p.tear(l[1]) }, inLeaf, []core.Space{"others"}},
		"a branch": {func(p planted, b uint64, _ []uint64) { p.tear(b) }, nothing, []core.Space{"others"}},
		"a branch and one of its leaves": {
			func(p planted, b uint64, l []uint64) { p.tear(b); p.tear(l[1]) }, inLeaf, []core.Space{"others"},
		},
		"the list of free pages": {func(p planted, _ uint64, _ []uint64) { p.tear(p.meta.freelist) }, nothing, []core.Space{}},
		"a branch and the list of free pages": {
			func(p planted, b uint64, _ []uint64) { p.tear(b); p.tear(p.meta.freelist) },
			func(planted, []uint64) int { return 12 },
			[]core.Space{"others"},
		},
		"a way that leads back": {func(p planted, b uint64, _ []uint64) { p.lead(b, 1, b) }, nothing, []core.Space{"others"}},
		"two keys swapped":      {func(p planted, _ uint64, l []uint64) { swap(p.page(l[1])) }, inLeaf, []core.Space{"others"}},
	}
}

// swap has the first two entries of a leaf change places in its table.
func swap(page []byte) {
	shift := func(e []byte, by int) []byte {
		position := int(binary.NativeEndian.Uint32(e[4:])) + by // counts from the entry's own first byte
		binary.NativeEndian.PutUint32(e[4:], uint32(position))
		return bytes.Clone(e)
	}
	table := page[pageHeader:]
	first, second := shift(table[:entrySize], -entrySize), shift(table[entrySize:2*entrySize], entrySize)
	copy(table, second)
	copy(table[entrySize:], first)
}

func TestASalvageSavesWhatCanBeRead(t *testing.T) {
	t.Parallel()
	for name, c := range torn() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := plantedFile(t)
			want := recordsOf(t, p.written(t))
			branches, leaves := p.branches()
			missing := c.missing(p, leaves)
			c.tear(p, branches[0], leaves)
			path := p.written(t)
			if err := os.WriteFile(path+salvagedSuffix, []byte("cut off"), fileMode); err != nil {
				t.Fatal(err)
			}
			var heard []core.Space
			s := salvageTo(path)
			s.Accept = func(v core.View, short []core.Space) error {
				heard = short
				value, err := v.Get("small", []byte("small-0001"))
				return errors.Join(err, expectValue(value, want["small/small-0001"]))
			}
			saved, err := SalvageFile(t.Context(), path, s)
			if err != nil {
				t.Fatal(err)
			}
			if saved.Entries != treeRecords-missing || !slices.Equal(saved.Short, c.short) || !slices.Equal(heard, c.short) || saved.Pages < 1 {
				t.Errorf("saved %+v, want %d entries of pages that leave %s short", saved, treeRecords-missing, c.short)
			}
			if files := filesIn(t, filepath.Dir(path)); len(files) != 2 || files["store.db.kept"] != string(p.raw) {
				t.Errorf("in the folder are %v", slices.Sorted(maps.Keys(files)))
			}
			if err := CheckFile(t.Context(), path); err != nil {
				t.Error(err)
			}
			expectSaved(t, recordsOf(t, path), want, missing)
		})
	}
}

// TestASalvageIsExaminedBeforeItIsUsed damages what was written of it.
func TestASalvageIsExaminedBeforeItIsUsed(t *testing.T) {
	t.Parallel()
	p := plantedFile(t)
	_, leaves := p.branches()
	p.tear(leaves[1])
	path, torn := p.written(t), 0
	s := salvageTo(path)
	s.Progress = func(done, of int64) {
		if done < of {
			return
		}
		raw, err := os.ReadFile(path + salvagedSuffix)
		if err != nil {
			t.Fatal(err)
		}
		size := os.Getpagesize()
		for at := 2 * size; at < len(raw); at += size {
			root, err := newestMeta(bytes.NewReader(raw), int64(size))
			if h := readHeader(raw[at:]); err == nil && h.kind == leafFlag && h.id != root.root {
				torn++
				binary.NativeEndian.PutUint16(raw[at+pageFlags:], metaFlag)
			}
		}
		if err := os.WriteFile(path+salvagedSuffix, raw, fileMode); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := SalvageFile(t.Context(), path, s); !errors.Is(err, core.ErrDamaged) || torn == 0 {
		t.Errorf("with %d torn pages: %v", torn, err)
	}
	if files := filesIn(t, filepath.Dir(path)); len(files) != 1 || files["store.db"] != string(p.raw) {
		t.Errorf("in the folder are %v", slices.Sorted(maps.Keys(files)))
	}
}

// before is the meta page of the state before the last commit.
func (p planted) before(t *testing.T) meta {
	t.Helper()
	m, err := readMeta(bytes.NewReader(p.raw), int64(1-p.meta.page)*smallPage)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestASalvageFallsBackOnTheStateBefore for the spaces that a torn list of them
// doesn't lead to: what the last commit changed is as it was.
func TestASalvageFallsBackOnTheStateBefore(t *testing.T) {
	t.Parallel()
	p := plantedFile(t)
	want := recordsOf(t, p.written(t))
	for i := range 4 { // which the last commit made shorter
		want[fmt.Sprintf("things/things-%04d", i)] = string(bytes.Repeat([]byte{byte(i + 1)}, 150))
	}
	p.tear(p.meta.root)
	path := p.written(t)
	saved, err := SalvageFile(t.Context(), path, salvageTo(path))
	if err != nil || saved.Entries != treeRecords || len(saved.Short) > 0 || saved.Pages < 1 || saved.Pages > 5 {
		t.Errorf("saved %+v, %v", saved, err)
	}
	expectSaved(t, recordsOf(t, path), want, 0)
}

func expectValue(got []byte, want string) error {
	if string(got) != want || want == "" {
		return errors.New("another value")
	}
	return nil
}

// expectSaved holds what was saved against what there was.
func expectSaved(t *testing.T, got, want map[string]string, missing int) {
	t.Helper()
	odd := 0
	for key, value := range got {
		if was, there := want[key]; !there {
			odd++
		} else if was != value {
			t.Errorf("%s is %q, was %q", key, value, was)
		}
	}
	if len(got) != len(want)-missing || odd > 0 {
		t.Errorf("%d entries of %d, %d of them other ones", len(got), len(want), odd)
	}
}

// TestASalvageThatIsOfNoUseChangesNothing, for whatever reason.
func TestASalvageThatIsOfNoUseChangesNothing(t *testing.T) {
	t.Parallel()
	refused := errors.New("not wanted")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx    context.Context //nolint:containedctx // one a case
		tear   func(p planted)
		change func(s *Salvage, path string)
		want   error
	}{
		"the list of spaces is torn, and that of before":      {tear: func(p planted) { p.tear(p.meta.root); p.tear(p.before(t).root) }, want: ErrBeyond},
		"the list of spaces is torn, and the other meta page": {tear: func(p planted) { p.tear(p.meta.root); p.tear(1 - p.meta.page) }, want: ErrBeyond},
		"both meta pages are torn":                            {tear: func(p planted) { p.tear(0); p.tear(1) }, want: ErrBeyond},
		"it isn't accepted": {change: func(s *Salvage, _ string) {
			s.Accept = func(core.View, []core.Space) error { return refused }
		}, want: refused},
		"it is cancelled":               {ctx: cancelled, want: context.Canceled},
		"the kept one's name is in use": {change: func(s *Salvage, path string) { s.Kept = path }, want: fs.ErrExist},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := plantedFile(t)
			_, leaves := p.branches()
			p.tear(leaves[0])
			if c.tear != nil {
				c.tear(p)
			}
			path := p.written(t)
			before, s := filesIn(t, filepath.Dir(path)), salvageTo(path)
			if c.change != nil {
				c.change(&s, path)
			}
			ctx := t.Context()
			if c.ctx != nil {
				ctx = c.ctx
			}
			if _, err := SalvageFile(ctx, path, s); !errors.Is(err, c.want) {
				t.Errorf("a salvage: %v, want %v", err, c.want)
			}
			if !maps.Equal(before, filesIn(t, filepath.Dir(path))) {
				t.Error("the folder was changed")
			}
		})
	}
}

// TestASalvageIsAloneWithTheFile: neither beside who has it open nor beside
// another salvage, also of a file that bbolt can't open.
func TestASalvageIsAloneWithTheFile(t *testing.T) {
	t.Parallel()
	p := plantedFile(t)
	for name, tear := range map[string]func(planted){
		"bbolt opens it": func(planted) {},
		"bbolt doesn't":  func(p planted) { p.tear(p.meta.freelist) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := planted{bytes.Clone(p.raw), p.meta}
			tear(p)
			path := p.written(t)
			release, err := hold(t.Context(), path, 1)
			if err != nil {
				t.Fatal(err)
			}
			s := salvageTo(path)
			s.LockWait = 1
			if _, err := SalvageFile(t.Context(), path, s); !errors.Is(err, ErrLocked) {
				t.Errorf("beside another one: %v", err)
			}
			if err := release(); err != nil {
				t.Fatal(err)
			}
			r, err := OpenReader(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := SalvageFile(t.Context(), path, s); !errors.Is(err, ErrLocked) {
				t.Errorf("beside a reader: %v", err)
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			s.LockWait = 0
			if _, err := SalvageFile(t.Context(), path, s); err != nil {
				t.Errorf("alone: %v", err)
			}
		})
	}
}

// TestASalvageOfAnythingEnds flips bits all over: what is put in place holds
// together, whatever was in the pages.
func TestASalvageOfAnythingEnds(t *testing.T) {
	t.Parallel()
	p := plantedFile(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	path, done := p.written(t), 0
	for range 60 {
		raw := bytes.Clone(p.raw)
		for range 1 + dice.IntN(8) {
			raw[dice.IntN(len(raw))] ^= 1 << dice.IntN(8)
		}
		if err := os.WriteFile(path, raw, fileMode); err != nil {
			t.Fatal(err)
		}
		_, err := SalvageFile(t.Context(), path, salvageTo(path))
		if errors.Is(err, ErrBeyond) {
			continue
		}
		if err = errors.Join(err, CheckFile(t.Context(), path), os.Remove(path+".kept")); err != nil {
			t.Fatal(err)
		}
		done++
	}
	if done == 0 {
		t.Error("every one was beyond repair")
	}
}
