package console_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/bus"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

func TestStartsWithSignInOrSetUp(t *testing.T) {
	t.Parallel()
	d := uitest.New(t, build(t, nil).root, 120, 24)
	d.Want("signin", "ctrl+q quit")
	d.Without("Contacts")

	st := build(t, func(c *console.Config) { c.SetUpNeeded = true })
	d = uitest.New(t, st.root, 80, 24)
	d.Want("setup")
	if st.s.Request.Actor.Kind != core.ActorSetup {
		t.Errorf("the set-up acts as %v", st.s.Request.Actor.Kind)
	}
	d.Send(session.Go{Page: session.PageSignIn})
	d.Want("signin")
	if st.s.Request != (core.Request{}) {
		t.Errorf("the sign-in acts as %+v", st.s.Request)
	}
	d.Send(session.Go{Page: session.PageSetUp})
	d.Want("signin")
}

func TestR86_EveryRoleStartsOnItsFirstTab(t *testing.T) {
	t.Parallel()
	for role, want := range map[core.Role]struct {
		front session.PageKey
		tabs  string
	}{
		core.RoleDeveloper: {session.PageCaptured, "  Captured mail  Settings"},
		core.RoleOperator:  {session.PageContacts, "  Contacts  Outbox  Captured mail  Settings"},
		core.RoleOwner:     {session.PageContacts, "  Contacts  Outbox  Captured mail  Settings"},
	} {
		_, d := enter(t, role, 80, 24)
		d.Want(string(want.front))
		if got := d.Frame().Line(1); got != want.tabs {
			t.Errorf("the tabs of %s are %q", role, got)
		}
	}
}

func TestR86_DeliveredMailIsForDevelopersOnly(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleOperator, 80, 24)
	msg := entered(core.RoleOperator)
	msg.Captured = false
	d.Send(msg)
	d.Without("Captured mail", "captured")
	d.Send(session.Go{Page: session.PageCaptured})
	d.Want("Your role does not allow this.", "contacts")
	if st.pages[session.PageCaptured] != nil {
		t.Error("the page was made")
	}
}

func TestKeysReachThePageWhileAFieldHasTheKeyboard(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	p := st.pages[session.PageContacts]
	p.typing = true
	d.Type("gn?w")
	d.Paste(" and more")
	d.Press("ctrl+s")
	d.Want("gn?w and more")
	if !slices.Equal(p.heard, []string{"g", "n", "?", "w", "saved"}) {
		t.Errorf("the page heard %v", p.heard)
	}
	d.Press("f1")
	d.Want("All keys")
	d.Press("esc")
	p.typing = false
	d.Press("w", "z")
	if !slices.Equal(p.heard[5:], []string{"switched", "z"}) {
		t.Errorf("the page heard %v", p.heard)
	}
}

func TestR86_PermissionComesBeforeTheReason(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleOperator, 80, 24)
	d.Press("w")
	d.Want("Your role does not allow this. An admin can.")
	d.Press("v")
	d.Want("Sent 19 s ago, again from 19:43.")
	d.Without("Your role")
	if p := st.pages[session.PageContacts]; len(p.heard) != 0 {
		t.Errorf("%v was done", p.heard)
	}
	d.Without("switch validation")
	st, d = enter(t, core.RoleDeveloper, 80, 24)
	d.Press("v")
	d.Want("Your role does not allow this.")
	d.Without("Sent 19 s ago")
	if p := st.pages[session.PageCaptured]; len(p.heard) != 0 {
		t.Errorf("%v was done", p.heard)
	}
}

