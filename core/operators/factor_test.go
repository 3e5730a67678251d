package operators_test

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// enrolled is a house whose owner has an app.
func enrolled(t *testing.T) (*coretest.House, coretest.App) {
	t.Helper()
	h := coretest.New(t, storagetest.New(t))
	return h, h.Enrol(h.Owner)
}

// code answers an attempt of the owner's with a code.
func code(h *coretest.House, a operators.Answer) error {
	h.T.Helper()
	attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, a)
	return err
}

func app(c string) operators.Answer      { return operators.Answer{Code: c} }
func recovery(c string) operators.Answer { return operators.Answer{Code: c, Recovery: true} }

// profile is what an operator sees of themself.
func profile(h *coretest.House, req core.Request) operators.Profile {
	h.T.Helper()
	p, err := h.Operators.Profile(h.Ctx, req)
	h.Must(err)
	return p
}

func TestR63_AnAppIsLinkedInTheOwnProfile(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	f := profile(h, h.Owner).Factor
	if !f.On || f.Since.IsZero() || f.RecoveryLeft != 10 {
		t.Errorf("the profile shows %+v", f)
	}
	h.Must(code(h, app(phone.Code(h.Clock.Effective()))))
	if f := profile(h, h.Owner).Factor; f.LastUsed != h.Clock.Effective() {
		t.Errorf("used last %v", f.LastUsed)
	}
}

func TestR64_TheQRCodeNamesProductAndAddressAndIsShort(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	e, err := h.Operators.BeginEnrolment(h.Ctx, h.Owner)
	h.Must(err)
	if want := "otpauth://totp/willcall:olga@opera.example?secret=" + e.Secret; e.URI != want {
		t.Errorf("%s, want %s", e.URI, want)
	}
	if len(e.Secret) != 32 || strings.Trim(e.Secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		t.Errorf("the secret is %q", e.Secret)
	}
}

func TestR65_AnAppCountsFromItsFirstRightCodeOn(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	confirm := func(c string) error {
		_, err := h.Operators.ConfirmEnrolment(h.Ctx, h.Owner, c)
		return err
	}
	h.Refused(confirm("000000"), core.CodeEnrolmentOver) // nothing was begun
	first, err := h.Operators.BeginEnrolment(h.Ctx, h.Owner)
	h.Must(err)
	h.Refused(confirm("12345"), core.CodeAppCode)
	h.SignIn(coretest.OwnerAddress) // leaving changes nothing
	second, err := h.Operators.BeginEnrolment(h.Ctx, h.Owner)
	h.Must(err)
	h.Refused(confirm(coretest.App{Secret: first.Secret}.Code(h.Clock.Effective())), core.CodeAppCode)
	now := coretest.App{Secret: second.Secret}
	h.Clock.Advance(4 * time.Minute)
	h.Must(confirm(now.Code(h.Clock.Effective())))
	h.Refused(confirm(now.Code(h.Clock.Effective())), core.CodeFactorOn)
	_, err = h.Operators.BeginEnrolment(h.Ctx, h.Owner)
	h.Refused(err, core.CodeFactorOn)
}

func TestR65_LinkingAnAppIsOverAfterTenMinutes(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	e, err := h.Operators.BeginEnrolment(h.Ctx, h.Owner)
	h.Must(err)
	h.Clock.Advance(10 * time.Minute)
	_, err = h.Operators.ConfirmEnrolment(h.Ctx, h.Owner, coretest.App{Secret: e.Secret}.Code(h.Clock.Effective()))
	h.Refused(err, core.CodeEnrolmentOver)
}

// TestR65_TwoConfirmationsAtOnceLinkOneApp runs under -race.
func TestR65_TwoConfirmationsAtOnceLinkOneApp(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	e, err := h.Operators.BeginEnrolment(h.Ctx, h.Owner)
	h.Must(err)
	right := coretest.App{Secret: e.Secret}.Code(h.Clock.Effective())
	if n := succeed(2, func() error {
		_, err := h.Operators.ConfirmEnrolment(h.Ctx, h.Owner, right)
		return err
	}); n != 1 {
		t.Errorf("%d confirmations succeeded", n)
	}
}

