package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"willcall/core"
	"willcall/core/drafts"
	"willcall/core/mail"
	"willcall/core/record"
	"willcall/core/safetext"
	"willcall/core/secret"
	"willcall/storage"
	"willcall/storage/archive"
	"willcall/ui/text"
)

// logName is the program's log within the data folder.
const logName = "willcall.log"

// openFolder opens the data folder of a command or the console, with its log,
// and tells of a migration, and of a restore that was cut off. A log that can't be written, such as on a full disk,
// is no reason to stay closed.
func openFolder(ctx context.Context, p text.Printer, s streams, o options) (*house, error) {
	if err := storage.Prepare(o.dir); err != nil {
		return nil, err
	}
	log, closeLog, unlogged := openLog(o.dir)
	if unlogged != nil {
		log, closeLog = slog.New(slog.DiscardHandler), func() error { return nil }
	}
	o.log, o.words = log, p.Catalogue()
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
	if unlogged != nil {
		say(s.err, p.T("opening.log", "path", safetext.Line(filepath.Join(o.dir, logName))))
	}
	if path, found := archive.Misnamed(o.dir); found {
		log.Warn("what a restore left that was cut off before it changed anything", "path", path)
		say(s.err, p.T("opening.misnamed", "path", safetext.Line(path)))
	}
	h.ends = append([]func() error{closeLog}, h.ends...)
	return h, nil
}

// refusedText says why a data folder is not opened, and what to do next.
func refusedText(p text.Printer, r *storage.Refusal) string {
	pairs := []string{"path", r.Path}
	if room := (*storage.NoRoomError)(nil); errors.As(r.Err, &room) {
		pairs = append(pairs, "need", p.BytesNeeded(room.Need), "more", p.BytesNeeded(room.Need-room.Free))
	}
	return p.T("opening."+string(r.Reason), pairs...)
}

// opensSeals looks at a store that doesn't know its key yet: where something is
// sealed and the key at path opens nothing of it, it is another's. A seal that
// alone doesn't open is damaged, and doctor's to tell.
func opensSeals(keys *secret.Keys, path string) func(core.View) error {
	return func(v core.View) error {
		none, err := secret.NewKeys(make([]byte, secret.KeySize))
		if err != nil {
			return err
		}
		all, err := unopened(v, none)
		if err != nil || all == 0 {
			return err
		}
		if closed, err := unopened(v, keys); err != nil || closed < all {
			return err
		}
		return &storage.Refusal{
			Reason: storage.ReasonKeyOther, Path: path, Err: fmt.Errorf("it opens none of %d seals: %w", all, storage.ErrKeyFile),
		}
	}
}

// unopened counts what keys don't open.
func unopened(v core.View, keys *secret.Keys) (n int, err error) {
	count := func(record.Finding) error { n++; return nil }
	return n, errors.Join(mail.ExamineSeals(v, keys, count), drafts.ExamineSeals(v, keys, count))
}

// openLog opens the program's log in the data folder: the screen is the
// console's. It fails as [storage.Open] does where the folder can't be used.
func openLog(dir string) (*slog.Logger, func() error, error) {
	if err := storage.Prepare(dir); err != nil {
		return nil, nil, &hint{key: "command.folder", err: err}
	}
	path := filepath.Join(dir, logName)
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
