package settings_test

import (
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
)

const ownersOwn = "olga@opera.swiss"

// validated gives the owner an address that mail reaches, validated by a code.
func validated(h *coretest.House) {
	h.T.Helper()
	all, err := h.Operators.Staff(h.Ctx, h.Owner)
	h.Must(err)
	m := all.Members[0]
	h.Must(h.Operators.Edit(h.Ctx, h.Owner, m.ID, m.Version, operators.EditDraft{
		Name: m.Name, Address: ownersOwn, Role: m.Role, Institutions: m.Institutions,
	}))
	h.Owner = h.SignIn(ownersOwn)
	h.Mails()
	h.Must(h.Operators.MailAddressCode(h.Ctx, h.Owner, ""))
	h.Must(h.Operators.ConfirmAddress(h.Ctx, h.Owner, h.Mails()[0].Values["code"]))
}

// delivering has a mail server that took a test mail to the owner's address.
func delivering(h *coretest.House) {
	h.T.Helper()
	validated(h)
	h.GoLive()
	_, err := h.Servers.Test(h.Ctx, h.Owner, coretest.MailServer(), "tickets@opera.swiss", ownersOwn)
	h.Must(err)
}

func enrolledOwner(h *coretest.House) { enrol(h, h.Owner) }

// company is what the core says holds for everybody.
func (st *stage) company() operators.Company {
	st.t.Helper()
	c, err := st.house.Operators.Company(st.t.Context(), st.house.Owner)
	st.house.Must(err)
	return c
}

func TestR66_AdminsRequireTheFactorOfEverybody(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, enrolledOwner, hired(core.RoleOperator, core.RoleDeveloper))
	st.on("General")
	st.Want("Second factor (off)", "Codes by mail (off)", "Mail is enough (off)", "1 of 3 who sign in has an authenticator app.")
	st.Press("e", "space", "ctrl+s")
	st.Want("What saving does", "Second factor: on from now on.", "2 operators have no second factor", "operator, no factor",
		"developer, no factor", "No session ends", "Save this?", "S save", "esc back to the form")
	st.KeysAreClear()
	if st.company().Required {
		t.Fatal("required before the answer")
	}
	st.Press("esc")
	st.Want("Edit Company", "[✓] on")
	st.Press("ctrl+s", "S")
	st.Want("The company’s settings are saved.", "Second factor (on)", "required")
	if !st.company().Required {
		t.Error("not required")
	}
}

// TestR87_AnAdminsPlanNamesNobodyOfOtherInstitutions, but counts them.
func TestR87_AnAdminsPlanNamesNobodyOfOtherInstitutions(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleAdmin, 120, 40, func(h *coretest.House) {
		port := h.AddInstitution("Port theatre")
		_ = h.HireAt(core.RoleOperator, "paul@opera.example")
		all, err := h.Operators.Staff(h.Ctx, h.Owner)
		h.Must(err)
		paul := all.Members[1]
		h.Must(h.Operators.Edit(h.Ctx, h.Owner, paul.ID, paul.Version, operators.EditDraft{
			Name: "Paul Port", Address: paul.Address, Role: paul.Role, Institutions: []core.ID{port.Made.Institution},
		}))
	})
	st.on("General")
	st.Want("0 of 3 who sign in have an authenticator app.")
	enrol(st.house, st.req)
	st.Press("e", "space", "ctrl+s")
	st.Want("2 operators have no second factor", "Olga Brunner", "1 of them works in an institution that is not yours.")
	st.Without("Paul Port")
	st.KeysAreClear()
}

func TestR67_WhoRequiresItHasItFirst(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}} {
		st := build(t, core.RoleOwner, size[0], size[1])
		st.on("General")
		st.Press("e", "space", "ctrl+s")
		st.Want(firstWords(st.words("error." + string(core.CodeNotEnrolled))))
		if st.company().Required {
			t.Error("required by somebody without a factor")
		}
		st.KeysAreClear()
	}
}

func TestR73_MailedCodesNeedADeliveryToTheOwnAddress(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*coretest.House)
		code   core.Code
	}{
		"captured":      {validated, core.CodeNoDelivery},
		"not tested":    {func(h *coretest.House) { validated(h); h.GoLive() }, core.CodeNoDelivery},
		"not validated": {func(h *coretest.House) { h.GoLive() }, core.CodeOwnAddress},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := build(t, core.RoleOwner, 120, 40, c.before)
			st.on("General")
			st.Press("e", "tab", "space", "ctrl+s")
			_, err := st.house.Operators.PlanCompany(st.t.Context(), st.house.Owner, operators.Company{MailedCodes: true})
			st.house.Refused(err, c.code)
			st.Want("▸ Codes by mail", "┃ ")
			if said := st.told(err); said == "" {
				t.Error("nothing is said")
			} else {
				st.Want(firstWords(said))
			}
		})
	}
}

func TestR55_SwitchingMailedCodesOnSaysHowManySessionsEnd(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, delivering, hired(core.RoleOperator))
	st.on("General")
	st.Press("e", "tab", "space", "ctrl+s")
	st.Want("Codes by mail: on from now on.", "1 operator could not sign in any more", "operator, no factor",
		"sessions end, your own too. What stands in forms is kept for the next sign-in.")
	before := st.staff()
	st.Press("S")
	st.Want("Address", "I have a code") // the sign-in: one's own session is over too
	st.house.Owner.Session = 0
	if len(before.Members) != 2 {
		t.Errorf("%d operators", len(before.Members))
	}
}

func TestAPlanThatChangedIsShownAnew(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, enrolledOwner, hired(core.RoleOperator))
	st.on("General")
	st.Press("e", "space", "ctrl+s")
	st.Want("1 operator has no second factor")
	st.house.Hire(core.RoleDeveloper)
	st.Press("S")
	st.Want("Something changed meanwhile.", "2 operators have no second factor", "S save")
	if st.company().Required {
		t.Fatal("saved what wasn't shown")
	}
	st.Press("S")
	st.Want("The company’s settings are saved.")
}

func TestTheCompanyThatSomebodyElseChangedIsAConflict(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, enrolledOwner)
	st.on("General")
	st.Press("e", "space")
	plan, err := st.house.Operators.PlanCompany(st.t.Context(), st.house.Owner, operators.Company{MailMeets: true})
	st.house.Must(err)
	st.house.Must(st.house.Operators.ApplyCompany(st.t.Context(), st.house.Owner, plan))
	st.Press("ctrl+s")
	st.Want("Mail is enough", "Second factor", "enter save")
	st.KeysAreClear()
	st.Press("enter")
	st.Want("Second factor: on from now on.", "Save this?")
	st.Without("Mail is enough: on")
	st.Press("S")
	st.Want("The company’s settings are saved.")
	if c := st.company(); !c.Required || !c.MailMeets {
		t.Errorf("saved %+v", c)
	}
}

func TestTheCompanysFormIsKept(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 80, 24)
	st.on("General")
	st.Press("e", "tab", "tab", "space", "esc")
	st.Want("draft")
	st.Press("enter")
	st.Want("A draft is kept, e goes on.")
	st.Press("e")
	st.Want("[✓] on")
}

// TestARefusalOfTheCompanyIsNotToldAgainOfAKeptForm: by the time the form is
// opened again, who asks may have an app.
func TestARefusalOfTheCompanyIsNotToldAgainOfAKeptForm(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("General")
	st.Press("e", "space", "ctrl+s")
	refused := firstWords(st.words("error." + string(core.CodeNotEnrolled)))
	st.Want(refused)
	st.Press("esc", "e")
	st.Want("Edit Company", "[✓] on")
	st.Without(refused)
}
