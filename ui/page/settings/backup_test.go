package settings_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/backup"
	"willcall/ui/console"
)

func TestABackupMadeElsewhereIsSeen(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	other := backup.NewService(st.house.Desk, st.vault)
	_, err := other.Make(t.Context(), st.house.Owner, backup.Wish{Folder: "/mnt/" + strings.Repeat("very-long-name/", 20) + "end"}, nil)
	st.house.Must(err)
	st.changed()
	st.on("Storage")
	st.Want("/mnt/very-long", "…", "/end/willcall-2026-11-21-194200-UTC")
}

// hear has the console hear of a backup: that it was begun or ended, or with no
// action that it has come further.
func (st *stage) hear(action core.ActionID) {
	st.t.Helper()
	st.Send(console.Changed{Events: []core.Event{{Subject: core.Ref{Kind: core.KindBackup, ID: 1}, Action: action}}})
}

// elsewhere has somebody else make a backup, while look looks at the screen.
func (st *stage) elsewhere(req core.Request, look func(ctx context.Context, progress func(done, all int64))) (backup.Made, error) {
	st.vault.copy = func(ctx context.Context, o backup.Order, progress func(done, all int64)) (backup.Copied, error) {
		st.hear(core.ActBackup)
		look(ctx, progress)
		if err := ctx.Err(); err != nil {
			return backup.Copied{}, err
		}
		return st.vault.made(ctx, o, progress)
	}
	return st.saves.Make(st.t.Context(), req, backup.Wish{}, nil)
}

// hire gives another owner of the house.
func (st *stage) hire() (owner core.Request) { return st.house.Hire(core.RoleOwner) }

func TestABackupThatIsMadeElsewhereIsFollowed(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	other := st.hire()
	st.on("Storage")
	_, err := st.elsewhere(other, func(_ context.Context, progress func(done, all int64)) {
		st.Want("owner is making a backup since 19:42", "Step 1 of 2: examining the data, 0 entries", "backing up", "X  cancel the backup")
		st.KeysAreClear()
		progress(210*mib, 500*mib)
		st.hear("")
		st.Want("42 %", "Step 2 of 2: copying and checking", "backing up · 42 %")
		st.Press("b")
		st.Want("A backup is being made already.")
		st.Without("Key file  ")
	})
	st.house.Must(err)
	st.hear(core.ActBackupSettle)
	st.Want("b  back up", "just now")
	st.Without("42 %", "is making a backup", "backing up")
}

func TestAnotherOwnersBackupIsCancelled(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	other := st.hire()
	st.on("Storage")
	_, err := st.elsewhere(other, func(ctx context.Context, _ func(done, all int64)) {
		st.Press("X")
		st.Want("Cancel the backup?")
		st.Press("X")
		st.Want("Cancelling the backup…")
		st.KeysAreClear()
		<-ctx.Done()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled from another session: %v", err)
	}
	st.hear("")
	st.Want("No backup yet.", "b  back up")
	st.Without("Cancelling")
}

func TestR86_AdminsSeeABackupButOwnersCancelIt(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleAdmin, 120, 40)
	st.on("Storage")
	_, err := st.elsewhere(st.house.Owner, func(ctx context.Context, _ func(done, all int64)) {
		st.Want("Olga Brunner is making a backup", "Your role does not allow this. An owner can.")
		st.Press("X")
		st.Without("Cancelling")
		if ctx.Err() != nil {
			t.Error("an admin cancelled it")
		}
	})
	st.house.Must(err)
}

// TestACancelThatComesTooLateIsTold: the backup ended, and nothing told so yet.
func TestACancelThatComesTooLateIsTold(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Storage")
	_, err := st.elsewhere(st.hire(), func(context.Context, func(done, all int64)) {})
	st.house.Must(err)
	st.Press("X", "X")
	st.Want("No backup is being made any more.", "b  back up")
	st.Without("Cancelling")
}

