package operators_test

import (
	"sync"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// atOnce does two things at the same time and gives their codes.
func atOnce(first, second func() error) (codes [2]core.Code) {
	var together, done sync.WaitGroup
	together.Add(2)
	for i, do := range []func() error{first, second} {
		done.Go(func() {
			together.Done()
			together.Wait()
			codes[i] = core.CodeOf(do())
		})
	}
	done.Wait()
	return codes
}

// recorded reports whether the last entry of the journal is a refusal of an act.
func recorded(t *testing.T, h *coretest.House, action core.ActionID, code core.Code) {
	t.Helper()
	all := h.Journal()
	if last := all[len(all)-1]; last.Action != action || last.Refused != code {
		t.Errorf("the journal ends with %+v", last)
	}
}

func TestR86_AdminsLookAfterOperatorsBelowAdmin(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	mia, leo, dana := h.Hire(core.RoleAdmin), h.Hire(core.RoleOperator), h.Hire(core.RoleDeveloper)
	max := h.HireAt(core.RoleAdmin, "max@opera.example")
	acts := map[core.ActionID]func(id core.ID) error{
		core.ActOperatorEdit: func(id core.ID) error {
			return edit(h, mia, id, func(d *operators.EditDraft) { d.Name = "Another" })
		},
		core.ActOperatorDisable:     func(id core.ID) error { return disable(h, mia, id) },
		core.ActOperatorEnable:      func(id core.ID) error { return h.Operators.Enable(h.Ctx, mia, id, h.Member(id).Version) },
		core.ActOperatorInviteAgain: func(id core.ID) error { return h.Operators.InviteAgain(h.Ctx, mia, id) },
		core.ActOperatorReset:       func(id core.ID) error { return h.Operators.SendReset(h.Ctx, mia, id) },
		core.ActOperatorResetFactor: func(id core.ID) error { return h.Operators.ResetFactor(h.Ctx, mia, id) },
		core.ActOperatorEndSessions: func(id core.ID) error {
			_, err := h.Operators.EndSessions(h.Ctx, mia, id)
			return err
		},
	}
	for action, do := range acts {
		for who, id := range map[string]core.ID{"an owner": h.Made.Owner, "an admin": max.Actor.ID, "themself": mia.Actor.ID} {
			if err := do(id); core.CodeOf(err) != core.CodeHigherRole {
				t.Errorf("%s of %s: %v", action, who, err)
			}
			recorded(t, h, action, core.CodeHigherRole)
		}
		for _, id := range []core.ID{leo.Actor.ID, dana.Actor.ID} {
			if err := do(id); core.CodeOf(err) == core.CodeHigherRole {
				t.Errorf("%s of somebody below: %v", action, err)
			}
		}
	}
}

func TestR86_NobodyRaisesTheOwnRoleOrGivesTheirs(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	mia, operator := h.Hire(core.RoleAdmin), h.Hire(core.RoleOperator)
	for _, role := range []core.Role{core.RoleAdmin, core.RoleOwner} {
		h.Refused(promote(h, mia, mia.Actor.ID, core.RoleOwner), core.CodeHigherRole)
		h.Refused(promote(h, mia, operator.Actor.ID, role), core.CodeHigherRole)
		recorded(t, h, core.ActOperatorEdit, core.CodeHigherRole)
		d := leo(h)
		d.Role = role
		_, err := h.Operators.Invite(h.Ctx, mia, d)
		h.Refused(err, core.CodeHigherRole)
	}
	h.Must(promote(h, mia, operator.Actor.ID, core.RoleDeveloper))
	h.Must(promote(h, h.Owner, operator.Actor.ID, core.RoleOwner))
	h.Must(promote(h, h.Owner, h.Made.Owner, core.RoleAdmin)) // one's own, downwards
}

func TestR86_TheLastOwnerStays(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	// None of these owns the house: invited only, disabled, an admin.
	d := leo(h)
	d.Role = core.RoleOwner
	_, err := h.Operators.Invite(h.Ctx, h.Owner, d)
	h.Must(err)
	gone := h.HireAt(core.RoleOwner, "gone@opera.example")
	h.Must(disable(h, h.Owner, gone.Actor.ID))
	h.Hire(core.RoleAdmin)
	for _, role := range []core.Role{core.RoleDeveloper, core.RoleOperator, core.RoleAdmin} {
		h.Refused(promote(h, h.Owner, h.Made.Owner, role), core.CodeLastOwner)
		recorded(t, h, core.ActOperatorEdit, core.CodeLastOwner)
	}
	h.Refused(disable(h, h.Owner, h.Made.Owner), core.CodeLastOwner)
	h.Must(look(h, h.Owner))
	h.Must(h.Operators.Enable(h.Ctx, h.Owner, gone.Actor.ID, h.Member(gone.Actor.ID).Version))
	h.Must(disable(h, h.Owner, h.Made.Owner))
	h.Refused(look(h, h.Owner), core.CodeSignedOut)
}

func TestR86_TwoOwnersWhoDemoteEachOtherAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	second := h.Hire(core.RoleOwner)
	demote := func(req core.Request, m operators.Member) func() error {
		d := draftOf(m)
		d.Role = core.RoleOperator
		return func() error { return h.Operators.Edit(h.Ctx, req, m.ID, m.Version, d) }
	}
	codes := atOnce(demote(h.Owner, h.Member(second.Actor.ID)), demote(second, h.Member(h.Made.Owner)))
	if (codes[0] == "") == (codes[1] == "") {
		t.Fatalf("answered %q", codes)
	}
	left := h.Owner
	if codes[1] == "" {
		left = second
	}
	h.Must(look(h, left))
	_, err := h.Operators.Invite(h.Ctx, left, leo(h))
	h.Must(err)
}

