package core_test

import (
	"errors"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/storage/storagetest"
)

// TestAFullStoreIsNoReasonForTheClockToFail: the next act carries the mark, so
// that a restart with the computer's clock set back goes on from there.
func TestAFullStoreIsNoReasonForTheClockToFail(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	failing := storagetest.FailingAt(h.Store, 0)
	later := coretest.Start().Add(time.Hour)
	failing.Arm(storagetest.Fault{Commit: true})
	clock, err := core.OpenClock(t.Context(), failing, func() time.Time { return later })
	if err != nil {
		t.Fatal(err)
	}
	if err := clock.Save(t.Context(), failing); err != nil {
		t.Error(err)
	}
	failing.Arm(storagetest.Fault{Commit: true, Err: core.ErrOutcomeUnknown})
	if err := clock.Save(t.Context(), failing); !errors.Is(err, core.ErrOutcomeUnknown) {
		t.Errorf("another error: %v", err)
	}
	desk := core.NewDesk(core.DeskConfig{
		Store: h.Store, Clock: clock, Random: coretest.Random(3), Actions: core.Actions(),
		Standings: operators.Standings{Clock: clock}, Journal: activity.Journal{}, Captured: mail.CapturedOnly,
	})
	_, err = desk.Do(h.Ctx, h.Owner, core.ActContactsRemove, func(act *core.Act) error {
		act.Log(core.Ref{Kind: core.KindContact, ID: 1})
		return nil
	})
	h.Must(err)
	again, err := core.OpenClock(t.Context(), h.Store, func() time.Time { return coretest.Start() })
	h.Must(err)
	if got := again.Effective(); !got.Equal(later) {
		t.Errorf("after a restart it is %v, want %v", got, later)
	}
}
