package bolt

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"willcall/core"
)

// deepest is more levels than a tree has whose branches have two pages below
// each, in the largest file there can be.
const deepest = 64

// use is what a page was found to be.
type use uint8

const (
	unknown use = iota
	free
	used
)

// pageWalk examines the pages of one state of a file without trusting what they
// say: whatever that is, it ends, reads only the file, and takes little more
// memory than the largest value. It reads each page once, and keeps a list of
// those to come instead of calling itself.
//
// It wants every page to be its own and of a known kind; all it takes to be
// within the file; keys to ascend, and to lie where the page above has them; no
// buckets within buckets, which the engine doesn't make; and every page to be
// either free or referred to once.
type pageWalk struct {
	ctx      context.Context
	file     io.ReaderAt
	size     int64 // of the file
	pageSize int64
	meta     meta
	report   func(error)

	// branches leaves out the leaves with the records, which can't lead
	// elsewhere. Those of a tree are all on one level.
	branches bool
	// leaky leaves out pages that are neither free nor in use: nothing but their
	// room is lost.
	leaky bool

	// saved hears of every entry of a bucket that lies where it belongs, whatever
	// else is wrong with its page; nil for nobody. Bytes are lent. Its error ends
	// the walk.
	saved func(bucket string, key, value []byte) error

	uses    []use
	parents map[uint64]uint64 // of pages that lead to others
	coming  []pageRef
	buffer  []byte
	lost    []pageRef // what can't be followed, or only in part
	listed  bool      // the list of free pages could be read
	failed  error     // what saved failed with
	before  *pageWalk // that of the state before, where it filled in what this one lacks
}

// pageRef leads to a page.
type pageRef struct {
	id, from  uint64
	low, high []byte // its keys begin there, and end before; nil for no bound
	depth     int
	tree      *tree
	inline    bool // it is a bucket inside the page, not the page
}

// tree is that of a bucket.
type tree struct {
	name   string
	root   bool // that of all buckets
	leaves int  // the depth of its leaves, 0 for not known
}

// pageFault is what is wrong with a page.
func pageFault(id uint64, format string, args ...any) error {
	return fmt.Errorf("%w: page %d: %w", core.ErrDamaged, id, fmt.Errorf(format, args...))
}

// run reports what it finds and fails only with its context's error.
func (w *pageWalk) run() error {
	if w.meta.pages > uint64(w.size/w.pageSize) { //nolint:gosec // sizes are positive
		w.report(fmt.Errorf("%w: %d pages, of which the file holds %d", core.ErrDamaged, w.meta.pages, w.size/w.pageSize))
		return nil
	}
	w.uses = make([]use, w.meta.pages)
	w.parents = map[uint64]uint64{}
	for id := range min(2, w.meta.pages) {
		w.uses[id] = used
	}
	w.listed = w.freePages()
	w.coming = []pageRef{{id: w.meta.root, from: w.meta.page, tree: &tree{root: true}}}
	for len(w.coming) > 0 {
		if err := cmp.Or(w.failed, w.ctx.Err()); err != nil {
			return err
		}
		last := len(w.coming) - 1
		ref := w.coming[last]
		w.coming = w.coming[:last]
		w.visit(ref)
	}
	w.lostPages()
	return w.failed
}

func (w *pageWalk) fault(id uint64, format string, args ...any) {
	w.report(pageFault(id, format, args...))
}

// lose reports, of a page, that a reference can't be followed.
func (w *pageWalk) lose(ref pageRef, id uint64, format string, args ...any) {
	w.lost = append(w.lost, ref)
	w.fault(id, format, args...)
}

// freePages marks what is listed as free, and the pages of the list. It reports
// whether all of it could be read.
func (w *pageWalk) freePages() bool {
	id := w.meta.freelist
	if !w.within(id) {
		w.fault(id, "%w", errLostList)
		return false
	}
	h, raw, err := w.read(id)
	if err != nil {
		w.fault(id, "%w", err)
		return false
	}
	if !w.own(pageRef{id: id}, h) {
		return false
	}
	at, count, err := h.listSpan(raw, w.pageSize)
	if err == nil {
		raw, err = w.bytes(id, at+8*count)
	}
	if err != nil {
		w.fault(id, "%w", err)
		return false
	}
	for raw = raw[at:]; len(raw) >= 8 && err == nil; raw = raw[8:] {
		err = w.free(binary.NativeEndian.Uint64(raw))
	}
	if err != nil {
		w.fault(id, "%w", err)
	}
	return err == nil
}

func (w *pageWalk) free(id uint64) error {
	switch {
	case !w.within(id):
		return fmt.Errorf("page %d is listed as free, out of bounds (%d pages)", id, w.meta.pages)
	case w.uses[id] == free:
		return fmt.Errorf("page %d is listed as free twice", id)
	case w.uses[id] == used:
		return fmt.Errorf("page %d is in use, and listed as free", id)
	}
	w.uses[id] = free
	return nil
}

