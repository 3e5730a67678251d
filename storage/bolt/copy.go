package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"

	"willcall/core"
)

const (
	rawSuffix  = ".raw"
	partSuffix = ".part"

	copyChunk   = 1 << 20 // between two looks at the context
	commitBytes = 8 << 20 // what one transaction of a compaction takes
)

// Copy writes one state of the store into a new file at path, readable by its
// owner only, while the store is used: compacted, since a plain copy of the
// pages still holds what was deleted, and checked. It is made beside path and
// renamed when it is on disk; on failure, and where ctx ends, nothing is left.
// It needs twice the store's size meanwhile. progress hears, from this
// goroutine, how much of the work is done, in bytes; nil for nobody. Copy fails with
// [fs.ErrExist] where path exists, with [core.ErrFull] without room, and with
// [core.ErrDamaged] where the store doesn't hold together.
func (s *Store) Copy(ctx context.Context, path string, progress func(done, of int64)) error {
	if err := s.copyTo(ctx, path, progress); err != nil {
		return fmt.Errorf("copy the store to %s: %w", path, MarkFull(err))
	}
	return nil
}

func (s *Store) copyTo(ctx context.Context, path string, progress func(done, of int64)) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return os.ErrExist
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	raw, part := path+rawSuffix, path+partSuffix
	if err := removeAll(raw, part); err != nil { // what a killed process left
		return err
	}
	defer func() { err = errors.Join(err, removeAll(raw, part)) }()
	steps := newCopySteps(ctx, progress)
	if err := guarded(s.path, func() error { return s.copyPages(steps, raw) }); err != nil {
		return err
	}
	if err := guarded(raw, func() error { return compact(steps, raw, part) }); err != nil {
		return err
	}
	if err := guarded(part, func() error { return checkFile(ctx, part) }); err != nil {
		return err
	}
	steps.add(0, true)
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(path))
}

// removeAll removes files that may be there.
func removeAll(paths ...string) error {
	var errs []error
	for _, path := range paths {
		if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// copySteps counts the bytes that were copied, once as pages and once as
// records, and ends the work with its context.
type copySteps struct {
	ctx      context.Context
	tell     func(done, of int64)
	done, of int64
	told     int64
}

func newCopySteps(ctx context.Context, tell func(done, of int64)) *copySteps {
	if tell == nil {
		tell = func(_, _ int64) {}
	}
	return &copySteps{ctx: ctx, tell: tell}
}

// add counts n bytes. Where more was done than was thought, the rest is a
// little late; last tells that all is done.
func (c *copySteps) add(n int64, last bool) {
	c.done = min(c.done+n, c.of)
	if last {
		c.done = c.of
	}
	if c.done-c.told >= copyChunk || last {
		c.told = c.done
		c.tell(c.done, c.of)
	}
}

// countingWriter writes in chunks that the context can come between.
type countingWriter struct {
	to    io.Writer
	steps *copySteps
}

// Write implements [io.Writer].
func (w countingWriter) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		if err := w.steps.ctx.Err(); err != nil {
			return n, err
		}
		written, err := w.to.Write(p[:min(len(p), copyChunk)])
		n += written
		w.steps.add(int64(written), false)
		if err != nil {
			return n, err
		}
		p = p[written:]
	}
	return n, nil
}

// copyPages writes the pages of one state as they are. Pages that are freed
// meanwhile can't be used again, so the transaction does nothing else.
func (s *Store) copyPages(steps *copySteps, path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode) //nolint:gosec // the caller's own choice of file
	if err != nil {
		return err
	}
	tx, err := s.begin(false)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	defer s.release(tx)
	steps.of = 2 * tx.Size()
	_, err = tx.WriteTo(countingWriter{file, steps})
	return errors.Join(err, file.Close())
}

