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

func TestR86_ARoleTakesEffectAtTheNextActionOfAnOpenSession(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	leo := h.Hire(core.RoleOperator)
	var heard []core.Event
	t.Cleanup(h.Store.Watch(func(c core.Commit) { heard = append(heard, c.Events...) }))
	h.Must(promote(h, h.Owner, leo.Actor.ID, core.RoleDeveloper))
	h.Refused(look(h, leo), core.CodeSignedOut)
	about := core.Event{Institution: core.Installation, Subject: core.Ref{Kind: core.KindOperator, ID: leo.Actor.ID}, Action: core.ActOperatorEdit}
	if !slices.Contains(heard, about) {
		t.Errorf("their console hears of %+v", heard)
	}
	again := h.SignIn("operator@opera.example")
	_, err := h.Contacts.Create(h.Ctx, again, coretest.Person("Marie", "Dupont", ""), h.Context())
	h.Refused(err, core.CodeForbidden)
	if got := h.Told("operator@opera.example"); !slices.Equal(got, []string{"role"}) {
		t.Errorf("told of %v", got)
	}
}

func TestADisabledOperatorIsOutAtOnceAndEnabledAgain(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	leo := h.Hire(core.RoleOperator)
	h.Must(disable(h, h.Owner, leo.Actor.ID))
	h.Refused(look(h, leo), core.CodeSignedOut)
	attempt := h.Begin(coretest.Local(), "operator@opera.example", coretest.Password)
	_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, operators.Answer{})
	h.Refused(err, core.CodeSignIn)
	if got := h.Member(leo.Actor.ID); !got.Disabled || got.Sessions != 0 {
		t.Errorf("shown as %+v", got)
	}
	h.Must(h.Operators.Enable(h.Ctx, h.Owner, leo.Actor.ID, h.Member(leo.Actor.ID).Version))
	h.Refused(look(h, leo), core.CodeSignedOut) // a session that ended stays so
	h.Must(look(h, h.SignIn("operator@opera.example")))
	if got := h.Told("operator@opera.example"); !slices.Equal(got, []string{"disabled", "enabled"}) {
		t.Errorf("told of %v", got)
	}
}

func TestR73_AnAddressThatSomebodyElseChangedIsNotValidated(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	leo := h.Hire(core.RoleOperator)
	h.Validate(leo)
	h.Must(edit(h, h.Owner, leo.Actor.ID, func(d *operators.EditDraft) { d.Address = "leo@port.example" }))
	if got := h.Member(leo.Actor.ID); !got.Validated.IsZero() || got.Address != "leo@port.example" {
		t.Errorf("shown as %+v", got)
	}
	h.Refused(look(h, leo), core.CodeSignedOut)
	if got := h.Told("operator@opera.example"); !slices.Equal(got, []string{"address"}) {
		t.Errorf("the former address is told of %v", got)
	}
}

func TestEndedSessionsAreCountedAndTheOperatorSignsInAgain(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	leo := h.Hire(core.RoleOperator)
	h.SignIn("operator@opera.example")
	n, err := h.Operators.EndSessions(h.Ctx, h.Owner, leo.Actor.ID)
	if err != nil || n != 2 {
		t.Errorf("%d sessions ended, %v", n, err)
	}
	h.Refused(look(h, leo), core.CodeSignedOut)
	h.Must(look(h, h.Owner))
	h.Must(look(h, h.SignIn("operator@opera.example")))
}

