package operators_test

import (
	"testing"
	"testing/synctest"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// TestR67_WhoLacksTheRequiredFactorReachesNothingElse asks for every action in an
// open session.
func TestR67_WhoLacksTheRequiredFactorReachesNothingElse(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Must(look(h, h.Owner))
	company(h, operators.Company{Required: true})
	for _, a := range core.Actions() {
		if !a.Allows(core.ActorOperator, core.RoleOwner, true) {
			continue
		}
		var err error
		if a.Reads {
			_, err = h.Desk.May(h.Ctx, h.Owner, a.ID)
		} else {
			_, err = h.Desk.Do(h.Ctx, h.Owner, a.ID, func(*core.Act) error { return core.Refuse(core.CodeBusy) })
		}
		if walled := core.CodeOf(err) == core.CodeEnrol; walled == a.Walled {
			t.Errorf("%s: %v", a.ID, err)
		}
	}
	begun, err := h.Operators.Begin(h.Ctx, coretest.Local(), coretest.OwnerAddress, coretest.Password)
	h.Must(err)
	if !begun.In.Walled {
		t.Error("the sign-in doesn't tell of the wall")
	}
	h.Enrol(h.Owner)
	h.Must(look(h, h.Owner))
	h.Refused(h.Operators.DisableFactor(h.Ctx, h.Owner), core.CodeFactorNeeded)
}

func TestR67_ARefusalOfTheWallIsRecorded(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	company(h, operators.Company{Required: true})
	h.Refused(look(h, h.Owner), core.CodeEnrol)
	all := h.Journal()
	if last := all[len(all)-1]; last.Refused != core.CodeEnrol {
		t.Errorf("recorded %+v", last)
	}
}

func TestR72_MailedCodesMeetTheRequirementOnlyWhereTheCompanySaysSo(t *testing.T) {
	t.Parallel()
	h, req := mailing(t)
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	company(h, operators.Company{Required: true})
	h.Refused(look(h, req), core.CodeEnrol)
	company(h, operators.Company{Required: true, MailMeets: true})
	h.Must(look(h, req))
	h.Refused(h.Operators.SwitchMailed(h.Ctx, req, false), core.CodeFactorNeeded) // R67
	h.Refused(look(h, h.Owner), core.CodeEnrol)                                   // has none
}

// TestT14_ABrokenSecretIsNoFactor: where one is required nothing opens the account
// then, else the password does.
func TestT14_ABrokenSecretIsNoFactor(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{"empty": {}, "19 bytes": make([]byte, 19), "21 bytes": make([]byte, 21), "not sealed": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, phone := enrolled(t)
			h.Damaged()
			h.Act(func(act *core.Act) error { return operators.BreakSecret(act, h.Keys, h.Made.Owner, raw) })
			for _, c := range []string{"", "000000", phone.Code(h.Clock.Effective())} {
				h.Refused(h.Operators.StepUp(h.Ctx, h.Owner, coretest.Local(), c), core.CodeSignIn)
			}
			h.Clock.Advance(time.Hour)
			if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
				t.Error("not required, and the password doesn't open")
			}
			company(h, operators.Company{Required: true})
			h.Refused(code(h, app(phone.Code(h.Clock.Effective()))), core.CodeSignIn)
			h.Refused(code(h, app("")), core.CodeSignIn)
			h.Refused(code(h, recovery(phone.Recovery[0])), core.CodeSignIn)
		})
	}
}

// TestT15_SwappedSecretsOpenNothing puts each of two operators' secrets in the
// other's place.
func TestT15_SwappedSecretsOpenNothing(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	admin := h.Hire(core.RoleAdmin)
	theirs := h.Enrol(admin)
	h.Damaged()
	h.Act(func(act *core.Act) error { return operators.SwapSecrets(act, h.Made.Owner, admin.Actor.ID) })
	company(h, operators.Company{Required: true})
	now := h.Clock.Effective()
	h.Refused(code(h, app(phone.Code(now))), core.CodeSignIn)
	h.Refused(code(h, app(theirs.Code(now))), core.CodeSignIn)
}