// compact copies the records of the file raw into a new file. bbolt has such a
// function too, which can't be ended early.
func compact(steps *copySteps, raw, part string) error {
	from, err := openGuarded(raw, bbolt.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	return from.View(func(tx *bbolt.Tx) error { return copyRecords(steps, tx, part, remake{}) })
}

// copyRecords writes the records of a state into a new file, as into makes them.
// The file is on disk afterwards. A state that bbolt would read less from than
// there is, or without end, is not copied.
func copyRecords(steps *copySteps, from *bbolt.Tx, part string, into remake) error {
	if err := firstFault(steps.ctx, from, pageWalk{leaky: true}); err != nil {
		return err
	}
	to, err := bbolt.Open(part, fileMode, &bbolt.Options{NoSync: true, NoGrowSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return err
	}
	c := &compaction{steps: steps, to: to, change: into.change}
	err = from.ForEach(c.bucket)
	for _, a := range into.additions {
		if err == nil {
			err = c.add(a)
		}
	}
	return errors.Join(err, c.end(err), to.Sync(), to.Close())
}

// compaction is a file being filled, a transaction at a time.
type compaction struct {
	steps *copySteps
	to    *bbolt.DB
	tx    *bbolt.Tx
	size  int // what the transaction wrote
	// change makes other values; nil where they stay.
	change Change
}

func (c *compaction) bucket(name []byte, from *bbolt.Bucket) error {
	if c.change != nil && string(name) == projectionBucket {
		return nil // derived from what is another thing now
	}
	var to *bbolt.Bucket
	err := c.turn()
	if err == nil {
		to, err = c.tx.CreateBucket(name)
	}
	if err != nil {
		return err
	}
	return from.ForEach(func(key, value []byte) error {
		before := c.tx
		if err := c.turn(); err != nil {
			return err
		}
		if c.tx != before {
			to = c.tx.Bucket(name)
		}
		c.steps.add(int64(len(key)+len(value)), false)
		if value, err = c.changed(name, key, value); value == nil || err != nil {
			return err
		}
		to.FillPercent = 1 // keys come in order
		c.size += len(key) + len(value)
		return to.Put(key, value)
	})
}

// add writes an addition where nothing is.
func (c *compaction) add(a Addition) error {
	if err := c.turn(); err != nil {
		return err
	}
	to, err := c.tx.CreateBucketIfNotExists([]byte(a.Space))
	if err != nil || to.Get(a.Key) != nil {
		return err
	}
	return to.Put(a.Key, a.Value)
}

// changed is what becomes of a value, nil for nothing. The engine's own buckets
// stay as they are.
func (c *compaction) changed(bucket, key, value []byte) ([]byte, error) {
	if c.change == nil || len(bucket) > 0 && bucket[0] == 0 {
		return value, nil
	}
	return c.change(core.Space(bucket), key, value)
}

// turn begins a transaction where there is none or the last one is full.
func (c *compaction) turn() (err error) {
	if err := c.steps.ctx.Err(); err != nil {
		return err
	}
	if c.tx != nil && c.size < commitBytes {
		return nil
	}
	if err := c.end(nil); err != nil {
		return err
	}
	c.size = 0
	c.tx, err = c.to.Begin(true)
	return err
}

// end commits the last transaction, or gives it up.
func (c *compaction) end(failed error) error {
	tx := c.tx
	c.tx = nil
	switch {
	case tx == nil:
		return nil
	case failed != nil:
		return tx.Rollback()
	}
	return tx.Commit()
}

// CheckFile reads all of a store that nobody has open, examines its pages, and
// changes nothing. It fails as [Open] does where the file can't be opened, and
// with [core.ErrDamaged], naming the first fault, where it doesn't hold together.
func CheckFile(ctx context.Context, path string) error {
	if err := inspect(ctx, path, Options{}.withDefaults()); err != nil {
		return fmt.Errorf("check the store: %w", err)
	}
	if err := guarded(path, func() error { return checkFile(ctx, path) }); err != nil {
		return fmt.Errorf("check the store %s: %w", path, err)
	}
	return nil
}

// Look hands accept the store in a file that nobody has open, as [Open] does, and
// changes nothing. It fails as Open does, and with accept's error.
func Look(ctx context.Context, path string, accept func(core.View) error) error {
	options := Options{}.withDefaults()
	if err := inspect(ctx, path, options); err != nil {
		return fmt.Errorf("look into the store: %w", err)
	}
	db, err := openWhenFree(ctx, path, options.LockWait, bbolt.Options{Timeout: time.Nanosecond, ReadOnly: true})
	if err == nil {
		err = errors.Join(recognise(ctx, db, path, accept), db.Close())
	}
	if err != nil {
		return fmt.Errorf("look into the store: %w", err)
	}
	return nil
}

func checkFile(ctx context.Context, path string) error {
	db, err := openGuarded(path, bbolt.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	err = db.View(func(tx *bbolt.Tx) error { return firstFault(ctx, tx, pageWalk{}) })
	return errors.Join(err, db.Close())
}

// guarded turns the faults and panics of bbolt on a broken file into an error.
func guarded(path string, fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("%s: %w: %v", path, core.ErrDamaged, broken)
		}
	}()
	return fn()
}
