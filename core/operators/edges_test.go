package operators_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// kept counts what lies in a space.
func kept(h *coretest.House, space core.Space) (n int) {
	h.T.Helper()
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		return v.Ascend(space, nil, nil, func(_, _ []byte) error {
			n++
			return nil
		})
	}))
	return n
}

// TestNothingOfAnAttemptIsLeftAfterFiveCodes, and one that was left over all the
// same takes no sixth.
func TestNothingOfAnAttemptIsLeftAfterFiveCodes(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	for i := range 5 {
		if n := kept(h, "signin.attempts"); n != 1 {
			t.Fatalf("%d attempts before code %d", n, i+1)
		}
		_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app("000000"))
		h.Refused(err, core.CodeSignIn)
	}
	if n := kept(h, "signin.attempts"); n != 0 {
		t.Errorf("%d attempts are left", n)
	}
	h.Clock.Advance(time.Hour)
	attempt = h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	h.Act(func(act *core.Act) error { return operators.Tried(act, attempt, 5) })
	_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app(phone.Code(h.Clock.Effective())))
	h.Refused(err, core.CodeAttemptOver)
	_, err = h.Operators.MailCode(h.Ctx, coretest.Local(), attempt)
	h.Refused(err, core.CodeAttemptOver)
}

// TestAttemptsThatAreOverAreSweptAFewAtATime, and none that isn't.
func TestAttemptsThatAreOverAreSweptAFewAtATime(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	miss(h, from("a"), "nobody@opera.tests", 10)
	h.Clock.Advance(10*time.Minute - 1)
	miss(h, from("b"), "nobody@opera.tests", 1)
	h.Clock.Advance(1)
	for _, want := range []int{4, 3, 4} { // eight of ten, the other two, none
		miss(h, from("b"), "nobody@opera.tests", 1)
		if n := kept(h, "signin.attempts"); n != want {
			t.Errorf("%d attempts are kept, want %d", n, want)
		}
	}
}

// TestFailuresOfTheDayBeforeAreSweptAFewAtATime: each one that is kept anew takes
// four away.
func TestFailuresOfTheDayBeforeAreSweptAFewAtATime(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for i := range 6 { // each is kept twice, for the account and for the source
		miss(h, from(fmt.Sprint(i)), "nobody@opera.tests", 1)
	}
	h.Clock.Advance(24 * time.Hour)
	for i, want := range []int{6, 4, 6} { // eight of twelve, the other four, none
		miss(h, from(fmt.Sprint("next ", i)), "nobody@opera.tests", 1)
		if n := kept(h, "signin.buckets"); n != want {
			t.Errorf("%d are kept, want %d", n, want)
		}
	}
}

// TestALockByCodesIsToldToo, once.
func TestALockByCodesIsToldToo(t *testing.T) {
	t.Parallel()
	h, _ := enrolled(t)
	for range 3 {
		attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
		for range 5 {
			_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app("000000"))
			h.Refused(err, core.CodeSignIn)
		}
	}
	list, err := h.Notices.List(h.Ctx, h.Owner, 0, 50)
	h.Must(err)
	list = slices.DeleteFunc(list, func(n activity.NoticeEntry) bool { return n.Kind != core.NoticeLockedOut })
	if len(list) != 1 || list[0].Count != 1 {
		t.Errorf("told %+v", list)
	}
}

// TestARecoveryCodeOpensNothingAfterTooManyCodes, though its attempt began before.
func TestARecoveryCodeOpensNothingAfterTooManyCodes(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	fail(h, 20, app("000000"))
	_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, recovery(phone.Recovery[0]))
	h.Refused(err, core.CodeSignIn)
	h.Clock.Advance(24 * time.Hour)
	h.Must(code(h, recovery(phone.Recovery[0])))
}

