package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"path/filepath"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/doctor"
	"willcall/core/record"
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

// visit is that of the doctor to a data folder that nobody has open: to the pages
// of the database, what they hold, and the captured mail.
type visit struct {
	*bench
	dir  string
	keys *secret.Keys
	a    *doctorAnswer
}

// runDoctor looks, and changes nothing in the folder but with --repair.
func runDoctor(ctx context.Context, at *bench) (answer, error) {
	d, err := at.newVisit()
	if err != nil {
		return nil, err
	}
	if d.has("repair") {
		err = d.repair(ctx)
	} else {
		err = d.look(ctx)
	}
	if err != nil {
		return nil, err
	}
	return d.a, d.a.verdict()
}

// newVisit refuses a folder without data, or without its key.
func (at *bench) newVisit() (*visit, error) {
	d := &visit{bench: at, dir: at.folder()}
	if err := holdsData(d.dir); err != nil {
		return nil, err
	}
	key, err := storage.Key(d.dir, rand.Reader)
	if err != nil {
		return nil, err
	}
	if d.keys, err = secret.NewKeys(key); err != nil {
		return nil, err
	}
	data, err := filepath.Abs(d.dir)
	if err != nil {
		return nil, err
	}
	d.a = newDoctorAnswer(at.p, data)
	return d, nil
}

// look examines without writing. Of a database whose pages are damaged nothing
// else is looked at: what it holds can't be trusted.
func (d *visit) look(ctx context.Context) error {
	r, older, err := storage.Inspect(ctx, d.dir)
	if err != nil {
		return d.beyond(err)
	}
	err = errors.Join(d.pages(ctx, r), d.mail(ctx))
	switch {
	case err != nil || len(d.a.Pages) > 0:
	case older:
		err = &hint{key: "command.doctor.older", err: errors.New(d.a.Data)}
	default:
		err = d.entries(ctx, r)
	}
	return errors.Join(err, r.Close())
}

// beyond says of a database in which nothing can be found any more, since both
// copies of its header are broken, that nobody can mend it.
func (d *visit) beyond(err error) error {
	var refused *storage.Refusal
	if errors.As(err, &refused) && refused.Reason == storage.ReasonDamaged {
		return &hint{key: "command.doctor.beyond", err: errors.New(d.a.Data)}
	}
	return err
}

// pages looks at the file.
func (d *visit) pages(ctx context.Context, r *storage.Reader) error {
	d.a.Header = append(d.a.Header, r.Header()...)
	return r.Check(ctx, noted(&d.a.Pages))
}

func (d *visit) mail(ctx context.Context) error {
	return capture.Check(ctx, filepath.Join(d.dir, storage.CapturedName), noted(&d.a.Captured))
}

// noted keeps the texts of errors in a list.
func noted(list *[]string) func(error) {
	return func(err error) { *list = append(*list, err.Error()) }
}

// entries looks at what the file holds. What is derived from it counts where this
// program derived it.
func (d *visit) entries(ctx context.Context, r *storage.Reader) error {
	service, derived := doctor.NewService(nil, r, d.keys), contacts.Projection()
	version, err := r.Projected(ctx, derived.Name())
	if err != nil {
		return err
	}
	if version != derived.Version() {
		service = service.Underived()
	}
	return d.counted(func(tell func(int)) error {
		found, err := service.Examine(ctx, tell)
		d.a.take(found)
		return err
	})
}

// tellEvery is how many entries are looked at between two looks at the clock.
const tellEvery = 4096

// counted shows how many entries fn has looked at.
func (d *visit) counted(fn func(tell func(entries int)) error) error {
	bar := d.progress("command.doctor.progress")
	defer bar.end()
	return fn(func(entries int) {
		if entries%tellEvery == 0 {
			bar.tell(entries, entries)
		}
	})
}

// quiet is a house of which nothing but the store is open: other parts would mend
// on their way what is to be told.
func (d *visit) quiet() *house {
	return &house{dir: d.dir, random: rand.Reader, keys: d.keys, log: slog.New(slog.DiscardHandler)}
}
