//go:build linux || darwin

package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"willcall/core"
	"willcall/storage"
	"willcall/storage/bolt"
)

// What a child process of the tests does, in its working folder, up to which
// step.
const (
	childTask = "WILLCALL_TEST_TASK"
	childStep = "WILLCALL_TEST_STEP"

	dataName   = "data"
	backupName = "backup"
	safeName   = "safe"
)

func TestMain(m *testing.M) {
	tasks := map[string]func(ctx context.Context) error{
		"restore": killedRestore, "write": killedWrite, "full": fullWrites,
	}
	if task, ok := tasks[os.Getenv(childTask)]; ok {
		if err := task(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child runs a task in a process of its own, in the folder dir.
func child(t *testing.T, dir, task, step string) (said string, err error) {
	t.Helper()
	process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$") //nolint:gosec // this test binary
	process.Dir = dir
	process.Env = append(os.Environ(), childTask+"="+task, childStep+"="+step)
	out, err := process.CombinedOutput()
	return string(out), err
}

// die ends the process as a power cut would.
func die() { _ = unix.Kill(os.Getpid(), unix.SIGKILL) }

// killedRestore dies at a step, which ends in "/two" where folders can't be
// exchanged.
func killedRestore(ctx context.Context) error {
	plan, err := NewPlan(ctx, backupName, dataName, "", at(), silent)
	if err != nil {
		return err
	}
	last, two := strings.CutSuffix(os.Getenv(childStep), "/two")
	if two {
		plan.exchange = func(_, _ string) error { return errors.ErrUnsupported }
	}
	plan.reached = func(step string) {
		if step == last {
			die()
		}
	}
	_, err = plan.Run(ctx, noAct, silent)
	return err
}

// TestAKilledRestoreLeavesTheOldDataOrTheNew kills a restore at each step, and
// restores again.
func TestAKilledRestoreLeavesTheOldDataOrTheNew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		step, state    string
		away, misnamed bool
	}{
		{step: "staged", state: "new"},
		{step: "copied", state: "new"},
		{step: "acted", state: "new"},
		{step: "named", state: "new", misnamed: true},
		{step: "swapped", state: "old"},
		{step: "named/two", state: "new", misnamed: true},
		{step: "between/two", away: true},
		{step: "swapped/two", state: "old"},
	} {
		t.Run(c.step, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			backup, data := filepath.Join(dir, backupName), filepath.Join(dir, dataName)
			madeBackup, madeData := backedUp(t, false)
			if err := errors.Join(os.Rename(madeBackup, backup), os.Rename(madeData, data)); err != nil {
				t.Fatal(err)
			}
			if said, err := child(t, dir, "restore", c.step); err == nil || said != "" {
				t.Fatalf("the child was not killed: %q, %v", said, err)
			}
			former, away := Interrupted(data)
			if away != c.away {
				t.Fatalf("the data folder is away: %t", away)
			}
			if away {
				if got := stateOf(t, former); got != "new" {
					t.Errorf("the former folder holds %q", got)
				}
			} else if got := stateOf(t, data); got != c.state {
				t.Errorf("the data is %q", got)
			}
			if path, misnamed := Misnamed(data); misnamed != c.misnamed || misnamed && stateOf(t, path) != "old" {
				t.Errorf("what is called former and isn't: %q", path)
			}
			restoreAgain(t, backup, data)
		})
	}
}

