package core

import (
	"context"
	"errors"
)

// Space is a set of keys of one use, such as "contacts". Engines keep spaces
// apart (a bucket on bbolt).
type Space string

// Store is the seam to an ordered, transactional key-value engine. It is safe
// for concurrent use.
type Store interface {
	// View runs fn on one consistent state of the store.
	View(ctx context.Context, fn func(View) error) error
	// Update runs fn and commits what it wrote, or nothing where fn fails. fn
	// may run more than once, each time on fresh data, so it reads no wall
	// clock and does no I/O; what leaves fn is what the committed run set.
	// Calling Update from within fn is refused with [ErrNested].
	Update(ctx context.Context, fn func(Tx) error) error
	// Project registers a projection: from now on its derived spaces are kept
	// up to date in the commits that change its sources. Where the store holds
	// another version of it, or none, it is made anew first. Register each once,
	// before the store is used; it fails where Apply fails.
	Project(ctx context.Context, p Projection) error
	// Watch calls fn after every commit, in commit order, one at a time. fn
	// must return quickly and must not call the store. stop ends it.
	Watch(fn func(Commit)) (stop func())
	// Close waits for running transactions and releases the files.
	Close() error
}

// View reads one state of the store. Bytes it hands out are to be read only,
// and valid until the function that got them returns: those of Get with the one
// the view was given to, those of a range with its step. It is not safe for
// concurrent use.
type View interface {
	// Get returns the value under key, or nil where there is none.
	Get(space Space, key []byte) ([]byte, error)
	// Ascend calls fn for every key k with from <= k < to in byte order. An
	// empty from is the beginning, an empty to the end. fn returns [Stop] to
	// end early without an error.
	Ascend(space Space, from, to []byte, fn func(key, value []byte) error) error
	// Descend is Ascend from the far end: the same range, backwards.
	Descend(space Space, from, to []byte, fn func(key, value []byte) error) error
	// LastID is the last id that [Tx.NewID] handed out, 0 for none.
	LastID(institution ID, space Space) (ID, error)
}

// Tx is a [View] that writes. It sees its own writes.
type Tx interface {
	View
	// Put sets the value under key. The engine copies neither: leave both
	// alone until the transaction ends.
	Put(space Space, key, value []byte) error
	// Delete removes key; a missing key is no error.
	Delete(space Space, key []byte) error
	// NewID hands out the next id of a space within an institution.
	NewID(institution ID, space Space) (ID, error)
	// Emit hands e to the watchers after the commit.
	Emit(e Event)
}

// Projection is data derived from other data in the same store, such as search
// lines from contacts. Who writes the sources needn't know of it. An act sees
// derived data as it was before the act: it is brought up to date once, when a
// commit is about to happen.
type Projection interface {
	// Name tells it from other projections, a word.
	Name() string
	// Version rises whenever the code derives something else from the same
	// sources, from 1.
	Version() uint64
	// Sources are the spaces it is derived from.
	Sources() []Space
	// Derived are the spaces that it alone writes.
	Derived() []Space
	// Apply brings the derived spaces up to date after keys of the sources
	// changed, each named once. tx shows the sources as they are now; what to
	// take back has to follow from the derived spaces themselves. Making it anew
	// means applying every key of the sources to empty derived spaces. Apply may
	// run more than once, as the function of an update may.
	Apply(tx Tx, changed []Touch) error
}

// Commit is what watchers hear of one committed update.
type Commit struct {
	// Revision rises by one with each commit that wrote, within one process.
	Revision uint64
	// Events in the order they were emitted.
	Events []Event
	// Touched lists the keys written or deleted, in no order, each once.
	Touched []Touch
}

// Touch is one key that a commit wrote or deleted.
type Touch struct {
	Space   Space
	Key     string
	Deleted bool
}

// Event says that something happened to a thing. It carries its identity, not
// its data: who receives it reads again.
type Event struct {
	Institution ID
	Subject     Ref
	Action      ActionID
}

// Errors of the seam. Engines wrap them; compare with [errors.Is].
var (
	// Stop ends a range early and is never returned from it.
	Stop = errors.New("stop")
	// ErrNested is an update inside an update.
	ErrNested = errors.New("an update inside an update")
	// ErrFull is a store that reached its size limit or a full disk.
	ErrFull = errors.New("no space left for the store")
	// ErrDamaged is stored data that doesn't hold together.
	ErrDamaged = errors.New("the stored data is damaged")
	// ErrClosed is a call on a store that was closed.
	ErrClosed = errors.New("the store is closed")
	// ErrOutcomeUnknown is a commit whose result can't be told.
	ErrOutcomeUnknown = errors.New("it is not known whether the change was saved")
)

// PrefixEnd is the first key after all keys that begin with prefix, for the
// end of a range; nil where there is none.
func PrefixEnd(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i] != 0xff {
			end[i]++
			return end[:i+1]
		}
	}
	return nil
}