func TestABackupGoesOnAfterItsSession(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.vault.copy = func(ctx context.Context, o backup.Order, progress func(done, all int64)) (backup.Copied, error) {
		progress(210*mib, 500*mib)
		st.news()
		st.queue = append(st.queue, st.Step(tea.KeyPressMsg{Code: 'd', Mod: tea.ModCtrl}))
		st.drawn()
		st.Without("Storage", "Sign out?")
		if ctx.Err() != nil {
			t.Error("cancelled by signing out")
		}
		return st.vault.made(ctx, o, progress)
	}
	st.backUp()
	st.in.Session = st.house.SignIn("olga@opera.example").Session
	st.Send(st.in)
	st.on("Storage")
	st.Want("just now", "/srv/willcall-backups/willcall-2026-11-21-194200-UTC")
}

func TestQuittingAsksWhileABackupIsMade(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.vault.copy = func(ctx context.Context, _ backup.Order, progress func(done, all int64)) (backup.Copied, error) {
		progress(210*mib, 500*mib)
		st.news()
		st.queue = append(st.queue, st.Step(tea.KeyPressMsg{Code: 'q', Mod: tea.ModCtrl}))
		st.Want("A backup is being made, begun by Olga Brunner.")
		st.Without("not saved")
		if ctx.Err() != nil {
			t.Error("cancelled before the answer")
		}
		return backup.Copied{}, context.Canceled
	}
	st.backUp()
	st.Without("Quit?") // since it is over
	if st.Quit() {
		t.Error("quit")
	}
	st.Press("ctrl+q")
	if !st.Quit() {
		t.Error("asked where nothing is lost")
	}
}

func TestTheLastFolderIsOffered(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Storage")
	st.Press("b")
	st.retype("/mnt/safe")
	st.submit()
	st.Want("/mnt/safe/willcall-2026-11-21-194200-UTC")
	st.Press("b")
	frame := st.Frame()
	_, y, shown := frame.Cursor()
	if !shown || !strings.Contains(frame.Line(y), " /mnt/safe ") {
		t.Errorf("the form doesn't offer the last folder:\n%s", frame)
	}
}

func TestABackupWithoutAnEndIsToldAsSuch(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	before := backup.NewService(st.house.Desk, st.vault) // of a process that is gone
	st.vault.copy = func(context.Context, backup.Order, func(done, all int64)) (backup.Copied, error) {
		st.changed()
		st.on("Storage")
		st.Want("What became of the backup that Olga Brunner began at 21 Nov 2026, 19:42 is not", "Look in /mnt/safe", "b  back up")
		st.Without("is making a backup")
		return backup.Copied{}, context.Canceled
	}
	_, _ = before.Make(t.Context(), st.house.Owner, backup.Wish{Folder: "/mnt/safe"}, nil)
	st.changed()
	st.Without("What became of")
}

// said is what the list says of a section.
func (st *stage) said(section string) string {
	line, _, _ := strings.Cut(st.selected(), "│")
	return strings.TrimSpace(strings.TrimPrefix(line, section))
}

func TestTheListSaysHowItStandsWithBackups(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Storage")
	if got := st.said("Storage"); got != "backup due" {
		t.Errorf("without a backup the list says %q", got)
	}
	_, err := st.elsewhere(st.hire(), func(context.Context, func(done, all int64)) {
		if got := st.said("Storage"); got != "backing up" {
			t.Errorf("while one is made the list says %q", got)
		}
	})
	st.house.Must(err)
	st.house.Clock.Advance(time.Second)
	st.hear(core.ActBackupSettle)
	if got := st.said("Storage"); got != "ok" {
		t.Errorf("with one the list says %q", got)
	}
}

// TestWhatIsSaidFitsASmallTerminal: whole sentences of a form's note, and of what
// was done no more than leaves room for the rest.
func TestWhatIsSaidFitsASmallTerminal(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 40, 10)
	st.open()
	st.Press("b")
	st.Want("elsewhere: it opens what is sealed.")
	st.Press("tab", "space")
	st.Want("its secrets: keep it safe.")
	st.submit()
	st.Want("Backed up at 19:42, 500 MiB.", "512 MiB, at most")
	st.Without("Backed up at 19:42, 500 MiB:")
}
