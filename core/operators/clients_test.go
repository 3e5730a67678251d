//go:build clients

package operators_test

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// client is a program that people use beside this one. Where .ci/run asks for
// them all, a missing one is a failure.
func client(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("WILLCALL_REQUIRE_CLIENTS") == "1" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return path
}

// otherApp is an authenticator app of another maker.
type otherApp struct {
	t       *testing.T
	program string
	secret  string // base32
}

// code is what it shows at a time.
func (a otherApp) code(at time.Time) string {
	a.t.Helper()
	line, err := exec.CommandContext(
		a.t.Context(), a.program, "--totp", "-b", a.secret, "--now", "@"+strconv.FormatInt(at.Unix(), 10),
	).Output()
	if err != nil {
		a.t.Fatalf("oathtool: %v", err)
	}
	return strings.TrimSpace(string(line))
}

// TestR65_R68_R71_CodesOfAnotherMakersAppSignIn links oathtool as the app of an
// operator, who then signs in with its codes, each of them once.
func TestR65_R68_R71_CodesOfAnotherMakersAppSignIn(t *testing.T) {
	t.Parallel()
	app := otherApp{t: t, program: client(t, "oathtool")}
	h := coretest.New(t, storagetest.New(t))
	enrolment, err := h.Operators.BeginEnrolment(h.Ctx, h.Owner)
	h.Must(err)
	app.secret = enrolment.Secret
	_, err = h.Operators.ConfirmEnrolment(h.Ctx, h.Owner, app.code(h.Clock.Effective()))
	h.Must(err)
	answer := func(code string) error {
		from := operators.From{Source: "local"}
		begun, err := h.Operators.Begin(h.Ctx, from, coretest.OwnerAddress, coretest.Password)
		h.Must(err)
		if begun.In != nil {
			t.Fatal("no code is asked for")
		}
		_, err = h.Operators.Answer(h.Ctx, from, begun.Attempt, operators.Answer{Code: code})
		return err
	}
	for _, off := range []time.Duration{-30 * time.Second, 0, 30 * time.Second} { // no phone's clock is right
		h.Clock.Advance(5 * time.Minute)
		code := app.code(h.Clock.Effective().Add(off))
		if err := answer(code); err != nil {
			t.Errorf("a code of a clock %v off: %v", off, err)
		}
		if err := answer(code); core.CodeOf(err) != core.CodeSignIn {
			t.Errorf("the same code again: %v", err)
		}
	}
	h.Clock.Advance(time.Hour)
	if err := answer(app.code(h.Clock.Effective().Add(-90 * time.Second))); core.CodeOf(err) != core.CodeSignIn {
		t.Errorf("a code of a minute and a half ago: %v", err)
	}
}
