package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/doctor"
	"willcall/core/record"
	"willcall/core/safetext"
	"willcall/core/secret"
	"willcall/mailer/capture"
	"willcall/storage"
)

// errInPart is a command that did a part of what it was asked to do.
var errInPart = errors.New("done in part")

func doctorTwins() []twin {
	return []twin{{action: core.ActDoctor, scope: onFolder, flags: []string{"repair"}, run: runDoctor}}
}

// examine looks for what is wrong with what the house's store holds.
func (h *house) examine(ctx context.Context) ([]record.Finding, error) {
	found, err := doctor.NewService(h.desk, h.store, h.keys).Examine(ctx, func(int) {})
	return found.Findings, err
}

// runDoctor examines a data folder that nobody has open: the pages of the
// database, what they hold, and the captured mail. Only --repair changes
// anything.
func runDoctor(ctx context.Context, at *bench) (answer, error) {
	h, err := at.openForDoctor(ctx)
	if err != nil {
		return nil, err
	}
	a, err := at.visit(ctx, h)
	return a, errors.Join(err, h.close())
}

// visit runs the examinations in turn. A database whose pages are damaged isn't
// looked into: what it holds can't be trusted, nor is it written to.
func (at *bench) visit(ctx context.Context, h *house) (answer, error) {
	data, err := filepath.Abs(h.dir)
	if err != nil {
		return nil, err
	}
	a := newDoctorAnswer(at.p, data)
	note := func(list *[]string) func(error) {
		return func(err error) { *list = append(*list, err.Error()) }
	}
	captured := filepath.Join(h.dir, storage.CapturedName)
	if at.has("repair") {
		if a.KeptMail, err = capture.Mend(ctx, captured); err != nil {
			return nil, err
		}
	}
	if err := capture.Check(ctx, captured, note(&a.Captured)); err != nil {
		return nil, err
	}
	if err := h.store.Check(ctx, note(&a.Pages)); err != nil {
		return nil, err
	}
	if len(a.Pages) > 0 {
		return a, a.verdict()
	}
	if err := h.store.Project(ctx, contacts.Projection()); err != nil {
		return nil, err
	}
	bar := newProgress(at.s.err, at.p, "command.doctor.progress", core.SystemWall)
	tell := func(entries int) {
		if entries%tellEvery == 0 {
			bar.tell(entries, entries)
		}
	}
	found, err := doctor.NewService(nil, h.store, h.keys).Examine(ctx, tell)
	if err == nil && at.has("repair") && mendable(found) {
		found, err = at.repair(ctx, h, a, tell)
	}
	bar.end()
	if err != nil {
		return nil, err
	}
	a.take(found)
	return a, a.verdict()
}

// tellEvery is how many entries are looked at between two looks at the clock.
const tellEvery = 4096

func mendable(found doctor.Found) bool {
	for _, f := range found.Findings {
		if f.Mend != nil {
			return true
		}
	}
	return false
}

// repair keeps a copy of the database and mends it.
func (at *bench) repair(ctx context.Context, h *house, a *doctorAnswer, tell func(entries int)) (doctor.Found, error) {
	kept := unused(filepath.Join(h.dir, storage.DatabaseName+".before-repair-"+core.SystemWall().UTC().Format("2006-01-02-150405")))
	bar := newProgress(at.s.err, at.p, "command.backup.progress", core.SystemWall)
	err := h.store.Copy(ctx, kept, bar.bytes)
	bar.end()
	if err != nil {
		return doctor.Found{}, fmt.Errorf("keep a copy of the database: %w", err)
	}
	a.Kept = kept
	if h.clock, err = core.OpenClock(ctx, h.store, core.SystemWall); err != nil {
		return doctor.Found{}, err
	}
	h.desk = h.newDesk(h.clock)
	mended, left, err := doctor.NewService(h.desk, h.store, h.keys).Repair(ctx, at.req, tell)
	a.Mended = mended
	return left, err
}

// unused is path, or path with a number where several are made in a second.
func unused(path string) string {
	name := path
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); err != nil {
			return name
		}
		name = fmt.Sprintf("%s-%d", path, n)
	}
}

// openForDoctor opens what is examined, and writes nothing that opening doesn't
// need: other parts of a house would mend on their way what is to be told.
func (at *bench) openForDoctor(ctx context.Context) (h *house, err error) {
	dir := at.folder()
	if err := interrupted(dir); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, storage.DatabaseName)); errors.Is(err, fs.ErrNotExist) {
		return nil, &hint{key: "command.no-data", err: errors.New(dir)}
	}
	h = &house{dir: dir, random: rand.Reader, log: slog.New(slog.DiscardHandler)}
	key, err := storage.Key(dir, h.random)
	if err != nil {
		return nil, err
	}
	if h.keys, err = secret.NewKeys(key); err != nil {
		return nil, err
	}
	bar := newProgress(at.s.err, at.p, "opening.progress", core.SystemWall)
	h.store, err = storage.Open(ctx, dir, storage.Options{Progress: bar.bytes, Migrated: func(kept string) {
		bar.end()
		say(at.s.err, at.p.T("opening.migrated", "path", safetext.Line(kept)))
	}})
	if err != nil {
		return nil, err
	}
	h.atEnd(h.store.Close)
	return h, nil
}
