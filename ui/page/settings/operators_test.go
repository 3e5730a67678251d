package settings_test

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/ui/action"
)

// staff is what the core says of the operators.
func (st *stage) staff() operators.Staff {
	st.t.Helper()
	all, err := st.house.Operators.Staff(st.t.Context(), st.house.Owner)
	st.house.Must(err)
	return all
}

// member is an operator by name.
func (st *stage) member(name string) operators.Member {
	st.t.Helper()
	for _, m := range st.staff().Members {
		if m.Name == name {
			return m
		}
	}
	st.t.Fatalf("there is no operator %s", name)
	return operators.Member{}
}

// enrol links an authenticator app to the account of a request.
func enrol(h *coretest.House, req core.Request) {
	h.T.Helper()
	begun, err := h.Operators.BeginEnrolment(h.Ctx, req)
	h.Must(err)
	code, err := totp.GenerateCode(begun.Secret, h.Clock.Effective())
	h.Must(err)
	_, err = h.Operators.ConfirmEnrolment(h.Ctx, req, code)
	h.Must(err)
}

// hired adds operators of roles, named after these.
func hired(roles ...core.Role) func(*coretest.House) {
	return func(h *coretest.House) {
		for _, role := range roles {
			h.Hire(role)
		}
	}
}

func TestR83_TheListShowsWhoHasAFactorAndWhoNot(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, func(h *coretest.House) {
		enrol(h, h.Hire(core.RoleAdmin))
		h.Hire(core.RoleOperator)
	})
	st.on("Operators")
	st.Want("1 of 3 who sign in has an authenticator app.", "admin, app", "operator, no factor")
	st.on("admin")
	st.Want("✓ authenticator app since 21 Nov", "10 recovery codes left", "F  reset second factor")
	st.KeysAreClear()
	st.on("operator")
	st.Want("! none", "operator@opera.example", "English", "21 Nov 2026, 19:42, just now")
	st.Without("F  reset")
	st.Press("F")
	st.Want("There is no authenticator app to take away.")
}

func TestR83_AColleaguesLostFactorIsReset(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 80, 24, func(h *coretest.House) { enrol(h, h.Hire(core.RoleOperator)) })
	st.on("operator")
	st.Press("F")
	st.Want("Take the second factor of operator away?", "F reset second factor", "esc leave")
	st.KeysAreClear()
	st.Press("esc")
	if !st.member("operator").Factor.On {
		t.Fatal("reset before the answer")
	}
	st.Press("F", "F")
	st.Want("operator has no second factor any more.")
	if m := st.member("operator"); m.Factor.On || m.Sessions != 0 {
		t.Errorf("after the reset: %+v", m)
	}
}

func TestR86_AdminsAreLedFromTheirOwnRecordToTheProfile(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleAdmin, 120, 40)
	self := st.words("settings.operator.self")
	st.on("admin")
	st.Want("This is you: f3 opens your profile.")
	st.Without("Ask an owner")
	if a, ok := action.Find(st.page.Actions(), "e", false); !ok || a.Disabled != self {
		t.Errorf("e is %+v", a)
	}
	st.on("Olga Brunner")
	st.Without("f3 opens")
	owner := build(t, core.RoleOwner, 120, 40)
	owner.on("Olga Brunner")
	owner.Want("e  edit operator")
	owner.Without("f3 opens")
}

func TestR86_AdminsLookAfterThoseBelowThem(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleAdmin, 120, 40, hired(core.RoleOperator))
	st.on("Olga Brunner")
	refused := st.words("error." + string(core.CodeHigherRole))
	st.Want(refused)
	st.Without("D  disable", "e  edit operator")
	for _, key := range []string{"e", "P", "F", "L", "D"} {
		a, ok := action.Find(st.page.Actions(), key, false)
		if !ok || a.Disabled != refused {
			t.Errorf("%s is %+v", key, a)
		}
	}
	st.on("operator")
	st.Press("e", "tab", "tab", "enter")
	st.Want("developer", "operator")
	st.Without("admin ▾", " owner ▾")
	st.Press("esc", "esc", "D", "D")
	st.Want("operator is disabled.", "E enable")
	if !st.member("operator").Disabled {
		t.Error("not disabled")
	}
	st.Press("E", "E")
	st.Want("operator is enabled.")
}