func TestKeysBeforeThePictureAreDropped(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	p := st.pages[session.PageContacts]
	press := func(key rune) tea.Msg { return tea.KeyPressMsg{Code: key, Text: string(key)} }
	d.Run(d.Step(press('g')))
	page := d.Step(press('s'))
	d.Run(d.Step(press('w')))
	d.Run(d.Step(tea.PasteMsg{Content: "pasted"}))
	s := st.pages[session.PageSettings]
	if len(s.heard) != 0 || s.typed != "" || d.Quit() {
		t.Errorf("the page heard %v %q before it was drawn", s.heard, s.typed)
	}
	d.Run(page)
	d.Press("w")
	if !slices.Equal(s.heard, []string{"switched"}) {
		t.Errorf("the drawn page heard %v", s.heard)
	}

	d.Press("g", "c")
	item := d.Step(press('n'))
	d.Run(d.Step(press('z')))
	d.Run(item)
	d.Press("y")
	if !slices.Equal(p.heard, []string{"y"}) {
		t.Errorf("the page heard %v around what it opened", p.heard)
	}

	dialog := d.Step(press('?'))
	d.Run(d.Step(tea.KeyPressMsg{Code: tea.KeyEscape}))
	d.Want("All keys")
	d.Run(dialog)
	d.Press("esc")
	d.Without("All keys")
}

func TestWrittenPicturesTakeKeys(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	p := st.pages[session.PageContacts]
	press := func(key rune) tea.Msg { return tea.KeyPressMsg{Code: key, Text: string(key)} }
	out := st.root.Output(io.Discard)
	d.Step(press('n')) // its command, which waits for a frame, is never run
	d.Step(press('x'))
	if _, err := out.Write([]byte("the picture")); err != nil {
		t.Fatal(err)
	}
	d.Step(press('y'))
	if !slices.Equal(p.heard, []string{"y"}) {
		t.Errorf("the page heard %v", p.heard)
	}
}

func TestFastTypingIsKept(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	p := st.pages[session.PageContacts]
	p.typing = true
	for _, key := range "dupont" {
		d.Step(tea.KeyPressMsg{Code: key, Text: string(key)})
	}
	if p.typed != "dupont" {
		t.Errorf("typed %q", p.typed)
	}
}

func TestLeadingKeyJumpsToTabs(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	d.Press("g")
	d.Want("c Contacts", "m Captured mail", "s Settings", "esc back")
	d.Press("s")
	d.Want("settings")
	d.Press("g", "m")
	d.Want("captured")
	d.Press("g", "x")
	d.Press("g", "esc")
	if got := st.pages[session.PageCaptured].heard; len(got) != 0 {
		t.Errorf("the page heard %v", got)
	}
	d.Press("g", "c")
	if got := st.pages[session.PageContacts].opened; got != 2 {
		t.Errorf("the page was opened %d times and is one", got)
	}
	d.Send(session.Go{Page: session.PageContacts, Ref: core.Ref{Kind: core.KindContact, ID: 9}})
	if got := st.pages[session.PageContacts].ref.ID; got != 9 {
		t.Errorf("opened on %d", got)
	}
}

func TestKeyTableShowsEverythingAndScrolls(t *testing.T) {
	t.Parallel()
	_, d := enter(t, core.RoleAdmin, 80, 14)
	d.Press("?")
	d.Want("All keys", "new contact", "Sent 19 s ago")
	d.Without("sign out")
	d.Press("end")
	d.Want("sign out", "ctrl+q", "g m")
	d.Press("home", "down", "pgdown", "up", "pgup", "up")
	d.Want("new contact")
	d.Press("n")
	d.Want("All keys")
	d.Press("?")
	d.Without("All keys")
}

func TestKeyTableListsWhatWorksWhileTyping(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 30)
	st.pages[session.PageContacts].typing = true
	d.Press("f1")
	d.Want("All keys", "ctrl+s", "ctrl+q ctrl+c", "f1")
	d.Without("new contact", "g c", "g s", "sign out", "? f1")
}

