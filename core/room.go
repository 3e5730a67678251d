package core

// LowRoom is how much free space is little enough to warn of, in bytes.
const LowRoom int64 = 500 << 20

// Room is how much space the data takes and has, in bytes.
type Room struct {
	Size  int64 // of the database
	Limit int64 // that its size may not pass
	Free  int64 // on the disk that holds it
	// Spent tells that the reserve was given up: the disk was full, and until
	// there is space again only acts that free some are taken.
	Spent bool
}

// Left is how much more can be written.
func (r Room) Left() int64 { return max(min(r.Free, r.Limit-r.Size), 0) }

// Low reports whether somebody should make room soon.
func (r Room) Low() bool { return r.Spent || r.Left() < LowRoom }