// TestR82_ARepeatedCallShowsNoCodesOfAnother: codes are shown once.
func TestR82_ARepeatedCallShowsNoCodesOfAnother(t *testing.T) {
	t.Parallel()
	h, _ := enrolled(t)
	req := h.Owner
	req.Key = "renew"
	codes, err := h.Operators.RenewRecovery(h.Ctx, req)
	h.Must(err)
	again, err := h.Operators.RenewRecovery(h.Ctx, req)
	h.Refused(err, core.CodeConflict)
	if again != nil {
		t.Error("other codes were shown")
	}
	h.Must(code(h, recovery(codes[0])))
}

// TestAnAppThatIsOnlyBeingLinkedIsNone: there is nothing to disable or renew yet.
func TestAnAppThatIsOnlyBeingLinkedIsNone(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	_, err := h.Operators.BeginEnrolment(h.Ctx, h.Owner)
	h.Must(err)
	h.Refused(h.Operators.DisableFactor(h.Ctx, h.Owner), core.CodeFactorOff)
	_, err = h.Operators.RenewRecovery(h.Ctx, h.Owner)
	h.Refused(err, core.CodeFactorOff)
}

// TestR67_TheOwnMailedCodesStayWhereTheyAreTheFactor: they can be switched off
// beside an app, or where the company mails them anyway.
func TestR67_TheOwnMailedCodesStayWhereTheyAreTheFactor(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	before := len(h.Told(lea))
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true)) // as it is
	if n := len(h.Told(lea)); before != 1 || n != 0 {
		t.Errorf("told %d times, then %d", before, n)
	}
	company(h, operators.Company{Required: true, MailMeets: true})
	h.Refused(h.Operators.SwitchMailed(h.Ctx, req, false), core.CodeFactorNeeded)
	company(h, operators.Company{Required: true, MailMeets: true, MailedCodes: true})
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, false))
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	company(h, operators.Company{Required: true, MailMeets: true})
	h.Enrol(req)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, false))
}

// TestACodeOfSomebodyDisabledTellsNothing, even where nothing voided it.
func TestACodeOfSomebodyDisabledTellsNothing(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Hire(core.RoleOperator)
	reset := forgot(h, "operator@opera.example")
	h.Act(func(act *core.Act) error { return operators.Disable(act, "operator@opera.example") })
	_, err := h.Operators.TakeUp(h.Ctx, coretest.Local(), reset, newPassword)
	h.Refused(err, core.CodeOneTime)
}

// TestACodeMailedToAFormerAddressOpensNothing, even where nothing voided it.
func TestACodeMailedToAFormerAddressOpensNothing(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Hire(core.RoleOperator)
	reset := forgot(h, "operator@opera.example")
	h.Act(func(act *core.Act) error { return operators.Readdress(act, "operator@opera.example", lea) })
	_, err := h.Operators.TakeUp(h.Ctx, coretest.Local(), reset, newPassword)
	h.Refused(err, core.CodeOneTime)
}

// TestWhoTakesUpAnInvitationIsNotWarned: only a password that there was before can
// have been taken from somebody.
func TestWhoTakesUpAnInvitationIsNotWarned(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	_, invitation := invite(h)
	_, err := h.Operators.TakeUp(h.Ctx, coretest.Local(), invitation, newPassword)
	h.Must(err)
	if told := h.Told("leo@opera.example"); len(told) != 0 {
		t.Errorf("told %v", told)
	}
}

// TestAnAppsCodeIsAFreshProof for what takes one.
func TestAnAppsCodeIsAFreshProof(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	h.Clock.Advance(time.Hour)
	_, err := h.Operators.RenewRecovery(h.Ctx, h.Owner)
	h.Refused(err, core.CodeStepUp)
	h.Must(h.Operators.StepUp(h.Ctx, h.Owner, coretest.Local(), phone.Code(h.Clock.Effective())))
	_, err = h.Operators.RenewRecovery(h.Ctx, h.Owner)
	h.Must(err)
}