func TestKeyTableUsesTheRoomOfALowScreen(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 40, 10)
	st.pages[session.PageContacts].typing = true
	d.Press("f1")
	d.Want("All keys", "ctrl+s", "ctrl+q ctrl+c", "keys", "esc back")
	d.Press("esc")
	st.pages[session.PageContacts].typing = false
	d.Press("?")
	d.Want("new contact", "switch validation", "↓ down", "esc back")
}

func TestQuestionsAreReadWholeOnALowScreen(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "fr"} {
		st, d := enter(t, core.RoleAdmin, 40, 10)
		msg := entered(core.RoleAdmin)
		msg.Language = language
		d.Send(msg)
		st.pages[session.PageContacts].unsaved = true
		for _, ask := range []struct{ key, name string }{{"ctrl+q", "quit"}, {"ctrl+d", "sign-out"}} {
			d.Press(ask.key)
			for _, word := range strings.Fields(st.s.Text.T("console.ask." + ask.name + ".text")) {
				d.Want(word)
			}
			d.Want(st.s.Text.T("console.ask."+ask.name), st.s.Text.T("console.back"))
			d.Press("esc")
		}
	}
}

func TestKeysMeanOneThing(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 120, 24)
	d.Want("g go to", "? keys")
	for _, typing := range []bool{false, true} {
		st.pages[session.PageContacts].typing = typing
		if err := st.root.CheckKeys(); err != nil {
			t.Error(err)
		}
	}
}

func TestQuitAsksForUnsavedText(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"ctrl+c", "ctrl+q"} {
		_, d := enter(t, core.RoleAdmin, 80, 24)
		d.Press(key)
		if !d.Quit() {
			t.Errorf("%s didn't quit", key)
		}
		st, d := enter(t, core.RoleAdmin, 80, 24)
		st.pages[session.PageContacts].unsaved = true
		d.Press("g", "s")
		d.Press(key, key, "q")
		d.Want("Quit?", "Q quit without saving")
		d.Press("esc")
		d.Without("Quit?")
		d.Press(key, "Q")
		if !d.Quit() {
			t.Errorf("Q after %s didn't quit", key)
		}
	}
}

func TestQuitAsksBeforeSignInToo(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"ctrl+c", "ctrl+q"} {
		st := build(t, func(c *console.Config) { c.SetUpNeeded = true })
		d := uitest.New(t, st.root, 80, 24)
		p := st.pages[session.PageSetUp]
		p.unsaved, p.typing = true, true
		d.Press(key)
		d.Want("Quit?")
		if d.Quit() {
			t.Errorf("%s quit at once", key)
		}
	}
}

func TestSignOutDropsPagesAndEndsTheSession(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	first := st.pages[session.PageContacts]
	first.unsaved = true
	d.Press("ctrl+d")
	d.Want("Sign out?")
	d.Press("S")
	d.Want("signin")
	d.Without("Mia Keller", "Opéra du Lac")
	if !slices.Equal(st.signedOut, []core.ID{7}) || st.s.SignedIn() || st.s.Role != core.RoleNone {
		t.Errorf("signed out %v, still %+v", st.signedOut, st.s.Request)
	}
	d.Press("g", "c", "?")
	d.Want("signin")
	again := entered(core.RoleAdmin)
	again.Session = 8
	d.Send(again)
	if st.pages[session.PageContacts] == first {
		t.Error("the page outlived its session")
	}
	d.Send(session.Result{Page: session.PageContacts, Session: 7, Value: "old"})
	d.Send(session.Result{Page: session.PageContacts, Session: 8, Value: "new"})
	if got := st.pages[session.PageContacts].results; len(got) != 1 || got[0] != "new" {
		t.Errorf("the page got %v", got)
	}
	st.signErr = core.Refuse(core.CodeFull)
	d.Press("ctrl+d")
	d.Want("signin", "There is no space left to save.")
}

