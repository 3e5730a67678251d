package core_test

import (
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

// freeing lists every action that is taken where space is spent. A new action
// is not, unless it is put here with a reason.
func freeing() []core.ActionID {
	return []core.ActionID{
		core.ActSignIn, core.ActSessionTry, core.ActSessionAnswer, core.ActSessionMailCode, core.ActSessionStepUp,
		core.ActTakeUp,                                // a code that was mailed is over soon
		core.ActProfileDevice, core.ActProfileSession, // who took a device has to be kept out
		core.ActSignOut, core.ActSessionSwitch, // who removes has to be signed in, at the right place
		core.ActContactsRemove, core.ActOutboxCancel, core.ActDraftsDiscard, // make room
		core.ActValidationFollow,                        // a customer can't make room, and may not come back
		core.ActBackup, core.ActRestore, core.ActDoctor, // look after the space they need themselves
		core.ActBackupCancel, core.ActBackupSettle, // make room, and end what was begun
	}
}

func TestOnlyWhatFreesIsTakenWithoutSpace(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	room := core.Room{Spent: true}
	asked := 0
	desk := core.NewDesk(core.DeskConfig{
		Store: h.Store, Clock: h.Clock, Random: coretest.Random(3), Actions: core.Actions(),
		Standings: operators.Standings{Clock: h.Clock}, Journal: activity.Journal{},
		Captured: mail.CapturedOnly, Room: func() core.Room { asked++; return room },
	})
	for _, a := range core.Actions() {
		if a.Reads {
			if a.Frees {
				t.Errorf("%s reads, and claims to free", a.ID)
			}
			continue
		}
		before := h.Dump()
		_, err := desk.Do(h.Ctx, h.Owner, a.ID, func(act *core.Act) error {
			act.Log(core.Ref{Kind: core.KindContact, ID: 1})
			return nil
		})
		if taken := core.CodeOf(err) != core.CodeFull; taken != slices.Contains(freeing(), a.ID) {
			t.Errorf("%s: %v", a.ID, err)
		}
		if core.CodeOf(err) == core.CodeFull && !slices.Equal(sorted(before), sorted(h.Dump())) {
			t.Errorf("%s was refused and wrote", a.ID)
		}
	}
	if asked == 0 {
		t.Error("nobody asked for the room")
	}
	room.Spent = false
	_, err := desk.Do(h.Ctx, h.Owner, core.ActContactsEdit, func(act *core.Act) error {
		act.Log(core.Ref{Kind: core.KindContact, ID: 1})
		return nil
	})
	h.Must(err)
}

func TestRefusalsAreJournalledWithoutSpace(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	desk := core.NewDesk(core.DeskConfig{
		Store: h.Store, Clock: h.Clock, Random: coretest.Random(3), Actions: core.Actions(),
		Standings: operators.Standings{Clock: h.Clock}, Journal: activity.Journal{},
		Captured: mail.CapturedOnly, Room: func() core.Room { return core.Room{Spent: true} },
	})
	before := len(entries(h))
	stranger := h.Owner
	stranger.Actor = core.Actor{Kind: core.ActorCustomer, Name: "somebody"}
	_, err := desk.May(h.Ctx, stranger, core.ActOutboxList)
	if code := core.CodeOf(err); code != core.CodeForbidden || len(entries(h)) != before+1 {
		t.Errorf("a refusal gave %s and %d entries", code, len(entries(h))-before)
	}
}

// TestRefusalsDontEatWhatIsKeptForRemoving refuses without end while space is
// spent, an hour later, and once there is room.
func TestRefusalsDontEatWhatIsKeptForRemoving(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	room := core.Room{Spent: true}
	desk := core.NewDesk(core.DeskConfig{
		Store: h.Store, Clock: h.Clock, Random: coretest.Random(3), Actions: core.Actions(),
		Standings: operators.Standings{Clock: h.Clock}, Journal: activity.Journal{},
		Captured: mail.CapturedOnly, Room: func() core.Room { return room },
	})
	stranger := h.Owner
	stranger.Actor = core.Actor{Kind: core.ActorCustomer, Name: "somebody"}
	refuse := func(times int) (recorded int, last core.Entry) {
		t.Helper()
		before := len(entries(h))
		for range times {
			if _, err := desk.May(h.Ctx, stranger, core.ActOutboxList); core.CodeOf(err) != core.CodeForbidden {
				t.Fatalf("refused with %v", err)
			}
		}
		all := entries(h)
		return len(all) - before, all[len(all)-1]
	}
	if n, _ := refuse(120); n != 20 {
		t.Errorf("%d of 120 were recorded", n)
	}
	h.Clock.Advance(time.Hour)
	unrecorded := func(n string) []core.Detail { return []core.Detail{{Name: "unrecorded", Value: n}} }
	if n, last := refuse(1); n != 1 || !slices.Equal(last.Details, unrecorded("100")) {
		t.Errorf("an hour later %d were recorded, with %v", n, last.Details)
	}
	refuse(22)
	room.Spent = false
	if n, last := refuse(1); n != 1 || !slices.Equal(last.Details, unrecorded("3")) {
		t.Errorf("with room again %d were recorded, with %v", n, last.Details)
	}
	if n, last := refuse(50); n != 50 || len(last.Details) != 0 {
		t.Errorf("with room again %d of 50 were recorded, with %v", n, last.Details)
	}
}

func sorted(all map[string]string) []string {
	lines := make([]string, 0, len(all))
	for key, value := range all {
		lines = append(lines, key+"="+value)
	}
	slices.Sort(lines)
	return lines
}

func TestRoomIsLowBeforeItIsGone(t *testing.T) {
	t.Parallel()
	const gib = 1 << 30
	for _, c := range []struct {
		room core.Room
		left int64
		low  bool
	}{
		{core.Room{Size: gib, Limit: 8 * gib, Free: 20 * gib}, 7 * gib, false},
		{core.Room{Size: gib, Limit: 8 * gib, Free: 1000}, 1000, true},
		{core.Room{Size: 8 * gib, Limit: 8 * gib, Free: 20 * gib, Reusable: 2 * gib}, 2 * gib, false},
		{core.Room{Size: 9 * gib, Limit: 8 * gib, Free: 20 * gib}, 0, true},
		{core.Room{Size: gib, Limit: 8 * gib, Free: core.LowRoom}, core.LowRoom, false},
		{core.Room{Size: gib, Limit: 8 * gib, Free: core.LowRoom - 1}, core.LowRoom - 1, true},
		{core.Room{Size: gib, Limit: 8 * gib, Free: 20 * gib, Spent: true}, 7 * gib, true},
	} {
		if c.room.Left() != c.left || c.room.Low() != c.low {
			t.Errorf("%+v: %d bytes left, low %v", c.room, c.room.Left(), c.room.Low())
		}
	}
}
