package contacts_test

import (
	"fmt"
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

// likeOf asks as the owner and gives the ids found.
func likeOf(h *coretest.House, l contacts.Likeness) (found contacts.Alike, ids []core.ID) {
	h.T.Helper()
	found, err := h.Contacts.Alike(h.Ctx, h.Owner, l)
	h.Must(err)
	for _, r := range found.Rows {
		ids = append(ids, r.ID)
	}
	return found, ids
}

func TestWhoIsAlike(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	marie := h.Create(coretest.Person("Marie", "Dupont", "Marie.Dupont@Orange.example")).ID
	husband := h.Create(coretest.Person("Paul", "Dupont", "marie.dupont@orange.example")).ID
	accents := h.Create(coretest.Person("MARIE", "Düpont", "other@mail.example")).ID
	h.Create(coretest.Person("Marie-Hélène", "Dupont", "marie.dupont@orange.example.net"))
	h.Create(coretest.Person("", "Dupont", ""))
	for name, tt := range map[string]struct {
		l                 contacts.Likeness
		want              []core.ID
		addresses, people int
	}{
		"nothing typed":              {contacts.Likeness{}, nil, 0, 0},
		"the address as typed":       {contacts.Likeness{Address: " MARIE.dupont@orange.EXAMPLE"}, []core.ID{marie, husband}, 2, 0},
		"half an address":            {contacts.Likeness{Address: "marie.dupont@orange"}, nil, 0, 0},
		"both names":                 {contacts.Likeness{FirstName: "marie", LastName: " dupont "}, []core.ID{marie, accents}, 0, 2},
		"a last name alone":          {contacts.Likeness{LastName: "Dupont"}, nil, 0, 0},
		"names the other way round":  {contacts.Likeness{FirstName: "Dupont", LastName: "Marie"}, nil, 0, 0},
		"the one that is edited":     {contacts.Likeness{Contact: marie, FirstName: "Marie", LastName: "Dupont"}, []core.ID{accents}, 0, 1},
		"both, the address first":    {contacts.Likeness{Address: "other@mail.example", FirstName: "Marie", LastName: "Dupont"}, []core.ID{accents, marie}, 1, 2},
		"an address that nobody has": {contacts.Likeness{Address: "zoe@mail.example", FirstName: "Zoé", LastName: "Dupont"}, nil, 0, 0},
	} {
		found, ids := likeOf(h, tt.l)
		slices.Sort(ids)
		slices.Sort(tt.want)
		if !slices.Equal(ids, tt.want) || found.Addresses != tt.addresses || found.People != tt.people || found.More != 0 {
			t.Errorf("%s: %v, %d and %d of %+v", name, ids, found.Addresses, found.People, found.Rows)
		}
	}
	found, _ := likeOf(h, contacts.Likeness{Address: "other@mail.example", FirstName: "Marie", LastName: "Dupont"})
	if first := found.Rows[0]; first.ID != accents || !first.SameAddress || !first.SamePerson || first.Number == 0 {
		t.Errorf("the first is %+v", first)
	}
}

func TestR87AlikeAreOnlyThoseOfTheOwnInstitution(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Create(coretest.Person("Marie", "Dupont", address))
	other := h.AddInstitution("Port")
	found, err := h.Contacts.Alike(h.Ctx, other.Owner, contacts.Likeness{Address: address, FirstName: "Marie", LastName: "Dupont"})
	h.Must(err)
	if found.Addresses != 0 || found.People != 0 || len(found.Rows) != 0 {
		t.Errorf("from the other institution: %+v", found)
	}
}

func TestR90WhoWasRemovedIsAlikeToNobody(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	_, err := h.Contacts.Remove(h.Ctx, h.Owner, id, h.Show(id).Version)
	h.Must(err)
	if found, _ := likeOf(h, contacts.Likeness{Address: address}); found.Addresses != 0 {
		t.Errorf("found %+v", found)
	}
}

func TestOfManyAlikeTheFirstAreListed(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for i := range contacts.MostAlike + 2 {
		h.Create(coretest.Person(fmt.Sprintf("Guest %d", i), "Tickets", "desk@school.example"))
	}
	found, ids := likeOf(h, contacts.Likeness{Address: "desk@school.example"})
	if found.Addresses != contacts.MostAlike+2 || len(ids) != contacts.MostAlike || found.More != 2 {
		t.Errorf("%d, of them %d listed, %d more", found.Addresses, len(ids), found.More)
	}
}

func TestOneThatCannotBeReadIsAlikeToNobody(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	broken := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	whole := h.Create(coretest.Person("Paul", "Dupont", address)).ID
	h.Spoil("contacts", core.Key(h.Made.Institution, broken))
	if found, ids := likeOf(h, contacts.Likeness{Address: address}); found.Addresses != 1 || !slices.Equal(ids, []core.ID{whole}) {
		t.Errorf("found %+v", found)
	}
}
