package bolt

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	boltErrors "go.etcd.io/bbolt/errors"

	"willcall/core"
)

// Why a file is not opened. [Open] wraps them; compare with [errors.Is].
var (
	// ErrLocked is a file that another process has open; see [LockedError].
	ErrLocked = errors.New("the data is in use")
	// ErrEmpty is an existing file of no bytes: what was in it is lost.
	ErrEmpty = errors.New("the data file is empty: restore it from a backup, or remove it to begin anew")
	// ErrForeign is a file that isn't a store of this program.
	ErrForeign = errors.New("the file is not one of this program's")
	// ErrTruncated is a file shorter than it says it is.
	ErrTruncated = errors.New("the data file is cut off: restore it from a backup")
	// ErrDamaged is a file whose structure doesn't hold together.
	ErrDamaged = errors.New("the data file is damaged: restore it from a backup")
)

// errEnded is the use of a view or transaction after its function returned.
var errEnded = errors.New("the transaction has ended")

// Holder is the process that has a file open.
type Holder struct {
	PID     int       `json:"pid"`
	Started time.Time `json:"started"` // when it opened the file
}

// LockedError names the process that holds the file. It is an [ErrLocked].
type LockedError struct {
	Path   string
	Holder Holder // zero where the process left no note
}

// Error names the file and, where it is known, its holder.
func (e *LockedError) Error() string {
	if e.Holder.PID == 0 {
		return fmt.Sprintf("%s: %v by another process", e.Path, ErrLocked)
	}
	return fmt.Sprintf("%s: %v by process %d since %s",
		e.Path, ErrLocked, e.Holder.PID, e.Holder.Started.Format(time.RFC3339))
}

// Unwrap is [ErrLocked].
func (e *LockedError) Unwrap() error { return ErrLocked }

// NoRoomError is work that wasn't begun, since the disk has too little room for
// it. It is a [core.ErrFull].
type NoRoomError struct {
	Need, Free int64 // in bytes
}

// Error says how much there is of what is needed.
func (e *NoRoomError) Error() string {
	return fmt.Sprintf("%d bytes are needed and %d are free: %v", e.Need, e.Free, core.ErrFull)
}

// Unwrap is [core.ErrFull].
func (e *NoRoomError) Unwrap() error { return core.ErrFull }

// seamError turns bbolt's errors into those of the seam.
func seamError(err error) error {
	if errors.Is(err, boltErrors.ErrDatabaseNotOpen) {
		return core.ErrClosed
	}
	return err
}

// commitError tells a commit that certainly didn't happen from one that may
// have: bbolt makes a commit visible by its meta page, so where the newest meta
// page is older than the transaction, nothing of it can come back.
func (s *Store) commitError(id int, err error) error {
	last, beginErr := s.begin(false)
	if beginErr != nil {
		return fmt.Errorf("commit: %w: %w", core.ErrOutcomeUnknown, err)
	}
	newest := last.ID()
	if endErr := last.Rollback(); endErr != nil || newest >= id {
		return fmt.Errorf("commit: %w: %w", core.ErrOutcomeUnknown, err)
	}
	if isFull(err) {
		return fmt.Errorf("commit: %w: %w", core.ErrFull, err)
	}
	return fmt.Errorf("commit: %w", seamError(err))
}

// damaged, deferred around calls of bbolt alone, turns its panics and the faults
// of reading its file into an error: it trusts what the file says.
func damaged(err *error) {
	if broken := recover(); broken != nil {
		*err = damage(broken)
	}
}

func damage(broken any) error { return fmt.Errorf("%w: %v", core.ErrDamaged, broken) }

// guard is damaged for calls that write. They may have been left half done.
func (e *engine) guard(err *error) {
	if broken := recover(); broken != nil {
		*err = damage(broken)
		e.spoiled = *err
	}
}

// isFull reports whether a commit failed for want of room.
func isFull(err error) bool {
	return errors.Is(err, boltErrors.ErrMaxSizeReached) || isCause(err, syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG)
}

// isCause reports whether one of the system's errors is behind err. bbolt writes
// them into some of its own as text only.
func isCause(err error, causes ...syscall.Errno) bool {
	return slices.ContainsFunc(causes, func(cause syscall.Errno) bool {
		return errors.Is(err, cause) || strings.Contains(err.Error(), cause.Error())
	})
}

// MarkFull wraps [core.ErrFull] around errors of a disk without room, and leaves
// other errors, and nil, as they are.
func MarkFull(err error) error {
	if err != nil && isFull(err) && !errors.Is(err, core.ErrFull) {
		return fmt.Errorf("%w: %w", core.ErrFull, err)
	}
	return err
}