// succeed counts how many of n calls at the same time succeed.
func succeed(n int, call func() error) (right int) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			if call() == nil {
				mu.Lock()
				defer mu.Unlock()
				right++
			}
		})
	}
	all.Wait()
	return right
}

func TestR65_OtherSessionsEndAndThisOneGoesOn(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	other := h.SignIn(coretest.OwnerAddress)
	h.Enrol(h.Owner)
	h.Must(look(h, h.Owner))
	h.Refused(look(h, other), core.CodeSignedOut)
}

func TestR69_TheOwnSettingTouchesNobodyElse(t *testing.T) {
	t.Parallel()
	h, _ := enrolled(t)
	admin := h.Hire(core.RoleAdmin)
	if f := profile(h, admin).Factor; f.On || f.RecoveryLeft != -1 {
		t.Errorf("the admin has %+v", f)
	}
	h.Must(look(h, admin))
}

func TestR70R71_AFormerSecretNeverWorksAgain(t *testing.T) {
	t.Parallel()
	h, old := enrolled(t)
	h.Must(h.Operators.DisableFactor(h.Ctx, h.Owner))
	h.Refused(h.Operators.DisableFactor(h.Ctx, h.Owner), core.CodeFactorOff)
	h.SignIn(coretest.OwnerAddress) // a password alone does again
	renewed := h.Enrol(h.Owner)
	if renewed.Secret == old.Secret {
		t.Error("the same secret again")
	}
	now := h.Clock.Effective()
	h.Refused(code(h, app(old.Code(now))), core.CodeSignIn)
	h.Refused(code(h, recovery(old.Recovery[0])), core.CodeSignIn)
	h.Must(code(h, app(renewed.Code(now))))
}

func TestR71_ACodeWorksOnce(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	now := h.Clock.Effective()
	right := phone.Code(now)
	h.Must(code(h, app(right)))
	h.Refused(code(h, app(right)), core.CodeSignIn)
	h.Refused(code(h, app(phone.Code(now.Add(-30*time.Second)))), core.CodeSignIn) // the step before it
	h.Must(code(h, app(phone.Code(now.Add(30*time.Second)))))                      // a phone that is ahead
	h.Clock.Advance(time.Minute)
	h.Must(code(h, app(phone.Code(now.Add(time.Minute)))))
}

// TestR71_OneOfManyAnswersWithOneCodeSucceeds runs under -race: eight attempts of
// the same operator with the same right code, and eight answers of one attempt.
func TestR71_OneOfManyAnswersWithOneCodeSucceeds(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	right := phone.Code(h.Clock.Effective())
	attempts := make(chan string, 8)
	for i := range 8 {
		attempts <- h.Begin(operators.From{Source: strconv.Itoa(i)}, coretest.OwnerAddress, coretest.Password)
	}
	close(attempts)
	answer := func() error {
		_, err := h.Operators.Answer(h.Ctx, coretest.Local(), <-attempts, app(right))
		return err
	}
	if n := succeed(8, answer); n != 1 {
		t.Errorf("%d of 8 sign-ins succeeded", n)
	}
	h.Clock.Advance(time.Hour)
	attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	right = phone.Code(h.Clock.Effective())
	if n := succeed(8, func() error {
		_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app(right))
		return err
	}); n != 1 {
		t.Errorf("%d of 8 answers succeeded", n)
	}
}

func TestR82_TenRecoveryCodesEachUsedOnce(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	if len(phone.Recovery) != 10 {
		t.Fatalf("%d codes", len(phone.Recovery))
	}
	for i, c := range phone.Recovery {
		typed := strings.ToLower(strings.ReplaceAll(c, "-", " "))
		attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
		in, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, recovery(typed))
		h.Must(err)
		if in.RecoveryLeft != 9-i {
			t.Errorf("after %d: %d left", i+1, in.RecoveryLeft)
		}
		h.Refused(code(h, recovery(c)), core.CodeSignIn)
	}
	h.Must(code(h, app(phone.Code(h.Clock.Effective()))))
}

// TestR82_ARecoveryCodeAtOnceTwiceOpensOnce runs under -race.
func TestR82_ARecoveryCodeAtOnceTwiceOpensOnce(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	attempts := make(chan string, 2)
	for range 2 {
		attempts <- h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	}
	if n := succeed(2, func() error {
		_, err := h.Operators.Answer(h.Ctx, coretest.Local(), <-attempts, recovery(phone.Recovery[0]))
		return err
	}); n != 1 {
		t.Errorf("%d succeeded", n)
	}
}

