package operators_test

import (
	"fmt"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// signIns are the ways through a sign-in; each opens a session for the owner.
func signIns() map[string]func(h *coretest.House, app coretest.App) error {
	begin := func(h *coretest.House) (string, error) {
		begun, err := h.Operators.Begin(h.Ctx, h.Terminal(1), coretest.OwnerAddress, coretest.Password)
		return begun.Attempt, err
	}
	answer := func(h *coretest.House, a operators.Answer) error {
		attempt, err := begin(h)
		if err != nil || attempt == "" {
			return err
		}
		_, err = h.Operators.Answer(h.Ctx, h.Terminal(1), attempt, a)
		return err
	}
	return map[string]func(*coretest.House, coretest.App) error{
		"a password": func(h *coretest.House, _ coretest.App) error { return answer(h, operators.Answer{}) },
		"an app": func(h *coretest.House, app coretest.App) error {
			return answer(h, operators.Answer{Code: app.Code(h.Clock.Effective())})
		},
		"a recovery code": func(h *coretest.House, app coretest.App) error {
			return answer(h, operators.Answer{Code: app.Recovery[0], Recovery: true})
		},
	}
}

// TestASignInSurvivesEveryFault lets each write of a sign-in fail, then its last
// commit: no session is open then, nothing is used up, and trying again opens one.
func TestASignInSurvivesEveryFault(t *testing.T) {
	t.Parallel()
	for name, signIn := range signIns() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			memory := storagetest.NewMemory(t)
			disk := storagetest.FailingAt(memory, 0)
			h := coretest.New(t, disk)
			var app coretest.App
			if name != "a password" {
				app = h.Enrol(h.Owner)
			}
			before := memory.Snapshot()
			disk.Arm(storagetest.Fault{})
			h.Must(signIn(h, app))
			writes := disk.Writes()
			for n := 1; n <= writes; n++ {
				memory.Restore(before)
				disk.Arm(storagetest.Fault{Write: n})
				h.Refused(signIn(h, app), core.CodeFull)
				wantSessions(h, 1, fmt.Sprintf("write %d of %d", n, writes))
				disk.Arm(storagetest.Fault{})
				h.Must(signIn(h, app))
				wantSessions(h, 2, fmt.Sprintf("write %d of %d, then again", n, writes))
			}
		})
	}
}

// wantSessions counts the owner's open sessions.
func wantSessions(h *coretest.House, want int, when string) {
	h.T.Helper()
	p, err := h.Operators.Profile(h.Ctx, h.Owner)
	h.Must(err)
	if len(p.Sessions) != want {
		h.T.Errorf("%s: %d sessions, want %d", when, len(p.Sessions), want)
	}
}
