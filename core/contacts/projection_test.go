package contacts_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

// versioned is the projection as a program of another version has it: registered
// where it stands already, everything is made anew.
type versioned struct {
	core.Projection
	version uint64
}

func (v versioned) Version() uint64 { return v.version }

// derived is all that the projection keeps in a store, by "space/key".
func derived(t testing.TB, store core.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := store.View(t.Context(), func(v core.View) error {
		for _, space := range contacts.Projection().Derived() {
			err := v.Ascend(space, nil, nil, func(key, value []byte) error {
				all[fmt.Sprintf("%s/%q", space, key)] = string(value)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// anew is what the projection makes of a store's contacts in an empty store.
func anew(t testing.TB, store core.Store) map[string]string {
	t.Helper()
	other := storagetest.New(t)
	copyContacts(t, store, other)
	if err := other.Project(t.Context(), contacts.Projection()); err != nil {
		t.Fatal(err)
	}
	return derived(t, other)
}

// copyContacts copies the sources of the projection.
func copyContacts(t testing.TB, from, to core.Store) {
	t.Helper()
	err := from.View(t.Context(), func(v core.View) error {
		return to.Update(t.Context(), func(tx core.Tx) error {
			for _, space := range contacts.Projection().Sources() {
				err := v.Ascend(space, nil, nil, func(key, value []byte) error {
					return tx.Put(space, bytes.Clone(key), bytes.Clone(value))
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// clerk does random things to the contacts of a house.
type clerk struct {
	h   *coretest.House
	ids []core.ID
}

func (a *clerk) draft(t *rapid.T) contacts.Draft {
	d := coretest.Person(words().Draw(t, "first"), "N"+words().Draw(t, "last"), "")
	d.Kind = rapid.SampledFrom(core.ContactKinds()).Draw(t, "kind")
	d.Company = "L" + words().Draw(t, "company")
	return d
}

func (a *clerk) some(t *rapid.T) core.ID {
	if len(a.ids) == 0 {
		t.Skip("nobody there")
	}
	return rapid.SampledFrom(a.ids).Draw(t, "id")
}

func (a *clerk) create(t *rapid.T) {
	if saved, err := a.h.Contacts.Create(a.h.Ctx, a.h.Owner, a.draft(t), a.h.Context()); err == nil {
		a.ids = append(a.ids, saved.ID)
	}
}

func (a *clerk) imports(t *rapid.T) {
	saved, err := a.h.Contacts.Import(a.h.Ctx, a.h.Owner, contacts.Imported{Draft: a.draft(t)})
	if err == nil {
		a.ids = append(a.ids, saved.ID)
	}
}

func (a *clerk) edit(t *rapid.T) {
	id, d := a.some(t), a.draft(t)
	now, err := a.h.Contacts.Show(a.h.Ctx, a.h.Owner, id)
	if err == nil {
		_, _ = a.h.Contacts.Edit(a.h.Ctx, a.h.Owner, id, now.Version, d, a.h.Context(), false) // may be refused
	}
}

func (a *clerk) remove(t *rapid.T) {
	id := a.some(t)
	now, err := a.h.Contacts.Show(a.h.Ctx, a.h.Owner, id)
	if err == nil {
		_, _ = a.h.Contacts.Remove(a.h.Ctx, a.h.Owner, id, now.Version) // may be refused
	}
}

func (a *clerk) restore(t *rapid.T) {
	_, _ = a.h.Contacts.Restore(a.h.Ctx, a.h.Owner, a.some(t)) // may be refused
}

// wait lets undos end, so that removed contacts are swept.
func (a *clerk) wait(*rapid.T) { a.h.Clock.Advance(13 * time.Hour) }

func TestLinesKeptUpAreThoseMadeAnew(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	rapid.Check(t, func(rt *rapid.T) {
		a := &clerk{h: h}
		h.Owner = h.SignIn(coretest.OwnerAddress) // the clock is moved on
		rt.Repeat(map[string]func(*rapid.T){
			"create": a.create, "import": a.imports, "edit": a.edit, "remove": a.remove, "restore": a.restore, "wait": a.wait,
		})
		alike(rt, t, h.Store, h.Made.Institution, contacts.Query{Text: words().Draw(rt, "text"), Limit: 1000})
		if kept, made := derived(t, h.Store), anew(t, h.Store); !maps.Equal(kept, made) {
			rt.Fatalf("kept up:\n%q\nmade anew:\n%q", kept, made)
		}
	})
}

func TestAnotherVersionMakesLinesAnew(t *testing.T) {
	t.Parallel()
	store := shelf(t)
	plant(t, store, house, book()...)
	want := derived(t, store)
	write(t, store, func(tx core.Tx) error {
		for _, space := range contacts.Projection().Derived() { // as an older version may have left it
			if err := tx.Put(space, core.Key(house, 3), []byte{1}); err != nil {
				return err
			}
		}
		return nil
	})
	if err := store.Project(t.Context(), versioned{contacts.Projection(), contacts.Projection().Version() + 1}); err != nil {
		t.Fatal(err)
	}
	if got := derived(t, store); !maps.Equal(got, want) {
		t.Errorf("made anew:\n%q\nwant:\n%q", got, want)
	}
}

func TestABrokenContactHasNoLine(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	plant(t, store, house, book()...)
	write(t, store, func(tx core.Tx) error { return tx.Put("contacts", core.Key(house, 6), []byte("broken")) })
	if err := store.Project(t.Context(), contacts.Projection()); err != nil {
		t.Fatal(err)
	}
	got := find(t, contacts.Lines{}, store, house, contacts.Query{Text: "dup"})
	if !slices.Equal(got.IDs, []core.ID{1}) || got.Total != 5 {
		t.Errorf("found %+v", got)
	}
	write(t, store, func(tx core.Tx) error { return tx.Put("contacts", core.Key(house, 1), nil) })
	if got := find(t, contacts.Lines{}, store, house, contacts.Query{Text: "dup"}); got.Matches != 0 || got.Total != 4 {
		t.Errorf("after another broke: found %+v", got)
	}
}

func TestALineThatStaysIsNotWritten(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	before := derived(t, h.Store)
	h.Follow(coretest.Token(h.Mails()[0]))
	writes := &writing{Store: h.Store}
	changed := []core.Touch{{Space: "contacts", Key: string(core.Key(h.Made.Institution, id))}}
	write(t, writes, func(tx core.Tx) error { return contacts.Projection().Apply(tx, changed) })
	if writes.puts != 0 || !maps.Equal(before, derived(t, h.Store)) {
		t.Errorf("%d puts for a contact whose words are the same", writes.puts)
	}
}

// writing is a store that counts what is put into it.
type writing struct {
	core.Store
	puts int
}

func (w *writing) Update(ctx context.Context, fn func(core.Tx) error) error {
	return w.Store.Update(ctx, func(tx core.Tx) error { w.puts = 0; return fn(&counting{tx, w}) })
}

type counting struct {
	core.Tx
	of *writing
}

func (c *counting) Put(space core.Space, key, value []byte) error {
	c.of.puts++
	return c.Tx.Put(space, key, value)
}

// write updates a store past all acts.
func write(t testing.TB, store core.Store, fn func(core.Tx) error) {
	t.Helper()
	if err := store.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkAnew makes the lines of a whole book anew, as a new version does when
// the store is opened.
func BenchmarkAnew(b *testing.B) {
	const n = 200_000
	store := storagetest.New(b)
	plantMany(b, store, 5000, many(n))
	version := uint64(0)
	for b.Loop() {
		version++
		if err := store.Project(b.Context(), versioned{contacts.Projection(), version}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "contacts/s")
}
