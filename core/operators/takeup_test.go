package operators_test

import (
	"fmt"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// forgot asks for a new password and gives the code that was mailed.
func forgot(h *coretest.House, address string) string {
	h.T.Helper()
	h.Must(h.Operators.Forgot(h.Ctx, coretest.Local(), address))
	return h.Code()
}

func TestACodeSetsANewPasswordAndEndsAllSessions(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	code := forgot(h, " Olga@opera.EXAMPLE")
	h.Must(look(h, h.Owner)) // asking changes nothing
	taken, err := h.Operators.LookAtCode(h.Ctx, coretest.Local(), code)
	h.Must(err)
	if taken.Invitation || taken.Name != "Olga Brunner" {
		t.Errorf("the code is for %+v", taken)
	}
	_, err = h.Operators.TakeUp(h.Ctx, coretest.Local(), code, newPassword)
	h.Must(err)
	h.Refused(look(h, h.Owner), core.CodeSignedOut)
	attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	_, err = h.Operators.Answer(h.Ctx, coretest.Local(), attempt, operators.Answer{})
	h.Refused(err, core.CodeSignIn)
	begun, err := h.Operators.Begin(h.Ctx, coretest.Local(), coretest.OwnerAddress, newPassword)
	h.Must(err)
	if begun.In == nil {
		t.Error("the new password doesn't open")
	}
	if got := h.Told(coretest.OwnerAddress); len(got) != 1 || got[0] != "reset" {
		t.Errorf("told of %v", got)
	}
}

func TestAfterAResetTheFactorIsStillAsked(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	app := h.Enrol(h.Owner)
	_, err := h.Operators.TakeUp(h.Ctx, coretest.Local(), forgot(h, coretest.OwnerAddress), newPassword)
	h.Must(err)
	attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, newPassword)
	_, err = h.Operators.Answer(h.Ctx, coretest.Local(), attempt, operators.Answer{Code: app.Code(h.Clock.Effective())})
	h.Must(err)
}

func TestACodeIsTakenUpOnceAlsoAtOnce(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	_, code := invite(h)
	take := func(password string) func() error {
		return func() error {
			_, err := h.Operators.TakeUp(h.Ctx, coretest.Local(), code, password)
			return err
		}
	}
	codes := atOnce(take(newPassword), take(coretest.Password))
	if codes != [2]core.Code{"", core.CodeOneTime} && codes != [2]core.Code{core.CodeOneTime, ""} {
		t.Fatalf("answered %q", codes)
	}
	h.Refused(take(newPassword)(), core.CodeOneTime)
}

func TestWhateverIsWrongWithACodeIsAnsweredAlike(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(h *coretest.House, id core.ID, code string) string{
		"nothing typed":  func(*coretest.House, core.ID, string) string { return "" },
		"never issued":   func(*coretest.House, core.ID, string) string { return "0000-0000-0000-0000" },
		"another letter": func(_ *coretest.House, _ core.ID, code string) string { return code[:18] + other(code[18]) },
		"too short":      func(_ *coretest.House, _ core.ID, code string) string { return code[:18] },
		"over": func(h *coretest.House, _ core.ID, code string) string {
			h.Clock.Advance(72 * time.Hour)
			return code
		},
		"of a disabled operator": func(h *coretest.House, id core.ID, code string) string {
			h.Must(disable(h, h.Owner, id))
			return code
		},
		"for another address": func(h *coretest.House, id core.ID, code string) string {
			h.Must(edit(h, h.Owner, id, func(d *operators.EditDraft) { d.Address = "leo@port.example" }))
			return code
		},
		"a validation link's": func(h *coretest.House, _ core.ID, _ string) string {
			h.Create(coretest.Person("Marie", "Dupont", "marie@mail.example"))
			return coretest.Token(h.Mails()[0])
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			id, code := invite(h)
			bad := spoil(h, id, code)
			taken, err := h.Operators.LookAtCode(h.Ctx, coretest.Local(), bad)
			h.Refused(err, core.CodeOneTime)
			if taken != (operators.Taken{}) {
				t.Errorf("it tells %+v", taken)
			}
			_, err = h.Operators.TakeUp(h.Ctx, coretest.Local(), bad, newPassword)
			h.Refused(err, core.CodeOneTime)
		})
	}
}

// other is a letter of a code in place of another one.
func other(letter byte) string {
	if letter == 'A' {
		return "B"
	}
	return "A"
}

func TestACodeLivesUntilItsLastMoment(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	code := forgot(h, coretest.OwnerAddress)
	h.Clock.Advance(time.Hour - 1)
	_, err := h.Operators.LookAtCode(h.Ctx, coretest.Local(), code)
	h.Must(err)
	h.Clock.Advance(1)
	_, err = h.Operators.LookAtCode(h.Ctx, coretest.Local(), code)
	h.Refused(err, core.CodeOneTime)
}

