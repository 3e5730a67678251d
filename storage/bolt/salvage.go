package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"willcall/core"
)

const salvagedSuffix = ".salvaged"

// ErrBeyond is a file of which too little can be read to go on with.
var ErrBeyond = errors.New("too little of the data file can be read")

// Salvage is what [SalvageFile] is to do.
type Salvage struct {
	// Kept is the name that the damaged file gets, in the same folder. Nothing
	// may have it yet.
	Kept string
	// Accept looks at what was saved, and at the names of the spaces of which
	// pages are missing, before it is used; its error ends the salvage. nil
	// accepts all.
	Accept func(v core.View, short []core.Space) error
	// LockWait is how long to wait for another process; 0 is 2 s.
	LockWait time.Duration
	// Progress hears how much was read, in bytes; nil for nobody.
	Progress func(done, of int64)
}

// Salvaged is what came of a salvage.
type Salvaged struct {
	Pages   int          `json:"lost_pages"` // that can't be read, or that nothing leads to any more
	Entries int          `json:"entries"`    // that were saved
	Short   []core.Space `json:"spaces"`     // of which pages are missing
}

// SalvageFile writes what the pages of a damaged file still hold into a new
// store, and puts that in its place; the damaged file stays beside it, as it was.
// What a page holds is not believed to be right: records have checksums.
//
// Where the list of spaces itself is damaged, those it doesn't lead to any more are
// taken from the state before the last commit. Where that doesn't help either it
// fails with [ErrBeyond], since nobody could tell what is missing, and with what Accept says; and with
// [core.ErrFull] where the disk has too little room. In either case, and where
// ctx ends, everything is as it was. A crash at any moment leaves the one file or
// the other at path, on disk.
func SalvageFile(ctx context.Context, path string, s Salvage) (Salvaged, error) {
	release, err := hold(ctx, path, Options{LockWait: s.LockWait}.withDefaults().LockWait)
	if err != nil {
		return Salvaged{}, fmt.Errorf("salvage the store: %w", err)
	}
	saved, err := s.into(ctx, path, path+salvagedSuffix)
	if err := errors.Join(err, release()); err != nil {
		return Salvaged{}, fmt.Errorf("salvage the store %s: %w", path, MarkFull(err))
	}
	return saved, nil
}

// into makes the new file, and changes the names once it is whole.
func (s Salvage) into(ctx context.Context, path, part string) (saved Salvaged, err error) {
	if err := removeAll(part); err != nil { // what a killed process left
		return saved, err
	}
	defer func() { err = errors.Join(err, removeAll(part)) }()
	if saved, err = s.collect(ctx, path, part); err != nil {
		return saved, err
	}
	if err := guarded(part, func() error { return s.approve(ctx, part, saved.Short) }); err != nil {
		return saved, err
	}
	if err := keepBy(os.Link, path, s.Kept); err != nil {
		return saved, err
	}
	err = SyncFolder(filepath.Dir(path))
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return saved, errors.Join(err, os.Remove(s.Kept))
	}
	return saved, SyncFolder(filepath.Dir(path))
}

// collect writes what can be read into a new file, which is on disk afterwards.
func (s Salvage) collect(ctx context.Context, path, part string) (saved Salvaged, err error) {
	file, err := os.Open(path) //nolint:gosec // the caller's own choice of file
	if err != nil {
		return saved, err
	}
	defer func() { _ = file.Close() }()
	w := pageWalk{ctx: ctx, report: func(error) {}}
	if w.pageSize, err = pageSizeOf(file); err == nil {
		err = w.newest(file)
	}
	if err != nil {
		return saved, fmt.Errorf("%w: %w", ErrBeyond, err)
	}
	if need, free := RewriteBytes(w.size), freeBytes(path); free < need {
		return saved, &NoRoomError{Need: need, Free: free}
	}
	steps := newCopySteps(ctx, s.Progress)
	steps.of = w.size
	if saved.Entries, err = w.savedInto(steps, part); err != nil {
		return saved, err
	}
	if w.rootless() {
		return saved, fmt.Errorf("%w: the list of spaces is damaged", ErrBeyond)
	}
	steps.add(0, true)
	saved.Pages, saved.Short = w.missing()
	return saved, nil
}

