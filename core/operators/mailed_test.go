package operators_test

import (
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// lea's address is none of the reserved ones, which get no mail once there is a
// mail server.
const lea = "lea@opera.tests"

// mailing is a house with a mail server, and lea, whose address is validated.
func mailing(t *testing.T) (*coretest.House, core.Request) {
	t.Helper()
	h := coretest.New(t, storagetest.New(t))
	req := h.HireAt(core.RoleOperator, lea)
	h.Validate(req)
	h.GoLive()
	return h, req
}

// trusted is a house in which lea signed in with a mailed code, at a device that
// is remembered.
func trusted(t *testing.T) (h *coretest.House, here operators.From, req core.Request) {
	t.Helper()
	h, req = mailing(t)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	here = h.Terminal(1)
	attempt := h.Begin(here, lea, coretest.Password)
	in, err := h.Operators.Answer(h.Ctx, here, attempt, operators.Answer{Code: codesTo(h, lea)[0], Remember: true})
	h.Must(err)
	return h, here, h.Request(in)
}

// codesTo takes all mail that is due and gives the codes in it, oldest first.
func codesTo(h *coretest.House, address string) (codes []string) {
	h.T.Helper()
	for _, w := range h.Mails() {
		if w.To == address && w.System == "sign-in-code" {
			codes = append(codes, w.Values["code"])
		}
	}
	return codes
}

// company sets what holds for everybody.
func company(h *coretest.House, c operators.Company) {
	h.T.Helper()
	h.Act(func(act *core.Act) error { return operators.SetCompany(act, c) })
}

func TestR52_TheCompanyAsksEverybodyForAMailedCode(t *testing.T) {
	t.Parallel()
	h, _ := mailing(t)
	if !lets(h, coretest.Local(), lea, coretest.Password) {
		t.Error("a code is asked for by default")
	}
	company(h, operators.Company{MailedCodes: true})
	attempt := h.Begin(coretest.Local(), lea, coretest.Password)
	codes := codesTo(h, lea)
	if len(codes) != 1 || len(codes[0]) != 6 || strings.Trim(codes[0], "0123456789") != "" {
		t.Fatalf("mailed %q", codes)
	}
	_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app(anotherCode(codes[0])))
	h.Refused(err, core.CodeSignIn)
	_, err = h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app(codes[0]))
	h.Must(err)
}

// anotherCode is another code of six digits.
func anotherCode(c string) string {
	if c[0] == '0' {
		return "1" + c[1:]
	}
	return "0" + c[1:]
}

func TestR53_AnOperatorSwitchesMailedCodesForThemself(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	if m := profile(h, req).Mailed; !m.Own || m.Company || m.Refused != nil {
		t.Errorf("the profile shows %+v", m)
	}
	if lets(h, coretest.Local(), lea, coretest.Password) {
		t.Error("no code is asked for")
	}
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, false))
	if !lets(h, coretest.Local(), lea, coretest.Password) {
		t.Error("a code is asked for")
	}
}

func TestR54_EachDevicePassesOnItsOwnForThirtyDays(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	one, two := h.Terminal(1), h.Terminal(2)
	pass := func(at operators.From, remember bool) operators.SignedIn {
		attempt := h.Begin(at, lea, coretest.Password)
		codes := codesTo(h, lea)
		in, err := h.Operators.Answer(h.Ctx, at, attempt, operators.Answer{Code: codes[len(codes)-1], Remember: remember})
		h.Must(err)
		return in
	}
	if pass(one, false).Remembered || lets(h, one, lea, coretest.Password) {
		t.Error("remembered without asking")
	}
	h.Clock.Advance(time.Hour)
	in := pass(one, true)
	if !in.Remembered || !lets(h, one, lea, coretest.Password) {
		t.Error("not remembered")
	}
	if lets(h, two, lea, coretest.Password) || lets(h, coretest.Local(), lea, coretest.Password) {
		t.Error("another device passes too")
	}
	stolen := one
	stolen.Device.Kind = operators.DeviceSSH
	if lets(h, stolen, lea, coretest.Password) {
		t.Error("a token passes as a key")
	}
	req = h.Request(in)
	devices := profile(h, req).Devices
	if len(devices) != 1 || !devices[0].Here || devices[0].Until != h.Clock.Effective().Add(30*24*time.Hour) {
		t.Fatalf("listed %+v", devices)
	}
	h.Clock.Advance(30*24*time.Hour - 1)
	if !lets(h, one, lea, coretest.Password) {
		t.Error("forgotten too early")
	}
	h.Clock.Advance(1)
	if lets(h, one, lea, coretest.Password) {
		t.Error("passes after thirty days")
	}
}