// TestWhatIsAwayStaysFound though restoring again is killed too.
func TestWhatIsAwayStaysFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	backup, data := filepath.Join(dir, backupName), filepath.Join(dir, dataName)
	madeBackup, madeData := backedUp(t, true)
	if err := errors.Join(os.Rename(madeBackup, backup), os.Rename(madeData, data)); err != nil {
		t.Fatal(err)
	}
	first := ""
	for _, step := range []string{"between/two", "staged", "copied", "acted"} {
		if said, err := child(t, dir, "restore", step); err == nil || said != "" {
			t.Fatalf("the child was not killed: %q, %v", said, err)
		}
		former, away := Interrupted(data)
		if first = cmp.Or(first, former); !away || former != first {
			t.Errorf("after %s the former folder is %q, %t", step, former, away)
		}
	}
	plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if _, err := plan.Run(t.Context(), func(context.Context, string) error { return broken }, silent); !errors.Is(err, broken) {
		t.Errorf("a failed act: %v", err)
	}
	if former, away := Interrupted(data); !away || former != first {
		t.Errorf("after a failed act the former folder is %q, %t", former, away)
	}
	if r, err := plan.Run(t.Context(), noAct, silent); err != nil || r.Former != first {
		t.Errorf("%+v, %v", r, err)
	}
	if got, want := namesIn(t, dir), []string{backupName, dataName, filepath.Base(first)}; !slices.Equal(got, want) {
		t.Errorf("there is %v, want %v", got, want)
	}
}

