package activity_test

import (
	"reflect"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/backup"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

// failed is a notice of a mail that failed in the house's institution.
func failed(h *coretest.House, mail core.ID) core.Notice {
	return core.Notice{
		Kind: core.NoticeMailFailed, Subject: core.Ref{Kind: core.KindMail, ID: mail}, Institution: h.Made.Institution,
	}
}

// security is a notice of a change, which nothing joins.
func security(change string) core.Notice {
	return core.Notice{Kind: core.NoticeSecurity, Args: map[string]string{"change": change}}
}

func inbox(h *coretest.House, req core.Request) []activity.NoticeEntry {
	h.T.Helper()
	all, err := h.Notices.List(h.Ctx, req, 0, 0)
	h.Must(err)
	return all
}

func unread(h *coretest.House, req core.Request) int {
	h.T.Helper()
	n, err := h.Notices.Unread(h.Ctx, req)
	h.Must(err)
	return n
}

func TestNoticesAreTheOperatorsOwnNewestFirst(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	other := h.Hire(core.RoleDeveloper)
	h.Notify(h.Owner.Actor.ID, security("password"))
	h.Notify(other.Actor.ID, security("role"))
	h.Clock.Advance(time.Minute)
	h.Notify(h.Owner.Actor.ID, failed(h, 7))
	all := inbox(h, h.Owner)
	if len(all) != 2 || all[0].Kind != core.NoticeMailFailed || all[0].Subject.ID != 7 || all[0].Institution != h.Made.Institution ||
		!all[0].At.Equal(coretest.Start().Add(time.Minute)) || all[0].Count != 1 || all[1].Args["change"] != "password" {
		t.Errorf("the inbox holds %+v", all)
	}
	if mine := inbox(h, other); len(mine) != 1 || mine[0].Args["change"] != "role" || unread(h, other) != 1 {
		t.Errorf("somebody else’s holds %+v", mine)
	}
	if before, err := h.Notices.List(h.Ctx, h.Owner, all[0].ID, 1); err != nil || len(before) != 1 || before[0].ID != all[1].ID {
		t.Errorf("before the newest comes %+v, %v", before, err)
	}
}

func TestNoticesAreMarkedReadByTheirOperatorOnly(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	other := h.Hire(core.RoleOperator)
	for _, change := range []string{"password", "role", "address"} {
		h.Notify(h.Owner.Actor.ID, security(change))
	}
	all := inbox(h, h.Owner)
	h.Must(h.Notices.Read(h.Ctx, other, all[0].ID))
	h.Must(h.Notices.Read(h.Ctx, other))
	if n := unread(h, h.Owner); n != 3 {
		t.Errorf("somebody else left %d unread", n)
	}
	h.Clock.Advance(time.Minute)
	h.Must(h.Notices.Read(h.Ctx, h.Owner, all[1].ID, all[1].ID, 999))
	if all := inbox(h, h.Owner); unread(h, h.Owner) != 2 || !all[1].Read.Equal(h.Clock.Effective()) || !all[0].Read.IsZero() {
		t.Errorf("after reading one: %+v", all)
	}
	h.Must(h.Notices.Read(h.Ctx, h.Owner))
	if n := unread(h, h.Owner); n != 0 {
		t.Errorf("after reading all, %d are unread", n)
	}
	if again := inbox(h, h.Owner); !again[1].Read.Before(again[0].Read.Add(1)) {
		t.Errorf("read twice: %+v", again)
	}
	for _, e := range h.Journal() {
		if e.Action == core.ActNoticesRead {
			t.Errorf("the journal tells who reads what: %+v", e)
		}
	}
}

func TestAFloodOfFailedMailsIsOneNoticeAnHour(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	me := h.Owner.Actor.ID
	second := failed(h, 0)
	second.Institution++
	for i := range core.ID(12) {
		h.Notify(me, failed(h, i+1))
		h.Clock.Advance(time.Minute)
	}
	h.Notify(me, second)
	h.Notify(me, security("password"))
	h.Notify(me, failed(h, 13))
	all := inbox(h, h.Owner)
	if len(all) != 3 || all[2].Count != 13 || all[2].Subject.ID != 13 || !all[2].At.Equal(h.Clock.Effective()) {
		t.Fatalf("the inbox holds %+v", all)
	}
	h.Clock.Advance(48*time.Minute - time.Nanosecond)
	h.Notify(me, failed(h, 14)) // the last instant of the first one's hour
	h.Clock.Advance(time.Nanosecond)
	h.Notify(me, failed(h, 15))
	if all := inbox(h, h.Owner); len(all) != 4 || all[3].Count != 14 || all[0].Count != 1 {
		t.Errorf("after an hour: %+v", all)
	}
	h.Must(h.Notices.Read(h.Ctx, h.Owner))
	h.Notify(me, failed(h, 16))
	if all := inbox(h, h.Owner); len(all) != 5 || all[0].Count != 1 || !all[0].Read.IsZero() {
		t.Errorf("what was read was joined: %+v", all)
	}
}

func TestOtherNoticesAreJoinedOnlyAboutTheSame(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	me := h.Owner.Actor.ID
	for _, n := range []core.Notice{
		{Kind: core.NoticeSpray},
		{Kind: core.NoticeSpray},
		{Kind: core.NoticeLockedOut},
		{Kind: core.NoticeLockedOut, Subject: core.Ref{Kind: core.KindOperator, ID: 2}},
		{Kind: core.NoticeLockedOut},
		security("password"),
		security("password"),
	} {
		h.Notify(me, n)
	}
	var counts []int
	for _, e := range inbox(h, h.Owner) {
		counts = append(counts, e.Count)
	}
	if len(counts) != 5 || counts[4] != 2 || counts[3] != 2 || counts[2] != 1 {
		t.Errorf("they stand for %v", counts)
	}
}

func TestAnInboxIsBounded(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	other := h.Hire(core.RoleOperator)
	h.Notify(other.Actor.ID, security("role"))
	first := core.ID(0)
	h.Act(func(act *core.Act) error {
		for range activity.MostNotices + 3 {
			if err := (activity.Inbox{}).Notify(act.Tx, act.At, h.Owner.Actor.ID, security("password")); err != nil {
				return err
			}
		}
		return nil
	})
	var all []activity.NoticeEntry
	for more := true; more; {
		page, err := h.Notices.List(h.Ctx, h.Owner, first, 1000)
		h.Must(err)
		if more = len(page) > 0; more {
			first = page[len(page)-1].ID
		}
		if len(page) > 200 {
			t.Fatalf("a page holds %d", len(page))
		}
		all = append(all, page...)
	}
	if len(all) != activity.MostNotices || unread(h, h.Owner) != activity.MostNotices || all[len(all)-1].ID != 5 {
		t.Errorf("%d are kept, from %d on", len(all), all[len(all)-1].ID)
	}
	if len(inbox(h, other)) != 1 {
		t.Error("somebody else’s made room")
	}
}

func TestANoticeIsAnnouncedToItsOperator(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	var heard []core.Event
	t.Cleanup(h.Store.Watch(func(c core.Commit) { heard = append(heard, c.Events...) }))
	want := core.Event{Institution: core.Installation, Subject: core.Ref{Kind: core.KindNotice, ID: h.Owner.Actor.ID}}
	for name, do := range map[string]func(){
		"a new one":    func() { h.Notify(h.Owner.Actor.ID, failed(h, 1)) },
		"a joined one": func() { h.Notify(h.Owner.Actor.ID, failed(h, 2)) },
		"having read":  func() { h.Must(h.Notices.Read(h.Ctx, h.Owner)) },
	} {
		heard = nil
		if do(); len(heard) != 1 || heard[0] != want {
			t.Errorf("%s: heard %+v", name, heard)
		}
	}
}

func TestARestoreKeepsNotices(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Notify(h.Owner.Actor.ID, security("password"))
	before := inbox(h, h.Owner)
	local := core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:tess"}}
	_, err := backup.NewService(h.Desk, nil).Restored(h.Ctx, local, backup.Made{At: coretest.Start()}, nil)
	h.Must(err)
	if after := inbox(h, h.SignIn(coretest.OwnerAddress)); !reflect.DeepEqual(before, after) || len(after) != 1 {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

func TestASpoiltNoticeHidesNoOther(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	me := h.Owner.Actor.ID
	for _, change := range []string{"password", "role", "address"} {
		h.Notify(me, security(change))
	}
	h.Spoil("notices", core.Key(core.Installation, 2))
	h.Lose("notices", core.Key(core.Installation, 1))
	h.Notify(me, failed(h, 1))
	h.Notify(me, failed(h, 2))
	if all := inbox(h, h.Owner); len(all) != 2 || all[0].Count != 2 || all[1].Args["change"] != "address" {
		t.Errorf("the inbox holds %+v", all)
	}
	h.Must(h.Notices.Read(h.Ctx, h.Owner))
	if all := inbox(h, h.Owner); all[0].Read.IsZero() || all[1].Read.IsZero() {
		t.Errorf("read are %+v", all)
	}
}
