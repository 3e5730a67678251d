package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"willcall/core"
)

const newSuffix = ".migrated"

// Change makes what a rewritten store holds of a value: value itself, another
// one, or nil for nothing. key and value are lent.
type Change func(space core.Space, key, value []byte) ([]byte, error)

// Addition is what a rewritten store holds under a key under which change made
// nothing. It is written as it is.
type Addition struct {
	Space      core.Space
	Key, Value []byte
}

// Rewrite makes a store of what change makes of every value, with additions, and
// puts it in the place of this one, which stays beside it, as it was, under the
// name it gives back: kept, or kept and a number where there is another file of
// that name. Counters of ids stay; projections are made anew when they are
// registered.
//
// A crash at any moment leaves the one or the other under the store's path, on
// disk. The store, which must not be written to meanwhile, is closed then in any
// case. It fails with a [NoRoomError] where the disk has too little room, before
// it writes anything. progress hears how much was read, in bytes; nil for nobody.
func (s *Store) Rewrite(
	ctx context.Context, kept string, change Change, progress func(done, of int64), additions ...Addition,
) (string, error) {
	kept, err := s.rewrite(ctx, kept, remake{change, additions}, progress)
	if err != nil {
		err = fmt.Errorf("rewrite the store %s: %w", s.path, MarkFull(err))
	}
	return kept, errors.Join(err, s.Close())
}

// RewriteBytes is how much room rewriting a store of this size takes beside it,
// in bytes.
func RewriteBytes(size int64) int64 { return size + size/8 }

// remake is what a rewrite makes of a store; the zero value leaves all as it is.
type remake struct {
	change    Change
	additions []Addition
}

func (s *Store) rewrite(ctx context.Context, kept string, into remake, progress func(done, of int64)) (_ string, err error) {
	part := s.path + newSuffix
	if err := removeAll(part); err != nil { // what a killed process left
		return "", err
	}
	steps := newCopySteps(ctx, progress)
	defer func() { err = errors.Join(err, removeAll(part)) }()
	if err := guarded(s.path, func() error { return s.changeInto(steps, part, into) }); err != nil {
		return "", err
	}
	if err := guarded(part, func() error { return checkFile(ctx, part) }); err != nil {
		return "", err
	}
	if kept, err = s.keepAs(kept); err != nil {
		return "", err
	}
	if runtime.GOOS == "windows" { // which doesn't rename over an open file
		if err := s.Close(); err != nil {
			return "", err
		}
	}
	if err := removeNote(s.path); err != nil { // who opens the new file next writes its own
		return "", err
	}
	if err := os.Rename(part, s.path); err != nil {
		return "", err
	}
	steps.add(0, true)
	return kept, SyncFolder(filepath.Dir(s.path))
}

// changeInto writes what is made of everything into a new file, which is
// on disk afterwards.
func (s *Store) changeInto(steps *copySteps, part string, into remake) error {
	tx, err := s.begin(false)
	if err != nil {
		return err
	}
	defer s.release(tx)
	steps.of = tx.Size()
	if need, free := RewriteBytes(steps.of), freeBytes(s.path); free < need {
		return &NoRoomError{Need: need, Free: free}
	}
	return copyRecords(steps, tx, part, into)
}

// keepAs gives the file of the store a second name. An interrupted call may have
// done so before.
func (s *Store) keepAs(kept string) (string, error) {
	own, err := os.Stat(s.path)
	if err != nil {
		return "", err
	}
	name := kept
	for n := 2; ; n++ {
		found, err := os.Lstat(name)
		if err == nil && os.SameFile(found, own) {
			return name, SyncFolder(filepath.Dir(s.path)) // which that call may not have come to
		}
		if errors.Is(err, os.ErrNotExist) {
			break
		}
		if err != nil {
			return "", err
		}
		name = kept + "-" + strconv.Itoa(n)
	}
	if err := keepBy(os.Link, s.path, name); err != nil {
		return "", err
	}
	return name, SyncFolder(filepath.Dir(s.path))
}