func TestStepUpIsFreshForFiveMinutes(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	change := func() error {
		_, err := h.Operators.BeginEnrolment(h.Ctx, h.Owner)
		return err
	}
	h.Must(change()) // a sign-in counts
	h.Clock.Advance(5*time.Minute - 1)
	h.Must(change())
	h.Clock.Advance(1)
	h.Refused(change(), core.CodeStepUp)
	other := h.SignIn(coretest.OwnerAddress)
	h.Must(h.Operators.StepUp(h.Ctx, other, coretest.Local(), coretest.Password))
	h.Refused(change(), core.CodeStepUp) // proven in another session
	h.Refused(h.Operators.StepUp(h.Ctx, h.Owner, coretest.Local(), wrong), core.CodeSignIn)
	h.Refused(change(), core.CodeStepUp)
	h.Must(h.Operators.StepUp(h.Ctx, h.Owner, coretest.Local(), coretest.Password))
	h.Must(change())
}

func TestStepUpByAnAppsCodeOnce(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	h.Clock.Advance(time.Hour)
	right := phone.Code(h.Clock.Effective())
	h.Must(h.Operators.StepUp(h.Ctx, h.Owner, coretest.Local(), right))
	h.Refused(h.Operators.StepUp(h.Ctx, h.Owner, coretest.Local(), right), core.CodeSignIn)
	h.Refused(code(h, app(right)), core.CodeSignIn) // nor at a sign-in
}

// TestAPasswordThatIsChangedMeanwhileProvesNothing: it is compared with the one that
// there is when that is done.
func TestAPasswordThatIsChangedMeanwhileProvesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := coretest.New(t, storagetest.New(t))
		letGo := h.Operators.HoldHashes()
		proved := make(chan error)
		go func() { proved <- h.Operators.Confirm(h.Ctx, h.Owner, coretest.Password) }()
		synctest.Wait()
		h.Act(func(act *core.Act) error { return operators.Rehash(h.Ctx, act, h.Made.Owner, newPassword) })
		letGo()
		h.Refused(<-proved, core.CodeSignIn)
	})
}

func TestUnlockingCountsFailures(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for range 5 {
		h.Refused(h.Operators.Confirm(h.Ctx, h.Owner, wrong), core.CodeSignIn)
	}
	h.Refused(h.Operators.Confirm(h.Ctx, h.Owner, coretest.Password), core.CodeSignIn)
	h.SignIn(coretest.OwnerAddress) // locks nobody else's session, and no sign-in
	h.Clock.Advance(30 * time.Second)
	h.Must(h.Operators.Confirm(h.Ctx, h.Owner, coretest.Password))
}

func TestTheSixthSessionEndsTheOldest(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	second := h.SignIn(coretest.OwnerAddress)
	for range 3 {
		h.SignIn(coretest.OwnerAddress)
	}
	h.Must(look(h, h.Owner))
	h.SignIn(coretest.OwnerAddress)
	h.Refused(look(h, h.Owner), core.CodeSignedOut)
	h.Must(look(h, second))
}

func TestOnesOwnSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	admin := h.Hire(core.RoleAdmin)
	other := h.SignIn(coretest.OwnerAddress)
	list := profile(h, h.Owner).Sessions
	if len(list) != 2 || list[0].ID != other.Session || list[0].Here || !list[1].Here || list[0].Where != "local" {
		t.Errorf("listed %+v", list)
	}
	h.Refused(h.Operators.EndSession(h.Ctx, h.Owner, admin.Session), core.CodeNotFound)
	h.Must(h.Operators.EndSession(h.Ctx, h.Owner, other.Session))
	h.Refused(look(h, other), core.CodeSignedOut)
	h.Must(look(h, h.Owner))
}

// TestACodeOfNoAppIsWrongAndCounts: who has no app is refused as with a wrong code,
// and after five of them the password proves nothing either for a while.
func TestACodeOfNoAppIsWrongAndCounts(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	prove := func(proof string) error { return h.Operators.StepUp(h.Ctx, h.Owner, coretest.Local(), proof) }
	for range 5 {
		h.Refused(prove("123456"), core.CodeSignIn)
	}
	h.Refused(prove(coretest.Password), core.CodeSignIn)
	h.Clock.Advance(30 * time.Second)
	h.Must(prove(coretest.Password))
}
