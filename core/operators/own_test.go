package operators_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

// opens reports whether a password opens a session of the owner.
func opens(h *coretest.House, password string) bool {
	h.T.Helper()
	begun, err := h.Operators.Begin(h.Ctx, coretest.Local(), coretest.OwnerAddress, password)
	h.Must(err)
	return begun.In != nil
}

// TestAPasswordChangeSurvivesEveryFault lets each write of a change fail. Proving
// the present password is an act of its own; the change is whole or not there.
func TestAPasswordChangeSurvivesEveryFault(t *testing.T) {
	t.Parallel()
	memory := storagetest.NewMemory(t)
	disk := storagetest.FailingAt(memory, 0)
	h := coretest.New(t, disk)
	change := func() error { return h.Operators.ChangePassword(h.Ctx, h.Owner, coretest.Password, newPassword) }
	before := memory.Snapshot()
	disk.Arm(storagetest.Fault{})
	h.Must(change())
	writes := disk.Writes()
	for n := 1; n <= writes; n++ {
		memory.Restore(before)
		when := fmt.Sprintf("write %d of %d", n, writes)
		disk.Arm(storagetest.Fault{Write: n})
		h.Refused(change(), core.CodeFull)
		disk.Arm(storagetest.Fault{})
		if opens(h, newPassword) || !opens(h, coretest.Password) {
			t.Fatalf("%s: the password is another", when)
		}
		h.Must(change())
		if !opens(h, newPassword) || opens(h, coretest.Password) {
			t.Fatalf("%s, then again: the password is not the new one", when)
		}
	}
}

func TestAPasswordChangeEndsOtherSessionsOnly(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	other := h.SignIn(coretest.OwnerAddress)
	colleague := h.Hire(core.RoleOperator)
	h.Must(h.Operators.ChangePassword(h.Ctx, h.Owner, coretest.Password, newPassword))
	h.Must(look(h, h.Owner))
	h.Refused(look(h, other), core.CodeSignedOut)
	h.Must(look(h, colleague))
	if got := h.Told(coretest.OwnerAddress); !slices.Equal(got, []string{"password"}) {
		t.Errorf("told of %v", got)
	}
}

func TestAPasswordChangeIsRefusedByItsFields(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for name, tt := range map[string]struct {
		now, next string
		want      map[string]core.Code
	}{
		"a wrong one": {"curtain up at nine", newPassword, map[string]core.Code{"now": core.CodeSignIn}},
		"none":        {"", newPassword, map[string]core.Code{"now": core.CodeSignIn}},
		"a short one": {coretest.Password, "short", map[string]core.Code{"password": core.CodePassword}},
		"one's name":  {coretest.Password, "Olga Brunner Olga Brunner", map[string]core.Code{"password": core.CodePassword}},
	} {
		if got := coretest.FieldsOf(h.Operators.ChangePassword(h.Ctx, h.Owner, tt.now, tt.next)); !maps.Equal(got, tt.want) {
			t.Errorf("%s: refused %v, want %v", name, got, tt.want)
		}
	}
	if !opens(h, coretest.Password) {
		t.Error("the password is another")
	}
}

func TestANameIsOnesOwnToChange(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	mia := h.Hire(core.RoleAdmin)
	h.Must(h.Operators.Rename(h.Ctx, mia, " Mia\u0301 Keller "))
	if got := h.Member(mia.Actor.ID).Name; got != "Miá Keller" {
		t.Errorf("called %q", got)
	}
	h.Must(look(h, mia)) // a name ends no session
	for name, code := range map[string]core.Code{"": core.CodeRequired, "a\nb": core.CodeControl, strings.Repeat("x", 201): core.CodeTooLong} {
		if got := coretest.FieldsOf(h.Operators.Rename(h.Ctx, mia, name)); got["name"] != code {
			t.Errorf("%.10q: %v", name, got)
		}
	}
}

func TestR73_TheFirstOwnersAddressIsValidatedByACode(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	other := h.SignIn(coretest.OwnerAddress)
	if !h.Member(h.Made.Owner).Validated.IsZero() {
		t.Error("validated by the set-up")
	}
	h.Must(h.Operators.MailAddressCode(h.Ctx, h.Owner, ""))
	mails := h.Mails()
	if len(mails) != 1 || mails[0].To != coretest.OwnerAddress || len(mails[0].Values["code"]) != 6 {
		t.Fatalf("mailed %+v", mails)
	}
	h.Must(h.Operators.ConfirmAddress(h.Ctx, h.Owner, mails[0].Values["code"]))
	if got := h.Member(h.Made.Owner).Validated; !got.Equal(coretest.Start()) {
		t.Errorf("validated at %s", got)
	}
	h.Must(look(h, other)) // it is the same address
	h.Refused(h.Operators.MailAddressCode(h.Ctx, h.Owner, ""), core.CodeValidated)
}

