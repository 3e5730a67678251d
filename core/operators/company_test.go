package operators_test

import (
	"slices"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/drafts"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// delivering is a house whose mail server took a test mail to the owner's
// validated address.
func delivering(t *testing.T) *coretest.House {
	t.Helper()
	h := coretest.New(t, storagetest.New(t))
	moveTo(h, olgaLive)
	h.Delivers(olgaLive)
	return h
}

const olgaLive = "olga@opera.tests"

// moveTo gives the owner another address, proven by a code.
func moveTo(h *coretest.House, address string) {
	h.T.Helper()
	h.Must(h.Operators.MailAddressCode(h.Ctx, h.Owner, address))
	h.Must(h.Operators.ConfirmAddress(h.Ctx, h.Owner, h.Code()))
}

func plan(h *coretest.House, req core.Request, change func(*operators.Company)) (operators.CompanyPlan, error) {
	h.T.Helper()
	c, err := h.Operators.Company(h.Ctx, h.Owner)
	h.Must(err)
	change(&c)
	return h.Operators.PlanCompany(h.Ctx, req, c)
}

func require(c *operators.Company) { c.Required = true }

func mailCodes(c *operators.Company) { c.MailedCodes = true }

func ids(members []operators.Member) (all []core.ID) {
	for _, m := range members {
		all = append(all, m.ID)
	}
	return all
}

func same(a []core.ID, b ...core.ID) bool { return slices.Equal(a, b) }

func TestR66_OnlyAdminsSeeAndFlipTheRequirement(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for _, role := range []core.Role{core.RoleDeveloper, core.RoleOperator} {
		req := h.Hire(role)
		_, err := h.Operators.Company(h.Ctx, req)
		h.Refused(err, core.CodeForbidden)
		_, err = plan(h, req, require)
		h.Refused(err, core.CodeForbidden)
		h.Refused(h.Operators.ApplyCompany(h.Ctx, req, operators.CompanyPlan{}), core.CodeForbidden)
	}
	mia := h.Hire(core.RoleAdmin)
	h.Enrol(mia)
	p, err := plan(h, mia, require)
	h.Must(err)
	h.Must(h.Operators.ApplyCompany(h.Ctx, mia, p))
	if c, err := h.Operators.Company(h.Ctx, mia); err != nil || !c.Required || c.Version != 1 {
		t.Errorf("the company is %+v, %v", c, err)
	}
}

func TestR67_WhoRequiresAFactorHasOne(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	mia := h.Hire(core.RoleAdmin)
	h.Enrol(h.Owner) // a colleague's doesn't count
	_, err := plan(h, mia, require)
	h.Refused(err, core.CodeNotEnrolled)
	h.Refused(h.Operators.ApplyCompany(h.Ctx, mia, operators.CompanyPlan{To: operators.Company{Required: true}}), core.CodeNotEnrolled)
	if c, err := h.Operators.Company(h.Ctx, h.Owner); err != nil || c.Required {
		t.Errorf("the company is %+v, %v", c, err)
	}
}

func TestR67_WhoHasToEnrolIsListedAndWalledAtTheNextAction(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	mia, leo := h.Hire(core.RoleAdmin), h.Hire(core.RoleOperator)
	gone := h.HireAt(core.RoleOperator, "gone@opera.example")
	h.Must(disable(h, h.Owner, gone.Actor.ID))
	h.Enrol(h.Owner)
	h.Must(look(h, leo))
	p := demand(h, require)
	if !same(ids(p.NotEnrolled.Members), mia.Actor.ID, leo.Actor.ID) || p.LockedOut.Count() != 0 || p.SessionsEnd != 0 {
		t.Errorf("planned %+v", p)
	}
	h.Refused(look(h, leo), core.CodeEnrol)
	h.Must(look(h, h.Owner))
	h.Enrol(leo)
	h.Must(look(h, leo))
	if _, err := plan(h, h.Owner, func(c *operators.Company) { c.Required = false }); err != nil {
		t.Errorf("it can't be taken back: %v", err)
	}
}

// TestR87_APlanNamesThoseOfOnesOwnInstitutionsAndCountsTheOthers, and all of them
// are walled.
func TestR87_APlanNamesThoseOfOnesOwnInstitutionsAndCountsTheOthers(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	port := h.AddInstitution("Théâtre du Port")
	mia, leo := h.Hire(core.RoleAdmin), h.Hire(core.RoleOperator)
	paul := h.HireAt(core.RoleOperator, "paul@opera.example")
	h.Must(edit(h, h.Owner, paul.Actor.ID, func(d *operators.EditDraft) { d.Institutions = []core.ID{port.Made.Institution} }))
	paul.Institution = port.Made.Institution
	h.Must(look(h, paul))
	h.Enrol(mia)
	p, err := plan(h, mia, require)
	h.Must(err)
	if !same(ids(p.NotEnrolled.Members), h.Made.Owner, leo.Actor.ID) || p.NotEnrolled.Elsewhere != 1 {
		t.Errorf("the admin is shown %+v", p.NotEnrolled)
	}
	if all, err := plan(h, port.Owner, func(*operators.Company) {}); err != nil || all.NotEnrolled.Count() != 0 {
		t.Errorf("nothing changes, but %+v, %v", all.NotEnrolled, err)
	}
	staff, err := h.Operators.Staff(h.Ctx, mia)
	h.Must(err)
	if len(staff.Members) != 3 || staff.InAll != 4 || staff.Enrolled != 1 || staff.InAll-staff.Enrolled != p.NotEnrolled.Count() {
		t.Errorf("%d of %d have an app, %d are listed", staff.Enrolled, staff.InAll, len(staff.Members))
	}
	h.Must(h.Operators.ApplyCompany(h.Ctx, mia, p))
	h.Refused(look(h, paul), core.CodeEnrol)
	h.Enrol(h.Owner)
	owners, err := plan(h, h.Owner, func(c *operators.Company) { c.Required = false })
	h.Must(err)
	h.Must(h.Operators.ApplyCompany(h.Ctx, h.Owner, owners))
	if owners, err = plan(h, h.Owner, require); err != nil || !same(ids(owners.NotEnrolled.Members), leo.Actor.ID, paul.Actor.ID) {
		t.Errorf("the owner is shown %+v, %v", owners.NotEnrolled, err)
	}
}

func TestR55_MailedCodesForAllEndAllSessionsAfterSayingHowMany(t *testing.T) {
	t.Parallel()
	h := delivering(t)
	mia, second := h.Hire(core.RoleAdmin), h.SignIn(olgaLive)
	h.Validate(mia)
	p, err := plan(h, h.Owner, mailCodes)
	h.Must(err)
	if p.SessionsEnd != 3 {
		t.Errorf("%d sessions end", p.SessionsEnd)
	}
	draft := drafts.Draft{Form: "contacts.edit/1", Typed: map[string]string{"notes": "typed"}}
	_, err = h.Drafts.Keep(h.Ctx, mia, draft)
	h.Must(err)
	h.Must(h.Operators.ApplyCompany(h.Ctx, h.Owner, p))
	for _, req := range []core.Request{h.Owner, second, mia} {
		h.Refused(look(h, req), core.CodeSignedOut)
	}
	// Unsaved forms are there at the next sign-in, which takes a mailed code.
	h.Mails()
	attempt := h.Begin(coretest.Local(), olgaLive, coretest.Password)
	in, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, operators.Answer{Code: h.Code()})
	h.Must(err)
	h.Owner = h.Request(in)
	demand(h, func(c *operators.Company) { c.MailedCodes = false })
	kept, err := h.Drafts.All(h.Ctx, h.SignIn("admin@opera.example"), "")
	h.Must(err)
	if len(kept) != 1 || kept[0].Typed["notes"] != "typed" {
		t.Errorf("kept %+v", kept)
	}
}