func TestEndedSessionLeaves(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*stage, *uitest.Driver){
		"by an answer": func(_ *stage, d *uitest.Driver) {
			d.Send(session.Result{Page: session.PageContacts, Session: 7, Err: core.Refuse(core.CodeSignedOut)})
		},
		"by a page": func(_ *stage, d *uitest.Driver) {
			d.Send(session.Left{Reason: "You are no longer signed in."})
		},
		"by an event": func(st *stage, d *uitest.Driver) {
			st.checkErr = core.Refuse(core.CodeSignedOut)
			d.Send(changed(false, core.Ref{Kind: core.KindSession, ID: 7}))
		},
		"by an event about the operator": func(st *stage, d *uitest.Driver) {
			st.checkErr = core.Refuse(core.CodeNotFound)
			d.Send(changed(false, core.Ref{Kind: core.KindOperator, ID: 5}))
		},
		"by a lost event": func(st *stage, d *uitest.Driver) {
			st.checkErr = core.Refuse(core.CodeSignedOut)
			d.Send(changed(true))
		},
		"by losing every role": func(st *stage, d *uitest.Driver) {
			st.role = core.RoleNone
			d.Send(changed(true))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st, d := enter(t, core.RoleAdmin, 80, 24)
			end(st, d)
			d.Want("signin")
			if !d.Frame().Contains("no longer signed in") && !d.Frame().Contains("does not allow") {
				t.Errorf("no reason is given:\n%s", d.Frame())
			}
		})
	}
}

func changed(resync bool, subjects ...core.Ref) console.Changed {
	batch := bus.Batch{Resync: resync}
	for _, subject := range subjects {
		batch.Events = append(batch.Events, core.Event{Institution: 1, Subject: subject})
	}
	return console.Changed(batch)
}

func TestChangesRefreshThePageInFront(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	d.Press("g", "s")
	contacts, settings := st.pages[session.PageContacts], st.pages[session.PageSettings]
	d.Send(changed(false, core.Ref{Kind: core.KindContact, ID: 1}))
	d.Send(changed(false, core.Ref{Kind: core.KindSession, ID: 99}))
	if contacts.refreshed != 0 || settings.refreshed != 2 || st.checks != 0 {
		t.Errorf("refreshed %d and %d, checked %d", contacts.refreshed, settings.refreshed, st.checks)
	}
	d.Press("g", "c", "g", "s", "g", "c")
	if contacts.refreshed != 1 || settings.refreshed != 2 {
		t.Errorf("on coming back: refreshed %d and %d", contacts.refreshed, settings.refreshed)
	}
	d.Send(changed(true))
	d.Want("contacts")
	if st.checks != 1 || contacts.refreshed != 2 {
		t.Errorf("a lost event: checked %d, refreshed %d", st.checks, contacts.refreshed)
	}
	d.Send(session.Left{})
	d.Send(changed(true))
	if st.checks != 1 {
		t.Error("a change after the end was looked into")
	}
}

func TestR86_ChangedRoleLosesItsPages(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	st.role = core.RoleDeveloper
	d.Send(changed(false, core.Ref{Kind: core.KindOperator, ID: 5}))
	d.Want("captured", "developer")
	if st.s.Role != core.RoleDeveloper {
		t.Errorf("the role is %s", st.s.Role)
	}
	st.checkErr = errors.New("the disk is asleep")
	d.Send(changed(true))
	d.Want("captured", "Something went wrong here")
}

func TestToastsAndPrivateMessages(t *testing.T) {
	t.Parallel()
	st, d := enter(t, core.RoleAdmin, 80, 24)
	d.Press("g", "s")
	d.Send(session.Toast{Text: "Marie was validated."})
	d.Want("Marie was validated.")
	d.Press("z")
	d.Without("Marie was validated.")
	d.Send(private("whisper"))
	for _, key := range []session.PageKey{session.PageContacts, session.PageSettings} {
		if p := st.pages[key]; !slices.Contains(p.heard, "whisper") {
			t.Errorf("%s heard %v", key, p.heard)
		}
	}
}