// required is a house that asks everybody for a second factor, with an enrolled
// owner and admin.
func required(t *testing.T) (h *coretest.House, mia core.Request) {
	t.Helper()
	h = coretest.New(t, storagetest.New(t))
	mia = h.Hire(core.RoleAdmin)
	h.Enrol(h.Owner)
	h.Enrol(mia)
	demand(h, func(c *operators.Company) { c.Required = true })
	return h, mia
}

// demand changes what holds for the company, as the owner.
func demand(h *coretest.House, change func(*operators.Company)) operators.CompanyPlan {
	h.T.Helper()
	c, err := h.Operators.Company(h.Ctx, h.Owner)
	h.Must(err)
	change(&c)
	p, err := h.Operators.PlanCompany(h.Ctx, h.Owner, c)
	h.Must(err)
	h.Must(h.Operators.ApplyCompany(h.Ctx, h.Owner, p))
	return p
}

func TestR83_TheLastEnrolledAdminsFactorStays(t *testing.T) {
	t.Parallel()
	h, mia := required(t)
	enrolled := h.HireAt(core.RoleOperator, "op@opera.example") // no admin
	h.Enrol(enrolled)
	h.Must(h.Operators.ResetFactor(h.Ctx, h.Owner, mia.Actor.ID))
	reset := func() error { return h.Operators.ResetFactor(h.Ctx, h.Owner, h.Made.Owner) }
	h.Refused(reset(), core.CodeLastEnrolled)
	recorded(t, h, core.ActOperatorResetFactor, core.CodeLastEnrolled)
	second := h.Hire(core.RoleOwner)
	h.Refused(disable(h, h.Owner, h.Made.Owner), core.CodeLastEnrolled)
	h.Refused(promote(h, h.Owner, h.Made.Owner, core.RoleOperator), core.CodeLastEnrolled)
	h.Enrol(second)
	h.Refused(reset(), core.CodeFactorNeeded)
	h.Must(h.Operators.ResetFactor(h.Ctx, second, h.Made.Owner))
	h.Refused(look(h, h.Owner), core.CodeSignedOut)
}

func TestR83_TwoFactorsResetAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	h, mia := required(t)
	second := h.Hire(core.RoleOwner)
	h.Enrol(second)
	h.Must(h.Operators.ResetFactor(h.Ctx, h.Owner, mia.Actor.ID))
	codes := atOnce(
		func() error { return h.Operators.ResetFactor(h.Ctx, h.Owner, second.Actor.ID) },
		func() error { return h.Operators.ResetFactor(h.Ctx, second, h.Made.Owner) },
	)
	if (codes[0] == "") == (codes[1] == "") {
		t.Fatalf("answered %q", codes)
	}
	left := 0
	for _, id := range []core.ID{h.Made.Owner, second.Actor.ID} {
		h.Must(h.Store.View(h.Ctx, func(v core.View) error {
			app, err := operators.FactorOf(v, id)
			if app.On {
				left++
			}
			return err
		}))
	}
	if left != 1 {
		t.Errorf("%d are enrolled", left)
	}
}

func TestWithoutTheRequirementAnyFactorIsReset(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Enrol(h.Owner)
	h.Must(h.Operators.ResetFactor(h.Ctx, h.Owner, h.Made.Owner))
	h.Owner = h.SignIn(coretest.OwnerAddress) // by the password alone again
	h.Refused(h.Operators.ResetFactor(h.Ctx, h.Owner, h.Made.Owner), core.CodeFactorOff)
}

// TestR67_NobodyResetsTheOwnFactorWhileItIsRequired, an owner with enrolled
// colleagues neither: it would be another way to disable it.
func TestR67_NobodyResetsTheOwnFactorWhileItIsRequired(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	mia := h.HireAt(core.RoleOwner, "mia@opera.example")
	h.Enrol(mia)
	demand(h, require)
	h.Refused(h.Operators.ResetFactor(h.Ctx, h.Owner, h.Made.Owner), core.CodeFactorNeeded)
	h.Must(code(h, app(phone.Code(h.Clock.Effective()))))
	h.Must(h.Operators.ResetFactor(h.Ctx, mia, h.Made.Owner)) // a colleague's may be lost
	h.Owner = mia
	demand(h, func(c *operators.Company) { c.Required = false })
	h.Must(h.Operators.ResetFactor(h.Ctx, mia, mia.Actor.ID))
}
