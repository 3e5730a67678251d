package operators_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

func TestR73_TakingUpAnInvitationValidatesTheAddress(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id, code := invite(h)
	if h.Member(id).Validated != (time.Time{}) {
		t.Error("validated before anything was proven")
	}
	taken, err := h.Operators.LookAtCode(h.Ctx, coretest.Local(), " "+strings.ToLower(code))
	h.Must(err)
	if taken != (operators.Taken{Name: "Leo Rochat", Address: "leo@opera.example", Invitation: true}) {
		t.Errorf("the code is for %+v", taken)
	}
	h.Clock.Advance(time.Hour)
	address, err := h.Operators.TakeUp(h.Ctx, coretest.Local(), code, coretest.Password)
	h.Must(err)
	if got := h.Member(id).Validated; !got.Equal(h.Clock.Effective()) {
		t.Errorf("validated at %s", got)
	}
	req := h.SignIn(address)
	if req.Actor.ID != id || req.Institution != h.Made.Institution {
		t.Errorf("signed in as %+v", req)
	}
}

func TestAnInvitationIsInTheirOwnLanguageAndNamesWhoInvites(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	_, err := h.Operators.Invite(h.Ctx, h.Owner, leo(h))
	h.Must(err)
	mails := h.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	m := mails[0]
	if m.System != "invitation" || m.Language != "fr" || m.To != "leo@opera.example" || m.From != "tickets@opera.example" {
		t.Errorf("mailed %+v", m.Mail)
	}
	if m.Values["by"] != "Olga Brunner" || m.Values["institution"] != "Opéra du Lac" || m.Values["hours"] != "72" || len(m.Values["code"]) != 19 {
		t.Errorf("with %v", m.Values)
	}
	if !m.Expires.Equal(coretest.Start().Add(72 * time.Hour)) {
		t.Errorf("worth sending until %s", m.Expires)
	}
}

func TestNobodySignsInBeforeTheInvitationIsTakenUp(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	invite(h)
	for _, password := range []string{"", coretest.Password} {
		attempt := h.Begin(coretest.Local(), "leo@opera.example", password)
		_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, operators.Answer{})
		h.Refused(err, core.CodeSignIn)
	}
}

func TestInvitationsAreRefusedByTheirFields(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.AddInstitution("Théâtre du Port")
	mia := h.Hire(core.RoleAdmin)
	h.Mails()
	before := h.Dump()
	for name, tt := range map[string]struct {
		change func(*operators.InviteDraft)
		want   map[string]core.Code
	}{
		"no name":               {func(d *operators.InviteDraft) { d.Name = " " }, map[string]core.Code{"name": core.CodeRequired}},
		"a long name":           {func(d *operators.InviteDraft) { d.Name = strings.Repeat("é", 201) }, map[string]core.Code{"name": core.CodeTooLong}},
		"a name of two lines":   {func(d *operators.InviteDraft) { d.Name = "Leo\nRochat" }, map[string]core.Code{"name": core.CodeControl}},
		"no address":            {func(d *operators.InviteDraft) { d.Address = "" }, map[string]core.Code{"address": core.CodeAddress}},
		"two addresses":         {func(d *operators.InviteDraft) { d.Address = "a@b.example,c@d.example" }, map[string]core.Code{"address": core.CodeAddress}},
		"a colleague's address": {func(d *operators.InviteDraft) { d.Address = " OLGA@opera.example" }, map[string]core.Code{"address": core.CodeTaken}},
		"no role":               {func(d *operators.InviteDraft) { d.Role = core.RoleNone }, map[string]core.Code{"role": core.CodeChoice}},
		"a role to come":        {func(d *operators.InviteDraft) { d.Role = core.RoleOwner + 1 }, map[string]core.Code{"role": core.CodeChoice}},
		"a role above":          {func(d *operators.InviteDraft) { d.Role = core.RoleOwner }, map[string]core.Code{"role": core.CodeHigherRole}},
		"no institution":        {func(d *operators.InviteDraft) { d.Institutions = nil }, map[string]core.Code{"institutions": core.CodeRequired}},
		"one not one's own":     {func(d *operators.InviteDraft) { d.Institutions = []core.ID{1, 2} }, map[string]core.Code{"institutions": core.CodeChoice}},
		"one that isn't there":  {func(d *operators.InviteDraft) { d.Institutions = []core.ID{9} }, map[string]core.Code{"institutions": core.CodeChoice}},
		"the installation":      {func(d *operators.InviteDraft) { d.Institutions = []core.ID{0} }, map[string]core.Code{"institutions": core.CodeChoice}},
		"no language":           {func(d *operators.InviteDraft) { d.Language = "" }, map[string]core.Code{"language": core.CodeLanguage}},
		"another language":      {func(d *operators.InviteDraft) { d.Language = "de" }, map[string]core.Code{"language": core.CodeLanguage}},
		"nothing": {func(d *operators.InviteDraft) { *d = operators.InviteDraft{} }, map[string]core.Code{
			"name": core.CodeRequired, "address": core.CodeAddress, "role": core.CodeChoice,
			"institutions": core.CodeRequired, "language": core.CodeLanguage,
		}},
	} {
		d := leo(h)
		tt.change(&d)
		id, err := h.Operators.Invite(h.Ctx, mia, d)
		if got := coretest.FieldsOf(err); !maps.Equal(got, tt.want) || id != 0 {
			t.Errorf("%s: refused %v, want %v", name, got, tt.want)
		}
	}
	for key := range h.Dump() {
		if _, was := before[key]; !was && !strings.HasPrefix(key, "activity") {
			t.Errorf("a refusal left %q", key)
		}
	}
}

