package bolt

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	boltErrors "go.etcd.io/bbolt/errors"

	"willcall/core"
)

const (
	// roomEvery is the shortest time between two measurements that nothing
	// urgent asks for.
	roomEvery = 2 * time.Second
	// roomStep is by how much little space changes before it is told again.
	roomStep = core.LowRoom / 10
	// deniedFor is how long a disk that refused what it said it had is left
	// alone.
	deniedFor = time.Minute

	growMost   = 16 << 20 // by which the file grows at a time; bbolt's own step
	growShare  = 64       // of the limit, where that is less
	spareShare = 16       // of the limit, where the reserve would be more
)

// room keeps account of the space that a store takes and has. It is measured at
// open, after an update that failed for want of it, and else when somebody
// writes or asks, at most once in [roomEvery]: in a store that is left alone
// nothing happens. It is safe for concurrent use.
//
// Space is spent on the disk from when the reserve was given up until it can be
// made again: until twice its size can be written, be it to the disk or to pages
// of the file that hold nothing. Where a disk that says it has as much refused
// all the same, as one with quotas does, it is asked again after [deniedFor].
// The reserve comes back with the next update. A disk on which there was never
// room for a reserve is never spent: it is full at once.
//
// Space is spent below the limit while less than the size of the reserve can be
// written there, counting those pages, and until it is twice as much. So removing
// always has the size of the reserve to work with, which bbolt needs: it writes
// the pages on the way to what is removed anew before it lets go of the old ones.
type room struct {
	db      *bbolt.DB
	path    string
	wall    core.Wall
	page    int64 // bytes of one
	limit   int64
	spare   int64 // below the limit
	reserve reserve

	mu       sync.Mutex // guards what follows, and the reserve
	closed   bool
	now      core.Room
	settled  core.Room // as told last
	measured time.Time
	given    bool      // the reserve was given up and isn't there again
	denied   time.Time // when the disk refused what it said it had; zero for not
	tight    bool      // spent below the limit
	watchers []*func(core.Room)
	untold   []func() // calls of watchers that are to be made
	telling  bool     // somebody makes them
}

// newRoom measures for the first time, and makes the reserve where it helps.
func newRoom(db *bbolt.DB, path string, o Options) *room {
	limit := int64(o.MaxSize)
	db.AllocSize = int(max(int64(os.Getpagesize()), min(growMost, limit/growShare)))
	r := &room{
		db: db, path: path, wall: o.Wall, page: int64(db.Info().PageSize), limit: limit,
		reserve: reserveOf(path, o),
	}
	r.spare = min(max(o.Reserve, 0), limit/spareShare)
	if o.Reserve <= 0 {
		r.spare = min(defaultReserve, limit/spareShare)
	}
	r.given = r.reserve.given()
	r.measure()
	r.restore()
	r.settle()
	return r
}

// Room says how much space the store takes and has, as measured within the last
// seconds, or just now where it is spent; of a closed store as measured last. It
// changes nothing, and is safe for concurrent use, also inside a view or an
// update.
func (s *Store) Room() core.Room { return s.room.ask() }

// WatchRoom calls fn when [core.Room.Low] or Spent changed, and while there is
// little when it became noticeably more or less: one call at a time, by who
// asked for the room, or by the writer once the update is answered. fn must
// return quickly and must not call the store, but for Room. stop ends it.
func (s *Store) WatchRoom(fn func(core.Room)) (stop func()) {
	r := s.room
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watchers = append(r.watchers, &fn)
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.watchers = slices.DeleteFunc(r.watchers, func(other *func(core.Room)) bool { return other == &fn })
	}
}

// ask measures again where the last time is past, or space is spent: who just
// made some need not wait.
func (r *room) ask() core.Room {
	r.mu.Lock()
	if !r.closed && (r.now.Spent || r.due()) {
		r.measure()
		r.settle()
	}
	now := r.now
	r.mu.Unlock()
	r.tell()
	return now
}

// before makes the reserve again where an update is about to use what was made
// free. The writer calls it.
func (r *room) before() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.given {
		r.measure()
		r.restore()
		r.settle()
	}
}

