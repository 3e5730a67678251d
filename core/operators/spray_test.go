package operators_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

const (
	least   = 400 * time.Millisecond
	guarded = 3 * time.Second
)

// waiting lets a house's answers wait.
func waiting(h *coretest.House, floor operators.Floor) {
	h.T.Helper()
	s, err := operators.NewService(operators.Config{
		Desk: h.Desk, Hasher: operators.NewHasher(operators.Cost{MemoryKiB: 8 * 1024, Passes: 1, Threads: 1}),
		Keys: h.Keys, Random: coretest.Random(201), Recovery: operators.Cost{MemoryKiB: 64, Passes: 1, Threads: 1},
		Floor: floor,
	})
	h.Must(err)
	h.Operators = s
}

// spray lets one password fail on n accounts that aren't there, ten from a source.
func spray(h *coretest.House, n int) {
	h.T.Helper()
	for i := range n {
		miss(h, from(fmt.Sprint("spray ", i/10)), fmt.Sprintf("nobody%d@opera.tests", i), 1)
	}
}

// timed is how long something takes by the bubble's clock: what waits, takes its
// time; what works, takes none.
func timed(do func()) time.Duration {
	start := core.SystemWall()
	do()
	return core.SystemWall().Sub(start)
}

// typed is what somebody types at the first step, and how often it failed before.
type typed struct {
	who, address, password string
	failed                 int
}

// everybody are all those who try to sign in.
func everybody() []typed {
	return []typed{
		{who: "unknown", address: "nobody@opera.tests", password: coretest.Password},
		{who: "no address", address: "nonsense", password: coretest.Password},
		{who: "wrong", address: coretest.OwnerAddress, password: wrong},
		{who: "locked", address: coretest.OwnerAddress, password: coretest.Password, failed: 5},
		{who: "disabled", address: "operator@opera.example", password: coretest.Password},
		{who: "right, with a code to come", address: coretest.OwnerAddress, password: coretest.Password},
	}
}

// answered signs in as somebody from a source of their own, and gives every
// answer's bytes with its time.
func answered(h *coretest.House, who typed) (shape string) {
	h.T.Helper()
	source := from(who.who + h.Clock.Effective().String())
	miss(h, source, who.address, who.failed)
	var begun operators.Begun
	var err error
	took := timed(func() { begun, err = h.Operators.Begin(h.Ctx, source, who.address, who.password) })
	shape = fmt.Sprintf("%v: %v %d %v %v\n", took, begun.In, len(begun.Attempt), begun.Expires, unwrapped(err))
	for i := range 2 {
		var in operators.SignedIn
		took := timed(func() {
			a := operators.Answer{Code: "00000", Recovery: i == 1}
			in, err = h.Operators.Answer(h.Ctx, source, begun.Attempt, a)
		})
		shape += fmt.Sprintf("%v: %+v %v %v\n", took, in, err, unwrapped(err))
	}
	return shape
}

// sameForAll ends the test unless everybody is answered alike, each answer in a
// time.
func sameForAll(h *coretest.House, want time.Duration) {
	h.T.Helper()
	nobody := answered(h, everybody()[0])
	if n := strings.Count(nobody, want.String()+": "); n != 3 {
		h.T.Errorf("%d of 3 answers take %v:\n%s", n, want, nobody)
	}
	for _, who := range everybody()[1:] {
		if got := answered(h, who); got != nobody {
			h.T.Errorf("%s is answered\n%snobody\n%s", who.who, got, nobody)
		}
	}
}

