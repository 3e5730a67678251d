package main

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"path/filepath"
	"strconv"
	"syscall"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/doctor"
	"willcall/core/safetext"
	"willcall/storage"
	"willcall/storage/archive"
	"willcall/ui/console"
)

func storageTwins() []twin {
	return []twin{
		{action: core.ActStorageShow, scope: inWhole, run: showStorage},
		{action: core.ActBackup, scope: inWhole, flags: []string{"to", "with-key"}, run: makeBackup},
		{action: core.ActRestore, scope: onFolder, args: []string{"BACKUP"}, flags: []string{"key", "dry-run"}, run: restoreBackup},
	}
}

// copier copies a house's data for backups.
type copier struct{ h *house }

var _ backup.Copier = copier{}

// Place implements [backup.Copier].
func (c copier) Place() backup.Place {
	data := c.h.dir
	if abs, err := filepath.Abs(data); err == nil {
		data = abs
	}
	mails, bytes := c.h.mailbox.Size()
	return backup.Place{
		Room: c.h.store.Room(), Data: data, Folder: data + "-backups",
		Captured: backup.Captured{Mails: mails, Bytes: bytes}, Kept: keptBeside(data),
	}
}

// keptBeside counts what is kept of a data folder; none where that can't be read.
func keptBeside(data string) (kept backup.Kept) {
	formers, err := archive.Formers(data)
	if err != nil {
		return kept
	}
	for _, f := range formers {
		kept.Copies++
		kept.Bytes += f.Bytes
	}
	return kept
}

// Copy implements [backup.Copier].
func (c copier) Copy(
	ctx context.Context, o backup.Order, progress func(step backup.Step, done, all int64),
) (backup.Copied, error) {
	key, err := storage.Key(c.h.dir, c.h.random)
	if err != nil {
		return backup.Copied{}, err
	}
	// Damaged entries are copied like others, so that nothing of them is lost.
	found, err := doctor.NewService(nil, c.h.store, c.h.keys).Examine(ctx, func(entries int) {
		if entries%toldEntries == 1 {
			progress(backup.StepExamine, int64(entries), 0)
		}
	})
	if err != nil {
		return backup.Copied{}, err
	}
	at := c.Place()
	w, err := archive.Write(ctx, archive.Source{
		Data: at.Data, Key: key,
		Database: c.h.store.Copy, DatabaseBytes: at.Room.Size,
		Captured: c.h.mailbox.Copy, CapturedBytes: at.Captured.Bytes,
		Findings: len(found.Findings),
	}, archive.Order(o), func(done, all int64) { progress(backup.StepCopy, done, all) })
	return backup.Copied(w), refuseFolder(o.Folder, err)
}

// toldEntries is how many entries are examined between two words of it.
const toldEntries = 1000

// refuseFolder makes a refusal of the folder's field out of what a system says
// of a folder.
func refuseFolder(folder string, err error) error {
	var refusal *core.Error
	switch {
	case core.CodeOf(err) == core.CodeFull:
		refusal = core.RefuseField(core.CodeFull, "folder").With("sentence", "full.backup").
			With("folder", safetext.CutMiddle(folder, toldFolder))
	case core.CodeOf(err) != core.CodeInternal: // no error, or one that says more
		return err
	case errors.Is(err, archive.ErrInside):
		refusal = badFolder("inside")
	case errors.Is(err, fs.ErrPermission):
		refusal = badFolder("denied")
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		refusal = badFolder("file")
	case errors.Is(err, syscall.EROFS):
		refusal = badFolder("read-only")
	case errors.Is(err, syscall.ENAMETOOLONG), errors.Is(err, syscall.EINVAL):
		refusal = badFolder("name")
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ELOOP), errors.Is(err, syscall.ENOTSUP):
		refusal = badFolder("place")
	default:
		return err
	}
	refusal.Err = err
	return refusal
}

// toldFolder is how many cells of a folder's path a sentence has.
const toldFolder = 100

// badFolder refuses the folder of a backup; why is a key below "folder." in the
// catalogue.
func badFolder(why string) *core.Error {
	return core.RefuseField(core.CodeFolder, "folder").With("why", why)
}

// backupMoved tells consoles that a backup has come further or is over.
func (h *house) backupMoved() {
	h.bus.Publish(core.Event{Institution: core.Installation, Subject: core.Ref{Kind: core.KindBackup}})
}

// backingUp is what consoles say of the backup that is being made.
func (h *house) backingUp() *console.Backup {
	at := h.backup.Running()
	if at == nil {
		return nil
	}
	said := &console.Backup{Percent: -1, By: at.By}
	if at.All > 0 {
		said.Percent = int(100 * min(at.Done, at.All) / at.All)
	}
	return said
}

// backupAnswer is the answer of "backup".
type backupAnswer struct {
	Path    string `json:"path"`
	At      moment `json:"at"`
	Bytes   int64  `json:"bytes"`
	Files   int    `json:"files"`
	WithKey bool   `json:"with_key"`
	By      string `json:"by"`
	// Findings counts what doctor finds in it.
	Findings int `json:"findings"`

	size func(int64) string // writes bytes as the screen does
}

func backupOf(m backup.Made, size func(int64) string) backupAnswer {
	return backupAnswer{
		Path: m.Path, At: moment(m.At), Bytes: m.Bytes, Files: m.Files, WithKey: m.WithKey, By: m.By, Findings: m.Findings, size: size,
	}
}

func (a backupAnswer) rows() [][]string {
	var all facts
	all.add("backup", a.Path)
	all.add("made", a.At.String())
	all.add("size", a.size(a.Bytes))
	all.add("files", strconv.Itoa(a.Files))
	all.add("key", yes(a.WithKey))
	all.add("by", a.By)
	if a.Findings > 0 {
		all.add("findings", strconv.Itoa(a.Findings))
	}
	return all
}

func makeBackup(ctx context.Context, at *bench) (answer, error) {
	wish := backup.Wish{WithKey: at.has("with-key")}
	if at.text("to", &wish.Folder); wish.Folder != "" {
		folder, err := filepath.Abs(wish.Folder)
		if err != nil {
			return nil, err
		}
		wish.Folder = folder
	}
	bar := at.progress("command.backup.examining")
	made, err := at.backup.Make(ctx, at.req, wish, bar.ofBackup)
	bar.end()
	var refusal *core.Error
	if errors.As(err, &refusal) && refusal.Field == "folder" {
		err = at.refusedTarget(wish.Folder, refusal)
	}
	if made.Path == "" {
		return nil, err
	}
	if err == nil && made.Findings > 0 {
		err = &hint{key: "command.backup.findings", err: errInPart}
	}
	return backupOf(made, at.p.Bytes), err
}

// ofBackup tells of a backup by its steps.
func (b *progress) ofBackup(p backup.Progress) {
	key := "command.backup.examining"
	if p.Step == backup.StepCopy {
		key = "command.backup.copying"
	}
	if b.step(int(p.Step)+1, backup.Steps, key); p.Step == backup.StepCopy {
		b.percent(p.Done, p.All)
		return
	}
	b.tell(int(p.Done), math.MaxInt)
}

// refusedTarget says of the folder that was named with --to why no backup can be
// put there, or names the one that backups go to by default.
func (at *bench) refusedTarget(named string, refusal *core.Error) error {
	if named != "" {
		refusal.Field = "to"
		return refusal
	}
	if refusal.Code == core.CodeFull {
		refusal.Field = ""
		return refusal // which names the folder
	}
	return &hint{key: "command.backup.default", err: errors.New(copier{at.house}.Place().Folder + ": " + at.p.Error(refusal))}
}
