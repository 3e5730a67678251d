package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"willcall/storage"
	"willcall/storage/bolt"
)

const (
	stagedPrefix = ".willcall-restore-"
	formerInfix  = ".before-restore-"
	// openingBytes is what opening a folder takes beside its data, such as the
	// reserve for a full disk.
	openingBytes = 64 << 20
)

// Plan is how a backup would be put in a data folder's place.
type Plan struct {
	Backup Backup
	Data   string // the real path of the data folder
	// Replaces tells that there is something at Data.
	Replaces bool
	// Former is where that is kept then.
	Former string

	key  []byte
	away string // the former folder of a restore that was killed in between
	seen sight  // of the data folder
	// reached hears of each step, for tests that end the program there, and
	// exchange is how two folders change names.
	reached  func(step string)
	exchange func(a, b string) error
}

// Restored is what a restore did.
type Restored struct {
	Data   string
	Former string // empty where nothing was there
}

// NewPlan reads and verifies a backup, finds its key (see [Backup.KeyFor]), and
// looks whether it can be put at data. It changes nothing. It fails as
// [Read] and [Backup.Verify] do, with [ErrInside], with [ErrForeign] and
// [ErrNested] where data is no place for a data folder, with [ErrMount] and
// [ErrAbove] where no folder can be put in its place, with
// [storage.ErrLocked] where somebody has the data folder open, and with
// a [storage.NoRoomError].
func NewPlan(ctx context.Context, backup, data, keyFile string, at time.Time, progress func(done, of int64)) (*Plan, error) {
	b, err := Read(backup)
	if err != nil {
		return nil, err
	}
	p := &Plan{Backup: b, reached: func(string) {}, exchange: exchange}
	if p.Data, err = p.place(data); err != nil {
		return nil, fmt.Errorf("restore into %s: %w", data, err)
	}
	now := p.Data
	if former, found := Interrupted(now); found {
		now, p.away = former, former
	}
	if p.key, err = b.KeyFor(keyFile, now); err != nil {
		return nil, err
	}
	if p.Replaces {
		p.Former = storage.Unused(p.Data + formerInfix + storage.Stamp(at))
	}
	release, err := holdData(ctx, p.Data)
	if err != nil {
		return nil, fmt.Errorf("restore into %s: %w", data, err)
	}
	p.seen = lookAt(p.Data)
	return p, errors.Join(b.Verify(ctx, progress), release())
}

// place looks at where the data goes.
func (p *Plan) place(data string) (real string, err error) {
	if real, err = apart(p.Backup.Path, data); err != nil {
		return "", err
	}
	if _, err := apart(real, p.Backup.Path); err != nil {
		return "", err
	}
	info, err := os.Stat(real)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return "", err
	case !info.IsDir():
		return "", fmt.Errorf("%s: %w", real, ErrNoFolder)
	default:
		p.Replaces = true
	}
	if err := replaceable(real); err != nil {
		return "", err
	}
	if err := exchangeable(real); err != nil {
		return "", err
	}
	return real, roomFor(existing(filepath.Dir(real)), p.Backup.RestoreBytes()-sweepable(real))
}

// existing is the nearest folder above that is there.
func existing(path string) string {
	for {
		parent := filepath.Dir(path)
		if _, err := os.Stat(path); err == nil || parent == path {
			return path
		}
		path = parent
	}
}

// holdData keeps the data folder from being opened. It fails with a
// [storage.LockedError] where somebody has it open.
func holdData(ctx context.Context, data string) (release func() error, err error) {
	database := filepath.Join(data, storage.DatabaseName)
	release, taken, err := claim(database)
	switch {
	case err == nil:
		return release, nil
	case errors.Is(err, fs.ErrNotExist):
		return func() error { return nil }, nil
	case !taken:
		return nil, err
	}
	// Opening it says who; and where this system can't lock so, whether.
	if err := bolt.CheckFile(ctx, database); errors.Is(err, storage.ErrLocked) || ctx.Err() != nil {
		return nil, err
	}
	return func() error { return nil }, nil
}

// Run carries the plan out. The backup is built up beside the data folder, act
// does there what has to be done before anybody opens it, and the two folders
// change places in one step. Until then a failure, and an end of ctx, leave
// everything as it was, and so does, with [ErrUsed] or a [storage.LockedError],
// who uses the data folder meanwhile. The former folder is kept.
func (p *Plan) Run(ctx context.Context, act func(ctx context.Context, dir string) error, progress func(done, of int64)) (Restored, error) {
	r, err := p.run(ctx, act, progress)
	if err != nil {
		return Restored{}, fmt.Errorf("restore the backup: %w", bolt.MarkFull(err))
	}
	return r, nil
}