// lostPages reports how many pages are neither free nor in use, as one: where
// one page can't be followed, they are all below it.
func (w *pageWalk) lostPages() {
	if w.branches || w.leaky {
		return
	}
	lost := w.unknown()
	switch {
	case len(lost) > 1:
		w.fault(lost[0], "neither in use nor free, like %d others", len(lost)-1)
	case len(lost) == 1:
		w.fault(lost[0], "neither in use nor free")
	}
}

// unknown are the pages that are neither in use nor free.
func (w *pageWalk) unknown() (ids []uint64) {
	for id, u := range w.uses {
		if u == unknown {
			ids = append(ids, uint64(id))
		}
	}
	return ids
}

// within reports whether a page may have the number.
func (w *pageWalk) within(id uint64) bool { return id >= 2 && id < w.meta.pages }

// bytes reads the first n bytes of a page and those after it. They are lent
// until the next call.
func (w *pageWalk) bytes(id uint64, n int64) ([]byte, error) {
	w.buffer = slices.Grow(w.buffer[:0], int(n))[:n]
	if _, err := w.file.ReadAt(w.buffer, int64(id)*w.pageSize); err != nil { //nolint:gosec // within the file
		return nil, fmt.Errorf("read: %w", err)
	}
	return w.buffer, nil
}

// read reads one page.
func (w *pageWalk) read(id uint64) (header, []byte, error) {
	raw, err := w.bytes(id, w.pageSize)
	if err != nil {
		return header{}, nil, err
	}
	return readHeader(raw), raw, nil
}

// visit looks at a page of a tree, and notes those it leads to.
func (w *pageWalk) visit(ref pageRef) {
	switch {
	case !w.within(ref.id):
		w.lose(ref, ref.from, "refers to page %d, out of bounds (%d pages)", ref.id, w.meta.pages)
		return
	case w.uses[ref.id] == used:
		w.again(ref)
		return
	case ref.depth > deepest:
		w.lose(ref, ref.id, "more than %d levels deep", deepest)
		return
	case w.branches && ref.tree.leaves > 0 && ref.depth >= ref.tree.leaves:
		w.take(ref.id)
		return
	}
	h, raw, err := w.read(ref.id)
	if err != nil {
		w.take(ref.id)
		w.lose(ref, ref.id, "%w", err)
		return
	}
	if w.branches && h.kind != branchFlag && !ref.tree.root {
		w.take(ref.id)
		ref.tree.leaves = ref.depth
		return
	}
	if !w.own(ref, h) {
		return
	}
	if raw, err = w.content(ref.id, h, raw); err != nil {
		w.lose(ref, ref.id, "%w", err)
		return
	}
	w.entries(ref, h, raw)
}

// again reports a second reference to a page.
func (w *pageWalk) again(ref pageRef) {
	for at := ref.from; at != 0; at = w.parents[at] {
		if at == ref.id {
			w.lose(ref, ref.from, "refers back to page %d, which leads to it", ref.id)
			return
		}
	}
	w.lose(ref, ref.from, "refers to page %d, which is used elsewhere", ref.id)
}

// take marks a page as used.
func (w *pageWalk) take(id uint64) {
	if w.uses[id] == free {
		w.fault(id, "in use, and listed as free")
	}
	w.uses[id] = used
}

// own takes a page and those after it that belong to it, and reports whether it
// can be looked into.
func (w *pageWalk) own(ref pageRef, h header) bool {
	w.take(ref.id)
	list := ref.tree == nil
	switch {
	case h.id != ref.id:
		w.lose(ref, ref.id, "says that it is page %d", h.id)
		return false
	case list != (h.kind == freelistFlag) || !list && h.kind != branchFlag && h.kind != leafFlag:
		w.lose(ref, ref.id, "of kind %#x", h.kind)
		return false
	case h.overflow >= w.meta.pages-ref.id:
		w.lose(ref, ref.id, "takes %d pages, out of bounds (%d pages)", h.overflow+1, w.meta.pages)
		return false
	}
	for id := ref.id + 1; id <= ref.id+h.overflow; id++ {
		if w.uses[id] == used {
			w.lose(ref, ref.id, "takes %d pages, of which page %d is used elsewhere", h.overflow+1, id)
			return false
		}
		w.take(id)
	}
	return true
}

// content reads as much of a page as its entries take, of which raw is the
// first page. It fails where they don't fit.
func (w *pageWalk) content(id uint64, h header, raw []byte) ([]byte, error) {
	room := (int64(h.overflow) + 1) * w.pageSize //nolint:gosec // 32 bits
	end := h.tableEnd()
	if end > room {
		return nil, fmt.Errorf("%d entries don't fit", h.count)
	}
	var err error
	if end > int64(len(raw)) {
		if raw, err = w.bytes(id, end); err != nil {
			return nil, err
		}
	}
	if end, err = h.extent(raw); err != nil {
		return nil, err
	}
	if end > room || end < room-w.pageSize {
		return nil, fmt.Errorf("%d bytes in %d pages", end, h.overflow+1)
	}
	if end > int64(len(raw)) {
		return w.bytes(id, end)
	}
	return raw, nil
}