// TestTheUserOfThisComputerLooksAfterEverybody as an owner does.
func TestTheUserOfThisComputerLooksAfterEverybody(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	other := h.HireAt(core.RoleOwner, "paul@opera.example")
	local := core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:tess"}}
	if got := names(h, local); len(got) != 2 {
		t.Errorf("sees %v", got)
	}
	h.Must(disable(h, local, other.Actor.ID))
	h.Refused(disable(h, local, h.Made.Owner), core.CodeLastOwner)
	_, err := plan(h, local, require)
	h.Refused(err, core.CodeNotEnrolled)
	if got := sentence(err); got != "operator.no-admin-enrolled" { // who sits here has no factor of their own
		t.Errorf("refused by %q", got)
	}
	err = h.Operators.ResetFactor(h.Ctx, local, h.Made.Owner)
	if h.Refused(err, core.CodeFactorOff); sentence(err) != "operator.no-factor" {
		t.Errorf("refused by %q", sentence(err))
	}
	h.Enrol(h.Owner)
	_, err = plan(h, local, require)
	h.Must(err)
}

// TestR86_WhoStaysWhatTheyAreIsEdited: the last owner and the last enrolled admin may
// have another name, and be no admin where nothing is required.
func TestR86_WhoStaysWhatTheyAreIsEdited(t *testing.T) {
	t.Parallel()
	h, mia := required(t)
	h.Must(h.Operators.ResetFactor(h.Ctx, h.Owner, mia.Actor.ID))
	h.Must(edit(h, h.Owner, h.Made.Owner, func(d *operators.EditDraft) { d.Name = "Olga B." }))
	h.Must(promote(h, h.Owner, mia.Actor.ID, core.RoleOperator)) // has no app
	demand(h, func(c *operators.Company) { c.Required = false })
	second := h.HireAt(core.RoleOwner, "paul@opera.example")
	h.Must(promote(h, second, h.Made.Owner, core.RoleOperator))
}

// TestR86_WhoIsNotTheLastIsEditedWhereNoneIsLeft: an enrolled admin or an owner who is
// missing already stands in nobody's way.
func TestR86_WhoIsNotTheLastIsEditedWhereNoneIsLeft(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	leo := h.Hire(core.RoleOperator).Actor.ID
	local := core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:tess"}}
	rename := func(name string) error {
		staff, err := h.Operators.Staff(h.Ctx, local)
		h.Must(err)
		at := slices.IndexFunc(staff.Members, func(m operators.Member) bool { return m.ID == leo })
		d := draftOf(staff.Members[at])
		d.Name = name
		return h.Operators.Edit(h.Ctx, local, leo, staff.Members[at].Version, d)
	}
	company(h, operators.Company{Required: true})
	h.Must(rename("Leo A."))
	h.Act(func(act *core.Act) error { return operators.Disable(act, coretest.OwnerAddress) })
	h.Must(rename("Leo B."))
}

// TestR67_WhatIsRequiredAlreadyAsksForNoAppAgain: what else holds for the company can
// be changed though no admin has one any more.
func TestR67_WhatIsRequiredAlreadyAsksForNoAppAgain(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	company(h, operators.Company{Required: true})
	local := core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:tess"}}
	c, err := h.Operators.Company(h.Ctx, local)
	h.Must(err)
	c.MailMeets = true
	_, err = h.Operators.PlanCompany(h.Ctx, local, c)
	h.Must(err)
}

// TestAPlanLeavesOutWhomItChangesNothingFor: who didn't take up an invitation, and
// who was locked out before.
func TestAPlanLeavesOutWhomItChangesNothingFor(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Enrol(h.Owner)
	invite(h)
	p, err := plan(h, h.Owner, require)
	h.Must(err)
	if p.NotEnrolled.Count() != 0 {
		t.Errorf("has to enrol: %+v", p.NotEnrolled)
	}
	h.HireAt(core.RoleOperator, lea)
	company(h, operators.Company{MailedCodes: true, Required: true})
	c, err := h.Operators.Company(h.Ctx, h.Owner)
	h.Must(err)
	c.MailMeets = true
	p, err = h.Operators.PlanCompany(h.Ctx, h.Owner, c)
	h.Must(err)
	if p.LockedOut.Count() != 0 {
		t.Errorf("locked out: %+v", p.LockedOut)
	}
}