func (p *Plan) run(ctx context.Context, act func(context.Context, string) error, progress func(done, of int64)) (r Restored, err error) {
	above := filepath.Dir(p.Data)
	made, err := makeFolders(above, bolt.SyncFolder)
	defer func() {
		if err != nil {
			unmake(made)
		}
	}()
	if err != nil {
		return r, err
	}
	release, err := holdData(ctx, p.Data)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := p.unchanged(p.Data); err != nil {
		return r, err
	}
	staged, let, err := makePartial(above, stagedPrefix)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, let()) }()
	if err := p.replace(ctx, staged, act, &meter{tell: progress, of: p.Backup.Bytes()}); err != nil {
		return r, errors.Join(err, os.RemoveAll(staged))
	}
	p.reached("swapped")
	if p.Former != "" { // nobody works there, and what it holds is nothing
		_ = os.Remove(filepath.Join(p.Former, storage.ReserveName))
	}
	err = bolt.SyncFolder(above)
	if err == nil {
		_ = errors.Join(unnote(p.Data), sweepRestores(p.Data)) // the next restore does it else
	}
	return Restored{Data: p.Data, Former: cmp.Or(p.Former, p.away)}, err
}

// replace builds the new folder up and has it and the data folder change places.
func (p *Plan) replace(ctx context.Context, staged string, act func(context.Context, string) error, m *meter) error {
	if err := note(staged, cmp.Or(p.Former, p.away)); err != nil {
		return err
	}
	if err := sweepRestores(p.Data); err != nil { // whose room the plan counts on
		return err
	}
	if err := p.build(ctx, staged, act, m); err != nil {
		return err
	}
	// One that a killed restore left would tell of the folder by its new name.
	if err := unnote(p.Data); err != nil && p.Replaces {
		return err
	}
	return p.swapUnused(ctx, staged)
}

// build makes the new folder out of the backup.
func (p *Plan) build(ctx context.Context, staged string, act func(context.Context, string) error, m *meter) error {
	p.reached("staged")
	captured := filepath.Join(staged, storage.CapturedName)
	if err := os.Mkdir(captured, folderMode); err != nil {
		return err
	}
	for _, f := range p.Backup.Files {
		if f.Path == storage.KeyName {
			continue
		}
		if err := p.copyIn(ctx, f, staged, m); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(staged, storage.KeyName), p.key); err != nil {
		return err
	}
	p.reached("copied")
	if err := act(ctx, staged); err != nil {
		return err
	}
	p.reached("acted")
	m.end()
	return errors.Join(ctx.Err(), bolt.SyncFolder(captured), bolt.SyncFolder(staged))
}

// copyIn copies a file, and holds what was copied against the manifest.
func (p *Plan) copyIn(ctx context.Context, f File, staged string, m *meter) error {
	to, err := os.OpenFile(filepath.Join(staged, filepath.FromSlash(f.Path)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode) //nolint:gosec // ParseManifest checked the name
	if err != nil {
		return err
	}
	size, sum, err := copyFile(ctx, p.Backup.at(f), to, m.add)
	return errors.Join(f.matches(size, sum, err), to.Sync(), to.Close())
}

// swapUnused swaps a folder that nobody used meanwhile. A database that isn't
// there yet can't be locked, so what was made just then is found after the swap,
// which is taken back.
func (p *Plan) swapUnused(ctx context.Context, staged string) error {
	if err := p.unused(ctx, p.Data); err != nil {
		return err
	}
	p.reached("looked")
	if err := p.swap(staged); err != nil || !p.Replaces {
		return err
	}
	used := p.unused(ctx, p.Former)
	if used == nil {
		return nil
	}
	return errors.Join(used, os.Rename(p.Data, staged), os.Rename(p.Former, p.Data))
}

// swap puts the new folder at the data folder's place. It takes the name of the
// former folder first, so that this one has it as soon as they changed places.
func (p *Plan) swap(staged string) error {
	if !p.Replaces {
		return os.Rename(staged, p.Data)
	}
	if err := os.Rename(staged, p.Former); err != nil {
		return err
	}
	p.reached("named")
	err := p.exchange(p.Former, p.Data)
	if err == nil {
		return nil
	}
	if back := os.Rename(p.Former, staged); back != nil {
		return errors.Join(err, back)
	}
	return p.swapInTwo(staged)
}

// swapInTwo is for systems and disks that can't exchange two names. Between the
// steps nothing is at the data folder's place; [Interrupted] finds it then.
func (p *Plan) swapInTwo(staged string) error {
	if err := os.Rename(p.Data, p.Former); err != nil {
		return err
	}
	p.reached("between")
	if err := os.Rename(staged, p.Data); err != nil {
		return errors.Join(err, os.Rename(p.Former, p.Data))
	}
	return nil
}
