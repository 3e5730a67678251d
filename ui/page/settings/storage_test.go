package settings_test

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/backup"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// vault is where the backups of tests go.
type vault struct {
	place backup.Place
	copy  func(ctx context.Context, o backup.Order, progress func(done, all int64)) (backup.Copied, error)
}

const (
	mib = 1 << 20
	gib = 1 << 30
)

func newVault() *vault {
	v := &vault{place: backup.Place{
		Room: core.Room{Size: 512 * mib, Limit: 8 * gib, Free: 120 * gib},
		Data: "/srv/willcall", Folder: "/srv/willcall-backups",
		Captured: backup.Captured{Mails: 1204, Bytes: 12*mib + 400_000},
	}}
	v.copy = v.made
	return v
}

// made leaves a backup without looking at anything.
func (v *vault) made(_ context.Context, o backup.Order, progress func(done, all int64)) (backup.Copied, error) {
	progress(500*mib, 500*mib)
	return backup.Copied{Path: o.Folder + "/willcall-2026-11-21-194200-UTC", Bytes: 500 * mib, Files: 4}, nil
}

// Place implements [backup.Copier].
func (v *vault) Place() backup.Place { return v.place }

// Copy implements [backup.Copier].
func (v *vault) Copy(
	ctx context.Context, o backup.Order, progress func(step backup.Step, done, all int64),
) (backup.Copied, error) {
	return v.copy(ctx, o, func(done, all int64) { progress(backup.StepCopy, done, all) })
}

// backingUp is what the console says of the backup that is being made.
func backingUp(s *backup.Service) *console.Backup {
	if at := s.Running(); at != nil {
		return &console.Backup{Percent: int(100 * at.Done / max(at.All, 1)), By: at.By}
	}
	return nil
}

// submit saves a form and does all that it leads to, step by step, so that a
// copier can look at the screen meanwhile.
func (st *stage) submit() {
	st.t.Helper()
	st.queue = []tea.Cmd{st.Step(tea.KeyPressMsg{Code: 's', Mod: tea.ModCtrl})}
	for len(st.queue) > 0 {
		st.next()
	}
}

// next runs the oldest command there is.
func (st *stage) next() (told tea.Msg) {
	cmd := st.queue[0]
	st.queue = st.queue[1:]
	if cmd == nil {
		return nil
	}
	msg := cmd()
	if batch, ok := msg.(tea.BatchMsg); ok {
		st.queue = append([]tea.Cmd(batch), st.queue...)
		return nil
	}
	if msg != nil {
		st.queue = append(st.queue, st.Step(msg))
	}
	return msg
}

// news has the console hear what was told of a backup.
func (st *stage) news() {
	for len(st.queue) > 0 {
		if name := fmt.Sprintf("%T", st.next()); strings.HasSuffix(name, ".heard") {
			st.drawn()
			return
		}
	}
	st.t.Fatal("nobody listens to the backup")
}

// key presses a key and puts what it leads to behind what is under way.
func (st *stage) key(code rune) { st.queue = append(st.queue, st.Step(tea.KeyPressMsg{Code: code})) }

// backUp fills in nothing and begins.
func (st *stage) backUp() {
	st.t.Helper()
	st.on("Storage")
	st.Press("b")
	st.submit()
}

func TestStorageSaysWhatThereIs(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.on("Storage")
	st.Want("/srv/willcall", "512 MiB, at most 8 GiB", "120 GiB", "kept for a full disk", "1,204 mails, 12 MiB",
		"No backup yet.", "b  back up")
	st.KeysAreClear()
	st.Press("b")
	st.Want("Back up", "/srv/willcall-backups", "Keep a copy of the key file elsewhere")
	st.Press("tab", "space")
	st.Want("Whoever holds the backup can read its secrets")
	st.KeysAreClear()
	st.Press("ctrl+s")
	st.Want("Backed up at 19:42, 500 MiB", "/srv/willcall-backups/willcall-2026-11-21-194200-UTC", "500 MiB in 4 files", "in it",
		"21 Nov 2026, 19:42 by Olga Brunner")
	st.Without("No backup yet.")
	st.KeysAreClear()
}

// TestKeptCopiesAreTold where owners look, since they hold what was deleted.
func TestKeptCopiesAreTold(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 80, 24)
	st.on("Storage")
	st.Press("enter")
	st.Without("Kept copies")
	st.vault.place.Kept = backup.Kept{Copies: 2, Bytes: 800 * mib}
	st.changed()
	st.Want("Kept copies", "2, 800 MiB", "What was deleted since is still in them.", "b  back up")
	st.KeysAreClear()
}