func TestR73_AChangedAddressIsValidatedByACodeAndTheFormerOneTold(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	other := h.SignIn(coretest.OwnerAddress)
	h.Must(h.Operators.MailAddressCode(h.Ctx, h.Owner, "Olga@New.example"))
	code := h.Code()
	if got := h.Member(h.Made.Owner).Address; got != coretest.OwnerAddress {
		t.Errorf("moved to %s before it was proven", got)
	}
	h.Must(h.Operators.ConfirmAddress(h.Ctx, h.Owner, code))
	if got := h.Member(h.Made.Owner); got.Address != "olga@new.example" && got.Address != "Olga@new.example" || got.Validated.IsZero() {
		t.Errorf("shown as %+v", got)
	}
	h.Must(look(h, h.Owner))
	h.Refused(look(h, other), core.CodeSignedOut)
	mails := h.Mails()
	if len(mails) != 1 || mails[0].To != coretest.OwnerAddress || mails[0].System != "security.address" {
		t.Fatalf("told by %+v", mails)
	}
	for name, value := range mails[0].Values {
		if strings.Contains(strings.ToLower(value), "new.example") {
			t.Errorf("the former address is told the new one by {%s}", name)
		}
	}
}

func TestAddressesAreRefusedInTheProfile(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Hire(core.RoleAdmin)
	for typed, code := range map[string]core.Code{
		"olga": core.CodeAddress, "a@b@c.example": core.CodeAddress, "ADMIN@opera.example": core.CodeTaken,
	} {
		if got := coretest.FieldsOf(h.Operators.MailAddressCode(h.Ctx, h.Owner, typed)); got["address"] != code {
			t.Errorf("%s: %v", typed, got)
		}
	}
	h.GoLive()
	if got := coretest.FieldsOf(h.Operators.MailAddressCode(h.Ctx, h.Owner, "olga@new.example")); got["address"] != core.CodeReserved {
		t.Errorf("a reserved one: %v", got)
	}
	if got := h.Mails(); len(got) != 0 {
		t.Errorf("%d mails", len(got))
	}
}

func TestACodeForAnAddressHasFiveTriesAndTenMinutes(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	confirm := func(code string) error { return h.Operators.ConfirmAddress(h.Ctx, h.Owner, code) }
	h.Refused(confirm("000000"), core.CodeOneTime) // none was mailed
	send := func() string {
		h.Must(h.Operators.MailAddressCode(h.Ctx, h.Owner, ""))
		return h.Code()
	}
	first := send()
	for range 5 {
		h.Refused(confirm(otherCode(first)), core.CodeOneTime)
	}
	h.Refused(confirm(first), core.CodeOneTime)
	h.Refused(h.Operators.MailAddressCode(h.Ctx, h.Owner, ""), core.CodeCoolDown)
	h.Clock.Advance(time.Minute)
	second := send()
	h.Refused(confirm(first), core.CodeOneTime) // replaced
	h.Clock.Advance(10 * time.Minute)
	h.Owner = h.SignIn(coretest.OwnerAddress)
	h.Refused(confirm(second), core.CodeOneTime) // over
	third := send()
	h.Must(confirm(third))
	h.Refused(confirm(third), core.CodeOneTime) // used
}

// otherCode is another code of six digits.
func otherCode(code string) string {
	if code[0] == '0' {
		return "1" + code[1:]
	}
	return "0" + code[1:]
}

// TestR69_OnesOwnSettingTouchesNobodyElse changes all that one changes about
// oneself, and compares the colleague.
func TestR69_OnesOwnSettingTouchesNobodyElse(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	mia, leo := h.HireAt(core.RoleAdmin, "mia@opera.tests"), h.Hire(core.RoleOperator)
	before := h.Member(leo.Actor.ID)
	h.Validate(mia)
	h.Enrol(mia)
	h.Must(h.Operators.Rename(h.Ctx, mia, "Mia"))
	h.Must(h.Operators.ChangePassword(h.Ctx, mia, coretest.Password, newPassword))
	h.Must(h.Operators.DisableFactor(h.Ctx, mia))
	h.GoLive()
	h.Must(h.Operators.SwitchMailed(h.Ctx, mia, true))
	h.Must(h.Operators.MailAddressCode(h.Ctx, mia, "mia@port.tests"))
	h.Must(h.Operators.ConfirmAddress(h.Ctx, mia, h.Code()))
	if after := h.Member(leo.Actor.ID); !reflect.DeepEqual(after, before) {
		t.Errorf("a colleague became %+v, was %+v", after, before)
	}
	h.Must(look(h, leo))
}
