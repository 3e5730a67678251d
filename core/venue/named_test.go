package venue_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

// saver saves one of several kinds of things under a name: a new one where id
// is 0.
type saver struct {
	kind core.Kind
	save func(req core.Request, id core.ID, expected core.Version, name string) (core.Receipt, error)
	list func(o venue.Overview) map[core.ID]string
}

func savers(h *coretest.House) map[string]saver {
	return map[string]saver{
		"organisation": {
			core.KindOrganisation,
			func(req core.Request, id core.ID, expected core.Version, name string) (core.Receipt, error) {
				return h.Venue.SaveOrganisation(h.Ctx, req, id, expected, name)
			},
			func(o venue.Overview) map[core.ID]string {
				return named(o.Organisations, func(e venue.OrganisationEntry) (core.ID, string) { return e.ID, e.Name })
			},
		},
		"channel": {
			core.KindSalesChannel,
			func(req core.Request, id core.ID, expected core.Version, name string) (core.Receipt, error) {
				return h.Venue.SaveChannel(h.Ctx, req, id, expected, venue.SalesChannel{Name: name, Kind: venue.ChannelCounter})
			},
			func(o venue.Overview) map[core.ID]string {
				return named(o.Channels, func(e venue.Channel) (core.ID, string) { return e.ID, e.Name })
			},
		},
		"point of sale": {
			core.KindPointOfSale,
			func(req core.Request, id core.ID, expected core.Version, name string) (core.Receipt, error) {
				d := pointOfSale(h)
				d.Name = name
				return h.Venue.SavePointOfSale(h.Ctx, req, id, expected, d)
			},
			func(o venue.Overview) map[core.ID]string {
				return named(o.PointsOfSale, func(e venue.PointOfSaleEntry) (core.ID, string) { return e.ID, e.Name })
			},
		},
	}
}

func named[E any](all []E, of func(E) (core.ID, string)) map[core.ID]string {
	names := map[core.ID]string{}
	for _, e := range all {
		id, name := of(e)
		names[id] = name
	}
	return names
}

func TestNamesAreSavedCleanAndEdited(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	var heard []core.Event
	t.Cleanup(h.Store.Watch(func(c core.Commit) { heard = append(heard, c.Events...) }))
	for name, s := range savers(h) {
		made, err := s.save(h.Owner, 0, 0, " Fe\u0301te ")
		h.Must(err)
		if got := s.list(overview(h))[made.Subject.ID]; got != "Féte" || made.Subject.Kind != s.kind {
			t.Errorf("%s: made %q as %v", name, got, made.Subject)
		}
		_, err = s.save(h.Owner, made.Subject.ID, 1, "Fête")
		h.Must(err)
		if got := s.list(overview(h))[made.Subject.ID]; got != "Fête" || len(s.list(overview(h))) != 2 {
			t.Errorf("%s: edited to %q", name, got)
		}
		_, err = s.save(h.Owner, made.Subject.ID, 1, "Foire")
		h.Refused(err, core.CodeConflict)
		_, err = s.save(h.Owner, 99, 1, "Foire")
		h.Refused(err, core.CodeNotFound)
		for _, e := range heard {
			if e.Subject != made.Subject || e.Institution != h.Made.Institution {
				t.Errorf("%s: told of %+v", name, e)
			}
		}
		if len(heard) != 2 {
			t.Errorf("%s: told %d times", name, len(heard))
		}
		heard = nil
	}
}

func TestNamesAreRefused(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	elsewhere := h.AddInstitution("Théâtre du Port")
	for what, s := range savers(h) {
		made, err := s.save(h.Owner, 0, 0, "Fête")
		h.Must(err)
		for typed, want := range map[string]core.Code{
			"": core.CodeRequired, "a\nb": core.CodeControl, strings.Repeat("é", core.MaxName+1): core.CodeTooLong,
			"Fête": core.CodeNameTaken, " Fe\u0302te": core.CodeNameTaken,
		} {
			if _, err := s.save(h.Owner, 0, 0, typed); !maps.Equal(coretest.FieldsOf(err), codes{"name": want}) {
				t.Errorf("%s %q is refused with %v", what, typed, err)
			}
		}
		for id, name := range s.list(overview(h)) {
			if _, err := s.save(h.Owner, made.Subject.ID, 1, name); id != made.Subject.ID && core.CodeOf(err) != core.CodeNameTaken {
				t.Errorf("%s renamed to another's %q: %v", what, name, err)
			}
		}
		if _, err := s.save(h.Owner, made.Subject.ID, 2, "Fête"); err != nil {
			t.Errorf("%s kept its own name: %v", what, err)
		}
		if _, err := s.save(elsewhere.Owner, 0, 0, "Fête"); err != nil {
			t.Errorf("R87 %s of another institution: %v", what, err)
		}
	}
}

func TestAChannelNeedsAKind(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for _, kind := range []venue.ChannelKind{0, venue.ChannelCounter + 1} {
		_, err := h.Venue.SaveChannel(h.Ctx, h.Owner, 0, 0, venue.SalesChannel{Name: "Fair", Kind: kind})
		if !maps.Equal(coretest.FieldsOf(err), codes{"kind": core.CodeChoice}) {
			t.Errorf("kind %d is refused with %v", kind, err)
		}
	}
	kinds := venue.ChannelKinds()
	slices.Sort(kinds)
	if len(slices.Compact(kinds)) != int(venue.ChannelCounter) {
		t.Errorf("offered are %v", kinds)
	}
}

func TestR86_OnlyAdminsAndOwnersNameThings(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	o := overview(h)
	for _, role := range []core.Role{core.RoleDeveloper, core.RoleOperator, core.RoleAdmin} {
		req := h.Hire(role)
		for what, s := range savers(h) {
			for id := range core.ID(2) {
				if _, err := s.save(req, id, 1, "By "+role.String()); (core.CodeOf(err) == core.CodeForbidden) != (role != core.RoleAdmin) {
					t.Errorf("%s %d by a %v: %v", what, id, role, err)
				}
			}
		}
		_, err := h.Venue.SaveInstitution(h.Ctx, req, o.InstitutionVersion, draft(o.Institution))
		if (core.CodeOf(err) == core.CodeForbidden) != (role != core.RoleAdmin) {
			t.Errorf("the institution by a %v: %v", role, err)
		}
	}
}
