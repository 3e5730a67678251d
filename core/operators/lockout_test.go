package operators_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

const wrong = "curtain up at nine thirty"

// from is a network far away.
func from(source string) operators.From { return operators.From{Source: source} }

// lets reports whether a password opens a session.
func lets(h *coretest.House, at operators.From, address, password string) bool {
	h.T.Helper()
	begun, err := h.Operators.Begin(h.Ctx, at, address, password)
	h.Must(err)
	return begun.In != nil
}

// miss types wrong passwords.
func miss(h *coretest.House, at operators.From, address string, n int) {
	h.T.Helper()
	for range n {
		if lets(h, at, address, wrong) {
			h.T.Fatal("a wrong password opens")
		}
	}
}

func TestR68_NoFactorAndARightPasswordOpenAtOnce(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("a code is asked for")
	}
}

// TestR68_WhateverIsWrongLooksTheSame compares what is answered, byte by byte.
func TestR68_WhateverIsWrongLooksTheSame(t *testing.T) {
	t.Parallel()
	h, _ := enrolled(t)
	h.Hire(core.RoleOperator)
	h.Hire(core.RoleDeveloper)
	h.Act(func(act *core.Act) error { return operators.Disable(act, "developer@opera.example") })
	miss(h, from("local"), "operator@opera.example", 5)
	at := func(address, password string) (shape string) {
		begun, err := h.Operators.Begin(h.Ctx, from("local"), address, password)
		h.Must(err)
		shape = fmt.Sprintf("%v %d %v\n", begun.In, len(begun.Attempt), begun.Expires)
		again, err := h.Operators.MailCode(h.Ctx, from("local"), begun.Attempt)
		shape += fmt.Sprintf("%v %v %v\n", again, err, unwrapped(err))
		for i := range 7 {
			in, err := h.Operators.Answer(h.Ctx, from("local"), begun.Attempt, operators.Answer{Code: "00000", Recovery: i == 2})
			shape += fmt.Sprintf("%+v %v %v\n", in, err, unwrapped(err))
		}
		return shape
	}
	want := at("nobody@opera.example", coretest.Password)
	if strings.Count(want, string(core.CodeAttemptOver)) == 0 || strings.Count(want, string(core.CodeSignIn)) == 0 {
		t.Fatalf("nobody is answered\n%s", want)
	}
	for name, got := range map[string]string{
		"a wrong password":                 at(coretest.OwnerAddress, wrong),
		"a right one, and a wrong code":    at(coretest.OwnerAddress, coretest.Password),
		"no password":                      at(coretest.OwnerAddress, ""),
		"locked, and the right password":   at("operator@opera.example", coretest.Password),
		"disabled, and the right password": at("developer@opera.example", coretest.Password),
		"no address":                       at("nonsense", coretest.Password),
		"an address with NUL":              at("o\x00@opera.example", wrong),
	} {
		if got != want {
			t.Errorf("%s is answered\n%s\nnobody\n%s", name, got, want)
		}
	}
}

// unwrapped is what an error says beside its text: its types and fields.
func unwrapped(err error) (all []string) {
	for ; err != nil; err = errors.Unwrap(err) {
		all = append(all, fmt.Sprintf("%T", err))
		if e := (*core.Error)(nil); errors.As(err, &e) {
			all = append(all, fmt.Sprintf("%q %q %q", e.Code, e.Field, e.Args))
		}
	}
	return all
}

// TestR68_TheLockGetsLonger follows the curve: four are free, then 30 s, 1, 2, 4, 8
// and 15 minutes.
func TestR68_TheLockGetsLonger(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	miss(h, coretest.Local(), coretest.OwnerAddress, 4)
	for _, lock := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
		miss(h, coretest.Local(), coretest.OwnerAddress, 1)
		h.Clock.Advance(lock - 1)
		if lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
			t.Errorf("open before %s were over", lock)
		}
		h.Clock.Advance(1)
	}
	if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("still locked")
	}
	miss(h, coretest.Local(), coretest.OwnerAddress, 4) // a success forgot all of it
	if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("locked after four")
	}
}

func TestFailuresAreForgottenAfterADay(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	miss(h, coretest.Local(), coretest.OwnerAddress, 4)
	h.Clock.Advance(24 * time.Hour)
	miss(h, coretest.Local(), coretest.OwnerAddress, 4)
	if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("locked by failures of the day before")
	}
}

// TestFiftyAtOnceCountFive runs under -race: reserve, then verify.
func TestFiftyAtOnceCountFive(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	succeed(50, func() error {
		_, err := h.Operators.Begin(h.Ctx, coretest.Local(), coretest.OwnerAddress, wrong)
		return err
	})
	h.Clock.Advance(30*time.Second - 1)
	if lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("fewer than five were counted")
	}
	h.Clock.Advance(1)
	if !lets(h, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("more than five were counted")
	}
}

