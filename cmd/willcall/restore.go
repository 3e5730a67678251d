package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strconv"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/operators"
	"willcall/storage"
	"willcall/storage/archive"
)

// restoreAnswer is the answer of "restore". With --dry-run nothing was changed,
// and sessions and mails are not counted.
type restoreAnswer struct {
	Backup   string `json:"backup"`
	Made     moment `json:"made"`
	Bytes    int64  `json:"bytes"`
	Data     string `json:"data"`
	Former   string `json:"former,omitempty"`
	DryRun   bool   `json:"dry_run"`
	Findings int    `json:"findings"` // what doctor found when the backup was made
	Sessions int    `json:"sessions_ended"`
	Mails    int    `json:"mails_cancelled"`

	note string
	size func(int64) string // writes bytes as the screen does
}

func (a restoreAnswer) rows() [][]string {
	var all facts
	all.add("backup", a.Backup)
	all.add("made", a.Made.String())
	all.add("size", a.size(a.Bytes))
	all.add("data", a.Data)
	all.add("former data", a.Former)
	if a.Findings > 0 {
		all.add("findings", strconv.Itoa(a.Findings))
	}
	if !a.DryRun {
		all.add("sessions ended", strconv.Itoa(a.Sessions))
		all.add("mails cancelled", strconv.Itoa(a.Mails))
	}
	return append(all, []string{}, []string{a.note})
}

func restoreBackup(ctx context.Context, at *bench) (answer, error) {
	bar := at.progress("command.restore.verifying")
	defer bar.end()
	if !at.has("dry-run") {
		bar.step(1, 2, "command.restore.verifying")
	}
	plan, err := archive.NewPlan(ctx, at.args[0], at.folder(), at.value("key"), core.SystemWall(), bar.bytes)
	if err != nil {
		return nil, restoreHint(at, err)
	}
	a := restoreAnswer{
		Backup: plan.Backup.Path, Made: moment(plan.Backup.Made), Bytes: plan.Backup.Bytes(), Data: plan.Data,
		Former: plan.Former, DryRun: at.has("dry-run"), note: at.p.T("command.restore.dry"),
		Findings: plan.Backup.Findings, size: at.p.Bytes,
	}
	if a.Findings > 0 {
		a.note = at.p.T("command.restore.dry-findings")
	}
	if a.DryRun {
		return a, nil
	}
	bar.step(2, 2, "command.restore.copying")
	var revived backup.Revived
	done, err := plan.Run(ctx, func(ctx context.Context, dir string) (err error) {
		revived, err = restored(ctx, dir, at.req, plan)
		return err
	}, bar.bytes)
	if err != nil {
		return nil, restoreHint(at, err)
	}
	a.Former, a.Sessions, a.Mails = done.Former, revived.Sessions, revived.Mails
	a.note = at.p.T("command.restore.made")
	if a.Former != "" {
		a.note = at.p.T("command.restore.kept")
	}
	if a.Findings > 0 {
		a.note += " " + at.p.T("command.restore.findings")
	}
	return a, nil
}

// restored opens the data that came out of a backup, which migrates it, and
// voids there what must not come back.
func restored(ctx context.Context, dir string, req core.Request, plan *archive.Plan) (r backup.Revived, err error) {
	h, err := openHouse(ctx, options{
		dir: dir, wall: core.SystemWall, random: rand.Reader, cost: operators.DefaultCost(), log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	b := plan.Backup
	from := backup.Made{Path: b.Path, At: b.Made, Bytes: b.Bytes(), Files: len(b.Files), Findings: b.Findings}
	return h.backup.Restored(ctx, req, from, h.mailbox.Entries())
}

// restoreHint says what to do about a backup that is refused.
func restoreHint(at *bench, err error) error {
	var room *storage.NoRoomError
	switch {
	case errors.As(err, &room):
		return errors.New(at.p.T("command.restore.full",
			"path", at.folder(), "need", at.p.BytesNeeded(room.Need), "more", at.p.BytesNeeded(room.Need-room.Free)))
	case errors.Is(err, archive.ErrNone):
		return &hint{key: "command.restore.none", err: err}
	case errors.Is(err, archive.ErrNewer):
		return &hint{key: "command.restore.newer", err: err}
	case errors.Is(err, archive.ErrChanged):
		return &hint{key: "command.restore.changed", err: err}
	case errors.Is(err, archive.ErrKey):
		return &hint{key: "command.restore.key", err: err}
	case errors.Is(err, archive.ErrForeign), errors.Is(err, archive.ErrNested), errors.Is(err, archive.ErrNoFolder):
		return &hint{key: "command.restore.place", err: err}
	case errors.Is(err, archive.ErrMount):
		return &hint{key: "command.restore.mount", err: err}
	case errors.Is(err, archive.ErrAbove):
		return &hint{key: "command.restore.above", err: err}
	case errors.Is(err, archive.ErrInside):
		return &hint{key: "command.restore.inside", err: err}
	case errors.Is(err, archive.ErrUsed):
		return &hint{key: "command.restore.used", err: err}
	}
	return err
}