// after hears how an update ended. The writer calls it, and tell later.
func (r *room) after(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	full := errors.Is(err, core.ErrFull)
	if !full && !r.given && !r.due() {
		return
	}
	switch {
	case errors.Is(err, boltErrors.ErrMaxSizeReached):
		r.tight = true // unless there is plenty for all but this update
	case full && !isCause(err, syscall.EFBIG): // a limit of files, which no room on the disk helps
		r.giveUp()
	}
	r.measure()
	if err == nil {
		r.restore()
	}
	r.settle()
}

// close ends all measuring.
func (r *room) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
}

// due reports whether the last measurement is past. A clock that was set back
// makes it so.
func (r *room) due() bool {
	past := r.wall().Sub(r.measured)
	return past < 0 || past >= roomEvery
}

// giveUp gives the reserve up. Where it is given up already, that the disk
// refused is news all the same.
func (r *room) giveUp() {
	if !r.given && (!r.reserve.held() || r.reserve.giveUp() != nil) {
		return
	}
	if r.now.Free = freeBytes(r.path); r.now.Free >= 3*r.reserve.size {
		r.denied = r.wall()
	}
	r.given = true
}

// measure looks at the disk and the file. What can't be read stays as it was.
func (r *room) measure() {
	r.measured = r.wall()
	r.now.Limit = r.limit
	r.now.Free = freeBytes(r.path)
	if used, err := r.look(); err == nil {
		left := r.limit - int64(r.db.AllocSize) - used + r.now.Reusable
		r.tight = left < r.spare || r.tight && left < 2*r.spare
	}
}

// settle says whether space is spent, and notes whom to tell what changed.
func (r *room) settle() {
	before := r.settled
	r.now.Spent = r.tight || r.given && !r.enough()
	r.now.NoReserve = !r.given && !r.reserve.held()
	r.settled = r.now
	if now := r.now; now.Spent != before.Spent || now.Low() != before.Low() ||
		now.Low() && now.Left()/roomStep != before.Left()/roomStep {
		for _, fn := range r.watchers {
			r.untold = append(r.untold, func() { (*fn)(now) })
		}
	}
}

// tell calls the watchers, outside the lock. Where somebody does already, that
// one goes on with what came meanwhile; where a watcher panics, the next call.
func (r *room) tell() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.telling {
		return
	}
	r.telling = true
	defer func() { r.telling = false }()
	for len(r.untold) > 0 {
		call := r.untold[0]
		r.untold = r.untold[1:]
		r.unlocked(call)
	}
}

func (r *room) unlocked(call func()) {
	r.mu.Unlock()
	defer r.mu.Lock()
	call()
}

// enough reports whether the disk has room for the reserve. Once it was given
// up, what became free in the file is as good as twice its size on the disk:
// that is where writing goes on, and the disk stays as full as it was.
func (r *room) enough() bool {
	if !r.denied.IsZero() {
		if past := r.wall().Sub(r.denied); past >= 0 && past < deniedFor {
			return false
		}
	}
	size := r.reserve.size
	return r.now.Free >= 2*size || r.given && r.now.Free >= size && r.now.Reusable >= size
}

// restore makes the reserve where there is room for it.
func (r *room) restore() {
	if r.reserve.size <= 0 || r.reserve.held() || !r.enough() {
		return
	}
	switch err := r.reserve.make(); {
	case err == nil:
		r.given, r.denied = false, time.Time{}
		r.now.Free = freeBytes(r.path)
	case isFull(err):
		r.denied = r.wall()
	}
}

// look measures the file, and tells how much of it was ever used, in bytes: it
// grows by more than it needs.
func (r *room) look() (used int64, err error) {
	file, err := os.Open(r.path)
	if err != nil {
		return 0, fmt.Errorf("measure the store: %w", err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return 0, fmt.Errorf("measure the store: %w", err)
	}
	used, free, err := readUse(file, r.page)
	if err != nil {
		return 0, fmt.Errorf("measure the store: %w", err)
	}
	r.now.Size, r.now.Reusable = info.Size(), free*r.page
	return used * r.page, nil
}

// FreeBytes is how much may still be written to the disk that holds path;
// without end where that can't be told.
func FreeBytes(path string) int64 { return freeBytes(path) }

// product is blocks of a size in bytes, or the most there is.
func product(blocks, size uint64) int64 {
	high, low := bits.Mul64(blocks, size)
	if high > 0 || low > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(low)
}
