package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/storage"
	"willcall/ui/text"
)

// openFolder opens the data folder of a command or the console, with its log,
// and tells of a migration.
func openFolder(ctx context.Context, p text.Printer, s streams, o options) (*house, error) {
	log, closeLog, err := openLog(o.dir)
	if err != nil {
		return nil, err
	}
	o.log = log
	bar := newProgress(s.err, p, "opening.progress", core.SystemWall)
	o.storage.Progress = bar.bytes
	o.storage.Migrated = func(kept string) {
		bar.end()
		log.Info("the database was migrated; the former one can be deleted when all is well", "kept", kept)
		say(s.err, p.T("opening.migrated", "path", safetext.Line(kept)))
	}
	h, err := openHouse(ctx, o)
	if err != nil {
		return nil, errors.Join(err, closeLog())
	}
	h.ends = append([]func() error{closeLog}, h.ends...)
	return h, nil
}

// openLog opens the program's log in the data folder: the screen is the
// console's. It fails as [storage.Open] does where the folder can't be used.
func openLog(dir string) (*slog.Logger, func() error, error) {
	if err := storage.Prepare(dir); err != nil {
		return nil, nil, &hint{key: "command.folder", err: err}
	}
	path := filepath.Join(dir, "willcall.log")
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // the data folder is the user's choice
	if err != nil {
		return nil, nil, &hint{key: "command.folder", err: storage.Refused(path, fmt.Errorf("open the log: %w", err))}
	}
	handler := slog.NewJSONHandler(file, &slog.HandlerOptions{ReplaceAttr: cleanAttr})
	return slog.New(handler), file.Close, nil
}

// cleanAttr keeps what a terminal would obey out of the log: the standard
// encoder leaves C1 and bidi controls as they are.
func cleanAttr(_ []string, a slog.Attr) slog.Attr {
	if kind := a.Value.Kind(); kind == slog.KindString {
		return slog.String(a.Key, safetext.JSON(a.Value.String()))
	} else if kind == slog.KindAny {
		return slog.String(a.Key, safetext.JSON(fmt.Sprint(a.Value.Any())))
	}
	return a
}
