package console_test

import (
	"strings"
	"testing"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// guarded is a signed-in console of a house in which backups are made, and the
// one that is being made.
func guarded(t *testing.T, role core.Role, width int) (*stage, *uitest.Driver, **console.Backup) {
	t.Helper()
	var made *console.Backup
	st := build(t, func(cfg *console.Config) {
		lockable(cfg)
		cfg.Backup = func() *console.Backup { return made }
	})
	st.live = true
	d := uitest.New(t, st.root, width, 16)
	msg := entered(role)
	msg.Captured = false
	d.Send(msg)
	return st, d, &made
}

// backupMoved tells of a backup: with an action that something was committed,
// without that it has come further or is over.
func backupMoved(action core.ActionID) console.Changed {
	return console.Changed{Events: []core.Event{{Subject: core.Ref{Kind: core.KindBackup}, Action: action}}}
}

func TestTheHeaderSaysThatABackupIsMade(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		width, percent int
		role           core.Role
		want           string
	}{
		{120, 42, core.RoleAdmin, "   backing up · 42 %   Mia Keller · admin"},
		{120, -1, core.RoleOwner, "   backing up…   Mia Keller · owner"},
		{40, 42, core.RoleAdmin, "  backup runs   Mia Keller"},
		{120, 42, core.RoleOperator, "Main house" + strings.Repeat(" ", 60) + "Mia Keller · operator"},
	} {
		_, d, made := guarded(t, c.role, c.width)
		*made = &console.Backup{Percent: c.percent, By: "Olga"}
		d.Send(backupMoved(core.ActBackup))
		if line := strings.TrimRight(d.Frame().Line(0), " "); !strings.HasSuffix(line, c.want) {
			t.Errorf("%d columns, %v: %q, want %q at its end", c.width, c.role, line, c.want)
		}
		*made = nil
		d.Send(backupMoved(""))
		if line := d.Frame().Line(0); strings.Contains(line, "back") {
			t.Errorf("once it is over: %q", line)
		}
	}
}

func TestWhoSignsInSeesABackupThatWasBegunBefore(t *testing.T) {
	t.Parallel()
	_, d, made := guarded(t, core.RoleAdmin, 120)
	*made = &console.Backup{Percent: 42}
	d.Send(session.Left{})
	d.Without("backing up")
	d.Send(entered(core.RoleAdmin))
	d.Want("backing up · 42 %")
}

// TestABackupThatComesFurtherReadsNothing: only its beginning and its end change
// what pages show.
func TestABackupThatComesFurtherReadsNothing(t *testing.T) {
	t.Parallel()
	st, d, made := guarded(t, core.RoleAdmin, 120)
	page := st.pages[session.PageContacts]
	*made = &console.Backup{}
	for _, step := range []struct {
		action core.ActionID
		over   bool
		reads  int
	}{{core.ActBackup, false, 1}, {"", false, 0}, {"", true, 1}} {
		if step.over {
			*made = nil
		}
		before := page.refreshed
		if d.Send(backupMoved(step.action)); page.refreshed-before != step.reads {
			t.Errorf("%+v: read %d times", step, page.refreshed-before)
		}
	}
	*made = &console.Backup{}
	before := page.refreshed
	further := backupMoved("")
	further.Events = append(further.Events, core.Event{Institution: 1, Subject: core.Ref{Kind: core.KindContact, ID: 4}})
	if d.Send(further); page.refreshed == before {
		t.Error("a contact's change beside it was not read")
	}
}

func TestQuittingNamesABackup(t *testing.T) {
	t.Parallel()
	st, d, made := guarded(t, core.RoleOperator, 80)
	*made = &console.Backup{By: "Olga Brunner"}
	d.Press("ctrl+q")
	d.Want("Quit?", "begun by Olga Brunner", "cancel the backup and quit")
	d.Without("not saved")
	st.pages[session.PageContacts].unsaved = true
	d.Press("ctrl+q") // asked once more it stays, and says what is true now
	d.Want("begun by Olga Brunner", "not saved")
	d.Press("Q")
	if !d.Quit() {
		t.Error("answered, and still there")
	}
}

func TestAQuestionGoesAwayWithItsReason(t *testing.T) {
	t.Parallel()
	st, d, made := guarded(t, core.RoleAdmin, 80)
	*made = &console.Backup{By: "Olga Brunner"}
	d.Press("ctrl+q")
	*made = nil
	d.Send(backupMoved(""))
	d.Without("Quit?")
	if d.Quit() {
		t.Error("quit without an answer")
	}
	*made = &console.Backup{By: "Olga Brunner"}
	d.Press("ctrl+q")
	st.pages[session.PageContacts].unsaved = true
	*made = nil
	d.Send(backupMoved(""))
	d.Want("Quit?", "not saved")
	d.Without("Olga")
	*made = &console.Backup{By: "Olga Brunner"} // begun while that is asked
	d.Press("Q")
	d.Want("begun by Olga Brunner")
	if d.Quit() {
		t.Error("broken off unasked")
	}
}

func TestSigningOutLeavesABackupAlone(t *testing.T) {
	t.Parallel()
	st, d, made := guarded(t, core.RoleAdmin, 80)
	*made = &console.Backup{}
	d.Press("ctrl+d")
	d.Without("Sign out?")
	if len(st.signedOut) != 1 {
		t.Errorf("signed out %v", st.signedOut)
	}
}

func TestNobodyQuitsALockedConsoleWhileABackupIsMade(t *testing.T) {
	t.Parallel()
	st, d, made := guarded(t, core.RoleAdmin, 80)
	*made = &console.Backup{}
	d.Press("ctrl+l", "ctrl+q")
	d.Want("Unlock first.")
	if d.Quit() {
		t.Error("broken off by whoever came by")
	}
	if d.Press("ctrl+d"); len(st.signedOut) != 1 {
		t.Error("nobody can sign out")
	}
}