func TestABackupOfDamagedDataIsToldAsSuch(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	v := st.vault
	v.copy = func(ctx context.Context, o backup.Order, progress func(done, all int64)) (backup.Copied, error) {
		copied, err := v.made(ctx, o, progress)
		copied.Findings = 2
		return copied, err
	}
	st.on("Storage")
	st.Press("b", "ctrl+s")
	st.Want("Backed up, but not all of it holds together (2 findings): run", "Not all of it holds together (2 findings)")
}

func TestAdminsSeeStorageButOwnersBackUp(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleAdmin, 120, 40)
	st.on("Storage")
	st.Want("/srv/willcall", "Your role does not allow this. An owner can.")
	st.Press("b")
	st.Without("Key file")
	st.Want("Your role does not allow this.")
	for _, role := range []core.Role{core.RoleDeveloper, core.RoleOperator} {
		st = build(t, role, 120, 40)
		st.Without("Storage")
	}
}

func TestAnOldBackupAndLittleRoomAreWarnedOf(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.backUp()
	st.Press("left")
	if got := st.selected(); !strings.HasSuffix(strings.Fields(got)[1], "ok") {
		t.Errorf("the tree says %q", got)
	}
	st.house.Clock.Advance(7 * 24 * time.Hour)
	st.house.Owner = st.house.SignIn("olga@opera.example")
	st.in.Session = st.house.Owner.Session
	st.Send(st.in)
	st.on("Storage")
	st.Without("make a new one")
	st.house.Clock.Advance(time.Minute)
	st.changed()
	st.Want("! 7 d ago, make a new one", "back up")
	st.vault.place.Room.Free = 312 * mib
	st.changed()
	st.Want("Storage is almost full: 312 MiB left.", "! 312 MiB, low", "low")
	st.vault.place.Room.Free, st.vault.place.Room.Size = 120*gib, 8*gib-312*mib
	st.changed()
	st.Want("312 MiB left.", "! 7.6 GiB, at most 8 GiB, low", "120 GiB")
	st.vault.place.Room.NoReserve = true
	st.changed()
	st.Want("! none kept for a full disk")
	st.vault.place.Room.Spent = true
	st.changed()
	st.Want("Storage is full.", "! given up, the disk was full", "full")
}

func TestProgressIsShownAndOtherPagesDontStopIt(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.vault.copy = func(ctx context.Context, o backup.Order, progress func(done, all int64)) (backup.Copied, error) {
		progress(0, 500*mib)
		st.news()
		st.Want("Backing up", "0 %", "Step 2 of 2: copying and checking", "X  cancel the backup")
		st.Without("left")
		progress(100*mib, 500*mib) // too early to be told
		st.house.Clock.Advance(10 * time.Second)
		progress(210*mib, 500*mib)
		st.news()
		st.Want("42 %", "Step 2 of 2: copying and checking, 13 s left")
		st.KeysAreClear()
		st.key(tea.KeyLeft)
		st.key(tea.KeyUp)
		st.key('?') // a dialog over another section
		st.drawn()
		if err := ctx.Err(); err != nil {
			t.Errorf("cancelled by going elsewhere: %v", err)
		}
		st.key(tea.KeyEscape)
		st.key(tea.KeyEscape)
		if err := ctx.Err(); err != nil {
			t.Errorf("cancelled out of sight: %v", err)
		}
		return st.vault.made(ctx, o, progress)
	}
	st.backUp()
	st.Want("Backed up at 19:42, 500 MiB")
	st.Without("%")
}

func TestABackupIsCancelledOnceItWasAsked(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.vault.copy = func(ctx context.Context, _ backup.Order, progress func(done, all int64)) (backup.Copied, error) {
		progress(210*mib, 500*mib)
		st.news()
		st.Press("X", "esc")
		st.Want("42 %")
		if ctx.Err() != nil {
			t.Error("cancelled before anybody answered")
		}
		st.Press("X")
		st.Want("Cancel the backup?")
		st.KeysAreClear()
		st.Press("X")
		st.Want("Cancelling the backup…")
		if ctx.Err() == nil {
			t.Error("the answer doesn't cancel")
		}
		st.KeysAreClear()
		return backup.Copied{}, ctx.Err()
	}
	st.backUp()
	st.Want("The backup is cancelled. Nothing of it is left.", "No backup yet.", "b  back up")
	st.KeysAreClear()
}

// TestAQuestionGoesWithItsBackup that was made before anybody answered.
func TestAQuestionGoesWithItsBackup(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.vault.copy = func(ctx context.Context, o backup.Order, progress func(done, all int64)) (backup.Copied, error) {
		progress(210*mib, 500*mib)
		st.news()
		st.Press("X")
		st.Want("Cancel the backup?")
		return st.vault.made(ctx, o, progress)
	}
	st.backUp()
	st.Want("Backed up at 19:42, 500 MiB")
	st.Without("Cancel the backup?")
	st.KeysAreClear()
}