func TestR86_OperatorsSeeNeitherOperatorsNorTheCompany(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOperator, 80, 24)
	st.Want("Documents")
	st.Without("Operators", "Company")
}

func TestAnInvitationIsMailed(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleAdmin, 120, 40)
	st.on("Operators")
	st.Press("n")
	st.Want("it is captured, not", "sign in as operator")
	st.Type("Ada Vogt")
	st.Press("tab")
	st.Type("ada@opera.example")
	st.Press("tab", "enter", "up", "enter")
	st.Want("sign in as developer")
	st.Press("ctrl+s")
	st.Want("The invitation is captured, not delivered.", "▸   Ada Vogt", "invited", "good until 24 Nov 2026, 19:42", "A  invite again")
	m := st.member("Ada Vogt")
	if m.Role != core.RoleDeveloper || m.Address != "ada@opera.example" || m.Invited.IsZero() {
		t.Errorf("invited as %+v", m)
	}
	mails := st.house.Mails()
	if len(mails) != 1 || mails[0].To != "ada@opera.example" || mails[0].System != "invitation" {
		t.Fatalf("mails %+v", mails)
	}
	st.Press("P")
	st.Without("new password?")
	st.house.Clock.Advance(2 * time.Minute)
	st.Press("A", "A")
	st.Want("A new invitation for Ada Vogt is captured, not delivered to ada@opera.example.")
	if again := st.house.Mails(); len(again) != 1 || again[0].Values["code"] == mails[0].Values["code"] {
		t.Errorf("mails %+v", again)
	}
}

func TestALapsedInvitationSaysSo(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, func(h *coretest.House) {
		_, err := h.Operators.Invite(h.Ctx, h.Owner, operators.InviteDraft{
			Name: "Ada Vogt", Address: "ada@opera.example", Role: core.RoleAdmin, Institutions: []core.ID{h.Made.Institution}, Language: "fr",
		})
		h.Must(err)
		h.Clock.Advance(73 * time.Hour)
		h.Owner = h.SignIn(coretest.OwnerAddress)
	})
	st.on("Ada Vogt")
	st.Want("lapsed", "was good until 24 Nov 2026, 19:42 only.", "Français")
	st.Without("Second factor", "Last sign-in")
}

func TestAVoidInvitationCanBeMadeAgain(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, func(h *coretest.House) {
		id, err := h.Operators.Invite(h.Ctx, h.Owner, operators.InviteDraft{
			Name: "Ada Vogt", Address: "ada@opera.example", Role: core.RoleAdmin, Institutions: []core.ID{h.Made.Institution}, Language: "en",
		})
		h.Must(err)
		h.Must(h.Operators.Disable(h.Ctx, h.Owner, id, h.Member(id).Version))
		h.Must(h.Operators.Enable(h.Ctx, h.Owner, id, h.Member(id).Version))
	})
	st.on("Ada Vogt")
	st.Want("lapsed", "the code in the mail is void", "A  invite again")
	st.Without("P  reset password", "Second factor")
}

func TestARefusedInvitationStandsAtItsField(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Operators")
	st.Press("n")
	st.Type("Ada")
	st.Press("tab")
	st.Type(coretest.OwnerAddress)
	st.Press("ctrl+s")
	st.Want("▸ Address", firstWords(st.words("error."+string(core.CodeTaken))))
	st.Press("esc")
	st.on("Operators")
	st.Want("draft", "A draft is kept, n goes on.")
	st.Press("n")
	st.Want("Ada", coretest.OwnerAddress)
}

