package core_test

import (
	"testing"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

// TestWhatShouldBeToldIsNotLostInSilence tells something at a desk without an
// inbox: the act isn't done.
func TestWhatShouldBeToldIsNotLostInSilence(t *testing.T) {
	t.Parallel()
	store := storagetest.New(t)
	desk := core.NewDesk(core.DeskConfig{
		Store: store, Clock: coretest.NewClock(), Random: coretest.Random(1), Actions: core.Actions(),
		Standings: allowing{}, Journal: activity.Journal{}, Captured: func(core.View) (bool, error) { return true, nil },
	})
	commits := 0
	t.Cleanup(store.Watch(func(core.Commit) { commits++ }))
	_, err := desk.Do(t.Context(), core.Request{Actor: core.Actor{Kind: core.ActorOperator}}, core.ActSignOut, func(act *core.Act) error {
		act.Log(core.Ref{})
		return act.Notify(1, core.Notice{Kind: core.NoticeSpray})
	})
	if core.CodeOf(err) != core.CodeInternal || commits > 0 {
		t.Errorf("%d commits, %v", commits, err)
	}
}

func TestANoticeIsToldWithItsAct(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	do := func(end error) error {
		_, err := h.Desk.Do(h.Ctx, h.Owner, core.ActContactsEdit, func(act *core.Act) error {
			act.Log(core.Ref{})
			h.Must(act.Notify(h.Owner.Actor.ID, core.Notice{Kind: core.NoticeSpray}))
			return end
		})
		return err
	}
	h.Refused(do(core.Refuse(core.CodeConflict)), core.CodeConflict)
	if n, err := h.Notices.Unread(h.Ctx, h.Owner); n != 0 || err != nil {
		t.Errorf("an act that wasn't done left %d notices, %v", n, err)
	}
	h.Must(do(nil))
	if n, err := h.Notices.Unread(h.Ctx, h.Owner); n != 1 || err != nil {
		t.Errorf("an act left %d notices, %v", n, err)
	}
}
