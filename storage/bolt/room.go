package bolt

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"os"
	"slices"
	"sync"
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

	growMost   = 16 << 20 // by which the file grows at a time; bbolt's own step
	growShare  = 64       // of the limit, where that is less
	spareShare = 16       // of the limit, where the reserve would be more
)

// room keeps account of the space that a store takes and has. It is measured at
// open, after an update that failed for want of it, and else when somebody
// writes or asks, at most once in [roomEvery]: in a store that is left alone
// nothing happens. It is safe for concurrent use.
//
// Space is spent on the disk from when the reserve was given up until twice its
// size can be written again, be it to the disk or to pages of the file that hold
// nothing, and the reserve is back. It is spent below the limit while less than
// the size of the reserve can be written there, counting those pages, and until
// it is twice as much. So removing always has the size of the reserve to work
// with, which bbolt needs: it writes the pages on the way to what is removed
// anew before it lets go of the old ones.
type room struct {
	db      *bbolt.DB
	path    string
	wall    core.Wall
	page    int64 // bytes of one
	limit   int64
	spare   int64 // below the limit
	reserve reserve

	mu       sync.Mutex // guards what follows, and the reserve
	now      core.Room
	measured time.Time
	given    bool // the reserve was given up and isn't there again
	tight    bool // spent below the limit
	watchers []*func(core.Room)
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
	r.given = r.reserve.size > 0 && !r.reserve.held() && freeBytes(path) < 2*r.reserve.size
	r.measure()
	return r
}

// Room says how much space the store takes and has, as measured within the last
// seconds, or just now where it is spent. It is safe for concurrent use, also
// inside a view or an update.
func (s *Store) Room() core.Room { return s.room.ask() }

// WatchRoom calls fn when [core.Room.Low] or Spent changed, and while there is
// little when it became noticeably more or less. fn must return quickly and must
// not call the store. stop ends it.
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
	defer r.mu.Unlock()
	if r.now.Spent || r.due() {
		r.measure()
	}
	return r.now
}

// after hears how an update ended. The writer calls it between two updates.
func (r *room) after(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	full := errors.Is(err, core.ErrFull)
	switch {
	case errors.Is(err, boltErrors.ErrMaxSizeReached):
		r.tight = true // unless there is plenty for all but this update
	case full:
		r.giveUp()
	}
	if full || r.due() {
		r.measure()
	}
}

// due reports whether the last measurement is past. A clock that was set back
// makes it so.
func (r *room) due() bool {
	past := r.wall().Sub(r.measured)
	return past < 0 || past >= roomEvery
}

func (r *room) giveUp() {
	if r.reserve.size > 0 && r.reserve.giveUp() == nil {
		r.given = true
	}
}

// measure looks at the disk and the file, makes the reserve again where there
// is room for it, and tells what changed. What can't be read stays as it was.
func (r *room) measure() {
	before := r.now
	r.measured = r.wall()
	r.now.Limit = r.limit
	r.now.Free = freeBytes(r.path)
	if used, err := r.look(); err == nil {
		left := r.limit - int64(r.db.AllocSize) - used + r.now.Reusable
		r.tight = left < r.spare || r.tight && left < 2*r.spare
	}
	r.restore()
	r.now.Spent = r.given || r.tight
	if r.now.Spent != before.Spent || r.now.Low() != before.Low() ||
		r.now.Low() && r.now.Left()/roomStep != before.Left()/roomStep {
		for _, fn := range r.watchers {
			(*fn)(r.now)
		}
	}
}

// restore makes the reserve where the disk has four times its size, so that it
// never takes much of what is left. Once it was given up, what became free in
// the file is as good as twice its size on the disk: that is where writing goes
// on, and the disk stays as full as it was.
func (r *room) restore() {
	size := r.reserve.size
	enough := r.now.Free >= 4*size
	if r.given {
		enough = r.now.Free >= 2*size || r.now.Free >= size && r.now.Reusable >= size
	}
	if size <= 0 || !enough || r.reserve.held() {
		return
	}
	if r.reserve.make() == nil {
		r.given = false
		r.now.Free = freeBytes(r.path)
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

// product is blocks of a size in bytes, or the most there is.
func product(blocks, size uint64) int64 {
	high, low := bits.Mul64(blocks, size)
	if high > 0 || low > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(low)
}