func TestEditsAreRefusedByTheirFieldsAndVersions(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.AddInstitution("Théâtre du Port")
	mia, leo := h.Hire(core.RoleAdmin), h.Hire(core.RoleOperator)
	before := h.Member(leo.Actor.ID)
	for name, tt := range map[string]struct {
		change func(*operators.EditDraft)
		field  string
		code   core.Code
	}{
		"no name":              {func(d *operators.EditDraft) { d.Name = "" }, "name", core.CodeRequired},
		"a long name":          {func(d *operators.EditDraft) { d.Name = strings.Repeat("é", 201) }, "name", core.CodeTooLong},
		"no address":           {func(d *operators.EditDraft) { d.Address = "leo" }, "address", core.CodeAddress},
		"a colleague's":        {func(d *operators.EditDraft) { d.Address = "Admin@opera.example" }, "address", core.CodeTaken},
		"no role":              {func(d *operators.EditDraft) { d.Role = 0 }, "role", core.CodeChoice},
		"a role to come":       {func(d *operators.EditDraft) { d.Role = 5 }, "role", core.CodeChoice},
		"no institution":       {func(d *operators.EditDraft) { d.Institutions = nil }, "institutions", core.CodeRequired},
		"one not one's own":    {func(d *operators.EditDraft) { d.Institutions = []core.ID{2} }, "institutions", core.CodeChoice},
		"one that isn't there": {func(d *operators.EditDraft) { d.Institutions = []core.ID{9} }, "institutions", core.CodeChoice},
	} {
		if got := coretest.FieldsOf(edit(h, mia, leo.Actor.ID, tt.change)); !maps.Equal(got, map[string]core.Code{tt.field: tt.code}) {
			t.Errorf("%s: refused %v", name, got)
		}
	}
	if after := h.Member(leo.Actor.ID); after.Version != before.Version {
		t.Errorf("a refusal saved version %d", after.Version)
	}
	for _, version := range []core.Version{0, before.Version + 1} {
		h.Refused(h.Operators.Edit(h.Ctx, mia, before.ID, version, draftOf(before)), core.CodeConflict)
		h.Refused(h.Operators.Disable(h.Ctx, mia, before.ID, version), core.CodeConflict)
		h.Refused(h.Operators.Enable(h.Ctx, mia, before.ID, version), core.CodeConflict)
	}
	h.Refused(h.Operators.Edit(h.Ctx, mia, 99, 1, draftOf(before)), core.CodeNotFound)
}

func TestBreakGlassOpensAnAccountFromThisComputer(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Enrol(h.Owner)
	local := core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:tess"}}
	for range 6 { // a lock of a minute
		h.Begin(coretest.Local(), coretest.OwnerAddress, "curtain up at nine")
	}
	h.Refused(h.Operators.BreakGlass(h.Ctx, h.Owner, h.Made.Owner, newPassword), core.CodeForbidden)
	h.Refused(h.Operators.BreakGlass(h.Ctx, local, 99, newPassword), core.CodeNotFound)
	h.Refused(h.Operators.BreakGlass(h.Ctx, local, h.Made.Owner, "short"), core.CodePassword)
	h.Must(h.Operators.BreakGlass(h.Ctx, local, h.Made.Owner, newPassword))
	h.Refused(look(h, h.Owner), core.CodeSignedOut)
	done := func(e core.Entry) bool {
		return e.Action == core.ActOperatorBreakGlass && e.Refused == "" && e.Actor == local.Actor && e.Subject.ID == h.Made.Owner
	}
	if !slices.ContainsFunc(h.Journal(), done) {
		t.Error("it isn't recorded")
	}
	if got := h.Told(coretest.OwnerAddress); !slices.Contains(got, "break-glass") {
		t.Errorf("told of %v", got)
	}
	begun, err := h.Operators.Begin(h.Ctx, coretest.Local(), coretest.OwnerAddress, newPassword)
	h.Must(err)
	if begun.In == nil {
		t.Fatal("a lock, or a factor, is left")
	}
	h.Owner = h.Request(*begun.In)
	if m := h.Member(h.Made.Owner); m.Factor.On || m.Disabled {
		t.Errorf("shown as %+v", m)
	}
}

// TestNothingSecretIsKept looks for every code and password of a house's life in
// all that it stored: journal, notices and outbox are part of it.
func TestNothingSecretIsKept(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id, invitation := invite(h)
	_, err := h.Operators.TakeUp(h.Ctx, coretest.Local(), invitation, "row nine in the quiet evening")
	h.Must(err)
	secrets := []string{coretest.Password, newPassword, "row nine in the quiet evening", invitation}
	h.Must(h.Operators.ChangePassword(h.Ctx, h.Owner, coretest.Password, newPassword))
	h.Clock.Advance(time.Minute)
	secrets = append(secrets, forgot(h, "leo@opera.example"))
	h.Must(h.Operators.MailAddressCode(h.Ctx, h.Owner, ""))
	secrets = append(secrets, h.Code())
	h.Must(disable(h, h.Owner, id))
	h.Must(h.Operators.SendReset(h.Ctx, h.Owner, h.Hire(core.RoleOperator).Actor.ID))
	waiting := h.Dump()
	secrets = append(secrets, h.Code())
	for _, s := range slices.Clone(secrets) {
		secrets = append(secrets, strings.ReplaceAll(s, "-", ""))
	}
	for key, value := range waiting {
		for _, s := range secrets {
			if len(s) > 6 && strings.Contains(key+value, s) {
				t.Errorf("%q holds %q", key, s)
			}
		}
	}
	for _, e := range h.Journal() {
		for _, d := range e.Details {
			if slices.Contains(secrets, d.Value) {
				t.Errorf("the journal tells %s %q", d.Name, d.Value)
			}
		}
	}
}
