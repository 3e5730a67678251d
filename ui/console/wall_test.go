package console_test

import (
	"fmt"
	"testing"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

// walled is a console whose operator lacks a second factor, at its wall.
func walled(t *testing.T, width, height int) (*stage, *uitest.Driver) {
	t.Helper()
	st := build(t, lockable)
	st.walled = true
	d := uitest.New(t, st.root, width, height)
	in := entered(core.RoleAdmin)
	in.Walled = true
	d.Send(in)
	return st, d
}

func TestR67_NothingButTheProfileIsReachedBeforeEnrolling(t *testing.T) {
	t.Parallel()
	st, d := walled(t, 120, 40)
	d.Want("A second factor is required", "profile")
	d.Without("Outbox", "Captured mail")
	d.Press("g", "c")
	d.Press("ctrl+p", "o")
	d.Send(session.Go{Page: session.PageContacts})
	d.Want("profile")
	if st.pages[session.PageContacts] != nil {
		t.Error("another page was opened")
	}
	if err := st.root.CheckKeys(); err != nil {
		t.Error(err)
	}
	d.Press("f2")
	d.Want("Un second facteur est exigé")
	d.Press("ctrl+l")
	d.Want("Verrouillé")
	d.Type(right)
	d.Press("enter", "ctrl+d")
	if d.Want("signin"); len(st.signedOut) != 1 || st.s.Walled {
		t.Errorf("signed out %v, walled %v", st.signedOut, st.s.Walled)
	}
}

func TestR67_AnOpenSessionMeetsTheWallAtItsNextAction(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 120, 24)
	contacts := st.pages[session.PageContacts]
	contacts.typed = "vidal"
	st.walled = true
	d.Send(session.Result{Page: session.PageContacts, Session: 7, Err: core.Refuse(core.CodeEnrol)})
	d.Want("A second factor is required", "profile")
	d.Without("vidal", "Outbox")
	if len(contacts.results) != 1 {
		t.Error("the page still waits for its answer")
	}
	d.Send(session.Result{Page: session.PageProfile, Session: 7}) // a step of enrolling
	d.Want("A second factor is required")
	st.walled = false
	d.Send(session.Result{Page: session.PageProfile, Session: 7}) // the last one
	d.Want("profile", "Outbox")                                   // its codes are read first
	d.Send(session.Go{Page: session.PageContacts})
	d.Want("vidal")
	if st.pages[session.PageContacts] != contacts {
		t.Error("the page was made anew")
	}
}

func TestR67_TheWallAsItLooks(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{40, 10}, {80, 24}} {
		_, d := walled(t, size[0], size[1])
		uitest.Golden(t, fmt.Sprintf("wall-%dx%d", size[0], size[1]), d.Frame())
	}
}

func TestWithoutAProfileTheWallIsAWayOut(t *testing.T) {
	t.Parallel()
	st := build(t, func(c *console.Config) { delete(c.Pages, session.PageProfile) })
	d := uitest.New(t, st.root, 80, 24)
	in := entered(core.RoleAdmin)
	in.Walled = true
	d.Send(in)
	if d.Want("signin"); len(st.signedOut) != 1 {
		t.Error("the session was left open")
	}
}

func TestLinesOfTheSignInAreToldInTheOperatorsLanguage(t *testing.T) {
	t.Parallel()
	st := build(t, nil)
	d := uitest.New(t, st.root, 80, 24)
	in := entered(core.RoleAdmin)
	in.Language = "fr"
	in.Tell = func(p text.Printer) []string { return []string{p.T("words.role.owner")} }
	d.Send(in)
	d.Want("propriétaire")
}
