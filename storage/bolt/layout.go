package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Pages of the file format of version 2, as go.etcd.io/bbolt v1.5.0 has them in
// its package internal/common (page.go, meta.go, bucket.go, inode.go). Numbers are
// in the order of bytes of the machine that wrote the file.
//
// Each page begins with its own number (8 bytes), its kind (2), how many entries
// it has (2), and how many pages after it it takes as well (4). A table of
// entries follows, 16 bytes each, and then, without gaps, the keys and values in
// the same order. An entry of a branch has the place and the length of a key (4
// each) and the number of the page below (8), which begins with that key or one
// behind it. An entry of a leaf has its flags, the place and the length of its
// key, and the length of the value that follows (4 each). Places count from the
// entry's own first byte.
//
// The value of a bucket is the number of its first page and a counter (8 each).
// Where the number is 0, a leaf follows that ends with the value.
const (
	pageOverflow = 12
	entrySize    = 16
	bucketSize   = 16

	branchFlag = 0x01
	leafFlag   = 0x02
	metaFlag   = 0x04
	bucketFlag = 0x01 // of an entry
)

// header is how a page begins.
type header struct {
	id       uint64
	kind     uint16
	count    int
	overflow uint64
}

func readHeader(raw []byte) header {
	return header{
		id:       binary.NativeEndian.Uint64(raw),
		kind:     binary.NativeEndian.Uint16(raw[pageFlags:]),
		count:    int(binary.NativeEndian.Uint16(raw[pageCount:])),
		overflow: uint64(binary.NativeEndian.Uint32(raw[pageOverflow:])),
	}
}

// tableEnd is where the keys and values of a page begin.
func (h header) tableEnd() int64 { return pageHeader + int64(h.count)*entrySize }

// entry is one of a page's. Places count from the page's first byte.
type entry struct {
	flags      uint32
	key, value int64 // where they begin
	end        int64
	child      uint64
}

func (h header) entry(raw []byte, i int) entry {
	at := pageHeader + int64(i)*entrySize
	word := func(n int64) int64 { return int64(binary.NativeEndian.Uint32(raw[at+4*n:])) }
	if h.kind == branchFlag {
		e := entry{key: at + word(0), child: binary.NativeEndian.Uint64(raw[at+8:])}
		e.value = e.key + word(1)
		e.end = e.value
		return e
	}
	e := entry{flags: binary.NativeEndian.Uint32(raw[at:]), key: at + word(1)}
	e.value = e.key + word(2)
	e.end = e.value + word(3)
	return e
}

// extent is where the last entry of a page ends, whose table raw has, in bytes.
// It fails where keys and values don't follow each other.
func (h header) extent(raw []byte) (int64, error) {
	end := h.tableEnd()
	for i := range h.count {
		e := h.entry(raw, i)
		switch {
		case e.key != end:
			return 0, fmt.Errorf("entry %d is at %d, not %d", i, e.key, end)
		case e.value == e.key:
			return 0, fmt.Errorf("entry %d has an empty key", i)
		}
		end = e.end
	}
	return end, nil
}

// errLostList is a list of free pages that isn't where the meta page has it.
var errLostList = errors.New("the list of free pages isn't there")

// listSpan is how many entries the list of free pages has, and where they begin,
// of which raw has the first bytes.
func (h header) listSpan(raw []byte, pageSize int64) (at, count int64, err error) {
	at, count = pageHeader, int64(h.count)
	if h.kind != freelistFlag {
		return 0, 0, errLostList
	}
	if h.count == countWide {
		wide := binary.NativeEndian.Uint64(raw[pageHeader:])
		if wide > math.MaxInt32 {
			return 0, 0, fmt.Errorf("%d entries in the list of free pages", wide)
		}
		at, count = at+8, int64(wide)
	}
	if at+8*count > (int64(h.overflow)+1)*pageSize { //nolint:gosec // 32 bits
		return 0, 0, fmt.Errorf("%d entries in the list of free pages don't fit its %d pages", count, h.overflow+1)
	}
	return at, count, nil
}
