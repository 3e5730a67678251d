package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/doctor"
	"willcall/core/safetext"
	"willcall/mailer/capture"
	"willcall/storage"
)

// repair saves what damaged pages hold, and mends what can be mended of it.
func (d *visit) repair(ctx context.Context) error {
	r, _, err := storage.Inspect(ctx, d.dir)
	if err != nil {
		return d.beyond(err)
	}
	if err := errors.Join(d.pages(ctx, r), r.Close()); err != nil {
		return err
	}
	if len(d.a.Pages) > 0 {
		if err := d.salvage(ctx); err != nil || d.a.Saved == nil {
			return errors.Join(err, d.mail(ctx))
		}
	}
	h, err := d.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(d.mend(ctx, h), h.close())
}

// salvage puts what can be read of the database in its place. Where that is too
// little everything stays as it is.
func (d *visit) salvage(ctx context.Context) error {
	kept := d.keepAs()
	bar := d.progress("command.doctor.salvage")
	saved, err := storage.Salvage(ctx, d.dir, kept, doctor.Usable, bar.bytes)
	bar.end()
	var room *storage.NoRoomError
	switch {
	case errors.Is(err, storage.ErrBeyond):
		d.a.Beyond = true
		return nil
	case errors.As(err, &room):
		return errors.New(d.p.T("command.doctor.full",
			"path", d.dir, "need", d.p.BytesNeeded(room.Need), "more", d.p.BytesNeeded(room.Need-room.Free)))
	case err != nil:
		return err
	}
	d.a.Saved, d.a.Kept = &saved, kept
	return nil
}

// keepAs is a name for the database as it was.
func (d *visit) keepAs() string {
	now := storage.Stamp(core.SystemWall())
	return storage.Unused(filepath.Join(d.dir, storage.DatabaseName+".before-repair-"+now))
}

// open opens the store to mend it, of whichever schema, and brings what is
// derived up to date.
func (d *visit) open(ctx context.Context) (h *house, err error) {
	h = d.quiet()
	bar := d.progress("opening.progress")
	accept := opensSeals(d.keys, filepath.Join(d.dir, storage.KeyName))
	h.store, err = storage.Open(ctx, d.dir, storage.Options{Accept: accept, Progress: bar.bytes, Migrated: func(kept string) {
		bar.end()
		say(d.s.err, d.p.T("opening.migrated", "path", safetext.Line(kept)))
	}})
	if err != nil {
		return nil, err
	}
	h.atEnd(h.store.Close)
	if err := h.store.Project(ctx, contacts.Projection()); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// mend mends the captured mail, the file's header and what the store holds.
func (d *visit) mend(ctx context.Context, h *house) error {
	kept, err := capture.Mend(ctx, filepath.Join(d.dir, storage.CapturedName))
	d.a.KeptMail = append(d.a.KeptMail, kept...)
	if err != nil {
		return err
	}
	if err := d.mail(ctx); err != nil {
		return err
	}
	if len(d.a.Header) > 0 {
		if err := h.store.MendHeader(ctx); err != nil {
			return err
		}
		d.a.HeaderMended = true
	}
	return d.counted(func(tell func(int)) error {
		found, err := doctor.NewService(nil, h.store, h.keys).Examine(ctx, tell)
		if err == nil && found.Mendable() {
			found, err = d.mendEntries(ctx, h, tell)
		}
		d.a.take(found)
		return err
	})
}

// mendEntries keeps a copy of the database, where there is none yet, and mends
// what it holds.
func (d *visit) mendEntries(ctx context.Context, h *house, tell func(entries int)) (left doctor.Found, err error) {
	if err := d.keep(ctx, h); err != nil {
		return left, err
	}
	if h.clock, err = core.OpenClock(ctx, h.store, core.SystemWall); err != nil {
		return left, err
	}
	h.desk = h.newDesk(h.clock)
	d.a.Mended, left, err = doctor.NewService(h.desk, h.store, h.keys).Repair(ctx, d.req, tell)
	return left, err
}

func (d *visit) keep(ctx context.Context, h *house) error {
	if d.a.Kept != "" {
		return nil
	}
	kept := d.keepAs()
	bar := d.progress("command.backup.progress")
	err := h.store.Copy(ctx, kept, bar.bytes)
	bar.end()
	if err != nil {
		return fmt.Errorf("keep a copy of the database: %w", err)
	}
	d.a.Kept = kept
	return nil
}
