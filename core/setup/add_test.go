package setup_test

import (
	"maps"
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/setup"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

func TestR87_AnOwnerAddsAnInstitutionAndBelongsToIt(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	admin := h.Hire(core.RoleAdmin)
	var heard []core.Event
	t.Cleanup(h.Store.Watch(func(c core.Commit) { heard = append(heard, c.Events...) }))
	d := coretest.AddDraft(" The\u0301âtre du Port ")
	d.Institution.Moving = true
	made, err := h.Setup.AddInstitution(h.Ctx, h.Owner, d)
	h.Must(err)
	if made.Institution == h.Made.Institution || made.Owner != h.Made.Owner {
		t.Fatalf("made %+v", made)
	}
	if len(heard) != 1 || heard[0].Institution != made.Institution {
		t.Errorf("told of %+v", heard)
	}
	there := h.Owner
	there.Institution = made.Institution
	o, err := h.Venue.Overview(h.Ctx, there)
	h.Must(err)
	if o.Institution.Name != "Théâtre du Port" || o.Institution.Validation || o.Institution.PortalURL != coretest.SecondURL {
		t.Errorf("R3: made %+v", o.Institution)
	}
	if len(o.Organisations) != 1 || len(o.Channels) != 1 || len(o.PointsOfSale) != 1 || len(o.Documents) != len(venue.DocumentKinds()) {
		t.Errorf("made %+v", o)
	}
	if p := o.PointsOfSale[0]; p.SenderName != "Théâtre du Port" || p.Sender != "office@port.example" || p.State != venue.StateRunning {
		t.Errorf("made %+v", p)
	}
	if in, err := coretest.SignIn(h.Ctx, h.Operators, coretest.OwnerAddress, coretest.Password); err != nil || !slices.Equal(in.Institutions, []core.ID{1, made.Institution}) {
		t.Errorf("the owner belongs to %v, %v", in.Institutions, err)
	}
	admin.Institution = made.Institution
	_, err = h.Venue.Overview(h.Ctx, admin)
	h.Refused(err, core.CodeNotFound)
}

func TestAnInstitutionAddedIsRecordedOnceForAKey(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	req := h.Owner
	req.Key = "once"
	first, err := h.Setup.AddInstitution(h.Ctx, req, coretest.AddDraft("Théâtre du Port"))
	h.Must(err)
	again, err := h.Setup.AddInstitution(h.Ctx, req, coretest.AddDraft("Théâtre du Port"))
	h.Must(err)
	if again.Institution != first.Institution || again.Owner != h.Made.Owner {
		t.Errorf("asked again it made %+v", again)
	}
	entries := 0
	for _, e := range h.Journal() {
		if e.Action == core.ActInstitutionsCreate {
			entries++
			if e.Institution != first.Institution || e.Subject != (core.Ref{Kind: core.KindInstitution, ID: first.Institution}) {
				t.Errorf("recorded %+v", e)
			}
		}
	}
	if entries != 1 {
		t.Errorf("%d entries", entries)
	}
}

func TestARefusedInstitutionLeavesNothing(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	before := h.Dump()
	for name, tt := range map[string]struct {
		change func(*setup.AddDraft)
		field  string
		code   core.Code
	}{
		"no name":   {func(d *setup.AddDraft) { d.Institution.Name = "" }, "name", core.CodeRequired},
		"a life":    {func(d *setup.AddDraft) { d.Institution.LinkHours = 500 }, "link-hours", core.CodeRange},
		"a sender":  {func(d *setup.AddDraft) { d.Sender = "office" }, "sender", core.CodeAddress},
		"a sign-in": {func(d *setup.AddDraft) { d.SignInURL = "shop" }, "sign-in-url", core.CodeURL},
	} {
		d := coretest.AddDraft("Théâtre du Port")
		tt.change(&d)
		made, err := h.Setup.AddInstitution(h.Ctx, h.Owner, d)
		if got := coretest.FieldsOf(err); !maps.Equal(got, map[string]core.Code{tt.field: tt.code}) || made != (setup.Made{}) {
			t.Errorf("%s: made %+v, refused with %v", name, made, err)
		}
	}
	if after := h.Dump(); !maps.Equal(after, before) {
		t.Error("something was left behind")
	}
}

func TestR86_OnlyOwnersAddInstitutions(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for _, role := range []core.Role{core.RoleDeveloper, core.RoleOperator, core.RoleAdmin} {
		_, err := h.Setup.AddInstitution(h.Ctx, h.Hire(role), coretest.AddDraft("Théâtre du Port"))
		h.Refused(err, core.CodeForbidden)
	}
}
