package mail_test

import (
	"maps"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/storage/storagetest"
)

// causedBy puts a mail into the outbox in an act of an actor.
func causedBy(h *coretest.House, actor core.Actor, m core.Mail) (id core.ID) {
	h.T.Helper()
	h.Act(func(act *core.Act) (err error) {
		act.Req.Actor = actor
		id, err = mail.NewOutbox(h.Keys).Enqueue(act, m)
		return err
	})
	return id
}

// told is the owner's inbox, after signing in again.
func told(h *coretest.House) []activity.NoticeEntry {
	h.T.Helper()
	all, err := h.Notices.List(h.Ctx, h.SignIn(coretest.OwnerAddress), 0, 0)
	h.Must(err)
	return all
}

// losses are the ways in which a mail doesn't arrive.
func losses() map[string]func(h *coretest.House) {
	return map[string]func(h *coretest.House){
		"refused for good": func(h *coretest.House) { finish(h, lease(h), mail.Never, "550 no") },
		"expired":          func(h *coretest.House) { h.Clock.Advance(73 * time.Hour); idle(h) },
		"a reserved address": func(h *coretest.House) {
			h.GoLive()
			idle(h)
		},
		"given up": func(h *coretest.House) {
			for range 60 {
				work, ok, next, err := h.Queue.Lease(h.Ctx)
				h.Must(err)
				if ok {
					finish(h, work, mail.Later, "451 later")
				} else if !next.IsZero() {
					h.Clock.Advance(next.Sub(h.Clock.Effective()))
				}
			}
		},
	}
}

func TestWhoeverCausedAMailHearsThatItWontArrive(t *testing.T) {
	t.Parallel()
	for name, lose := range losses() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			h.Hire(core.RoleAdmin)
			id := causedBy(h, h.Owner.Actor, order())
			if e := entryOf(h, id); e.By != h.Owner.Actor.ID {
				t.Errorf("it was caused by %d", e.By)
			}
			lose(h)
			if state := entryOf(h, id).State; state != mail.StateFailed && state != mail.StateExpired {
				t.Fatalf("it is %v", state)
			}
			all := told(h)
			if len(all) != 1 || all[0].Kind != core.NoticeMailFailed || all[0].Subject != (core.Ref{Kind: core.KindMail, ID: id}) ||
				all[0].Institution != h.Made.Institution || !all[0].At.Equal(h.Clock.Effective()) {
				t.Errorf("told was %+v", all)
			}
			other := h.SignIn(core.RoleAdmin.String() + "@opera.example")
			if n, err := h.Notices.Unread(h.Ctx, other); n != 0 || err != nil {
				t.Errorf("somebody else was told of %d, %v", n, err)
			}
		})
	}
}

func TestAMailWithoutItsTextIsToldToo(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	m := order()
	m.System, m.Document, m.Edition = "", 99, 1
	causedBy(h, h.Owner.Actor, m)
	idle(h)
	if all := told(h); len(all) != 1 {
		t.Errorf("told was %+v", all)
	}
}

func TestNobodyIsToldOfOtherMails(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for _, actor := range []core.Actor{
		{Kind: core.ActorCustomer, ID: h.Owner.Actor.ID}, {Kind: core.ActorLocal, Name: "local:tess"}, {Kind: core.ActorAnonymous},
	} {
		id := causedBy(h, actor, order())
		if by := entryOf(h, id).By; by != 0 {
			t.Errorf("a mail of a %s is that of operator %d", actor.Kind, by)
		}
		finish(h, lease(h), mail.Never, "550 no")
	}
	for _, verdict := range []mail.Verdict{mail.Captured, mail.Delivered} {
		causedBy(h, h.Owner.Actor, order())
		finish(h, lease(h), verdict, "")
	}
	causedBy(h, h.Owner.Actor, order())
	withdraw(h, order().Subject)
	causedBy(h, h.Owner.Actor, order())
	finish(h, lease(h), mail.Later, "451 later")
	if all := told(h); len(all) != 0 {
		t.Errorf("told was %+v", all)
	}
}

func TestAFloodOfFailedMailsDoesntFloodTheInbox(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for range 12 {
		causedBy(h, h.Owner.Actor, order())
		finish(h, lease(h), mail.Never, "550 no")
		h.Clock.Advance(time.Minute)
	}
	if all := told(h); len(all) != 1 || all[0].Count != 12 {
		t.Errorf("told was %+v", all)
	}
}

// TestR89_ANoticeOfAFailedMailSaysNothingOfIt: what the outbox masks, and whom
// it was for, stays there.
func TestR89_ANoticeOfAFailedMailSaysNothingOfIt(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.GoLive()
	causedBy(h, h.Owner.Actor, order())
	idle(h)
	if all := told(h); len(all) != 1 || len(all[0].Args) != 0 {
		t.Errorf("told was %+v", all)
	}
}

// TestAFailedMailAndItsNoticeAreSavedTogether lets each write of the ending fail.
func TestAFailedMailAndItsNoticeAreSavedTogether(t *testing.T) {
	t.Parallel()
	memory := storagetest.NewMemory(t)
	disk := storagetest.FailingAt(memory, 0)
	h := coretest.New(t, disk)
	causedBy(h, h.Owner.Actor, order())
	work := lease(h)
	never := mail.Answer{Verdict: mail.Never, Text: "550 no"}
	before := memory.Snapshot()
	disk.Arm(storagetest.Fault{})
	h.Must(h.Queue.Finish(h.Ctx, work, never))
	writes := disk.Writes()
	for n := 1; n <= writes; n++ {
		memory.Restore(before)
		disk.Arm(storagetest.Fault{Write: n})
		if err := h.Queue.Finish(h.Ctx, work, never); core.CodeOf(err) != core.CodeFull {
			t.Errorf("write %d: %v", n, err)
		}
		if !maps.Equal(before.All(), memory.Snapshot().All()) {
			t.Errorf("write %d: something stayed", n)
		}
	}
	memory.Restore(before)
	disk.Arm(storagetest.Fault{})
	h.Must(h.Queue.Finish(h.Ctx, work, never))
	if all := told(h); len(all) != 1 {
		t.Errorf("told was %+v", all)
	}
}
