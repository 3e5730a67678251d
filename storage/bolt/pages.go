package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// Where bbolt keeps what is read here, in bytes: in a meta page, of which there
// are two, and in the page with the list of the free ones. Every page begins
// with the same header.
const (
	pageHeader = 16
	pageFlags  = 8
	pageCount  = 10

	metaPage     = pageHeader + 8 // how long a page is
	metaRoot     = pageHeader + 16
	metaFreelist = pageHeader + 32
	metaPages    = pageHeader + 40
	metaNumber   = pageHeader + 48
	metaSum      = pageHeader + 56
	metaEnd      = metaSum + 8

	freelistFlag = 0x10
	countWide    = 0xffff // the count is the list's first entry instead
)

// errPages is a file whose pages can't be counted now, such as while it is
// written to.
var errPages = errors.New("the pages can't be counted")

// meta is what a meta page says about the file after one transaction.
type meta struct {
	page     uint64 // its own
	number   uint64 // of the transaction
	root     uint64 // the page of the names of the buckets
	pages    uint64 // that were ever used
	freelist uint64 // the page where the list of the free ones begins
}

// readUse tells how many pages of a bbolt file were ever used, and how many of
// those hold nothing now. bbolt offers the second only with statistics that
// every read pays for. Beside a commit it gives what was before or after, or
// fails.
func readUse(file io.ReaderAt, pageSize int64) (used, free int64, err error) {
	newest, err := newestMeta(file, pageSize)
	if err != nil {
		return 0, 0, err
	}
	count, err := readFree(file, newest, pageSize)
	if err != nil {
		return 0, 0, err
	}
	return int64(newest.pages), int64(count), nil //nolint:gosec // no file has as many pages; readFree checked the count
}

// newestMeta is the newer one of the meta pages that hold.
func newestMeta(file io.ReaderAt, pageSize int64) (meta, error) {
	newest, err := readMeta(file, 0)
	if second, secondErr := readMeta(file, pageSize); secondErr == nil && (err != nil || second.number > newest.number) {
		newest, err = second, nil
		newest.page = 1
	}
	return newest, err
}

func readMeta(file io.ReaderAt, at int64) (meta, error) {
	var raw [metaEnd]byte
	if _, err := file.ReadAt(raw[:], at); err != nil {
		return meta{}, fmt.Errorf("read a meta page: %w", err)
	}
	sum := fnv.New64a()
	_, _ = sum.Write(raw[pageHeader:metaSum])
	if binary.NativeEndian.Uint32(raw[magicOffset:]) != magic || binary.NativeEndian.Uint64(raw[metaSum:]) != sum.Sum64() {
		return meta{}, errPages
	}
	return meta{
		root:     binary.NativeEndian.Uint64(raw[metaRoot:]),
		number:   binary.NativeEndian.Uint64(raw[metaNumber:]),
		pages:    binary.NativeEndian.Uint64(raw[metaPages:]),
		freelist: binary.NativeEndian.Uint64(raw[metaFreelist:]),
	}, nil
}

// pageSizeOf is how long the pages of a file are, in bytes, as the first of its
// meta pages says that holds.
func pageSizeOf(file io.ReaderAt) (int64, error) {
	places := []int64{0}
	for size := int64(leastPage); size <= mostPage; size *= 2 {
		places = append(places, size)
	}
	for _, at := range places {
		if _, err := readMeta(file, at); err != nil {
			continue
		}
		var raw [4]byte
		if _, err := file.ReadAt(raw[:], at+metaPage); err != nil {
			return 0, fmt.Errorf("read a meta page: %w", err)
		}
		size := int64(binary.NativeEndian.Uint32(raw[:]))
		if size >= leastPage && size <= mostPage && (at == 0 || at == size) {
			return size, nil
		}
	}
	return 0, errPages
}

// readFree is the number of entries in the list of free pages.
func readFree(file io.ReaderAt, m meta, pageSize int64) (uint64, error) {
	if m.freelist >= m.pages || m.pages > uint64(1<<62/pageSize) { //nolint:gosec // a page's size is positive
		return 0, errPages
	}
	var raw [pageHeader + 8]byte
	if _, err := file.ReadAt(raw[:], int64(m.freelist)*pageSize); err != nil { //nolint:gosec // checked above
		return 0, fmt.Errorf("read the list of free pages: %w", err)
	}
	count := uint64(binary.NativeEndian.Uint16(raw[pageCount:]))
	if count == countWide {
		count = binary.NativeEndian.Uint64(raw[pageHeader:])
	}
	if binary.NativeEndian.Uint16(raw[pageFlags:]) != freelistFlag || count > m.pages {
		return 0, errPages
	}
	return count, nil
}