// savedInto walks, and writes all entries into a new file.
func (w *pageWalk) savedInto(steps *copySteps, part string) (entries int, err error) {
	to, err := bbolt.Open(part, fileMode, &bbolt.Options{NoSync: true, NoGrowSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return 0, err
	}
	c := &compaction{steps: steps, to: to}
	w.saved = func(bucket string, key, value []byte) error {
		fresh, err := c.save(bucket, key, value)
		if fresh {
			entries++
		}
		return err
	}
	if err = w.run(); err == nil && w.rootless() {
		err = w.fallBack()
	} else if err == nil {
		err = w.adopt()
	}
	if err = errors.Join(err, c.end(err)); err == nil {
		err = to.Update(mark)
	}
	return entries, errors.Join(err, to.Sync(), to.Close())
}

// adopt saves the entries of leaves that nothing leads to any more, since what did
// can't be read. A leaf doesn't tell its bucket: it is of the one whose lost pages,
// alone among all, would have its keys.
func (w *pageWalk) adopt() error {
	if !w.listed {
		return nil // then a page that nothing leads to may be free, and long out of date
	}
	for _, id := range w.unknown() {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		h, raw, ok := w.orphan(id)
		if !ok {
			continue
		}
		first, last := h.entry(raw, 0), h.entry(raw, h.count-1)
		ref, ok := w.parent(raw[first.key:first.value], raw[last.key:last.value])
		if !ok {
			continue
		}
		ref.id = id
		if w.own(ref, h) {
			w.entries(ref, h, raw)
		}
		if w.failed != nil {
			return w.failed
		}
	}
	return nil
}

// orphan reads a leaf of which nobody knows.
func (w *pageWalk) orphan(id uint64) (h header, raw []byte, ok bool) {
	if w.uses[id] != unknown {
		return h, nil, false
	}
	h, raw, err := w.read(id)
	if err != nil || h.id != id || h.kind != leafFlag || h.count == 0 || h.overflow >= w.meta.pages-id {
		return h, nil, false
	}
	raw, err = w.content(id, h, raw)
	return h, raw, err == nil
}

// parent is the lost reference below which both keys belong, where it is the
// only one.
func (w *pageWalk) parent(first, last []byte) (found pageRef, ok bool) {
	for _, ref := range w.lost {
		if ref.tree == nil || ref.tree.root || ref.inline || !ref.covers(first) || !ref.covers(last) {
			continue
		}
		if ok {
			return found, false
		}
		found, ok = ref, true
	}
	return found, ok
}

// save writes an entry, unless there is one of its key.
func (c *compaction) save(bucket string, key, value []byte) (fresh bool, err error) {
	if bucket == projectionBucket || len(key) > bbolt.MaxKeySize {
		return false, nil // what is derived is made anew
	}
	if err := c.turn(); err != nil {
		return false, err
	}
	to, err := c.tx.CreateBucketIfNotExists([]byte(bucket))
	if err != nil || to.Get(key) != nil {
		return false, err
	}
	c.steps.add(int64(len(key)+len(value)), false)
	to.FillPercent = 1 // keys come in order, but for those of spoilt pages
	c.size += len(key) + len(value)
	return true, to.Put(key, bytes.Clone(value))
}

// missing counts the pages that were not read, and names the spaces they are of.
func (w *pageWalk) missing() (pages int, short []core.Space) {
	spaces, ids, lost := map[core.Space]bool{}, map[uint64]bool{}, w.lost
	if w.before != nil {
		lost = slices.Concat(lost, w.before.lost)
	}
	for _, ref := range lost {
		ids[ref.id] = true
		if ref.tree != nil && !ref.tree.root && ref.tree.name[0] != 0 { // not one of the engine's own
			spaces[core.Space(ref.tree.name)] = true
		}
	}
	if w.listed {
		for _, id := range w.unknown() {
			ids[id] = w.before == nil || id >= uint64(len(w.before.uses)) || w.before.uses[id] != used
		}
		maps.DeleteFunc(ids, func(_ uint64, missed bool) bool { return !missed })
	}
	short = slices.AppendSeq([]core.Space{}, maps.Keys(spaces))
	slices.Sort(short)
	return max(len(ids), 1), short
}

// rootless reports whether buckets may be missing of which nothing tells.
func (w *pageWalk) rootless() bool {
	return w.before == nil && (w.uses == nil || slices.ContainsFunc(w.lost, pageRef.ofRoot))
}

func (r pageRef) ofRoot() bool { return r.tree != nil && r.tree.root }

// fallBack saves the buckets that a damaged list of them doesn't lead to any more,
// as they were before the last commit: it left the pages of that state alone. What
// the commit removed from them is there again.
func (w *pageWalk) fallBack() error {
	other := 1 - w.meta.page
	m, err := readMeta(w.file, int64(other)*w.pageSize)
	if err != nil || w.uses == nil {
		return nil //nolint:nilerr // there is nothing to fall back on
	}
	m.page = other
	before := &pageWalk{ctx: w.ctx, file: w.file, size: w.size, pageSize: w.pageSize, meta: m, report: w.report}
	before.saved = func(bucket string, key, value []byte) error {
		if !w.misses(bucket) {
			return nil
		}
		return w.saved(bucket, key, value)
	}
	if err := before.run(); err != nil || before.rootless() {
		return err
	}
	before.lost = slices.DeleteFunc(before.lost, func(ref pageRef) bool { return ref.tree == nil || !w.misses(ref.tree.name) })
	w.before = before
	return nil
}

// misses reports whether a bucket would be in a lost part of the list of them.
func (w *pageWalk) misses(bucket string) bool {
	return slices.ContainsFunc(w.lost, func(ref pageRef) bool { return ref.ofRoot() && ref.covers([]byte(bucket)) })
}

// approve examines the new file and asks whether it is of use.
func (s Salvage) approve(ctx context.Context, part string, short []core.Space) error {
	db, err := openGuarded(part, bbolt.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	err = db.View(func(tx *bbolt.Tx) error { return firstFault(ctx, tx, pageWalk{}) })
	if err == nil && s.Accept != nil {
		err = recognise(ctx, db, part, func(v core.View) error { return s.Accept(v, short) })
	}
	return errors.Join(err, db.Close())
}

// hold locks a file for this process alone, also one that bbolt can't open.
func hold(ctx context.Context, path string, wait time.Duration) (release func() error, err error) {
	err = whenFree(ctx, path, wait, func() (err error) {
		release, err = holdOnce(path)
		return err
	})
	return release, err
}
