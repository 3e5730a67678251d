package operators_test

import (
	"fmt"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// fail answers n attempts of the owner's, each from another source, with a wrong
// code.
func fail(h *coretest.House, n int, a operators.Answer) {
	h.T.Helper()
	for i := range n {
		at := from(h.Clock.Effective().String() + string(rune('a'+i)))
		attempt := h.Begin(at, coretest.OwnerAddress, coretest.Password)
		_, err := h.Operators.Answer(h.Ctx, at, attempt, a)
		h.Refused(err, core.CodeSignIn)
	}
}

func TestTwentyWrongCodesADayLockTheAccount(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	fail(h, 19, app("000000"))
	h.Must(code(h, app(phone.Code(h.Clock.Effective()))))
	h.Clock.Advance(time.Hour)
	fail(h, 1, app("000000"))
	h.Refused(code(h, app(phone.Code(h.Clock.Effective()))), core.CodeSignIn)
	h.Refused(code(h, recovery(phone.Recovery[0])), core.CodeSignIn)
	h.Clock.Advance(23 * time.Hour)
	h.Must(code(h, app(phone.Code(h.Clock.Effective()))))
}

// TestWrongPasswordsUseUpNoCodes: who doesn't know the password can't lock the
// second factor (T43).
func TestWrongPasswordsUseUpNoCodes(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	for i := range 25 {
		at := from(string(rune('a' + i)))
		attempt := h.Begin(at, coretest.OwnerAddress, wrong)
		_, err := h.Operators.Answer(h.Ctx, at, attempt, app("000000"))
		h.Refused(err, core.CodeSignIn)
	}
	h.Must(code(h, app(phone.Code(h.Clock.Effective()))))
}

func TestAHundredWrongCodesInARowNeedAReset(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	for range 5 {
		fail(h, 20, app("000000"))
		h.Clock.Advance(25 * time.Hour)
	}
	h.Refused(code(h, app(phone.Code(h.Clock.Effective()))), core.CodeSignIn)
	h.Clock.Advance(100 * time.Hour)
	h.Refused(code(h, app(phone.Code(h.Clock.Effective()))), core.CodeSignIn)
	h.Act(func(act *core.Act) error { return operators.DropFactor(act, h.Made.Owner) })
	if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("a reset doesn't help")
	}
}

// serviceAt is a house's service on another clock.
func serviceAt(h *coretest.House, clock core.Clock) *operators.Service {
	h.T.Helper()
	s, err := operators.NewService(operators.Config{
		Desk: core.NewDesk(core.DeskConfig{
			Store: h.Store, Clock: clock, Random: coretest.Random(200), Actions: core.Actions(),
			Standings: operators.Standings{Clock: clock, Captured: mail.CapturedOnly}, Journal: activity.Journal{},
			Outbox: mail.NewOutbox(h.Keys), Captured: mail.CapturedOnly, Inbox: activity.Inbox{},
		}),
		Hasher: operators.NewHasher(operators.Cost{MemoryKiB: 8 * 1024, Passes: 1, Threads: 1}),
		Keys:   h.Keys, Random: coretest.Random(201),
	})
	h.Must(err)
	return s
}

// TestALockAndAClockThatJumps moves the computer's clock a year ahead and back
// during a lock: it is over by the jump, and a new one lasts no longer than it says.
func TestALockAndAClockThatJumps(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	now := coretest.Start()
	clock, err := core.OpenClock(h.Ctx, h.Store, func() time.Time { return now })
	h.Must(err)
	h.Operators = serviceAt(h, clock)
	miss(h, coretest.Local(), coretest.OwnerAddress, 5)
	now = now.AddDate(1, 0, 0)
	miss(h, coretest.Local(), coretest.OwnerAddress, 5)
	now = now.AddDate(-1, 0, 0)
	if lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("going back opens the lock")
	}
	now = now.Add(30 * time.Second)
	if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("going back makes the lock longer")
	}
}

func TestFewBucketsAreKept(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	miss(h, coretest.Local(), "a@opera.tests", 1)
	miss(h, coretest.Local(), "b@opera.tests", 3)
	h.Clock.Advance(24 * time.Hour)
	miss(h, coretest.Local(), "c@opera.tests", 1) // sweeps both
	if n := buckets(h); n != 2 {                  // the account's and the source's
		t.Errorf("%d buckets", n)
	}
	h.Act(func(act *core.Act) error { return operators.FillBuckets(act) })
	miss(h, coretest.Local(), "d@opera.tests", 1)
	if n := buckets(h); n != 2 {
		t.Errorf("%d buckets in a full house", n)
	}
	h.Damaged()
}

// TestWhoseCountMadeRoomSignsInAllTheSame: in a full house the counts of somebody at
// the code step may be gone by the time their code comes.
func TestWhoseCountMadeRoomSignsInAllTheSame(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	h.Damaged()
	attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	h.Act(func(act *core.Act) error { return operators.FillBuckets(act) })
	h.Clock.Advance(time.Second)
	miss(h, from("192.0.2.1"), "nobody@opera.tests", 1) // two take the place of two
	_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app(phone.Code(h.Clock.Effective())))
	h.Must(err)
	if n := buckets(h); n != 2 {
		t.Errorf("%d buckets", n)
	}
}

// TestACountThatIsTooHighKeepsNobodyOut: where there is nothing to make room of, one
// more is kept all the same.
func TestACountThatIsTooHighKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	h.Act(func(act *core.Act) error { return operators.FillBuckets(act) })
	if n := buckets(h); n != 0 {
		t.Fatalf("%d buckets", n)
	}
	if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("a right password opens nothing")
	}
}

// TestACountThatIsTooLowGoesNoLower: it would be one that is far too high, for which
// others would have to go.
func TestACountThatIsTooLowGoesNoLower(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	miss(h, coretest.Local(), coretest.OwnerAddress, 1)
	h.Act(operators.ForgetCounts)
	if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Fatal("a right password opens nothing")
	}
	before := buckets(h)
	for i := range 3 {
		miss(h, coretest.Local(), fmt.Sprintf("nobody%d@opera.tests", i), 1)
	}
	if n := buckets(h) - before; n != 3 {
		t.Errorf("%d more buckets after failures of three accounts", n)
	}
}

// buckets counts what is kept of failures.
func buckets(h *coretest.House) (n int) {
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		return v.Ascend("signin.buckets", nil, nil, func(_, _ []byte) error {
			n++
			return nil
		})
	}))
	return n
}
