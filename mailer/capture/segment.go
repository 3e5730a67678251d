package capture

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	segmentSuffix = ".seg"
	segmentMagic  = "wclog\x00\x00\x01" // the last byte is the version
	segmentHeader = len(segmentMagic) + markerBytes + 4
)

// file is what a segment needs of an [os.File].
type file interface {
	io.ReaderAt
	io.WriterAt
	Sync() error
	Truncate(size int64) error
	Close() error
}

func openFile(name string, flag int) (file, error) {
	return os.OpenFile(name, flag, 0o600) //nolint:gosec // the name is made by segmentName, below the folder given
}

// segment is one file of the log. Its size, count and newest change in the
// writer only.
type segment struct {
	name   string
	file   file
	marker marker
	size   int64
	count  int // messages in it
	newest time.Time
}

// add notes one more message, which came at this time.
func (s *segment) add(at time.Time) {
	s.count++
	if at.After(s.newest) {
		s.newest = at
	}
}

// segmentName sorts by the sequence that the segment begins with.
func segmentName(dir string, first uint64) string {
	return filepath.Join(dir, fmt.Sprintf("%020d%s", first, segmentSuffix))
}

// segmentFirst is the sequence in a name made by segmentName.
func segmentFirst(name string) (uint64, bool) {
	digits, ok := strings.CutSuffix(filepath.Base(name), segmentSuffix)
	first, err := strconv.ParseUint(digits, 10, 64)
	return first, ok && err == nil && len(digits) == 20
}

// segmentsIn lists what has the name of a segment's file in a folder, in order;
// none where there is no folder.
func segmentsIn(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the segments of captured mail: %w", err)
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), segmentSuffix) {
			names = append(names, filepath.Join(dir, entry.Name()))
		}
	}
	return names, nil
}

func encodeHeader(m marker) []byte {
	header := append([]byte(segmentMagic), m[:]...)
	return binary.BigEndian.AppendUint32(header, castagnoli(nil, header))
}

// readMarker takes the marker from a segment's header or, where the header is
// damaged, from the first record.
func readMarker(data []byte) (m marker, intact bool) {
	copy(m[:], data[len(segmentMagic):])
	if bytes.Equal(data[:segmentHeader], encodeHeader(m)) {
		return m, true
	}
	copy(m[:], data[segmentHeader:])
	return m, false
}

// createSegment makes an empty segment, durable with its name.
func createSegment(dir string, first uint64, o Options) (*segment, error) {
	s := &segment{name: segmentName(dir, first), size: int64(segmentHeader)}
	_, _ = rand.Read(s.marker[:]) // never fails, as documented
	var err error
	if s.file, err = o.open(s.name, os.O_RDWR|os.O_CREATE|os.O_TRUNC); err != nil {
		return nil, fmt.Errorf("make a segment: %w", err)
	}
	_, err = s.file.WriteAt(encodeHeader(s.marker), 0)
	if err == nil {
		err = s.file.Sync()
	}
	if err == nil {
		err = syncFolder(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("make a segment: %w", errors.Join(err, s.file.Close(), os.Remove(s.name)))
	}
	return s, nil
}

func syncFolder(dir string) error {
	folder, err := os.Open(dir) //nolint:gosec // the folder given to Open
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// errSealed is a segment whose last sync failed: what is on the disk behind
// the last record is unknown, also to later syncs.
var errSealed = errors.New("the segment takes no more records")

// append writes b behind the last record and makes it durable. After a failure
// the segment is as it was; with errSealed in the chain nothing more may be
// appended to it.
func (s *segment) append(b []byte) error {
	_, err := s.file.WriteAt(b, s.size)
	if err == nil {
		if err = s.file.Sync(); err == nil {
			s.size += int64(len(b))
			return nil
		}
		err = errors.Join(errSealed, err)
	}
	// Where this fails too, the next record is written over the rest, and a
	// replay passes over what is left of it.
	return errors.Join(err, s.file.Truncate(s.size))
}

// read gives the record at offset, with its checksum checked again.
func (s *segment) read(offset int64, size int) (record, error) {
	b := make([]byte, size)
	if _, err := s.file.ReadAt(b, offset); err != nil {
		return record{}, fmt.Errorf("read the segment: %w", err)
	}
	return decodeRecord(b, s.marker)
}

// DamageError is a stretch of a segment that holds no readable record. The
// bytes stay where they are; the mails before and behind it are listed.
type DamageError struct {
	File   string
	Offset int64
	Bytes  int64
}

// Error names the place.
func (e *DamageError) Error() string {
	return fmt.Sprintf("%s: %d damaged bytes at offset %d were skipped", e.File, e.Bytes, e.Offset)
}

// scan walks the records of a segment's bytes. It calls found for each, in
// order, and damaged for each stretch without one. end is where a torn tail
// begins, else the length of data.
func scan(data []byte, m marker, found func(r record, offset int), damaged func(offset, size int)) (end int) {
	pos := segmentHeader
	for pos < len(data) {
		r, err := decodeRecord(data[pos:], m)
		if err == nil {
			found(r, pos)
			pos += r.size
			continue
		}
		next := nextMarker(data, pos+1, m)
		if next == len(data) && torn(data[pos:], err) {
			return pos
		}
		damaged(pos, next-pos)
		pos = next
	}
	return pos
}

func nextMarker(data []byte, from int, m marker) int {
	if i := bytes.Index(data[from:], m[:]); i >= 0 {
		return from + i
	}
	return len(data)
}

// torn reports whether a tail can't hold a whole record: it ends early, or the
// file grew and its bytes never arrived. Such a mail was never acknowledged.
func torn(tail []byte, err error) bool {
	return errors.Is(err, errTorn) || len(bytes.Trim(tail, "\x00")) == 0
}