// TestManyFailuresMakeEveryAnswerLonger: after more than a hundred failures of any
// accounts within ten minutes every answer takes three seconds more, whatever was
// typed, until the ten minutes are over, also across a restart.
func TestManyFailuresMakeEveryAnswerLonger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store, floor := storagetest.New(t), operators.Floor{Least: least, Guarded: guarded}
		h := coretest.New(t, store)
		phone := h.Enrol(h.Owner)
		h.Hire(core.RoleOperator)
		h.Act(func(act *core.Act) error { return operators.Disable(act, "operator@opera.example") })
		spray(h, 100)
		waiting(h, floor)
		wait := func(want time.Duration) {
			t.Helper()
			if took := timed(func() { h.Begin(from("a wait"), "nobody@opera.tests", wrong) }); took != want {
				t.Errorf("after %d failures an answer takes %v, want %v", failedSoFar(h), took, want)
			}
		}
		wait(least)
		wait(least + guarded) // there are more than a hundred now
		sameForAll(h, least+guarded)

		attempt := h.Begin(from("192.0.2.1"), coretest.OwnerAddress, coretest.Password)
		took := timed(func() {
			_, err := h.Operators.Answer(h.Ctx, from("192.0.2.1"), attempt, app(phone.Code(h.Clock.Effective())))
			h.Must(err)
		})
		if took != least+guarded {
			t.Errorf("a right code takes %v", took)
		}

		h = h.Again(t, store)
		waiting(h, floor)
		h.Clock.Advance(10*time.Minute - 1)
		sameForAll(h, least+guarded)
		h.Clock.Advance(1)
		sameForAll(h, least)
		if told := spraysTold(h); !slices.Equal(told, []int{1}) {
			t.Errorf("the owner's notices count %v", told)
		}
	})
}

// TestOwnersHearOfManyFailuresOnceAnHour, also where they read it meanwhile and the
// program started again.
func TestOwnersHearOfManyFailuresOnceAnHour(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	h := coretest.New(t, store)
	spray(h, 110)
	h.Must(h.Notices.Read(h.Ctx, h.Owner))
	h = h.Again(t, store)
	waiting(h, operators.Floor{})
	spray(h, 10)
	h.Clock.Advance(time.Hour - 1)
	spray(h, 110)
	if told := spraysTold(h); !slices.Equal(told, []int{1}) {
		t.Errorf("within an hour the owner's notices count %v", told)
	}
	h.Clock.Advance(1)
	spray(h, 1)
	if told := spraysTold(h); !slices.Equal(told, []int{1, 1}) {
		t.Errorf("after an hour the owner's notices count %v", told)
	}
}

// spraysTold is what the owner's notices of many failures count, the newest first.
func spraysTold(h *coretest.House) (counts []int) {
	h.T.Helper()
	list, err := h.Notices.List(h.Ctx, h.Owner, 0, 50)
	h.Must(err)
	for _, n := range list {
		if n.Kind == core.NoticeSpray {
			counts = append(counts, n.Count)
		}
	}
	return counts
}

// TestADisabledOwnerHearsNothingOfManyFailures: who may see nothing is told nothing.
func TestADisabledOwnerHearsNothingOfManyFailures(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	paul := h.HireAt(core.RoleOwner, "paul@opera.example").Actor.ID
	h.Must(disable(h, h.Owner, paul))
	h.Must(h.Notices.Read(h.Ctx, h.Owner))
	h.Act(func(act *core.Act) error { return operators.SetFailed(act, 100) })
	spray(h, 1)
	if told := spraysTold(h); !slices.Equal(told, []int{1}) {
		t.Errorf("the other owner's notices count %v", told)
	}
	h.Must(h.Operators.Enable(h.Ctx, h.Owner, paul, h.Member(paul).Version))
	list, err := h.Notices.List(h.Ctx, h.SignIn("paul@opera.example"), 0, 50)
	h.Must(err)
	if slices.ContainsFunc(list, func(n activity.NoticeEntry) bool { return n.Kind == core.NoticeSpray }) {
		t.Errorf("told %+v", list)
	}
}

// TestTheLastTwoHundredFailuresAreKept, however many there are.
func TestTheLastTwoHundredFailuresAreKept(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Act(func(act *core.Act) error { return operators.SetFailed(act, 199) })
	for range 3 {
		spray(h, 1)
		if n := failedSoFar(h); n != 200 {
			t.Errorf("%d failures are kept", n)
		}
	}
}

// TestASuccessTakesNoFailureBackWhereNoneIsKept: mending a count that can't be read
// starts it anew, also while somebody is at the code step.
func TestASuccessTakesNoFailureBackWhereNoneIsKept(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	h.Act(func(act *core.Act) error { return operators.SetFailed(act, 0) })
	_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app(phone.Code(h.Clock.Effective())))
	h.Must(err)
	if n := failedSoFar(h); n != 0 {
		t.Errorf("%d failures are kept", n)
	}
}
