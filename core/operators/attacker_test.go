package operators_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// failedSoFar is how many failures of all accounts are counted.
func failedSoFar(h *coretest.House) (n int) {
	h.Must(h.Store.View(h.Ctx, func(v core.View) (err error) {
		n, err = operators.Failed(v)
		return err
	}))
	return n
}

// TestR68_ARightPasswordCountsLikeAWrongOneUntilItsCode: the three seconds on top
// of every answer come after so many failures, so that they would tell a right
// password if only wrong ones counted.
func TestR68_ARightPasswordCountsLikeAWrongOneUntilItsCode(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	for i, password := range []string{coretest.Password, wrong} {
		at, before := from(fmt.Sprint(i)), failedSoFar(h)
		attempt := h.Begin(at, coretest.OwnerAddress, password)
		if n := failedSoFar(h) - before; n != 1 {
			t.Errorf("password %d counts %d", i, n)
		}
		_, err := h.Operators.Answer(h.Ctx, at, attempt, app("000000"))
		h.Refused(err, core.CodeSignIn)
		if n := failedSoFar(h) - before; n != 1 {
			t.Errorf("password %d and a wrong code count %d", i, n)
		}
	}
	before := failedSoFar(h)
	h.Must(code(h, app(phone.Code(h.Clock.Effective()))))
	if n := failedSoFar(h) - before; n != 0 {
		t.Errorf("a success counts %d", n)
	}
}

// TestASourceIsShutAfterTwentyFailures of any accounts within ten minutes, but for
// the devices that an account is known from.
func TestASourceIsShutAfterTwentyFailures(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	known := h.Terminal(1)
	if !lets(h, known, coretest.OwnerAddress, coretest.Password) {
		t.Fatal("the first sign-in needs a code")
	}
	for i := range 19 {
		miss(h, coretest.Local(), fmt.Sprintf("nobody%d@opera.tests", i), 1)
	}
	if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("shut after nineteen")
	}
	miss(h, coretest.Local(), "nobody@opera.tests", 1)
	if lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("open after twenty")
	}
	if !lets(h, known, coretest.OwnerAddress, coretest.Password) {
		t.Error("a known device is shut out")
	}
	if !lets(h, from("192.0.2.1"), coretest.OwnerAddress, coretest.Password) {
		t.Error("another source is shut out")
	}
	h.Clock.Advance(10*time.Minute - 1)
	if lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("open before ten minutes were over")
	}
	h.Clock.Advance(1)
	if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("shut after ten minutes")
	}
}

// TestASourceIsCountedForTenMinutes: nineteen failures and nineteen more ten minutes
// later don't shut it, one more within those does.
func TestASourceIsCountedForTenMinutes(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for range 2 {
		h.Clock.Advance(10 * time.Minute)
		for i := range 19 {
			miss(h, coretest.Local(), fmt.Sprintf("nobody%d@opera.tests", i), 1)
		}
	}
	if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("failures of ten minutes before are counted")
	}
	h.Clock.Advance(10*time.Minute - 1)
	miss(h, coretest.Local(), "nobody@opera.tests", 1)
	if lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("open after twenty within ten minutes")
	}
}

// TestAKnownDeviceAsksForMailsPastItsSource: what counts against a source is what
// strangers ask for from there.
func TestAKnownDeviceAsksForMailsPastItsSource(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	known := h.Terminal(1)
	if !lets(h, known, coretest.OwnerAddress, coretest.Password) {
		t.Fatal("the first sign-in needs a code")
	}
	for range 20 {
		h.Must(h.Operators.Forgot(h.Ctx, known, coretest.OwnerAddress))
	}
	h.Mails()
	h.Clock.Advance(time.Minute)
	h.Must(h.Operators.Forgot(h.Ctx, known, coretest.OwnerAddress))
	if n := len(h.Mails()); n != 1 {
		t.Errorf("%d mails", n)
	}
}

// TestAnAppGoesByTheComputersOwnClock: a clock that was a year ahead for a moment
// keeps everything expired, but phones show the codes of now.
func TestAnAppGoesByTheComputersOwnClock(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	now := h.Clock.Effective()
	clock, err := core.OpenClock(h.Ctx, h.Store, func() time.Time { return now })
	h.Must(err)
	h.Operators = serviceAt(h, clock)
	now = now.AddDate(1, 0, 0)
	clock.Effective()
	now = now.AddDate(-1, 0, 0)
	h.Must(code(h, app(phone.Code(now))))
	h.Refused(code(h, app(phone.Code(now))), core.CodeSignIn) // once
	now = now.Add(time.Minute)
	h.Must(code(h, app(phone.Code(now))))
}