func TestR52_SwitchingMailedCodesOffEndsNoSession(t *testing.T) {
	t.Parallel()
	h := delivering(t)
	p, err := plan(h, h.Owner, func(c *operators.Company) { c.MailMeets = true })
	h.Must(err)
	if p.SessionsEnd != 0 || p.NotEnrolled.Count() != 0 || p.LockedOut.Count() != 0 {
		t.Errorf("planned %+v", p)
	}
	h.Must(h.Operators.ApplyCompany(h.Ctx, h.Owner, p))
	h.Must(look(h, h.Owner))
}

func TestR73_MailedCodesForAllNeedATestMailToOnesValidatedAddress(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	refused := func(want core.Code) {
		t.Helper()
		_, err := plan(h, h.Owner, mailCodes)
		h.Refused(err, want)
	}
	refused(core.CodeNoDelivery) // captured
	h.GoLive()
	refused(core.CodeOwnAddress)
	moveTo(h, olgaLive)
	refused(core.CodeNoDelivery) // no test mail
	h.GoLiveAgain()
	h.Delivered("mia@opera.tests")
	refused(core.CodeNoDelivery) // a test mail to somebody else
	h.Delivered(olgaLive)
	p, err := plan(h, h.Owner, mailCodes)
	h.Must(err)
	h.GoLiveAgain() // another server, which took none
	h.Refused(h.Operators.ApplyCompany(h.Ctx, h.Owner, p), core.CodeNoDelivery)
}