func TestAPasswordTakenUpIsHeldAgainstItsRules(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id, code := invite(h)
	for _, password := range []string{"", "short", "Leo Rochat Leo Rochat", "willcall willcall", "leo@opera.example", "a\x00quiet evening in row nine"} {
		_, err := h.Operators.TakeUp(h.Ctx, coretest.Local(), code, password)
		if got := coretest.FieldsOf(err); got["password"] != core.CodePassword {
			t.Errorf("%q: %v", password, err)
		}
	}
	if h.Member(id).Invited.IsZero() {
		t.Error("a refused password spent the code")
	}
}

// TestForgettingTellsNothing holds that an address gets the same answer and
// leaves the same in the journal, whoever has it.
func TestForgettingTellsNothing(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	invite(h)
	h.Hire(core.RoleOperator)
	gone := h.HireAt(core.RoleOperator, "gone@opera.example")
	h.Must(disable(h, h.Owner, gone.Actor.ID))
	h.Mails()
	for address, mails := range map[string]int{
		"operator@opera.example": 1, "nobody@opera.example": 0, "leo@opera.example": 0, "gone@opera.example": 0, "": 0, "no address": 0,
	} {
		entries := len(h.Journal())
		h.Must(h.Operators.Forgot(h.Ctx, coretest.Local(), address))
		if got := len(h.Journal()) - entries; got != 1 {
			t.Errorf("%q: %d entries", address, got)
		}
		if got := h.Mails(); len(got) != mails {
			t.Errorf("%q: %d mails", address, len(got))
		}
	}
	h.Must(h.Operators.Forgot(h.Ctx, coretest.Local(), "operator@opera.example")) // within a minute
	if got := h.Mails(); len(got) != 0 {
		t.Errorf("%d more mails", len(got))
	}
}

// resetsTo takes all mail that is due, and counts the codes for a new password in it.
func resetsTo(h *coretest.House, address string) (n int) {
	h.T.Helper()
	for _, w := range h.Mails() {
		if w.To == address && w.System == "reset" {
			n++
		}
	}
	return n
}

// TestStrangersUseUpOnlyWhatIsTheirs: whoever asks for new passwords of somebody
// keeps neither sign-in codes from them, nor a code that an admin sends.
func TestStrangersUseUpOnlyWhatIsTheirs(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	h.Mails()
	asked := func(source string) int {
		h.Must(h.Operators.Forgot(h.Ctx, from(source), lea))
		return resetsTo(h, lea)
	}
	for i := range 5 {
		if n := asked(fmt.Sprint("stranger ", i)); n != 1 {
			t.Fatalf("asking %d mails %d codes", i, n)
		}
		h.Clock.Advance(time.Minute)
	}
	if n := asked("one more"); n != 0 {
		t.Errorf("a sixth in an hour mails %d codes", n)
	}
	h.Begin(coretest.Local(), lea, coretest.Password)
	if codes := codesTo(h, lea); len(codes) != 1 {
		t.Errorf("a sign-in mails %d codes", len(codes))
	}
	h.Owner = h.SignIn(h.Member(h.Made.Owner).Address)
	h.Must(h.Operators.SendReset(h.Ctx, h.Owner, req.Actor.ID))
	if n := resetsTo(h, lea); n != 1 {
		t.Errorf("an owner mails %d codes", n)
	}
}

// TestAskingCountsAgainstItsSource: twenty askings for anybody in ten minutes shut
// it, for mails and for sign-ins, and every answer is the same.
func TestAskingCountsAgainstItsSource(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	ask := func(source, address string) int {
		h.Must(h.Operators.Forgot(h.Ctx, from(source), address))
		return resetsTo(h, address)
	}
	for i := range 20 {
		ask("192.0.2.1", fmt.Sprintf("nobody%d@opera.tests", i))
	}
	if n := ask("192.0.2.1", coretest.OwnerAddress); n != 0 {
		t.Errorf("a source that is shut mails %d codes", n)
	}
	if lets(h, from("192.0.2.1"), coretest.OwnerAddress, coretest.Password) {
		t.Error("a source that is shut lets in")
	}
	if n := ask("192.0.2.2", coretest.OwnerAddress); n != 1 {
		t.Errorf("another source mails %d codes", n)
	}
	h.Clock.Advance(10 * time.Minute)
	if n := ask("192.0.2.1", coretest.OwnerAddress); n != 1 {
		t.Errorf("ten minutes later it mails %d codes", n)
	}
}