func TestALateBackupIsToldOnOtherPages(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.Send(session.Toast{Text: "told in place", Told: session.PageSettings})
	st.Without("told in place")
	st.Send(session.Toast{Text: "told elsewhere", Told: session.PageContacts})
	st.Want("told elsewhere")
}

func TestABadFolderIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.vault.copy = func(context.Context, backup.Order, func(done, all int64)) (backup.Copied, error) {
		return backup.Copied{}, core.RefuseField(core.CodeFolder, "folder").With("why", "denied")
	}
	st.on("Storage")
	st.Press("b")
	st.retype("/mnt/backups")
	st.submit()
	st.Want("/mnt/backups", st.words("folder.denied"))
	st.KeysAreClear()
	if x, y, shown := st.Frame().Cursor(); !shown || !strings.Contains(st.Frame().Line(y), "/mnt/backups") {
		t.Errorf("the cursor stands at %d, %d", x, y)
	}
	st.vault.copy = func(context.Context, backup.Order, func(done, all int64)) (backup.Copied, error) {
		return backup.Copied{}, errors.New("the disk broke")
	}
	st.submit()
	st.Want("The backup was not made.", "A draft is kept, b goes on.")
	st.Press("b")
	st.Want("/mnt/backups")
}

// TestAKeptBackupBeginsWithoutAnOldRefusal for want of space, which may be over.
func TestAKeptBackupBeginsWithoutAnOldRefusal(t *testing.T) {
	t.Parallel()
	st := build(t, core.RoleOwner, 120, 40)
	st.vault.copy = func(context.Context, backup.Order, func(done, all int64)) (backup.Copied, error) {
		return backup.Copied{}, core.RefuseField(core.CodeFull, "folder").With("sentence", "full.backup").With("folder", "/mnt/backups")
	}
	st.on("Storage")
	st.Press("b")
	st.retype("/mnt/backups")
	st.submit()
	st.Want("no room for a backup on the disk of", "another disk")
	st.Press("esc", "b")
	st.Want("/mnt/backups")
	st.Without("no room for a backup")
}

// storageState brings a console to a state of the storage page.
type storageState struct {
	name string
	play func(st *stage, look func())
}

func storageStates() []storageState {
	return []storageState{
		{"empty", func(st *stage, look func()) {
			st.open()
			look()
		}},
		{"form", func(st *stage, look func()) {
			st.open()
			st.Press("b", "tab", "space")
			look()
		}},
		{"running", func(st *stage, look func()) {
			st.vault.copy = func(ctx context.Context, o backup.Order, progress func(done, all int64)) (backup.Copied, error) {
				st.house.Clock.Advance(10 * time.Second)
				progress(210*mib, 500*mib)
				st.news()
				look()
				return st.vault.made(ctx, o, progress)
			}
			st.open()
			st.Press("b")
			st.submit()
		}},
		{"done", func(st *stage, look func()) {
			st.open()
			st.Press("b")
			st.submit()
			look()
		}},
		{"failed", func(st *stage, look func()) {
			st.vault.copy = func(context.Context, backup.Order, func(done, all int64)) (backup.Copied, error) {
				return backup.Copied{}, core.RefuseField(core.CodeFolder, "folder").With("why", "denied")
			}
			st.open()
			st.Press("b")
			st.submit()
			look()
		}},
		{"low", func(st *stage, look func()) {
			st.vault.place.Room.Free = 312 * mib
			st.open()
			st.changed()
			look()
		}},
	}
}

// open shows the storage section, alone where there is one pane only.
func (st *stage) open() {
	st.t.Helper()
	st.Press("end")
	if width, _ := st.Frame().Size(); width < 100 {
		st.Press("enter")
	}
}

func TestStorageScreens(t *testing.T) {
	t.Parallel()
	looks := map[string]struct {
		width, height int
		language      string
		told          []tea.Msg
	}{
		"120x40":       {120, 40, "en", nil},
		"80x24":        {80, 24, "en", nil},
		"40x10":        {40, 10, "en", nil},
		"80x24-fr":     {80, 24, "fr", nil},
		"120x40-light": {120, 40, "en", []tea.Msg{tea.BackgroundColorMsg{Color: color.White}}},
	}
	for _, state := range storageStates() {
		for name, look := range looks {
			t.Run(state.name+"-"+name, func(t *testing.T) {
				t.Parallel()
				st := build(t, core.RoleOwner, look.width, look.height)
				st.in.Language = look.language
				st.Send(st.in)
				for _, msg := range look.told {
					st.Send(msg)
				}
				looked := false
				state.play(st, func() {
					looked = true
					st.KeysAreClear()
					uitest.Golden(t, "storage-"+state.name+"-"+name, st.Frame())
				})
				if !looked {
					t.Error("never came there")
				}
			})
		}
	}
}