func TestR73_WhoWouldBeLockedOutIsListedFirst(t *testing.T) {
	t.Parallel()
	h := delivering(t)
	mia, leo, dana := h.Hire(core.RoleAdmin), h.Hire(core.RoleOperator), h.Hire(core.RoleDeveloper)
	h.Validate(mia)
	h.Enrol(dana) // an app needs no address
	p, err := plan(h, h.Owner, mailCodes)
	h.Must(err)
	if !same(ids(p.LockedOut.Members), leo.Actor.ID) {
		t.Errorf("locked out are %v", ids(p.LockedOut.Members))
	}
	// By the mail that is sent for it the address is validated.
	h.Must(edit(h, h.Owner, leo.Actor.ID, func(d *operators.EditDraft) { d.Address = "leo@opera.tests" }))
	h.Must(h.Operators.SendReset(h.Ctx, h.Owner, leo.Actor.ID))
	_, err = h.Operators.TakeUp(h.Ctx, coretest.Local(), h.Code(), newPassword)
	h.Must(err)
	h.Refused(h.Operators.ApplyCompany(h.Ctx, h.Owner, p), core.CodeConflict)
}

func TestR72_AMailedCodeMeetsTheRequirementOnlyIfAllowed(t *testing.T) {
	t.Parallel()
	h := delivering(t)
	mia, leo := h.HireAt(core.RoleAdmin, "mia@opera.tests"), h.HireAt(core.RoleOperator, "leo@opera.tests")
	h.Validate(mia)
	h.Enrol(h.Owner)
	h.Must(h.Operators.SwitchMailed(h.Ctx, mia, true))
	p := demand(h, require)
	if !same(ids(p.NotEnrolled.Members), mia.Actor.ID, leo.Actor.ID) {
		t.Errorf("by default %v have to enrol", ids(p.NotEnrolled.Members))
	}
	h.Refused(look(h, mia), core.CodeEnrol)
	demand(h, func(c *operators.Company) { c.MailMeets = true })
	h.Must(look(h, mia))
	h.Refused(look(h, leo), core.CodeEnrol) // gets no codes
	p = demand(h, func(c *operators.Company) { c.MailMeets = false })
	if !same(ids(p.NotEnrolled.Members), mia.Actor.ID) {
		t.Errorf("taken back, %v have to enrol", ids(p.NotEnrolled.Members))
	}
}

func TestAPlanIsAppliedOnlyToWhatItSaw(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(h *coretest.House){
		"another setting": func(h *coretest.House) { demand(h, func(c *operators.Company) { c.MailMeets = true }) },
		"one more who isn't enrolled": func(h *coretest.House) {
			h.HireAt(core.RoleOperator, "late@opera.example")
		},
		"one less": func(h *coretest.House) { h.Must(disable(h, h.Owner, 2)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			h.Hire(core.RoleOperator)
			h.Enrol(h.Owner)
			p, err := plan(h, h.Owner, require)
			h.Must(err)
			change(h)
			h.Refused(h.Operators.ApplyCompany(h.Ctx, h.Owner, p), core.CodeConflict)
		})
	}
	h := coretest.New(t, storagetest.New(t))
	_, err := h.Operators.PlanCompany(h.Ctx, h.Owner, operators.Company{Version: 7, MailMeets: true})
	h.Refused(err, core.CodeConflict)
}

func TestTheLastOwnerIsNotLockedOutByMailedCodes(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	mia := h.HireAt(core.RoleAdmin, "mia@opera.tests")
	h.Validate(mia)
	h.Delivers("mia@opera.tests")
	_, err := plan(h, mia, mailCodes)
	h.Refused(err, core.CodeLastOwner)
	h.Validate(h.Owner)
	h.Clock.Advance(time.Second)
	_, err = plan(h, mia, mailCodes)
	h.Must(err)
}