// TestCodesCountLikePasswords: the first code of an attempt was counted with its
// password, each more is a failure.
func TestCodesCountLikePasswords(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)
	for range 5 {
		_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app("000000"))
		h.Refused(err, core.CodeSignIn)
	}
	_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app(phone.Code(h.Clock.Effective())))
	h.Refused(err, core.CodeAttemptOver)
	right := func() operators.Answer { return app(phone.Code(h.Clock.Effective())) }
	h.Refused(code(h, right()), core.CodeSignIn) // locked
	h.Clock.Advance(30 * time.Second)
	h.Must(code(h, right()))
}

func TestAnAttemptIsOverAfterTenMinutes(t *testing.T) {
	t.Parallel()
	h, phone := enrolled(t)
	for _, password := range []string{coretest.Password, wrong} {
		attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, password)
		h.Clock.Advance(10 * time.Minute)
		_, err := h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app(phone.Code(h.Clock.Effective())))
		h.Refused(err, core.CodeAttemptOver)
	}
	_, err := h.Operators.Answer(h.Ctx, coretest.Local(), "", app(""))
	h.Refused(err, core.CodeAttemptOver)
}

func TestALockOutlivesARestart(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	h := coretest.New(t, store)
	miss(h, coretest.Local(), coretest.OwnerAddress, 5)
	again := h.Again(t, store)
	if lets(again, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("a restart opens the lock")
	}
	again.Clock.Advance(30 * time.Second)
	if !lets(again, coretest.Local(), coretest.OwnerAddress, coretest.Password) {
		t.Error("still locked")
	}
}

// TestT43_AnAttackLocksOutOnlyTheAttacker: neither another source nor a device that
// was signed in from before is locked by it.
func TestT43_AnAttackLocksOutOnlyTheAttacker(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	home := h.Terminal(1)
	home.Source = "2001:db8::/64"
	if !lets(h, home, coretest.OwnerAddress, coretest.Password) {
		t.Fatal("the first sign-in needs a code")
	}
	miss(h, from("2001:db8::/64"), coretest.OwnerAddress, 20)
	if lets(h, from("2001:db8::/64"), coretest.OwnerAddress, coretest.Password) {
		t.Error("the attacker's source isn't locked")
	}
	stranger := h.Terminal(2)
	stranger.Source = "2001:db8::/64"
	if lets(h, stranger, coretest.OwnerAddress, coretest.Password) {
		t.Error("a device nobody knows has a bucket of its own")
	}
	if !lets(h, home, coretest.OwnerAddress, coretest.Password) {
		t.Error("the owner's device is locked")
	}
	if !lets(h, from("192.0.2.1"), coretest.OwnerAddress, coretest.Password) {
		t.Error("another source is locked")
	}
	p := profile(h, h.Owner)
	if len(p.Devices) != 1 || p.Devices[0].Label != "box office" {
		t.Errorf("devices %+v", p.Devices)
	}
}

// TestManyFailuresAreToldToOwners: one password on many accounts locks none, but
// owners hear of it, once an hour.
func TestManyFailuresAreToldToOwners(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	notices := func(req core.Request) (kinds []core.NoticeKind) {
		list, err := h.Notices.List(h.Ctx, req, 0, 50)
		h.Must(err)
		for _, n := range list {
			kinds = append(kinds, n.Kind)
		}
		return kinds
	}
	admin := h.Hire(core.RoleAdmin)
	spray := func(n int) {
		for i := range n {
			miss(h, from(fmt.Sprint(i/10)), fmt.Sprintf("nobody%d@opera.example", i), 1)
		}
	}
	spray(100)
	if got := notices(h.Owner); len(got) != 0 {
		t.Errorf("told too early: %v", got)
	}
	spray(3)
	if got := notices(h.Owner); len(got) != 1 || got[0] != core.NoticeSpray {
		t.Errorf("the owner is told %v", got)
	}
	if got := notices(admin); len(got) != 0 {
		t.Errorf("the admin is told %v", got)
	}
}

func TestALockIsToldOnceToWhomeverItLocks(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	miss(h, coretest.Local(), coretest.OwnerAddress, 4)
	told := func() int {
		n, err := h.Notices.Unread(h.Ctx, h.Owner)
		h.Must(err)
		return n
	}
	if n := told(); n != 0 {
		t.Errorf("%d notices after four", n)
	}
	miss(h, coretest.Local(), coretest.OwnerAddress, 8)
	if n := told(); n != 1 {
		t.Errorf("%d notices after a lock", n)
	}
}