// answeredTogether answers one attempt of the owner's twice: both codes are counted
// before either is hashed, and change happens before either is judged. It gives the
// refusals, sorted. It needs a bubble.
func answeredTogether(h *coretest.House, a operators.Answer, change func()) (refusals []core.Code) {
	h.T.Helper()
	attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	letGo := h.Operators.HoldHashes()
	got := make(chan core.Code)
	for range 2 {
		go func() {
			_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, a)
			got <- core.CodeOf(err)
		}()
	}
	synctest.Wait()
	change()
	letGo()
	refusals = []core.Code{<-got, <-got}
	slices.Sort(refusals)
	return refusals
}

// TestR82_TwoAnswersThatMeetAreJudgedOneAfterTheOther: what the first one did holds
// for the second one, which finds the attempt over.
func TestR82_TwoAnswersThatMeetAreJudgedOneAfterTheOther(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		right   bool
		disable bool
		want    []core.Code
		left    int
	}{
		{"a right code", true, false, []core.Code{"", core.CodeAttemptOver}, 9},
		{"a wrong code", false, false, []core.Code{core.CodeAttemptOver, core.CodeSignIn}, 10},
		{"a right code of somebody disabled meanwhile", true, true, []core.Code{core.CodeAttemptOver, core.CodeSignIn}, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h, phone := enrolled(t)
				typed := "0000-0000-0000-0000"
				if c.right {
					typed = phone.Recovery[0]
				}
				got := answeredTogether(h, recovery(typed), func() {
					if c.disable {
						h.Act(func(act *core.Act) error { return operators.Disable(act, coretest.OwnerAddress) })
					}
				})
				if !slices.Equal(got, c.want) {
					t.Errorf("answered %q, want %q", got, c.want)
				}
				if left := recoveryLeft(h); left != c.left {
					t.Errorf("%d codes are left, want %d", left, c.left)
				}
			})
		})
	}
}

// recoveryLeft counts the owner's recovery codes, whether they may sign in or not.
func recoveryLeft(h *coretest.House) (n int) {
	h.T.Helper()
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		f, err := operators.FactorOf(v, h.Made.Owner)
		n = f.RecoveryLeft
		return err
	}))
	return n
}

func TestR82_NewCodesVoidTheFormerOnes(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	fresh, err := h.Operators.RenewRecovery(h.Ctx, h.Owner)
	h.Must(err)
	h.Refused(code(h, recovery(phone.Recovery[0])), core.CodeSignIn)
	h.Must(code(h, recovery(fresh[0])))
	h.Must(h.Operators.DisableFactor(h.Ctx, h.Owner))
	_, err = h.Operators.RenewRecovery(h.Ctx, h.Owner)
	h.Refused(err, core.CodeFactorOff)
}

// TestAnEnrolmentAskedForTwiceIsTheSame: a repeated key gives what the first call
// began, as long as that can be confirmed.
func TestAnEnrolmentAskedForTwiceIsTheSame(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	req := h.Owner
	req.Key = "begun"
	first, err := h.Operators.BeginEnrolment(h.Ctx, req)
	h.Must(err)
	again, err := h.Operators.BeginEnrolment(h.Ctx, req)
	h.Must(err)
	if again != first || len(again.Secret) != 32 {
		t.Errorf("first %+v, then %+v", first, again)
	}
	h.Clock.Advance(10 * time.Minute)
	h.Must(h.Operators.StepUp(h.Ctx, h.Owner, coretest.Local(), coretest.Password))
	_, err = h.Operators.BeginEnrolment(h.Ctx, req)
	h.Refused(err, core.CodeEnrolmentOver)
	req.Key = "begun anew"
	anew, err := h.Operators.BeginEnrolment(h.Ctx, req)
	h.Must(err)
	_, err = h.Operators.ConfirmEnrolment(h.Ctx, h.Owner, coretest.App{Secret: anew.Secret}.Code(h.Clock.Effective()))
	h.Must(err)
	_, err = h.Operators.BeginEnrolment(h.Ctx, req)
	h.Refused(err, core.CodeEnrolmentOver)
}
