package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrMalformed is stored data that isn't a record of the expected shape. Errors
// of decoding wrap it and name the tag; compare with [errors.Is].
var ErrMalformed = errors.New("malformed record")

// wireType says how long a field's payload is, also to a codec that doesn't
// know the field.
type wireType uint8

const (
	wireNumber wireType = iota
	wireBytes
	wireFixed

	wireBits  = 3
	fixedSize = 8
)

// item is one stored field.
type item struct {
	tag     uint32
	wire    wireType
	number  uint64 // of wireNumber and wireFixed
	payload []byte // of wireBytes
	whole   []byte // key and payload as stored
}

// scanner reads stored fields one by one. It allocates nothing and never looks
// into a payload, so hostile nesting costs nothing.
type scanner struct {
	raw  []byte
	last uint32
}

// next takes the next field off the front. Call it while raw isn't empty.
func (s *scanner) next() (item, error) {
	key, n := binary.Uvarint(s.raw)
	if n <= 0 {
		return item{}, fmt.Errorf("the key after tag %d: %w", s.last, ErrMalformed)
	}
	tag := key >> wireBits
	if tag <= uint64(s.last) || tag > math.MaxUint32 {
		return item{}, fmt.Errorf("tag %d after tag %d: %w", tag, s.last, ErrMalformed)
	}
	it := item{tag: uint32(tag), wire: wireType(key & (1<<wireBits - 1))}
	size, err := it.read(s.raw[n:])
	if err != nil {
		return item{}, fmt.Errorf("tag %d: %w", tag, err)
	}
	it.whole, s.raw = s.raw[:n+size], s.raw[n+size:]
	s.last = it.tag
	return it, nil
}

// read takes the payload at the front of raw and says how many bytes it took.
func (it *item) read(raw []byte) (int, error) {
	switch it.wire {
	case wireNumber:
		v, n := binary.Uvarint(raw)
		if n <= 0 {
			return 0, fmt.Errorf("a broken number: %w", ErrMalformed)
		}
		it.number = v
		return n, nil
	case wireBytes:
		payload, rest, err := cutBytes(raw)
		it.payload = payload
		return len(raw) - len(rest), err
	case wireFixed:
		if len(raw) < fixedSize {
			return 0, fmt.Errorf("%d bytes where %d belong: %w", len(raw), fixedSize, ErrMalformed)
		}
		it.number = binary.BigEndian.Uint64(raw)
		return fixedSize, nil
	}
	return 0, fmt.Errorf("wire type %d is not known: %w", it.wire, ErrMalformed)
}

// carry copies the fields before tag to dst and takes the one with that tag, if
// there is one. It trusts that the data was decoded before.
func (s *scanner) carry(dst []byte, tag uint32) ([]byte, item) {
	for len(s.raw) > 0 {
		before := *s
		it, err := s.next()
		switch {
		case err != nil:
			s.raw = nil
			return dst, item{}
		case it.tag > tag:
			*s = before
			return dst, item{}
		case it.tag == tag:
			return dst, it
		}
		dst = append(dst, it.whole...)
	}
	return dst, item{}
}

// cutBytes takes a length and that many bytes off the front of raw.
func cutBytes(raw []byte) (head, rest []byte, err error) {
	size, n := binary.Uvarint(raw)
	if n <= 0 {
		return nil, nil, fmt.Errorf("a broken length: %w", ErrMalformed)
	}
	raw = raw[n:]
	if size > uint64(len(raw)) {
		return nil, nil, fmt.Errorf("length %d with %d bytes left: %w", size, len(raw), ErrMalformed)
	}
	return raw[:size], raw[size:], nil
}

func appendKey(dst []byte, tag uint32, wire wireType) []byte {
	return binary.AppendUvarint(dst, uint64(tag)<<wireBits|uint64(wire))
}

func appendText[S ~string | ~[]byte](dst []byte, text S) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(text)))
	return append(dst, text...)
}

// delimit puts the length of dst[start:] before it, for payloads whose length
// is known only once they are written.
func delimit(dst []byte, start int) []byte {
	var length [binary.MaxVarintLen64]byte
	end := len(dst)
	n := binary.PutUvarint(length[:], uint64(len(dst[start:])))
	dst = append(dst, length[:n]...)
	copy(dst[start+n:], dst[start:end])
	copy(dst[start:], length[:n])
	return dst
}
