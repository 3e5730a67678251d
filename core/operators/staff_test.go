package operators_test

import (
	"slices"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// newPassword is one that is accepted.
const newPassword = "a quiet evening in row nine"

// leo is somebody who shall become an operator.
func leo(h *coretest.House) operators.InviteDraft {
	return operators.InviteDraft{
		Name: "Leo Rochat", Address: "leo@opera.example", Role: core.RoleOperator,
		Institutions: []core.ID{h.Made.Institution}, Language: "fr",
	}
}

// invite invites Leo and gives the code that was mailed.
func invite(h *coretest.House) (id core.ID, code string) {
	h.T.Helper()
	id, err := h.Operators.Invite(h.Ctx, h.Owner, leo(h))
	h.Must(err)
	return id, h.Code()
}

// names are those of the members whom somebody sees.
func names(h *coretest.House, req core.Request) (seen []string) {
	h.T.Helper()
	staff, err := h.Operators.Staff(h.Ctx, req)
	h.Must(err)
	for _, m := range staff.Members {
		seen = append(seen, m.Name)
	}
	return seen
}

// draftOf is what a form would say of an operator as they are.
func draftOf(m operators.Member) operators.EditDraft {
	return operators.EditDraft{Name: m.Name, Address: m.Address, Role: m.Role, Institutions: m.Institutions}
}

// edit saves a changed draft of an operator.
func edit(h *coretest.House, req core.Request, id core.ID, change func(*operators.EditDraft)) error {
	h.T.Helper()
	m := h.Member(id)
	d := draftOf(m)
	change(&d)
	return h.Operators.Edit(h.Ctx, req, id, m.Version, d)
}

// promote gives an operator another role.
func promote(h *coretest.House, req core.Request, id core.ID, role core.Role) error {
	return edit(h, req, id, func(d *operators.EditDraft) { d.Role = role })
}

func disable(h *coretest.House, req core.Request, id core.ID) error {
	return h.Operators.Disable(h.Ctx, req, id, h.Member(id).Version)
}

func TestR83_AListShowsWhoHasAFactor(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	mia := h.Hire(core.RoleAdmin)
	h.Enrol(mia)
	h.Validate(mia)
	h.Hire(core.RoleOperator)
	staff, err := h.Operators.Staff(h.Ctx, mia)
	h.Must(err)
	if got := names(h, mia); !slices.Equal(got, []string{"Olga Brunner", "admin", "operator"}) {
		t.Fatalf("the admin sees %v", got)
	}
	own, colleague := staff.Members[1], staff.Members[2]
	if !own.Factor.On || own.Factor.RecoveryLeft != 10 || own.Validated.IsZero() || own.Sessions != 1 || !own.LastSignIn.Equal(coretest.Start()) {
		t.Errorf("the admin is shown as %+v", own)
	}
	if colleague.Factor.On || colleague.Factor.RecoveryLeft != -1 || !colleague.Validated.IsZero() || colleague.Refused != nil {
		t.Errorf("a colleague is shown as %+v", colleague)
	}
	if !colleague.Invited.IsZero() || colleague.Disabled {
		t.Errorf("a colleague is shown as %+v", colleague)
	}
	h.Refused(staff.Members[0].Refused, core.CodeHigherRole)
	h.Refused(own.Refused, core.CodeHigherRole)
}

func TestR87_AdminsSeeTheOperatorsOfTheirInstitutionAndOwnersAll(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	port := h.AddInstitution("Théâtre du Port")
	mia := h.Hire(core.RoleAdmin)
	d := leo(h)
	d.Name, d.Institutions = "Paul Port", []core.ID{port.Made.Institution}
	paul, err := h.Operators.Invite(h.Ctx, h.Owner, d)
	h.Must(err)
	d.Name, d.Address, d.Institutions = "Both Houses", "both@opera.example", []core.ID{port.Made.Institution, h.Made.Institution}
	both, err := h.Operators.Invite(h.Ctx, h.Owner, d)
	h.Must(err)
	if got := names(h, mia); !slices.Equal(got, []string{"Olga Brunner", "admin", "Both Houses"}) {
		t.Errorf("the admin sees %v", got)
	}
	if got := names(h, h.Owner); !slices.Equal(got, []string{"Olga Brunner", "admin", "Paul Port", "Both Houses"}) {
		t.Errorf("the owner sees %v", got)
	}
	h.Refused(h.Operators.InviteAgain(h.Ctx, mia, paul), core.CodeNotFound)
	h.Refused(disable(h, mia, paul), core.CodeNotFound)
	h.Refused(disable(h, mia, both), core.CodeHigherRole) // also works where the admin doesn't
}

// TestAVoidInvitationIsStillToBeTakenUp: who was disabled and enabled before they
// chose a password is invited again.
func TestAVoidInvitationIsStillToBeTakenUp(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id, _ := invite(h)
	h.Must(h.Operators.Disable(h.Ctx, h.Owner, id, h.Member(id).Version))
	h.Must(h.Operators.Enable(h.Ctx, h.Owner, id, h.Member(id).Version))
	if got := h.Member(id); !got.Pending || !got.Invited.IsZero() {
		t.Errorf("pending %t, invited until %s", got.Pending, got.Invited)
	}
	h.Clock.Advance(time.Minute)
	h.Must(h.Operators.InviteAgain(h.Ctx, h.Owner, id))
	if got := h.Member(id); !got.Pending || got.Invited.IsZero() {
		t.Errorf("invited again, but pending %t, until %s", got.Pending, got.Invited)
	}
}

func TestAnOpenInvitationIsShownWithItsEnd(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id, code := invite(h)
	if got := h.Member(id); !got.Invited.Equal(coretest.Start().Add(72*time.Hour)) || got.Sessions != 0 || !got.LastSignIn.IsZero() {
		t.Errorf("invited until %s: %+v", got.Invited, got)
	}
	_, err := h.Operators.TakeUp(h.Ctx, coretest.Local(), code, newPassword)
	h.Must(err)
	if got := h.Member(id); got.Pending || !got.Invited.IsZero() || got.Validated.IsZero() {
		t.Errorf("taken up, but shown as %+v", got)
	}
}
