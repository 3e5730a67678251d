package console_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// inbox counts what is unread.
type inbox struct {
	unread, asked int
	err           error
}

// told is a signed-in console with a page of notices and so many unread ones.
func told(t *testing.T, width int, change func(*console.Config), unread int) (*stage, *uitest.Driver, *inbox) {
	t.Helper()
	box := &inbox{unread: unread}
	var st *stage
	st = build(t, func(cfg *console.Config) {
		cfg.Unread = func(context.Context, core.Request) (int, error) {
			box.asked++
			return box.unread, box.err
		}
		cfg.Pages[session.PageNotices] = func(s *session.Session) session.Page {
			st.pages[session.PageNotices] = &page{s: s, key: session.PageNotices, rows: rows(3)}
			return st.pages[session.PageNotices]
		}
		if change != nil {
			change(cfg)
		}
	})
	d := uitest.New(t, st.root, width, 20)
	d.Send(entered(core.RoleAdmin))
	return st, d, box
}

// noticed is the event of an operator's inbox.
func noticed(operator core.ID) console.Changed {
	return console.Changed{Events: []core.Event{{Subject: core.Ref{Kind: core.KindNotice, ID: operator}}}}
}

func TestTheHeaderCountsUnreadNotices(t *testing.T) {
	t.Parallel()
	full := func(cfg *console.Config) { cfg.Room = func() core.Room { return little(false) } }
	for _, c := range []struct {
		width, unread int
		change        func(*console.Config)
		want          string
	}{
		{120, 2, nil, "mail is captured, not delivered   2 notices   Mia Keller · admin"},
		{80, 1, nil, "mail captured   1 notice   Mia Keller · admin"},
		{80, 0, nil, "mail is captured, not delivered   Mia Keller · admin"},
		{40, 12, nil, "willcall      12 notices   Mia Keller"},
		{120, 2, full, "storage almost full · 312 MiB left   mail captured   2 notices   Mia Keller · admin"},
		{80, 2, full, "willcall                         storage almost full   2 notices   Mia Keller"},
		{40, 2, full, "storage low   Mia Keller"},
	} {
		_, d, _ := told(t, c.width, c.change, c.unread)
		if line := strings.TrimRight(d.Frame().Line(0), " "); !strings.HasSuffix(line, c.want) {
			t.Errorf("at %d columns the header is %q, want %q at its end", c.width, line, c.want)
		}
	}
}

func TestTheCountFollowsItsOwnEvents(t *testing.T) {
	t.Parallel()
	st, d, box := told(t, 120, nil, 0)
	d.Without("notice")
	box.unread = 3
	d.Send(noticed(5))
	d.Want("3 notices")
	asked, refreshed := box.asked, st.pages[session.PageContacts].refreshed
	d.Send(noticed(6)) // somebody else's
	d.Send(changed(false, core.Ref{Kind: core.KindContact, ID: 1}))
	if box.asked != asked {
		t.Errorf("counted %d times more for what is no notice to this operator", box.asked-asked)
	}
	if now := st.pages[session.PageContacts].refreshed; now != refreshed+1 {
		t.Errorf("the page was read %d times for one change that it shows", now-refreshed)
	}
	box.unread, box.err = 0, errors.New("the disk is on fire")
	d.Send(noticed(5))
	d.Want("3 notices")
	d.Press("ctrl+d")
	d.Without("3 notices")
}

func TestTheNoticesAreReachedFromEverywhereAndLeftToWhereOneWas(t *testing.T) {
	t.Parallel()
	st, d, _ := told(t, 120, nil, 1)
	d.Want("ctrl+n Notices")
	d.Press("g", "s")
	st.pages[session.PageSettings].typing = true
	d.Press("ctrl+n")
	if line := d.Frame().Line(1); !strings.HasSuffix(strings.TrimRight(line, " "), "Settings  Notices") {
		t.Errorf("the tabs are %q", line)
	}
	if err := st.root.CheckKeys(); err != nil {
		t.Error(err)
	}
	d.Press("ctrl+n")
	if n := st.pages[session.PageNotices].opened; n != 1 {
		t.Errorf("opened %d times", n)
	}
	d.Press("ctrl+p")
	d.Without("ctrl+n")
	d.Press("esc")
	d.Send(session.Back{})
	if st.pages[session.PageSettings].opened != 2 {
		t.Error("not left to where one was")
	}
	if line := d.Frame().Line(1); strings.Contains(line, "Notices") {
		t.Errorf("the tabs are %q", line)
	}
	st.pages[session.PageSettings].typing = false
	d.Press("ctrl+p")
	d.Type("notices")
	d.Press("enter")
	if n := st.pages[session.PageNotices].opened; n != 2 {
		t.Errorf("opened %d times", n)
	}
	st.role = core.RoleDeveloper // who has no contacts
	d.Press("g", "c", "ctrl+n")
	d.Send(console.Changed{Events: []core.Event{{Subject: core.Ref{Kind: core.KindOperator, ID: 5}}}})
	d.Send(session.Back{})
	d.Want("Captured mail")
	d.Without("Contacts")
}