func TestR54_ARevokedDeviceNeedsACodeAgain(t *testing.T) {
	t.Parallel()
	h, here, req := trusted(t)
	id := profile(h, req).Devices[0].ID
	h.Refused(h.Operators.RevokeDevice(h.Ctx, h.Owner, id), core.CodeNotFound) // somebody else's
	h.Must(h.Operators.RevokeDevice(h.Ctx, req, id))
	h.Refused(h.Operators.RevokeDevice(h.Ctx, req, id), core.CodeNotFound)
	if lets(h, here, lea, coretest.Password) {
		t.Error("still trusted")
	}
}

// TestT16_TrustEndsWithTheEpoch: with every change of password, factor or role.
func TestT16_TrustEndsWithTheEpoch(t *testing.T) {
	t.Parallel()
	h, here, req := trusted(t)
	h.Enrol(req)
	h.Must(h.Operators.DisableFactor(h.Ctx, req))
	if lets(h, here, lea, coretest.Password) {
		t.Error("still trusted")
	}
}

func TestR72_AnAppWinsOverMailedCodes(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	phone := h.Enrol(req)
	attempt := h.Begin(h.Terminal(1), lea, coretest.Password)
	h.Clock.Advance(time.Minute)
	_, err := h.Operators.MailCode(h.Ctx, coretest.Local(), attempt)
	h.Must(err)
	if codes := codesTo(h, lea); len(codes) != 0 {
		t.Errorf("mailed %q", codes)
	}
	in, err := h.Operators.Answer(h.Ctx, h.Terminal(1), attempt, operators.Answer{Code: phone.Code(h.Clock.Effective()), Remember: true})
	h.Must(err)
	if in.Remembered || lets(h, h.Terminal(1), lea, coretest.Password) {
		t.Error("the device is trusted in place of the app")
	}
}

func TestR73_WithoutAValidatedAddressNoMailedCode(t *testing.T) {
	t.Parallel()
	h, _ := mailing(t)
	const max = "max@opera.tests"
	req := h.HireAt(core.RoleOperator, max)
	h.Refused(h.Operators.SwitchMailed(h.Ctx, req, true), core.CodeOwnAddress)
	h.Refused(profile(h, req).Mailed.Refused, core.CodeOwnAddress)
	company(h, operators.Company{MailedCodes: true})
	if lets(h, coretest.Local(), max, coretest.Password) {
		t.Error("a password alone opens")
	}
	if codes := codesTo(h, max); len(codes) != 0 {
		t.Errorf("mailed %q", codes)
	}
}

func TestMailedCodesNeedAMailServer(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Validate(h.Owner)
	h.Refused(h.Operators.SwitchMailed(h.Ctx, h.Owner, true), core.CodeNoDelivery)
	h.Refused(profile(h, h.Owner).Mailed.Refused, core.CodeNoDelivery)
}

// TestT12_AskingAgainWaitsAndResetsNothing: a minute, then two, three codes an
// attempt; the one before is void, and tries stay counted.
func TestT12_AskingAgainWaitsAndResetsNothing(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	attempt := h.Begin(coretest.Local(), lea, coretest.Password)
	ask := func() error {
		_, err := h.Operators.MailCode(h.Ctx, coretest.Local(), attempt)
		return err
	}
	first := codesTo(h, lea)[0]
	answer := func(c string) error {
		_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app(c))
		return err
	}
	h.Refused(ask(), core.CodeCoolDown)
	h.Clock.Advance(time.Minute)
	h.Refused(answer(anotherCode(first)), core.CodeSignIn)
	h.Must(ask())
	h.Refused(answer(first), core.CodeSignIn)
	h.Clock.Advance(2*time.Minute - 1)
	h.Refused(ask(), core.CodeCoolDown)
	h.Clock.Advance(1)
	h.Must(ask())
	codes := codesTo(h, lea)
	if len(codes) != 2 {
		t.Fatalf("mailed %q", codes)
	}
	h.Refused(answer(anotherCode(codes[1])), core.CodeSignIn)
	h.Clock.Advance(4 * time.Minute)
	h.Refused(ask(), core.CodeTooMany)
	h.Refused(answer(anotherCode(codes[1])), core.CodeSignIn)
	h.Refused(answer(anotherCode(codes[1])), core.CodeSignIn)
	h.Refused(answer(codes[1]), core.CodeAttemptOver) // five tries, however many mails
}

