package contacts_test

import (
	"errors"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

func TestAContactThatCannotBeReadHidesNoOther(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	school := h.Create(contacts.Draft{Kind: core.ContactStructure, Company: "Lycée Ravel"}).ID
	relay := h.Create(contacts.Draft{Kind: core.ContactRelay, LastName: "Roy", Structure: school})
	h.Create(coretest.Person("Marie", "Dupont", address))
	h.Spoil("contacts", core.Key(h.Made.Institution, relay.ID))

	found, err := h.Contacts.Find(h.Ctx, h.Owner, contacts.Query{})
	h.Must(err)
	if len(found.Rows) != 3 || found.Matches != 3 {
		t.Fatalf("found %+v", found)
	}
	for _, row := range found.Rows {
		if row.ID != relay.ID {
			if row.Damage != nil {
				t.Errorf("%s can't be read: %v", row.Name, row.Damage)
			}
			continue
		}
		if !errors.Is(row.Damage, core.ErrDamaged) || row.Number != relay.Number || row.Kind != core.ContactRelay || row.Name == "" {
			t.Errorf("of the broken one it is known: %+v", row)
		}
	}
	_, err = h.Contacts.Show(h.Ctx, h.Owner, relay.ID)
	h.Refused(err, core.CodeDamaged)
	if d := h.Show(school); len(d.Relays) != 1 || d.Relays[0].Damage == nil {
		t.Errorf("the structure's relays: %+v", d.Relays)
	}
	_, err = h.Contacts.Show(h.Ctx, h.Owner, core.ID(99))
	h.Refused(err, core.CodeNotFound)
}

func TestAContactWhoseRecordIsGoneIsDamaged(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	h.Lose("contacts", core.Key(h.Made.Institution, id))
	_, err := h.Contacts.Show(h.Ctx, h.Owner, id)
	h.Refused(err, core.CodeDamaged)
	found, err := h.Contacts.Find(h.Ctx, h.Owner, contacts.Query{Text: "marie"})
	h.Must(err)
	if len(found.Rows) != 1 || !errors.Is(found.Rows[0].Damage, core.ErrDamaged) {
		t.Errorf("found %+v", found)
	}
}
