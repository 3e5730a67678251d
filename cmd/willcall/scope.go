package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"

	"willcall/core"
	"willcall/core/operators"
	"willcall/storage"
	"willcall/storage/archive"
)

// scope is what a command is about, and so what is opened before it runs.
type scope struct {
	flags []string // that every command of this scope takes
	open  func(ctx context.Context, at *bench, t twin) error
}

// inPlace commands are about an institution and an organisation in it.
func inPlace() scope {
	return scope{flags: []string{"data", "institution", "organisation", "json"}, open: func(ctx context.Context, at *bench, t twin) error {
		if err := at.open(ctx); err != nil {
			return err
		}
		if err := at.settle(ctx, t); err != nil {
			return errors.Join(err, at.close())
		}
		return nil
	}}
}

// inWhole commands are about all that a data folder holds.
func inWhole() scope {
	return scope{flags: []string{"data", "json"}, open: func(ctx context.Context, at *bench, _ twin) error {
		return at.open(ctx)
	}}
}

// onFolder commands work on a data folder that nobody has open.
func onFolder() scope {
	return scope{flags: []string{"data", "json"}, open: func(_ context.Context, at *bench, _ twin) error {
		at.identify()
		return nil
	}}
}

// folder is the data folder that a command is about.
func (at *bench) folder() string {
	dir := filepath.Join(xdg.DataHome, "willcall")
	at.text("data", &dir)
	return dir
}

// interrupted tells of a restore that was killed where the data folder is away.
func interrupted(dir string) error {
	if former, found := archive.Interrupted(dir); found {
		return &hint{key: "command.restore.interrupted", err: errors.New(former)}
	}
	return nil
}

// holdsData refuses a folder in which no command would find anything.
func holdsData(dir string) error {
	if err := errors.Join(interrupted(dir), storage.Lost(dir)); err != nil {
		return err
	}
	if _, err := os.Lstat(filepath.Join(dir, storage.DatabaseName)); errors.Is(err, fs.ErrNotExist) {
		return &hint{key: "command.no-data", err: errors.New(dir)}
	}
	return nil
}

// identify makes the local user the one who acts.
func (at *bench) identify() { at.req.Actor = core.Actor{Kind: core.ActorLocal, Name: localName()} }

// open opens the data folder.
func (at *bench) open(ctx context.Context) error {
	at.identify()
	dir := at.folder()
	if err := holdsData(dir); err != nil {
		return err
	}
	h, err := openFolder(ctx, at.p, at.s, options{dir: dir, wall: core.SystemWall, random: rand.Reader, cost: operators.DefaultCost()})
	var locked *storage.LockedError
	if errors.As(err, &locked) {
		err = &hint{key: "command.in-use", err: locked}
	}
	if err != nil {
		return err
	}
	at.house = h
	return nil
}