// TestCodesByOperatorsAreCapped: five an hour and fifteen a day to one.
func TestCodesByOperatorsAreCapped(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	member := h.Hire(core.RoleOperator)
	local := core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:tess"}}
	send := func() error { return h.Operators.SendReset(h.Ctx, local, member.Actor.ID) }
	for range 3 {
		for range 5 {
			h.Must(send())
			h.Clock.Advance(time.Minute)
		}
		h.Clock.Advance(55*time.Minute - time.Second)
		h.Refused(send(), core.CodeTooMany)
		h.Clock.Advance(time.Second)
	}
	h.Clock.Advance(21*time.Hour - time.Second)
	h.Refused(send(), core.CodeTooMany)
	h.Clock.Advance(time.Second)
	h.Must(send())
}

// TestOnlyWholeKeysAreDevices: whatever else a caller hands in is remembered by
// nobody.
func TestOnlyWholeKeysAreDevices(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	whole := h.Terminal(1).Device.Token
	for i, key := range []operators.DeviceKey{
		{},
		{Token: whole},
		{Kind: operators.DeviceTerminal},
		{Kind: operators.DeviceTerminal, Token: whole[1:]},
		{Kind: operators.DeviceTerminal, Token: whole + "AA"},
		{Kind: operators.DeviceTerminal, Token: "SHA256:" + whole},
		{Kind: operators.DeviceSSH, Token: whole},
		{Kind: operators.DeviceSSH, Token: "MD5:" + whole},
		{Kind: 9, Token: whole},
	} {
		if !lets(h, operators.From{Source: fmt.Sprint(i), Device: key}, coretest.OwnerAddress, coretest.Password) {
			t.Fatalf("%+v can't sign in", key)
		}
	}
	if n := kept(h, "operators.devices"); n != 0 {
		t.Errorf("%d devices", n)
	}
	lets(h, operators.From{Source: "ssh", Device: operators.DeviceKey{Kind: operators.DeviceSSH, Token: "SHA256:" + whole}}, coretest.OwnerAddress, coretest.Password)
	if n := kept(h, "operators.devices"); n != 1 {
		t.Errorf("a key isn't remembered: %d devices", n)
	}
}

// TestR73_TheUserOfThisComputerNeedsADeliveryToAnAdmin, whose address is validated.
func TestR73_TheUserOfThisComputerNeedsADeliveryToAnAdmin(t *testing.T) {
	t.Parallel()
	h := delivering(t)
	local := core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:tess"}}
	admin, operator := h.HireAt(core.RoleAdmin, "mia@opera.tests"), h.HireAt(core.RoleOperator, lea)
	h.Validate(operator)
	for _, c := range []struct {
		to   string
		want core.Code
	}{{olgaLive, ""}, {"nobody@opera.tests", core.CodeNoDelivery}, {lea, core.CodeNoDelivery}, {"mia@opera.tests", core.CodeNoDelivery}} {
		h.Delivered(c.to)
		if _, err := plan(h, local, mailCodes); core.CodeOf(err) != c.want {
			t.Errorf("after a mail to %s: %v, want %q", c.to, err, c.want)
		}
	}
	h.Validate(admin)
	_, err := plan(h, local, mailCodes)
	h.Must(err)
}

// sentence is what a refusal says in words of its own.
func sentence(err error) string {
	var refusal *core.Error
	if !errors.As(err, &refusal) {
		return ""
	}
	return refusal.Args["sentence"]
}
