package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	boltErrors "go.etcd.io/bbolt/errors"

	"willcall/core"
)

const (
	fileMode  = 0o600
	lockRetry = 50 * time.Millisecond

	// Where bbolt keeps the magic number of a meta page, and how long pages may
	// be.
	magicOffset = 16
	magic       = 0xED0CDAED
	leastPage   = 1 << 10
	mostPage    = 1 << 16
)

// Options of [Open]. The zero value is right for a running program.
type Options struct {
	// LockWait is how long to wait for another process to let go; 0 is 2 s.
	LockWait time.Duration
	// InitialMap is how much address space is mapped from the start, in bytes;
	// 0 is 1 GiB. Growing beyond it waits for all readers, and those that come
	// wait meanwhile.
	InitialMap int
	// MaxSize limits the file, in bytes; 0 is 8 GiB. Beyond it updates fail
	// with [core.ErrFull].
	MaxSize int
	// Reserve is the size of the file kept beside the store, to be given up
	// when the disk is full, in bytes; 0 is 32 MiB, or none with NoSync. Less
	// than 0 is none, and there is none while the disk has less than twice as
	// much. It is also how much is kept below MaxSize.
	Reserve int64
	// Accept looks at the store before anything in its folder is changed, and
	// refuses it with an error, which Open fails with; nil accepts all.
	Accept func(core.View) error
	// Wall dates the note of who holds the file; nil is the system's clock.
	Wall core.Wall
	// Progress hears how much of a migration is done, in bytes; nil for nobody.
	Progress func(done, of int64)
	// Migrated hears under which name a store was kept as it was before a
	// migration; nil for nobody.
	Migrated func(kept string)
	// NoSync leaves out the syncing to disk: for tests only, since a power cut
	// then destroys the file.
	NoSync bool
}

func (o Options) withDefaults() Options {
	if o.LockWait == 0 {
		o.LockWait = 2 * time.Second
	}
	if o.InitialMap == 0 {
		o.InitialMap = 1 << 30
	}
	if o.MaxSize == 0 {
		o.MaxSize = 8 << 30
	}
	o.MaxSize = int(min(int64(o.MaxSize), fileSizeLimit()))
	if o.Reserve == 0 && !o.NoSync {
		o.Reserve = defaultReserve
	}
	if o.Wall == nil {
		o.Wall = core.SystemWall
	}
	return o
}

func (o Options) engine() bbolt.Options {
	return bbolt.Options{
		// One try each: the waiting is done where the context is heard.
		Timeout:         time.Nanosecond,
		InitialMmapSize: o.InitialMap,
		MaxSize:         o.MaxSize,
		FreelistType:    bbolt.FreelistMapType,
		NoSync:          o.NoSync,
		NoGrowSync:      o.NoSync,
		NoStatistics:    true,
	}
}

// Open opens the store in the file at path and makes it, readable by its owner
// only, where there is none. The file stays locked until [Store.Close]. Errors
// wrap ErrLocked (after waiting), ErrEmpty, ErrForeign, ErrTruncated,
// ErrDamaged or [core.ErrFull] where one of them is the cause.
func Open(ctx context.Context, path string, options Options) (*Store, error) {
	options = options.withDefaults()
	if err := create(path, options); err != nil {
		return nil, fmt.Errorf("make the store %s: %w", path, MarkFull(err))
	}
	if err := inspect(ctx, path, options); err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	db, err := openWhenFree(ctx, path, options.LockWait, options.engine())
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	if err := recognise(ctx, db, path, options.Accept); err != nil {
		return nil, fmt.Errorf("open the store: %w", errors.Join(err, db.Close()))
	}
	reserveOf(path, options).relieve()
	// On a full disk there is no note; the lock holds without.
	note := Holder{PID: os.Getpid(), Started: options.Wall().UTC().Truncate(time.Second)}
	if err := writeNote(path, note); err != nil && !isFull(err) {
		return nil, fmt.Errorf("open the store: %w", errors.Join(err, db.Close()))
	}
	s, err := newStore(db, path, options)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", errors.Join(err, db.Close()))
	}
	go (&writer{Store: s}).work()
	return s, nil
}

// create makes a new store under another name and links it to path once it is
// whole, so that no crash leaves half a file there and no other process is
// overtaken.
func create(path string, options Options) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	if err := draft.Close(); err != nil {
		return err
	}
	engine := options.engine()
	engine.InitialMmapSize = 0
	db, err := bbolt.Open(draft.Name(), fileMode, &engine)
	if err != nil {
		return err
	}
	if err := errors.Join(db.Update(mark), db.Close()); err != nil {
		return err
	}
	if err := Place(draft.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if options.NoSync {
		return nil
	}
	return SyncFolder(filepath.Dir(path))
}

// inspect looks at the file before it is used. bbolt maps it into memory and
// trusts what its pages say, so a file that was cut off, or one whose pages lead
// round in a circle, would end the process later.
func inspect(ctx context.Context, path string, options Options) error {
	size, err := checkMagic(path)
	if err != nil {
		return err
	}
	db, err := openWhenFree(ctx, path, options.LockWait, bbolt.Options{Timeout: time.Nanosecond, ReadOnly: true})
	switch {
	case errors.Is(err, boltErrors.ErrVersionMismatch):
		return fmt.Errorf("%s: %w: %w", path, ErrForeign, err)
	case errors.Is(err, boltErrors.ErrInvalid), errors.Is(err, boltErrors.ErrChecksum):
		return fmt.Errorf("%s: %w: %w", path, ErrDamaged, err)
	case errors.Is(err, ErrLocked), ctx.Err() != nil:
		return err
	case err != nil && size < int64(4*os.Getpagesize()): // less than bbolt begins with
		return fmt.Errorf("%s: %w: %w", path, ErrTruncated, err)
	case err != nil:
		return err
	}
	if err := checkSize(db, path); err != nil {
		return errors.Join(err, db.Close())
	}
	return errors.Join(checkBranches(ctx, db, path), db.Close())
}

