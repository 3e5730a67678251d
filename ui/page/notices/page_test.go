package notices_test

import (
	"context"
	"errors"
	"image/color"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
	"willcall/ui/console"
	"willcall/ui/page/notices"
	"willcall/ui/page/outbox"
	"willcall/ui/page/settings"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

// stage is a console of an operator with notices, on a whole house.
type stage struct {
	*uitest.Stage
	t     *testing.T
	house *coretest.House
	req   core.Request
	inbox *inbox
}

// inbox is the house's, with a failure on request.
type inbox struct {
	*activity.Notices
	fails error
}

func (b *inbox) List(ctx context.Context, req core.Request, before core.ID, limit int) ([]activity.NoticeEntry, error) {
	if b.fails != nil {
		return nil, b.fails
	}
	return b.Notices.List(ctx, req, before, limit)
}

func (b *inbox) Read(ctx context.Context, req core.Request, ids ...core.ID) error {
	if b.fails != nil {
		return b.fails
	}
	return b.Notices.Read(ctx, req, ids...)
}

// build shows the notices that tell puts into the inbox before anybody looks.
func build(t *testing.T, width, height int, tell ...func(*stage)) *stage {
	t.Helper()
	st := &stage{t: t, house: coretest.New(t, storagetest.New(t))}
	st.req = st.house.Hire(core.RoleOperator)
	st.inbox = &inbox{Notices: st.house.Notices}
	for _, fn := range tell {
		fn(st)
	}
	st.Stage = uitest.NewStage(t, st.house, width, height, uitest.Pages{
		session.PageOutbox: func(s *session.Session) session.Page {
			return outbox.New(s, st.house.Reading, st.house.Office, st.house.Venue)
		},
		session.PageSettings: func(s *session.Session) session.Page {
			return settings.New(s, st.house.Venue, st.house.Servers, st.house.Setup, nil, st.house.Operators)
		},
		session.PageNotices: func(s *session.Session) session.Page { return notices.New(s, st.inbox) },
	}, func(c *console.Config) { c.Unread = st.inbox.Unread })
	st.Enter(st.req)
	return st
}

// tell puts a notice into the operator's inbox, and the console hears of it.
func (st *stage) tell(n core.Notice) {
	st.t.Helper()
	st.notify(st.req.Actor.ID, n)
	if st.Stage != nil {
		st.heard(st.req.Actor.ID)
	}
}

func (st *stage) notify(to core.ID, n core.Notice) {
	st.t.Helper()
	st.house.Must(st.house.Store.Update(st.t.Context(), func(tx core.Tx) error {
		return activity.Inbox{}.Notify(tx, st.house.Clock.Effective(), to, n)
	}))
}

// heard is the event of an operator's inbox.
func (st *stage) heard(operator core.ID) {
	st.t.Helper()
	st.Send(console.Changed{Events: []core.Event{{Subject: core.Ref{Kind: core.KindNotice, ID: operator}}}})
}

// lost is the notice of a mail that wasn't delivered.
func (st *stage) lost(mail core.ID) core.Notice {
	return core.Notice{
		Kind: core.NoticeMailFailed, Subject: core.Ref{Kind: core.KindMail, ID: mail}, Institution: st.house.Made.Institution,
	}
}

func locked() core.Notice { return core.Notice{Kind: core.NoticeLockedOut} }

// several are two unread notices and one of yesterday that was read.
func several(st *stage) {
	st.tell(locked())
	st.house.Must(st.inbox.Notices.Read(st.t.Context(), st.req))
	st.house.Clock.Advance(6 * time.Hour)
	st.tell(st.lost(1))
	st.house.Clock.Advance(20 * time.Minute)
	st.tell(st.lost(2))
	st.tell(locked())
}

func (st *stage) unread() int {
	st.t.Helper()
	n, err := st.inbox.Unread(st.t.Context(), st.req)
	st.house.Must(err)
	return n
}

func TestTheHeaderCountsWhatIsUnreadAndTheKeyLeadsThere(t *testing.T) {
	t.Parallel()
	st := build(t, 120, 30, several)
	if line := st.Frame().Line(0); !strings.Contains(line, "   2 notices   ") {
		t.Errorf("the header is %q", line)
	}
	st.Press("ctrl+n")
	st.Want("Too many wrong passwords", "2 mails you caused", "●", "d all read", "esc back")
	st.KeysAreClear()
	st.Press("d")
	st.heard(st.req.Actor.ID)
	if line := st.Frame().Line(0); strings.Contains(line, "notice") {
		t.Errorf("all are read, and the header is %q", line)
	}
	st.Without("●")
	if n := st.unread(); n != 0 {
		t.Errorf("%d are unread", n)
	}
	st.Press("d")
	st.Want("Everything here is read.")
	st.Press("esc")
	st.Want("No mail has gone out yet")
}

func TestANoticeLeadsToWhatItIsAbout(t *testing.T) {
	t.Parallel()
	var mail core.ID
	st := build(t, 80, 24, func(st *stage) {
		st.house.Create(coretest.Person("Marie", "Dupont", "marie@mail.example"))
		mail = st.house.Mails()[0].ID
		st.tell(core.Notice{Kind: core.NoticeSpray})
		st.tell(st.lost(mail))
	})
	st.Press("ctrl+n", "enter")
	st.Want("marie@mail.example", "Marie Dupont")
	if n := st.unread(); n != 1 {
		t.Errorf("%d are unread after one was opened", n)
	}
	st.heard(st.req.Actor.ID)
	st.Want(" 1 notice ")
	st.Press("ctrl+n", "down", "enter")
	st.Want("Far more sign-ins fail") // is about nothing else
	if n := st.unread(); n != 0 {
		t.Errorf("%d are unread", n)
	}
	st.KeysAreClear()
	st.Press("enter")
	st.Want("There is nothing more to see about this.")
}

func TestR87_WhatBelongsToAnotherInstitutionIsOpenedThere(t *testing.T) {
	t.Parallel()
	var other core.Request
	st := build(t, 120, 24, func(st *stage) {
		other = st.house.AddInstitution("Théâtre du Port").Owner
		n := st.lost(1)
		n.Institution = other.Institution
		st.tell(n)
	})
	st.Press("ctrl+n")
	st.Want("It belongs to an institution that you no longer work in.", "enter mark as read")
	st.Session.Institutions = append(st.Session.Institutions, other.Institution)
	st.Press("home")
	st.Want("It belongs to another institution: enter switches there and opens it.", "enter switch there and open")
	st.KeysAreClear()
	st.Press("enter")
	if n := st.unread(); n != 0 {
		t.Errorf("%d are unread", n)
	}
}

func TestNoticesComeByThemselves(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24)
	st.Without("notice")
	st.tell(locked())
	st.Want(" 1 notice ")
	st.Press("ctrl+n")
	st.Press("d")
	st.heard(st.req.Actor.ID)
	st.house.Clock.Advance(time.Hour)
	st.tell(st.lost(1))
	st.Want("1 mail you caused", " 1 notice ", "Too many wrong passwords or codes locked signing in")
	st.Press("j") // what was selected still is
	st.Press("k")
	st.notify(st.house.Owner.Actor.ID, locked())
	before := st.Frame().String()
	st.heard(st.house.Owner.Actor.ID)
	if after := st.Frame().String(); after != before {
		t.Errorf("somebody else's notice changed\n%s\nto\n%s", before, after)
	}
}

