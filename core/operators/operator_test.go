package operators_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// look is an act that every operator may do.
func look(h *coretest.House, req core.Request) error {
	_, err := h.Venue.Overview(h.Ctx, req)
	return err
}

func TestASignInTellsWhoAndWhere(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	in, err := h.Operators.SignIn(h.Ctx, " OLGA@Opera.example ", coretest.Password)
	h.Must(err)
	if in.Actor != (core.Actor{Kind: core.ActorOperator, ID: h.Made.Owner, Name: "Olga Brunner"}) || in.Role != core.RoleOwner || in.Language != "en" {
		t.Errorf("signed in as %+v", in)
	}
	if !slices.Equal(in.Institutions, []core.ID{h.Made.Institution}) || in.Session == h.Owner.Session {
		t.Errorf("into %v as session %d", in.Institutions, in.Session)
	}
}

// TestASessionIsKnownByItsDevice, and by its source where the device has no name.
func TestASessionIsKnownByItsDevice(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	named, nameless := h.Terminal(1), h.Terminal(2)
	nameless.Device.Label, nameless.Source = "", "192.0.2.1"
	for from, want := range map[operators.From]string{named: "box office", nameless: "192.0.2.1"} {
		begun, err := h.Operators.Begin(h.Ctx, from, coretest.OwnerAddress, coretest.Password)
		h.Must(err)
		sessions := profile(h, h.Owner).Sessions
		at := slices.IndexFunc(sessions, func(s operators.OpenSession) bool { return s.ID == begun.In.Session })
		if at < 0 || sessions[at].Where != want {
			t.Errorf("listed %+v, want one from %q", sessions, want)
		}
	}
}

func TestASessionLivesTwelveHours(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Clock.Advance(12*time.Hour - 1)
	h.Must(look(h, h.Owner))
	h.Clock.Advance(1)
	h.Refused(look(h, h.Owner), core.CodeSignedOut)
}

func TestSigningOutEndsOneSession(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	second := h.SignIn(coretest.OwnerAddress)
	var heard []core.Event
	t.Cleanup(h.Store.Watch(func(c core.Commit) { heard = append(heard, c.Events...) }))
	h.Must(h.Operators.SignOut(h.Ctx, h.Owner))
	if len(heard) != 1 || heard[0].Subject != (core.Ref{Kind: core.KindSession, ID: h.Owner.Session}) {
		t.Errorf("told of %+v", heard)
	}
	h.Refused(look(h, h.Owner), core.CodeSignedOut)
	h.Refused(h.Operators.SignOut(h.Ctx, h.Owner), core.CodeSignedOut)
	h.Must(look(h, second))
}

func TestAForgedSessionIsSignedOut(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	admin := h.Hire(core.RoleAdmin)
	forged := map[string]func(*core.Request){
		"no session":           func(r *core.Request) { r.Session = 0 },
		"a session to come":    func(r *core.Request) { r.Session += 100 },
		"a colleague's":        func(r *core.Request) { r.Session = h.Owner.Session },
		"a colleague's actor":  func(r *core.Request) { r.Actor.ID = h.Owner.Actor.ID },
		"nobody's actor":       func(r *core.Request) { r.Actor.ID = 0 },
		"an operator to come":  func(r *core.Request) { r.Actor.ID = 99 },
		"another installation": func(r *core.Request) { r.Session = ^core.ID(0) },
	}
	for name, forge := range forged {
		req := admin
		forge(&req)
		if err := look(h, req); core.CodeOf(err) != core.CodeSignedOut {
			t.Errorf("%s: %v", name, err)
		}
	}
	req := admin
	req.Institution = core.Installation
	h.Refused(look(h, req), core.CodeNotFound)
	req = admin
	req.Actor.Kind = core.ActorLocal + 9
	h.Refused(look(h, req), core.CodeForbidden)
}

func TestOperatorsAreRefusedByTheirFields(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	good := operators.OwnerDraft{Name: " Rene\u0301e ", Address: "Renee@Opera.example", Password: "x"}
	tests := map[string]struct {
		change func(*operators.OwnerDraft)
		want   map[string]core.Code
	}{
		"no name":     {func(d *operators.OwnerDraft) { d.Name = " " }, map[string]core.Code{"owner-name": core.CodeRequired}},
		"a long name": {func(d *operators.OwnerDraft) { d.Name = strings.Repeat("é", 201) }, map[string]core.Code{"owner-name": core.CodeTooLong}},
		"no address":  {func(d *operators.OwnerDraft) { d.Address = "" }, map[string]core.Code{"owner-address": core.CodeAddress}},
		"neither": {func(d *operators.OwnerDraft) { d.Name, d.Address = "", "" }, map[string]core.Code{
			"owner-name": core.CodeRequired, "owner-address": core.CodeAddress,
		}},
	}
	h.Act(func(act *core.Act) error {
		for name, tt := range tests {
			d := good
			tt.change(&d)
			_, err := operators.CreateOwner(act, d)
			if got := coretest.FieldsOf(err); !maps.Equal(got, tt.want) {
				t.Errorf("%s: refused %v, want %v", name, got, tt.want)
			}
		}
		id, err := operators.CreateOwner(act, good)
		if id != h.Made.Owner+1 {
			t.Errorf("refusals left something behind: the next owner is %d", id)
		}
		return err
	})
}

func TestNobodyIsThereBeforeTheSetUp(t *testing.T) {
	t.Parallel()
	h := coretest.Empty(t, storagetest.New(t))
	any := func() (found bool) {
		h.Must(h.Store.View(h.Ctx, func(v core.View) (err error) {
			found, err = operators.Any(v)
			return err
		}))
		return found
	}
	if any() {
		t.Error("somebody is there")
	}
	_, err := h.Operators.SignIn(h.Ctx, coretest.OwnerAddress, coretest.Password)
	h.Refused(err, core.CodeSignIn)
	_, err = h.Setup.Do(h.Ctx, coretest.Draft())
	h.Must(err)
	if !any() {
		t.Error("nobody is there")
	}
}
