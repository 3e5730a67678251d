package contacts_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

// school is a structure that was made.
func school(h *coretest.House, name string) core.ID {
	return h.Create(contacts.Draft{Kind: core.ContactStructure, Company: name}).ID
}

// acts is a draft of a relay of a structure.
func acts(first string, structure core.ID, primary bool) contacts.Draft {
	d := coretest.Person(first, "Dupont", "")
	d.Kind, d.Structure, d.Primary = core.ContactRelay, structure, primary
	return d
}

// relayNames lists a structure's relays, the primary one with a star.
func relayNames(h *coretest.House, structure core.ID) string {
	var names []string
	for _, r := range h.Show(structure).Relays {
		if r.Primary {
			r.Name += "*"
		}
		names = append(names, r.Name)
	}
	return strings.Join(names, ", ")
}

func TestARelayShowsItsStructureAndAStructureItsRelays(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	lycee := school(h, "Lycée")
	h.Create(acts("Zoé", lycee, false))
	id := h.Create(acts("Paul", lycee, true)).ID
	h.Create(acts("Émile", lycee, false))
	if got := relayNames(h, lycee); got != "Dupont Paul*, Dupont Émile, Dupont Zoé" {
		t.Errorf("relays %s", got)
	}
	got := h.Show(id)
	if got.Structure.ID != lycee || got.Structure.Name != "Lycée" || got.Relays != nil {
		t.Errorf("a relay of %+v with relays %v", got.Structure, got.Relays)
	}
	h.Edit(id, func(d *contacts.Draft) { d.Structure = 0 })
	if got := h.Show(id); got.Structure.ID != 0 || got.Primary || relayNames(h, lycee) != "Dupont Émile, Dupont Zoé" {
		t.Errorf("it stays with %+v: %s", got.Structure, relayNames(h, lycee))
	}
	h.Edit(id, func(d *contacts.Draft) { d.Structure = lycee })
	h.Edit(id, func(d *contacts.Draft) { d.Kind = core.ContactIndividual })
	if got := relayNames(h, lycee); got != "Dupont Émile, Dupont Zoé" {
		t.Errorf("an individual is a relay: %s", got)
	}
}

func TestWhatNoRelayCanBelongTo(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	gone := school(h, "Gone")
	_, err := h.Contacts.Remove(h.Ctx, h.Owner, gone, h.Show(gone).Version)
	h.Must(err)
	person := h.Create(coretest.Person("Marie", "Dupont", "")).ID
	for name, id := range map[string]core.ID{"nothing": 999, "a removed structure": gone, "an individual": person} {
		_, err := h.Contacts.Create(h.Ctx, h.Owner, acts("Paul", id, false), h.Context())
		if got := coretest.FieldsOf(err); !maps.Equal(got, map[string]core.Code{"structure": core.CodeChoice}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	own := school(h, "Own")
	d := acts("Paul", own, false)
	now := h.Show(own)
	_, err = h.Contacts.Edit(h.Ctx, h.Owner, own, now.Version, d, h.Context(), false)
	if got := coretest.FieldsOf(err); !maps.Equal(got, map[string]core.Code{"structure": core.CodeChoice}) {
		t.Errorf("itself: %v", err)
	}
}

func TestR87_AStructureOfAnotherInstitutionIsNotThere(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Act(func(act *core.Act) error {
		second, err := venue.Institutions().Insert(act, core.Installation, venue.Institution{Name: "Second"})
		act.Req.Institution = second
		for range 3 {
			if err == nil {
				_, err = contacts.Insert(act, contacts.Contact{Kind: core.ContactStructure, Company: "Elsewhere"})
			}
		}
		return err
	})
	_, err := h.Contacts.Create(h.Ctx, h.Owner, acts("Paul", 3, false), h.Context())
	h.Refused(err, core.CodeChoice)
}

func TestR77_AStructureHasOnePrimaryRelay(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	lycee, other := school(h, "Lycée"), school(h, "Other")
	first := h.Create(acts("Ana", lycee, true)).ID
	elsewhere := h.Create(acts("Eve", other, true)).ID
	before := h.Show(first).Version
	second := h.Create(acts("Paul", lycee, true)).ID
	if got := relayNames(h, lycee); got != "Dupont Paul*, Dupont Ana" {
		t.Errorf("relays %s", got)
	}
	if got := h.Show(first); got.Version != before+1 {
		t.Errorf("version %d after %d", got.Version, before)
	}
	if got := journal(h).Details; !slices.Contains(got, core.Detail{Name: "primary", Value: "Dupont Ana → yes", Personal: true}) ||
		!slices.Contains(got, core.Detail{Name: "structure", Value: " → Lycée (C-000001)", Personal: true}) {
		t.Errorf("details %+v", got)
	}
	h.Edit(first, func(d *contacts.Draft) { d.Primary = true })
	if got := relayNames(h, lycee); got != "Dupont Ana*, Dupont Paul" {
		t.Errorf("relays %s", got)
	}
	h.Edit(elsewhere, func(d *contacts.Draft) { d.Structure = lycee })
	if got := relayNames(h, lycee) + relayNames(h, other); got != "Dupont Eve*, Dupont Ana, Dupont Paul" {
		t.Errorf("relays %s", got)
	}
	stale := h.Show(second).Version
	_, err := h.Contacts.Edit(h.Ctx, h.Owner, second, stale-1, acts("Paul", lycee, true), h.Context(), false)
	h.Refused(err, core.CodeConflict)
	if got := relayNames(h, lycee); got != "Dupont Eve*, Dupont Ana, Dupont Paul" {
		t.Errorf("after a conflict %s", got)
	}
}

func TestAStructureWithRelaysStaysOne(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	lycee := school(h, "Lycée")
	relay := h.Create(acts("Ana", lycee, false)).ID
	now := h.Show(lycee)
	d := contacts.DraftOf(now.Contact)
	d.Kind, d.LastName = core.ContactIndividual, "Lycée"
	_, err := h.Contacts.Edit(h.Ctx, h.Owner, lycee, now.Version, d, h.Context(), false)
	if got := coretest.FieldsOf(err); !maps.Equal(got, map[string]core.Code{"kind": core.CodeNotMistake}) {
		t.Errorf("refused with %v", err)
	}
	h.Edit(relay, func(d *contacts.Draft) { d.Structure = 0 })
	_, err = h.Contacts.Edit(h.Ctx, h.Owner, lycee, now.Version, d, h.Context(), false)
	h.Must(err)
}

func TestRelaysAreAnnouncedToTheirStructures(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	lycee, other := school(h, "Lycée"), school(h, "Other")
	former := h.Create(acts("Ana", other, true)).ID
	id := h.Create(acts("Paul", lycee, false)).ID
	heard := listen(h, func() {
		h.Edit(id, func(d *contacts.Draft) { d.Structure, d.Primary = other, true })
	})
	for _, want := range []core.ID{lycee, other, former, id} {
		if !heard[core.Ref{Kind: core.KindContact, ID: want}] {
			t.Errorf("nothing is told of contact %d", want)
		}
	}
}

// listen collects the subjects of the events of an act.
func listen(h *coretest.House, act func()) map[core.Ref]bool {
	heard := map[core.Ref]bool{}
	commits := make(chan core.Commit, 100)
	stop := h.Store.Watch(func(c core.Commit) { commits <- c })
	act()
	stop()
	close(commits)
	for c := range commits {
		for _, e := range c.Events {
			heard[e.Subject] = true
		}
	}
	return heard
}
