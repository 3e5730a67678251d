package core_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// TestOwnersHearOfAJumpOfTheClockOnce, with the next act that is done, and not again
// after each start while the computer's clock is behind.
func TestOwnersHearOfAJumpOfTheClockOnce(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	admin := h.Hire(core.RoleAdmin)
	now := coretest.Start().Add(time.Minute)
	var desk *core.Desk
	var damage error
	restart := func() {
		clock, err := core.OpenClock(h.Ctx, h.Store, func() time.Time { return now })
		h.Must(err)
		desk = core.NewDesk(core.DeskConfig{
			Store: h.Store, Clock: clock, Random: coretest.Random(3), Actions: core.Actions(),
			Standings: operators.Standings{Clock: clock}, Journal: activity.Journal{}, Captured: mail.CapturedOnly,
			Inbox: activity.Inbox{}, Jumped: func(act *core.Act, jump core.Jump) error {
				return errors.Join(operators.TellJump(act, jump), damage)
			},
		})
	}
	do := func(action core.ActionID, fails error) {
		_, err := desk.Do(h.Ctx, h.Owner, action, func(act *core.Act) error {
			act.Log(core.Ref{Kind: core.KindContact, ID: 1})
			return fails
		})
		if !errors.Is(err, fails) {
			t.Fatal(err)
		}
	}
	told := func(req core.Request, want ...string) {
		t.Helper()
		if got := jumpsTold(h, req); !slices.Equal(got, want) {
			t.Errorf("told is %q, want %q", got, want)
		}
	}
	act := func(fails error) { do(core.ActContactsEdit, fails) }
	restart()
	act(nil)
	told(h.Owner)
	now = now.Add(-2 * time.Hour)
	do(core.ActContactsRemove, nil) // which has to go on a full disk
	told(h.Owner)
	act(errors.New("the disk is gone"))
	told(h.Owner)
	act(nil)
	told(h.Owner, "clock-back 7200 1")
	now = now.Add(time.Minute)
	restart()
	act(nil)
	told(h.Owner, "clock-back 7200 1")
	now = now.Add(-time.Hour)
	restart()
	act(nil)
	told(h.Owner, "clock-back 3600 2")
	told(admin)
	now, damage = now.Add(-time.Hour), core.ErrDamaged
	act(nil)
}

// jumpsTold are an operator's notices: of what kind, by how much, and how often.
func jumpsTold(h *coretest.House, req core.Request) (all []string) {
	list, err := h.Notices.List(h.Ctx, req, 0, 50)
	h.Must(err)
	for _, n := range list {
		all = append(all, fmt.Sprint(n.Kind, " ", n.Args["seconds"], " ", n.Count))
	}
	return all
}