// checkBranches looks at the pages that lead to others, a hundredth of all, and
// at the list of free pages, from which a commit takes pages to write on. What
// else is damaged shows itself where it is read, and leaves the rest usable.
func checkBranches(ctx context.Context, db *bbolt.DB, path string) error {
	err := db.View(func(tx *bbolt.Tx) error { return firstFault(ctx, tx, pageWalk{branches: true}) })
	if errors.Is(err, core.ErrDamaged) {
		return fmt.Errorf("%s: %w: %w", path, ErrDamaged, err)
	}
	return err
}

// checkMagic refuses what bbolt would overwrite or misread, and gives the size.
func checkMagic(path string) (int64, error) {
	file, err := os.Open(path) //nolint:gosec // the caller's own choice of file
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	switch {
	case err != nil:
		return 0, err
	case !info.Mode().IsRegular():
		return 0, fmt.Errorf("%s: %w", path, ErrForeign)
	case info.Size() == 0:
		return 0, fmt.Errorf("%s: %w", path, ErrEmpty)
	}
	if !hasMagic(file) {
		return 0, fmt.Errorf("%s: %w", path, ErrForeign)
	}
	return info.Size(), nil
}

// hasMagic looks for bbolt's magic number on the first two pages: what destroys
// one of them leaves the other. How long a page is, is on the page.
func hasMagic(file *os.File) bool {
	var found [4]byte
	at := func(offset int64) bool {
		_, err := file.ReadAt(found[:], offset)
		return err == nil && binary.NativeEndian.Uint32(found[:]) == magic
	}
	for page := int64(leastPage); page <= mostPage; page *= 2 {
		if at(page + magicOffset) {
			return true
		}
	}
	return at(magicOffset)
}

// checkSize compares the size that the newest meta page claims with the file's.
func checkSize(db *bbolt.DB, path string) error {
	tx, err := db.Begin(false)
	if err != nil {
		return err
	}
	claimed := tx.Size()
	if err := tx.Rollback(); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() < claimed {
		return fmt.Errorf("%s: %w (%d bytes of %d)", path, ErrTruncated, info.Size(), claimed)
	}
	return nil
}

// openWhenFree opens the file as soon as no other process holds it.
func openWhenFree(ctx context.Context, path string, wait time.Duration, engine bbolt.Options) (db *bbolt.DB, err error) {
	err = whenFree(ctx, path, wait, func() (err error) {
		db, err = openGuarded(path, engine)
		return err
	})
	return db, err
}

// whenFree tries to lock a file until no other process holds it.
func whenFree(ctx context.Context, path string, wait time.Duration, try func() error) error {
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		err := try()
		if !errors.Is(err, boltErrors.ErrTimeout) {
			return err
		}
		select {
		case <-time.After(lockRetry):
		case <-waiting.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return &LockedError{Path: path, Holder: readNote(path)}
		}
	}
}

// openGuarded turns the faults and panics of bbolt on a broken file into an
// error.
func openGuarded(path string, engine bbolt.Options) (db *bbolt.DB, err error) {
	var file *os.File
	openFile := engine.OpenFile
	if openFile == nil {
		openFile = os.OpenFile
	}
	engine.OpenFile = func(path string, flag int, mode fs.FileMode) (*os.File, error) {
		file, err = openFile(path, flag&^os.O_CREATE, mode)
		return file, err
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if broken := recover(); broken != nil {
			db, err = nil, fmt.Errorf("%s: %w: %v", path, ErrDamaged, broken)
			_ = file.Close()
		}
	}()
	db, err = bbolt.Open(path, fileMode, &engine)
	if err != nil {
		return nil, err
	}
	if !stillAt(file, path) { // who held it put another file in its place
		return nil, errors.Join(boltErrors.ErrTimeout, db.Close())
	}
	return db, nil
}

// stillAt reports whether an open file is the one at path.
func stillAt(file *os.File, path string) bool {
	own, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(own, there)
}

const (
	markBucket = "\x00willcall"
	markKey    = "layout"
	markValue  = "1"
)

// mark makes the engine's own buckets in a new file.
func mark(tx *bbolt.Tx) error {
	if _, err := tx.CreateBucketIfNotExists([]byte(idBucket)); err != nil {
		return err
	}
	bucket, err := tx.CreateBucketIfNotExists([]byte(markBucket))
	if err != nil {
		return err
	}
	return bucket.Put([]byte(markKey), []byte(markValue))
}

// recognise checks that the locked file is ours and wanted. Faults of reading it
// are errors, as in a view.
func recognise(ctx context.Context, db *bbolt.DB, path string, accept func(core.View) error) error {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	return db.View(func(tx *bbolt.Tx) error {
		ours, err := isMarked(tx)
		if err != nil {
			return fmt.Errorf("%s: %w: %w", path, ErrDamaged, err)
		}
		if !ours {
			return fmt.Errorf("%s: %w", path, ErrForeign)
		}
		if accept == nil {
			return nil
		}
		v := &view{ctx: ctx, engine: &engine{tx: tx}}
		defer func() { v.ended = true }()
		return accept(v)
	})
}

func isMarked(tx *bbolt.Tx) (ours bool, err error) {
	defer damaged(&err)
	bucket := tx.Bucket([]byte(markBucket))
	return bucket != nil && string(bucket.Get([]byte(markKey))) == markValue, nil
}