func TestOlderNoticesAreReadAsFarAsOneLooks(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(st *stage) {
		for i := range 130 {
			st.tell(core.Notice{Kind: core.NoticeSpray, Subject: core.Ref{Kind: core.KindOperator, ID: core.ID(i + 1)}})
		}
		st.house.Clock.Advance(time.Hour)
		st.tell(locked())
	})
	st.Want(" 131 notices ")
	st.Press("ctrl+n")
	for range 40 {
		st.Press("end")
	}
	st.Press("home")
	st.Want("Too many wrong passwords")
	st.Press("end")
	for range 40 {
		st.Press("end")
	}
	below := st.Frame().String()
	st.heard(st.req.Actor.ID)
	if again := st.Frame().String(); again != below {
		t.Errorf("reading again moved\n%s\nto\n%s", below, again)
	}
	st.Without("Too many wrong passwords")
}

func TestWhatFailsIsSaid(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, several)
	st.Press("ctrl+n")
	st.inbox.fails = errors.New("the disk is on fire")
	st.Press("d")
	st.Want("The notices can’t be read")
	st.KeysAreClear()
	st.inbox.fails = nil
	st.heard(st.req.Actor.ID)
	st.Want("2 mails you caused")
}

func TestWhatANoticeNamesIsCleaned(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, func(st *stage) {
		n := locked()
		n.Kind, n.Args = core.NoticeSecurity, map[string]string{"change": "\x1b]0;owned\a\u202e", "by": "\x1b[2J"}
		st.tell(n)
	})
	st.Press("ctrl+n")
	if s := st.Frame().String(); strings.ContainsAny(s, "\x1b\a\u202e") {
		t.Errorf("%q", s)
	}
}

func TestNoticesFitEverywhere(t *testing.T) {
	t.Parallel()
	st := build(t, 80, 24, several)
	st.Press("ctrl+n")
	for width := 40; width <= 240; width += 7 {
		for _, height := range []int{10, 13, 16, 24, 60} {
			st.Resize(width, height)
			st.KeysAreClear()
		}
	}
}

func TestNoticesGoldens(t *testing.T) {
	t.Parallel()
	for _, state := range []struct {
		name  string
		tell  func(*stage)
		after func(*stage)
	}{
		{"empty", func(*stage) {}, func(*stage) {}},
		{"list", several, func(*stage) {}},
		{"read", several, func(st *stage) { st.Press("d") }},
		{"elsewhere", func(st *stage) {
			several(st)
			n := st.lost(9)
			n.Institution++
			st.tell(n)
		}, func(*stage) {}},
	} {
		t.Run(state.name, func(t *testing.T) {
			t.Parallel()
			sheet := uitest.NewSheet("dark", "light")
			for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}} {
				st := build(t, size[0], size[1], state.tell)
				st.Press("ctrl+n")
				state.after(st)
				dark := st.Frame()
				st.Send(tea.BackgroundColorMsg{Color: color.White})
				if err := sheet.Add(dark, st.Frame()); err != nil {
					t.Fatal(err)
				}
			}
			st := build(t, 80, 24, state.tell)
			st.Press("ctrl+n")
			state.after(st)
			st.Send(session.Speak{Language: text.French})
			dark := st.Frame()
			st.Send(tea.BackgroundColorMsg{Color: color.White})
			if err := sheet.Add(dark, st.Frame()); err != nil {
				t.Fatal(err)
			}
			sheet.Golden(t, state.name)
		})
	}
}