// TestAStepUpIsProvedWhateverKeyItHas: a request's key answers for what it was made
// for, not for the proof before it.
func TestAStepUpIsProvedWhateverKeyItHas(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	req := h.Owner
	req.Key = "a form's"
	h.Clock.Advance(time.Hour)
	h.Must(h.Operators.StepUp(h.Ctx, req, coretest.Local(), coretest.Password))
	_, err := h.Operators.BeginEnrolment(h.Ctx, req)
	h.Must(err)
}

func TestAPasswordIsChangedWithAKeyToo(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	req := h.Owner
	req.Key = "a form's"
	h.Clock.Advance(time.Hour)
	h.Must(h.Operators.ChangePassword(h.Ctx, req, coretest.Password, newPassword))
	if !opens(h, newPassword) {
		t.Error("it isn't the new one")
	}
}

func TestBreakGlassTakesTheOwnMailedCodesOff(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	local := core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:tess"}}
	h.Must(h.Operators.BreakGlass(h.Ctx, local, req.Actor.ID, newPassword))
	if !lets(h, coretest.Local(), lea, newPassword) {
		t.Error("the code still goes to a mailbox that may be lost")
	}
}

// TestT44_BreakGlassGetsTheLastOwnerInWhereNoCodeReachesThem: codes are mailed to
// everybody, and the address of the only owner was never validated.
func TestT44_BreakGlassGetsTheLastOwnerInWhereNoCodeReachesThem(t *testing.T) {
	t.Parallel()
	h, _ := enrolled(t)
	h.GoLive()
	company(h, operators.Company{Required: true, MailedCodes: true})
	h.Act(func(act *core.Act) error { return operators.DropFactor(act, h.Made.Owner) })
	if lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Fatal("the owner isn't locked out")
	}
	local := core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:tess"}}
	open := func() { h.Must(h.Operators.BreakGlass(h.Ctx, local, h.Made.Owner, newPassword)) }
	open()
	h.Clock.Advance(time.Hour)
	if lets(h, coretest.Local(), coretest.OwnerAddress, newPassword) {
		t.Error("it is open for more than an hour")
	}
	open()
	if lets(h, from("192.0.2.1"), coretest.OwnerAddress, newPassword) {
		t.Error("it is open from elsewhere")
	}
	if lets(h, coretest.Local(), coretest.OwnerAddress, wrong) {
		t.Error("it is open to any password")
	}
	begun, err := h.Operators.Begin(h.Ctx, coretest.Local(), coretest.OwnerAddress, newPassword)
	h.Must(err)
	if begun.In == nil || !begun.In.Walled {
		t.Fatalf("the owner gets %+v", begun)
	}
	if lets(h, coretest.Local(), coretest.OwnerAddress, newPassword) {
		t.Error("it is open twice")
	}
	owner := h.Request(*begun.In)
	phone := h.Enrol(owner)
	h.Must(look(h, owner))
	attempt := h.Begin(from("192.0.2.1"), coretest.OwnerAddress, newPassword)
	_, err = h.Operators.Answer(h.Ctx, from("192.0.2.1"), attempt, app(phone.Code(h.Clock.Effective())))
	h.Must(err)
}

// TestDisablingVoidsACodeForGood: who is enabled again later has to be asked for
// anew, by invitation or reset.
func TestDisablingVoidsACodeForGood(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	invited, invitation := invite(h)
	member := h.Hire(core.RoleOperator)
	reset := forgot(h, "operator@opera.example")
	for id, code := range map[core.ID]string{invited: invitation, member.Actor.ID: reset} {
		h.Must(disable(h, h.Owner, id))
		h.Must(h.Operators.Enable(h.Ctx, h.Owner, id, h.Member(id).Version))
		_, err := h.Operators.LookAtCode(h.Ctx, coretest.Local(), code)
		h.Refused(err, core.CodeOneTime)
	}
}