func TestAChangeOfRoleIsToldAndAConflictShowsBoth(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, hired(core.RoleOperator))
	st.on("operator")
	st.Press("e")
	st.Want("Their sessions go on.")
	st.Press("tab", "tab", "enter", "down", "enter")
	st.Want("Saving ends their sessions: the role changes at once.")
	m := st.member("operator")
	st.house.Must(st.house.Operators.Edit(st.t.Context(), st.house.Owner, m.ID, m.Version, operators.EditDraft{
		Name: "Leo Marti", Address: m.Address, Role: core.RoleDeveloper, Institutions: m.Institutions,
	}))
	st.Press("ctrl+s")
	st.Want("Leo Marti", "developer", "admin", "1 field was changed on both sides")
	st.KeysAreClear()
	st.Press("right", "enter")
	st.Want("Leo Marti saved")
	if m := st.member("Leo Marti"); m.Role != core.RoleAdmin {
		t.Errorf("saved as %+v", m)
	}
}

func TestR87_AnOperatorWorksInSeveralInstitutions(t *testing.T) {
	t.Parallel()
	var second coretest.Second
	st := build(t, core.RoleOwner, 120, 40, hired(core.RoleOperator), func(h *coretest.House) { second = h.AddInstitution("Port") })
	st.in.Institutions = []core.ID{st.house.Made.Institution, second.Made.Institution}
	st.Send(st.in)
	st.on("operator")
	st.Press("e")
	st.Want("Works in", "Opéra du Lac", "Port", "[✓] on", "[ ] off")
	st.Press("tab", "tab", "tab", "tab", "space", "ctrl+s")
	st.Want("operator saved")
	if m := st.member("operator"); len(m.Institutions) != 2 {
		t.Errorf("works in %v", m.Institutions)
	}
	st.Press("e", "tab", "tab", "tab", "space", "tab", "space", "ctrl+s")
	st.Want("This is needed.")
}

func TestR89_AnInvitationIsOnItsWayOnlyWithAMailServer(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, func(h *coretest.House) { h.GoLive() })
	st.on("Operators")
	st.Press("n")
	st.Type("Ada Vogt")
	st.Press("tab")
	st.Type("ada@opera.swiss")
	st.Press("ctrl+s")
	st.Want("The invitation is on its way.")
	st.house.Clock.Advance(2 * time.Minute)
	st.Press("A", "A")
	st.Want("A new invitation for Ada Vogt is on its way to ada@opera.swiss.")
	st.Without("captured")
}

func TestSessionsOfAnOperatorAreEnded(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, hired(core.RoleOperator), func(h *coretest.House) { h.SignIn("operator@opera.example") })
	st.on("operator")
	st.Want("Open sessions   2")
	st.Press("L", "L")
	st.Want("2 sessions of operator ended.", "Open sessions   0")
	st.Press("L")
	st.Want("No session is open.")
	st.Press("P", "P")
	st.Want("A code for a new password is captured, not delivered to operator@opera.example.")
	if mails := st.house.Mails(); len(mails) != 1 || mails[0].System != "reset" {
		t.Errorf("mails %+v", mails)
	}
}

func TestR86_TheLastOwnerIsNotDisabled(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Olga Brunner")
	st.Without("D  disable")
	st.Press("D")
	st.Want(st.words("error." + string(core.CodeLastOwner)))
	st.Press("e", "tab", "tab", "enter", "up", "enter", "ctrl+s")
	st.Want(st.words("error." + string(core.CodeLastOwner)))
	if m := st.member("Olga Brunner"); m.Disabled || m.Role != core.RoleOwner {
		t.Errorf("became %+v", m)
	}
}

func TestR83_TheLastEnrolledAdminKeepsTheFactor(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40, enrolledOwner, func(h *coretest.House) {
		plan, err := h.Operators.PlanCompany(h.Ctx, h.Owner, operators.Company{Required: true})
		h.Must(err)
		h.Must(h.Operators.ApplyCompany(h.Ctx, h.Owner, plan))
	}, hired(core.RoleOwner))
	st.on("Olga Brunner")
	st.Without("D  disable", "F  reset second factor")
	st.Press("F")
	st.Want(st.words("error." + string(core.CodeLastEnrolled)))
	if !st.member("Olga Brunner").Factor.On {
		t.Error("the factor is gone")
	}
}