func TestT12_FiveMailsAnHourAndFifteenADay(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	sent := func(n int) (sent int) {
		for i := range n {
			h.Begin(from(string(rune('a'+i))), lea, coretest.Password)
		}
		return len(codesTo(h, lea))
	}
	if n := sent(7); n != 5 {
		t.Errorf("%d in the first hour", n)
	}
	h.Clock.Advance(time.Hour)
	if n := sent(7); n != 5 {
		t.Errorf("%d in the second hour", n)
	}
	h.Clock.Advance(time.Hour)
	h.Clock.Advance(time.Hour)
	if n := sent(7) + sent(7); n != 5 {
		t.Errorf("%d more that day", n)
	}
}

func TestAMailedCodeIsVoidInAnotherAttempt(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	h.Begin(coretest.Local(), lea, coretest.Password)
	first := codesTo(h, lea)[0]
	second := h.Begin(coretest.Local(), lea, coretest.Password)
	if again := codesTo(h, lea)[0]; again == first {
		t.Fatal("the seed of the test makes both the same: take another")
	}
	_, err := h.Operators.Answer(h.Ctx, coretest.Local(), second, app(first))
	h.Refused(err, core.CodeSignIn)
}

func TestAMailedCodeIsNotSentLate(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	h.Mails()
	h.Begin(coretest.Local(), lea, coretest.Password)
	h.Clock.Advance(10 * time.Minute)
	if codes := codesTo(h, lea); len(codes) != 0 {
		t.Errorf("mailed %q", codes)
	}
}

// TestEveryChangeOfTheWayInIsMailed lists the mails about what a profile changes.
func TestEveryChangeOfTheWayInIsMailed(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	h.Mails()
	told := func(want string) {
		t.Helper()
		for _, w := range h.Mails() {
			if w.To == lea && w.System == "security."+want {
				return
			}
		}
		t.Errorf("no mail tells of %s", want)
	}
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	told("mailed-on")
	attempt := h.Begin(h.Terminal(1), lea, coretest.Password)
	var c mail.Work
	for _, w := range h.Mails() {
		c = w
	}
	_, err := h.Operators.Answer(h.Ctx, h.Terminal(1), attempt, operators.Answer{Code: c.Values["code"], Remember: true})
	h.Must(err)
	told("device")
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, false))
	told("mailed-off")
	phone := h.Enrol(req)
	told("factor-on")
	attempt = h.Begin(coretest.Local(), lea, coretest.Password)
	_, err = h.Operators.Answer(h.Ctx, coretest.Local(), attempt, recovery(phone.Recovery[3]))
	h.Must(err)
	told("recovery-used")
	_, err = h.Operators.RenewRecovery(h.Ctx, req)
	h.Must(err)
	told("recovery-codes")
	h.Must(h.Operators.DisableFactor(h.Ctx, req))
	told("factor-off")
}

// TestR68_WhomNoMailReachesIsAnsweredLikeEverybody: a code is asked for, and none is
// right.
func TestR68_WhomNoMailReachesIsAnsweredLikeEverybody(t *testing.T) {
	t.Parallel()
	h, _ := mailing(t)
	req := h.Hire(core.RoleOperator) // at a reserved domain
	h.Validate(req)
	company(h, operators.Company{MailedCodes: true})
	attempt := h.Begin(coretest.Local(), "operator@opera.example", coretest.Password)
	h.Clock.Advance(time.Minute)
	_, err := h.Operators.MailCode(h.Ctx, coretest.Local(), attempt)
	h.Must(err)
	if codes := codesTo(h, "operator@opera.example"); len(codes) != 0 {
		t.Errorf("mailed %q", codes)
	}
	_, err = h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app(""))
	h.Refused(err, core.CodeSignIn)
}

// TestR67_SwitchingOffWhatIsOffIsNotRefused, though what is on would have to stay.
func TestR67_SwitchingOffWhatIsOffIsNotRefused(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	company(h, operators.Company{Required: true, MailMeets: true})
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, false))
	if n := len(h.Told(lea)); n != 0 {
		t.Errorf("told %d times", n)
	}
}