func TestAnOwnerInvitesIntoEveryInstitution(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	port := h.AddInstitution("Théâtre du Port")
	second := h.Hire(core.RoleOwner) // doesn't belong to the port
	d := leo(h)
	d.Institutions = []core.ID{port.Made.Institution, h.Made.Institution, port.Made.Institution}
	id, err := h.Operators.Invite(h.Ctx, second, d)
	h.Must(err)
	if got := h.Member(id).Institutions; len(got) != 2 || got[0] != h.Made.Institution || got[1] != port.Made.Institution {
		t.Errorf("a member of %v", got)
	}
}

func TestAFreshInvitationVoidsTheFormerOne(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id, first := invite(h)
	h.Refused(h.Operators.InviteAgain(h.Ctx, h.Owner, id), core.CodeCoolDown)
	h.Clock.Advance(time.Minute)
	h.Must(h.Operators.InviteAgain(h.Ctx, h.Owner, id))
	second := h.Code()
	_, err := h.Operators.TakeUp(h.Ctx, coretest.Local(), first, newPassword)
	h.Refused(err, core.CodeOneTime)
	_, err = h.Operators.TakeUp(h.Ctx, coretest.Local(), second, newPassword)
	h.Must(err)
	h.Refused(h.Operators.InviteAgain(h.Ctx, h.Owner, id), core.CodeConflict)
}

func TestCodesToOneOperatorAreCapped(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id, _ := invite(h)
	again := func() error {
		h.Owner = h.SignIn(coretest.OwnerAddress) // a fresh proof
		return h.Operators.InviteAgain(h.Ctx, h.Owner, id)
	}
	sent := 1
	for range 24 {
		for range 6 {
			h.Clock.Advance(time.Minute)
			if err := again(); err == nil {
				sent++
			} else {
				h.Refused(err, core.CodeTooMany)
			}
		}
		if sent > 15 {
			break
		}
		h.Clock.Advance(time.Hour - 6*time.Minute)
	}
	if sent != 15 {
		t.Errorf("%d codes within a day", sent)
	}
	h.Clock.Advance(24 * time.Hour)
	h.Must(again())
}

func TestAResetNeedsSomebodyWhoCanSignIn(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id, _ := invite(h)
	h.Refused(h.Operators.SendReset(h.Ctx, h.Owner, id), core.CodeConflict)
	gone := h.Hire(core.RoleOperator).Actor.ID
	h.Must(disable(h, h.Owner, gone))
	h.Refused(h.Operators.SendReset(h.Ctx, h.Owner, gone), core.CodeConflict)
	h.Refused(h.Operators.SendReset(h.Ctx, h.Owner, 99), core.CodeNotFound)
	h.Refused(h.Operators.SendReset(h.Ctx, h.Owner, 0), core.CodeNotFound)
}

func TestAnAddressThatMailNeverReachesGetsNoCode(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	operator := h.Hire(core.RoleOperator).Actor.ID // at a reserved domain
	h.GoLive()
	h.Refused(h.Operators.SendReset(h.Ctx, h.Owner, operator), core.CodeNoContext)
	_, err := h.Operators.Invite(h.Ctx, h.Owner, leo(h))
	h.Refused(err, core.CodeReserved)
	d := leo(h)
	d.Address = "leo@opera.tests"
	_, err = h.Operators.Invite(h.Ctx, h.Owner, d)
	h.Must(err)
}
