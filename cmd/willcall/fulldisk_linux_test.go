package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/bus"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage"
	"willcall/storage/storagetest"
)

// crammed is a house on a small disk, with an owner signed in.
type crammed struct {
	*house
	t     *testing.T
	owner core.Request
}

func newCrammed(t *testing.T) *crammed {
	t.Helper()
	dir := storagetest.SmallDisk(t, 24<<20)
	h, err := openHouse(t.Context(), options{
		dir: dir, wall: core.SystemWall, random: coretest.Random(7), cost: demoCost(),
		storage: storage.Options{InitialMap: 8 << 20, Reserve: 1 << 20}, log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	})
	c := &crammed{house: h, t: t}
	if _, err := h.setup.Do(t.Context(), coretest.Draft()); err != nil {
		t.Fatal(err)
	}
	c.signIn()
	return c
}

func (c *crammed) signIn() {
	c.t.Helper()
	in, err := coretest.SignIn(c.t.Context(), c.operators, coretest.OwnerAddress, coretest.Password)
	if err != nil {
		c.t.Fatal(err)
	}
	c.owner = core.Request{Actor: in.Actor, Session: in.Session, Institution: in.Institution, Organisation: in.Organisation}
}

func (c *crammed) create(name string) (contacts.Saved, error) {
	d := writtenAs(name, 0)
	d.Notes = strings.Repeat("n", core.MaxNote)
	offer, err := c.contacts.Offer(c.t.Context(), c.owner, d.Kind, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.contacts.Create(c.t.Context(), c.owner, d, offer.Suggested)
}

// says expects a refusal with the sentence under this key.
func (c *crammed) says(err error, key string) {
	c.t.Helper()
	p := c.words.In("en")
	if core.CodeOf(err) != core.CodeFull || explain(p, err) != p.T(key) {
		c.t.Fatalf("says %q (%v), want %q", explain(p, err), err, p.T(key))
	}
}

func (c *crammed) reserved() bool {
	c.t.Helper()
	info, err := os.Stat(filepath.Join(c.dir, "willcall.reserve"))
	if err != nil {
		c.t.Fatal(err)
	}
	return info.Size() > 0
}

// TestOnAFullDiskOnlyRemovingWorks fills the disk under a house until an act
// fails, and holds what is said, what still works, and that it goes on by itself
// once there is room.
func TestOnAFullDiskOnlyRemovingWorks(t *testing.T) {
	t.Parallel()
	c := newCrammed(t)
	var made []contacts.Saved
	for i := range 20 {
		saved, err := c.create(fmt.Sprintf("early%d", i))
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, saved)
	}
	mailbox := c.bus.Subscribe(c.owner.Institution, 8)
	defer mailbox.Close()
	release := storagetest.Occupy(t, c.dir, 0)
	failed := 0
	err := error(nil)
	for ; err == nil; failed++ {
		_, err = c.create(fmt.Sprintf("late%d", failed))
	}
	c.says(err, "error.full")
	if !c.store.Room().Spent || c.reserved() {
		t.Fatalf("when full: %+v, reserve %v", c.store.Room(), c.reserved())
	}
	c.hears(mailbox)
	_, err = c.create("refused")
	c.says(err, "full.spent")
	c.signIn() // needs no room worth speaking of
	c.removesAll(made)
	release()
	if _, err := c.create("again"); err != nil || !c.reserved() {
		t.Errorf("with room again: %v, reserve %v", err, c.reserved())
	}
	if found := c.find(); found.Total != failed-1+1 {
		t.Errorf("%d contacts are left of %d made while the disk filled and one after", found.Total, failed-1)
	}
	if err := c.store.Check(t.Context(), func(err error) { t.Error(err) }); err != nil {
		t.Error(err)
	}
}

// hears waits until consoles were told to look at the space.
func (c *crammed) hears(mailbox *bus.Mailbox) {
	c.t.Helper()
	for {
		batch, err := mailbox.Next(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		for _, e := range batch.Events {
			if e.Subject.Kind == core.KindStorage {
				return
			}
		}
	}
}

func (c *crammed) removesAll(made []contacts.Saved) {
	c.t.Helper()
	for i, saved := range made {
		if err := c.remove(saved.ID); err != nil {
			c.t.Fatalf("remove %d: %v", i, err)
		}
	}
}

func (c *crammed) remove(id core.ID) error {
	c.t.Helper()
	shown, err := c.contacts.Show(c.t.Context(), c.owner, id)
	if err != nil {
		c.t.Fatal(err)
	}
	_, err = c.contacts.Remove(c.t.Context(), c.owner, id, shown.Version)
	return err
}

func (c *crammed) find() contacts.Found {
	c.t.Helper()
	found, err := c.contacts.Find(c.t.Context(), c.owner, contacts.Query{})
	if err != nil {
		c.t.Fatal(err)
	}
	return found
}