// TestAPipeIsNoFile: opening one would wait for whoever writes to it.
func TestAPipeIsNoFile(t *testing.T) {
	t.Parallel()
	backup, data := backedUp(t, true)
	folder := t.TempDir()
	pipe := func(path string) string {
		if err := errors.Join(os.RemoveAll(path), unix.Mkfifo(path, 0o600)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pipe(filepath.Join(folder, manifestName))
	if _, err := Read(folder); !errors.Is(err, ErrNone) {
		t.Errorf("a pipe as manifest: %v", err)
	}
	if _, err := NewPlan(t.Context(), backup, data, pipe(filepath.Join(folder, "key")), at(), silent); !errors.Is(err, ErrKey) {
		t.Errorf("a pipe as key: %v", err)
	}
	if _, found := noted(filepath.Dir(pipe(filepath.Join(folder, storage.RestoringName)))); found {
		t.Error("a pipe is taken for a note")
	}
	pipe(filepath.Join(data, storage.DatabaseName))
	if plan, err := NewPlan(t.Context(), backup, data, "", at(), silent); err != nil {
		t.Errorf("a pipe as database: %v", err)
	} else if _, err := plan.Run(t.Context(), noAct, silent); err != nil || stateOf(t, data) != "old" {
		t.Errorf("restored over a pipe as database: %v", err)
	}
}

// TestTheRoomOfLeftoversIsCountedOn: the restore removes them before it copies.
func TestTheRoomOfLeftoversIsCountedOn(t *testing.T) {
	t.Parallel()
	const margin = 8 << 30
	backup, data := backedUp(t, true)
	b, err := Read(backup)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.Files {
		if b.Files[i].Path == storage.DatabaseName {
			b.Files[i].Bytes = bolt.FreeBytes(data) + margin
		}
	}
	raw, err := b.encode()
	if err != nil {
		t.Fatal(err)
	}
	replace(t, filepath.Join(backup, manifestName), raw)
	want := core.ErrFull
	for _, name := range []string{"", stagedPrefix + "1", dataName + formerInfix + "1"} {
		path := filepath.Join(filepath.Dir(data), name)
		if name != "" {
			want = ErrChanged // found later: the backup isn't as large as it says
			large := filepath.Join(path, storage.DatabaseName)
			err := errors.Join(os.Mkdir(path, 0o700), note(path, name), os.WriteFile(large, nil, 0o600), os.Truncate(large, 2*margin))
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := NewPlan(t.Context(), backup, data, "", at(), silent); !errors.Is(err, want) {
			t.Errorf("beside %q: %v", name, err)
		}
		if name == "" {
			continue
		}
		release, _, err := claim(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := NewPlan(t.Context(), backup, data, "", at(), silent); !errors.Is(err, core.ErrFull) {
			t.Errorf("beside %q that is at work: %v", name, err)
		}
		if err := errors.Join(release(), os.RemoveAll(path)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWhatIsAwayIsFoundBesideOtherRestores of other data folders in the same place.
func TestWhatIsAwayIsFoundBesideOtherRestores(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	backup, data := filepath.Join(dir, backupName), filepath.Join(dir, dataName)
	madeBackup, madeData := backedUp(t, true)
	if err := errors.Join(os.Rename(madeBackup, backup), os.Rename(madeData, data)); err != nil {
		t.Fatal(err)
	}
	if said, err := child(t, dir, "restore", "between/two"); err == nil || said != "" {
		t.Fatalf("the child was not killed: %q, %v", said, err)
	}
	former, _ := Interrupted(data)
	for _, other := range []string{"other", "other", dataName + formerInfix + "of"} {
		plan, err := NewPlan(t.Context(), backup, filepath.Join(dir, other), "", at(), silent)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plan.Run(t.Context(), noAct, silent); err != nil {
			t.Fatal(err)
		}
		if now, away := Interrupted(data); !away || now != former {
			t.Errorf("after a restore to %s the former folder is %q, %t", other, now, away)
		}
	}
	restoreAgain(t, backup, data)
}

// restoreAgain restores, and holds that what was left is removed first, that
// nothing hidden and no note is left, and that a data folder that is removed then
// is just that.
func restoreAgain(t *testing.T, backup, data string) {
	t.Helper()
	plan, err := NewPlan(t.Context(), backup, data, "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	plan.reached = func(step string) {
		if left := leftovers(data); step == "staged" && len(left) > 1 { // its own
			t.Errorf("while it begins there is %v", left)
		}
	}
	if _, err := plan.Run(t.Context(), noAct, silent); err != nil {
		t.Fatal(err)
	}
	if got := stateOf(t, data); got != "old" {
		t.Errorf("restored again, the data is %q", got)
	}
	for _, name := range namesIn(t, filepath.Dir(data)) {
		if strings.HasPrefix(name, ".") {
			t.Errorf("%s is left", name)
		}
		if _, found := noted(filepath.Join(filepath.Dir(data), name)); found {
			t.Errorf("a note is left in %s", name)
		}
	}
	if path, found := Misnamed(data); found {
		t.Errorf("%s is left", path)
	}
	if err := os.RemoveAll(data); err != nil {
		t.Fatal(err)
	}
	if former, away := Interrupted(data); away {
		t.Errorf("a removed folder is taken for one in %s", former)
	}
}

// killedWrite dies while it writes a backup.
func killedWrite(ctx context.Context) error {
	store, s, err := opened(ctx, dataName, "old")
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	s.Captured = func(context.Context, string, func(done, of int64)) error {
		die()
		return nil
	}
	_, err = Write(ctx, s, Order{Folder: safeName, At: at()}, silent)
	return err
}

func TestWhatAKilledBackupLeftIsRemovedByTheNext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder := filepath.Join(dir, safeName)
	if said, err := child(t, dir, "write", ""); err == nil || said != "" {
		t.Fatalf("the child was not killed: %q, %v", said, err)
	}
	left := namesIn(t, folder)
	if len(left) != 1 || !strings.HasPrefix(left[0], partialPrefix) {
		t.Fatalf("the killed backup left %v", left)
	}
	running, release, err := makePartial(folder, partialPrefix) // another process's
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = release() }()
	w, err := Write(t.Context(), source(t), Order{Folder: folder, At: at()}, silent)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := namesIn(t, folder), []string{filepath.Base(running), filepath.Base(w.Path)}; !slices.Equal(got, want) {
		t.Errorf("there is %v, want %v", got, want)
	}
}

// fullWrites makes backups of a data folder while no file may be larger than
// so much, from nothing up to enough, and says what it finds wrong.
func fullWrites(ctx context.Context) error {
	store, s, err := opened(ctx, dataName, "old")
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	refused := 0
	for limit := uint64(0); ; limit += 1500 {
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: limit, Max: unix.RLIM_INFINITY}); err != nil {
			return err
		}
		w, err := Write(ctx, s, Order{Folder: safeName, At: at()}, silent)
		if err == nil {
			_, err = NewPlan(ctx, w.Path, "other", filepath.Join(dataName, "willcall.key"), at(), silent)
			_, _ = fmt.Fprintln(os.Stdout, refused)
			return err
		}
		refused++
		if !errors.Is(err, core.ErrFull) {
			return fmt.Errorf("files of up to %d bytes: %w", limit, err)
		}
		if _, err := os.Lstat(safeName); err == nil {
			return fmt.Errorf("files of up to %d bytes: something is left", limit)
		}
	}
}

func TestAFullDiskLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	said, err := child(t, t.TempDir(), "full", "")
	var refused int
	if _, scanErr := fmt.Sscan(said, &refused); err != nil || scanErr != nil || refused < 10 {
		t.Errorf("%d sizes were refused: %v, %s", refused, err, said)
	}
}

func TestNoBackupIsBegunWithoutRoom(t *testing.T) {
	t.Parallel()
	s := source(t)
	s.DatabaseBytes = 1 << 60
	s.Database = func(context.Context, string, func(done, of int64)) error {
		t.Error("it was begun")
		return nil
	}
	folder := filepath.Join(t.TempDir(), "safe")
	if _, err := Write(t.Context(), s, Order{Folder: folder, At: at()}, silent); !errors.Is(err, core.ErrFull) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Lstat(folder); err == nil {
		t.Error("a folder is left")
	}
}

func TestABackupThatIsGivenUpLeavesNothing(t *testing.T) {
	t.Parallel()
	s := source(t)
	above := filepath.Join(t.TempDir(), "deep")
	folder := filepath.Join(above, "er", "safe")
	for step, give := range map[string]func(*Source, context.CancelFunc){
		"before":   func(_ *Source, cancel context.CancelFunc) { cancel() },
		"database": func(s *Source, cancel context.CancelFunc) { s.Database = cancelling(s.Database, cancel) },
		"captured": func(s *Source, cancel context.CancelFunc) { s.Captured = cancelling(s.Captured, cancel) },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		given := s
		give(&given, cancel)
		if _, err := Write(ctx, given, Order{Folder: folder, At: at()}, silent); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", step, err)
		}
		cancel()
		if _, err := os.Lstat(above); err == nil {
			t.Errorf("%s: something is left", step)
		}
	}
}

func TestARestoreThatIsGivenUpLeavesNoFolders(t *testing.T) {
	t.Parallel()
	backup, _ := backedUp(t, true)
	above := filepath.Join(t.TempDir(), "deep")
	plan, err := NewPlan(t.Context(), backup, filepath.Join(above, "er", "data"), "", at(), silent)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if _, err := plan.Run(t.Context(), func(context.Context, string) error { return broken }, silent); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Lstat(above); err == nil {
		t.Error("something is left")
	}
}

// TestEveryNewFolderIsKept by a sync of the one above it, and what is not made
// to the end is removed but for what others need.
func TestEveryNewFolderIsKept(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	one, two, three := filepath.Join(top, "1"), filepath.Join(top, "1", "2"), filepath.Join(top, "1", "2", "3")
	var synced []string
	keep := func(folder string) error {
		synced = append(synced, folder)
		return nil
	}
	made, err := makeFolders(three, keep)
	if want := []string{one, two, three}; err != nil || !slices.Equal(made, want) || !slices.Equal(synced, []string{top, one, two}) {
		t.Errorf("made %v, kept by %v, %v", made, synced, err)
	}
	if again, err := makeFolders(three, keep); len(again) > 0 || err != nil {
		t.Errorf("made again: %v, %v", again, err)
	}
	replace(t, filepath.Join(one, "note"), nil)
	unmake(made)
	if got := namesIn(t, one); !slices.Equal(got, []string{"note"}) {
		t.Errorf("left %v", got)
	}
	made, err = makeFolders(filepath.Join(one, "2", strings.Repeat("n", 300)), keep)
	if err == nil || !slices.Equal(made, []string{two}) {
		t.Errorf("a name that can't be: made %v, %v", made, err)
	}
}

// cancelling is a copy after which the caller gives up.
func cancelling(copyPart Copy, cancel context.CancelFunc) Copy {
	return func(ctx context.Context, path string, progress func(done, of int64)) error {
		err := copyPart(ctx, path, progress)
		cancel()
		return err
	}
}