// entries looks at the keys of a page, and at what they lead to.
func (w *pageWalk) entries(ref pageRef, h header, raw []byte) {
	if h.count == 0 {
		w.empty(ref)
		return
	}
	if h.kind == branchFlag {
		raw = bytes.Clone(raw) // its keys are kept
	}
	if h.kind == branchFlag || ref.tree.root {
		w.parents[ref.id] = ref.from
	}
	w.order(ref, h, raw)
	if h.kind == branchFlag {
		w.children(ref, h, raw)
		return
	}
	for i := range h.count {
		w.leafEntry(ref, h.entry(raw, i), raw)
	}
}

// empty reports a page without entries. bbolt keeps none, but in a new file, in
// which the engine makes its mark first.
func (w *pageWalk) empty(ref pageRef) {
	if !w.branches {
		w.lose(ref, ref.id, "empty")
	}
}

// order reports the first key of a page that isn't behind the one before it or
// within the bounds of the page above.
func (w *pageWalk) order(ref pageRef, h header, raw []byte) {
	var before []byte
	for i := range h.count {
		e := h.entry(raw, i)
		key := raw[e.key:e.value]
		switch {
		case i > 0 && bytes.Compare(key, before) <= 0:
			w.lose(ref, ref.id, "key %d isn't behind the one before it", i)
			return
		case i == 0 && bytes.Compare(key, ref.low) < 0, ref.high != nil && bytes.Compare(key, ref.high) >= 0:
			w.lose(ref, ref.id, "key %d isn't where page %d has it", i, ref.from)
			return
		}
		before = key
	}
}

// children notes the pages below a branch, the first to be the next.
func (w *pageWalk) children(ref pageRef, h header, raw []byte) {
	high := ref.high
	for i := h.count - 1; i >= 0; i-- {
		e := h.entry(raw, i)
		low := raw[e.key:e.value]
		w.coming = append(w.coming, pageRef{id: e.child, from: ref.id, low: low, high: high, depth: ref.depth + 1, tree: ref.tree})
		high = low
	}
}

// leafEntry looks at a value: in the tree of buckets a bucket, else a record.
func (w *pageWalk) leafEntry(ref pageRef, e entry, raw []byte) {
	name := raw[e.key:e.value]
	switch {
	case !ref.tree.root && e.flags == 0:
		w.save(ref, name, raw[e.value:e.end])
	case !ref.tree.root && e.flags == bucketFlag:
		w.fault(ref.id, "a bucket inside the bucket %q", ref.tree.name)
	case !ref.tree.root:
		w.fault(ref.id, "an entry of kind %#x", e.flags)
	case e.flags != bucketFlag:
		w.lose(ref, ref.id, "an entry of kind %#x", e.flags)
	case e.end-e.value < bucketSize:
		w.lose(ref, ref.id, "the bucket %q is cut off", name)
	default:
		w.bucket(ref, string(name), raw[e.value:e.end])
	}
}

// save hands an entry on where it lies within the bounds of the page above.
func (w *pageWalk) save(ref pageRef, key, value []byte) {
	if w.saved != nil && w.failed == nil && ref.covers(key) {
		w.failed = w.saved(ref.tree.name, key, value)
	}
}

// covers reports whether a key lies where the page does.
func (r pageRef) covers(key []byte) bool {
	return bytes.Compare(key, r.low) >= 0 && (r.high == nil || bytes.Compare(key, r.high) < 0)
}

// bucket notes where a bucket begins, or looks at it where it is in its value.
func (w *pageWalk) bucket(ref pageRef, name string, value []byte) {
	inside := &tree{name: name}
	if id := binary.NativeEndian.Uint64(value); id != 0 {
		w.coming = append(w.coming, pageRef{id: id, from: ref.id, depth: ref.depth + 1, tree: inside})
		return
	}
	raw, within := value[bucketSize:], pageRef{id: ref.id, from: ref.id, tree: inside, inline: true}
	if len(raw) < pageHeader {
		w.lose(within, ref.id, "the bucket %q is cut off", name)
		return
	}
	h := readHeader(raw)
	if h.id != 0 || h.kind != leafFlag || h.overflow != 0 || h.tableEnd() > int64(len(raw)) {
		w.lose(within, ref.id, "the bucket %q, inside it, says that it is page %d of kind %#x with %d entries", name, h.id, h.kind, h.count)
		return
	}
	end, err := h.extent(raw)
	if err == nil && end != int64(len(raw)) {
		err = fmt.Errorf("%d bytes in %d", end, len(raw))
	}
	if err != nil {
		w.lose(within, ref.id, "the bucket %q, inside it: %w", name, err)
		return
	}
	w.order(within, h, raw)
	for i := range h.count {
		w.leafEntry(within, h.entry(raw, i), raw)
	}
}
