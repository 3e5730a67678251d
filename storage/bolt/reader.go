package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"time"

	"go.etcd.io/bbolt"

	"willcall/core"
)

// Reader is a store's file, opened to look at it: neither the file nor anything
// beside it is changed. Until [Reader.Close] nobody else can write to it. It is
// safe for concurrent use.
type Reader struct {
	store  *Store // without its writer
	broken error  // why the file can be checked and not be read; nil where it can
}

// OpenReader opens the file at path, which must be there, as [Open] does, with
// the same errors. What Open refuses as damaged for pages that lead to others is
// opened to be checked. Of the options it uses LockWait and Accept, which isn't
// asked of such a file.
func OpenReader(ctx context.Context, path string, options Options) (*Reader, error) {
	options = options.withDefaults()
	broken := inspect(ctx, path, options)
	if broken != nil && !errors.Is(broken, core.ErrDamaged) {
		return nil, fmt.Errorf("open the store to read it: %w", broken)
	}
	db, err := openWhenFree(ctx, path, options.LockWait, bbolt.Options{Timeout: time.Nanosecond, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("open the store to read it: %w", err)
	}
	if broken == nil {
		err = recognise(ctx, db, path, options.Accept)
	}
	if err != nil {
		return nil, fmt.Errorf("open the store to read it: %w", errors.Join(err, db.Close()))
	}
	file, err := os.Open(path) //nolint:gosec // the caller's own choice of file
	if err != nil {
		return nil, fmt.Errorf("open the store to read it: %w", errors.Join(err, db.Close()))
	}
	pageSize := int64(db.Info().PageSize)
	return &Reader{store: &Store{db: db, path: path, metas: file, room: &room{page: pageSize}}, broken: broken}, nil
}

// View is [Store.View]. It fails with [core.ErrDamaged] where the pages that lead
// to others are damaged.
func (r *Reader) View(ctx context.Context, fn func(core.View) error) error {
	if r.broken != nil {
		return fmt.Errorf("view: %w", r.broken)
	}
	return r.store.View(ctx, fn)
}

// Check is [Store.Check].
func (r *Reader) Check(ctx context.Context, report func(error)) error {
	w := pageWalk{ctx: ctx, pageSize: r.store.room.page, report: report}
	err := w.newest(r.store.metas)
	if err == nil {
		err = w.run()
	}
	if err != nil {
		return fmt.Errorf("check the store: %w", err)
	}
	return nil
}

// Header is [Store.Header].
func (r *Reader) Header() []int { return r.store.Header() }

// Projected is the version of a projection in the file, 0 for none, as
// [Store.Project] left it.
func (r *Reader) Projected(ctx context.Context, name string) (version uint64, err error) {
	err = r.View(ctx, func(v core.View) (err error) {
		defer damaged(&err)
		own, _ := v.(*view)
		b := own.tx.Bucket([]byte(projectionBucket))
		if b == nil {
			return nil
		}
		if raw := b.Get([]byte(name)); len(raw) == 8 {
			version = binary.BigEndian.Uint64(raw)
		}
		return nil
	})
	return version, err
}

// Close lets go of the file.
func (r *Reader) Close() error {
	if err := errors.Join(r.store.db.Close(), r.store.metas.Close()); err != nil {
		return fmt.Errorf("close the store: %w", err)
	}
	return nil
}
