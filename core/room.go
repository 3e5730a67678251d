package core

// LowRoom is how much free space is little enough to warn of, in bytes.
const LowRoom int64 = 500 << 20

// Room is how much space the data takes and has, in bytes.
type Room struct {
	Size  int64 // of the database's file, which never shrinks
	Limit int64 // that its size may not pass
	Free  int64 // on the disk that holds it, for who isn't its administrator
	// Reusable is the part of Size that holds nothing any more: what is written
	// next goes there, before the file grows.
	Reusable int64
	// Spent tells that only what is kept for removing is left, on the disk or
	// below the limit: until there is space again only acts that free some are
	// taken.
	Spent bool
	// NoReserve tells that nothing is kept on the disk for removing, and nothing
	// was given up: it never had room for that.
	NoReserve bool
}

// Left is how much more can be written.
func (r Room) Left() int64 { return max(min(r.Free, r.Limit-r.Size+r.Reusable), 0) }

// Low reports whether somebody should make room soon.
func (r Room) Low() bool { return r.Spent || r.Left() < LowRoom }