// TestR86_TheLastOwnersAppStaysWhereNoCodeReachesThem: everybody gets mailed codes
// but who has an app, and the last owner's address isn't validated.
func TestR86_TheLastOwnersAppStaysWhereNoCodeReachesThem(t *testing.T) {
	t.Parallel()
	h, _ := enrolled(t)
	h.GoLive()
	company(h, operators.Company{MailedCodes: true})
	h.Refused(h.Operators.DisableFactor(h.Ctx, h.Owner), core.CodeOwnAddress)
	h.Refused(h.Operators.ResetFactor(h.Ctx, h.Owner, h.Made.Owner), core.CodeLastOwner)
	h.Validate(h.Owner)
	h.Must(h.Operators.DisableFactor(h.Ctx, h.Owner))
}

// TestT36_ARestoreRevivesNoCode: a recovery code that was used after the backup
// isn't right again, nor one that was mailed to prove an address.
func TestT36_ARestoreRevivesNoCode(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	h.Must(h.Operators.MailAddressCode(h.Ctx, h.Owner, ""))
	proof := h.Code()
	local := core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:tess"}, Institution: h.Made.Institution}
	_, err := backup.NewService(h.Desk, nil).Restored(h.Ctx, local, backup.Made{At: coretest.Start()}, nil)
	h.Must(err)
	h.Refused(code(h, recovery(phone.Recovery[0])), core.CodeSignIn)
	h.Clock.Advance(time.Minute)
	attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	in, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app(phone.Code(h.Clock.Effective())))
	h.Must(err)
	if in.RecoveryLeft != 0 {
		t.Errorf("%d recovery codes are left", in.RecoveryLeft)
	}
	h.Refused(h.Operators.ConfirmAddress(h.Ctx, h.Request(in), proof), core.CodeOneTime)
}

// one is a mailbox with one captured mail.
type one struct{ mail.Message }

func (o one) List(context.Context, mail.Query) (mail.Page, error) {
	return mail.Page{Messages: []mail.Summary{o.Summary}, Total: 1}, nil
}

func (o one) Get(context.Context, uint64) (mail.Message, error) { return o.Message, nil }

func (one) Watch(func(mail.Summary)) (stop func()) { return func() {} }

// TestR86_NobodyReadsTheCodeOfSomebodyHigher: anybody may ask for a new password of
// any address, and without a mail server the code lies where the office reads.
func TestR86_NobodyReadsTheCodeOfSomebodyHigher(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	admin, operator, developer := h.Hire(core.RoleAdmin), h.Hire(core.RoleOperator), h.Hire(core.RoleDeveloper)
	second := h.HireAt(core.RoleOperator, "second@opera.example")
	for _, c := range []struct {
		address       string
		reads, masked []core.Request
	}{
		{coretest.OwnerAddress, []core.Request{h.Owner}, []core.Request{admin, operator, developer}},
		{"admin@opera.example", []core.Request{h.Owner, admin}, []core.Request{operator, developer}},
		{"operator@opera.example", []core.Request{h.Owner, operator}, []core.Request{second, developer}},
	} {
		h.Must(h.Operators.Forgot(h.Ctx, coretest.Local(), c.address))
		work := h.Mails()[0]
		reading := h.ReadingOf(one{mail.Message{
			Summary: mail.Summary{Seq: 1, Envelope: mail.Envelope{Institution: h.Made.Institution, Entry: work.ID}},
			Text:    work.Values["code"], Codes: []string{work.Values["code"]},
		}})
		for i, all := range [][]core.Request{c.reads, c.masked} {
			for _, req := range all {
				m, err := reading.Get(h.Ctx, req, 1)
				h.Must(err)
				if masked := m.Text != work.Values["code"]; masked != (i == 1) || m.Masked != masked {
					t.Errorf("%s reads the code of %s: %+v", req.Actor.Name, c.address, m)
				}
			}
		}
	}
}

// TestANewPasswordOpensWhereTheFormerOneWasMistyped: who had to choose a new one has
// often failed before, and would be told that the new one is wrong too.
func TestANewPasswordOpensWhereTheFormerOneWasMistyped(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	miss(h, coretest.Local(), coretest.OwnerAddress, 6)
	miss(h, from("192.0.2.1"), coretest.OwnerAddress, 6)
	_, err := h.Operators.TakeUp(h.Ctx, coretest.Local(), forgot(h, coretest.OwnerAddress), newPassword)
	h.Must(err)
	if !lets(h, coretest.Local(), coretest.OwnerAddress, newPassword) {
		t.Error("still locked")
	}
	if lets(h, from("192.0.2.1"), coretest.OwnerAddress, newPassword) {
		t.Error("the lock of another source is gone too")
	}
}
