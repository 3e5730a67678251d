package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// A record, numbers big-endian:
//
//	 0  8  the segment's marker
//	 8  4  n, the bytes behind the checksum
//	12  4  CRC-32C of n and of those bytes
//	16  8  sequence
//	24  1  kind
//	25  4  e, the bytes of the envelope
//	29  e  envelope
//	…      the message, unchanged
//
// The marker is drawn at random for each segment. It lets a reader find the
// next record behind a damaged one, and because no sender can know it, no mail
// can hold a forged record.
const (
	markerBytes   = 8
	recordPrefix  = markerBytes + 8
	recordMinimum = recordPrefix + 13
)

type kind byte

const kindMessage kind = 1

type marker [markerBytes]byte

var (
	errTorn    = errors.New("the record ends before its length")
	errDamaged = errors.New("the record is damaged")
)

type record struct {
	seq      uint64
	kind     kind
	envelope []byte
	raw      []byte
	size     int // bytes of the whole record
}

func recordSize(envelope, raw []byte) int { return recordMinimum + len(envelope) + len(raw) }

func castagnoli(length, payload []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum(length, table), table, payload)
}

func appendRecord(dst []byte, m marker, r record) []byte {
	start := len(dst)
	dst = append(dst, m[:]...)
	payload := recordSize(r.envelope, r.raw) - recordPrefix
	dst = binary.BigEndian.AppendUint32(dst, uint32(payload)) //nolint:gosec // Append refuses what doesn't fit
	dst = append(dst, 0, 0, 0, 0)
	dst = binary.BigEndian.AppendUint64(dst, r.seq)
	dst = append(dst, byte(r.kind))
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(r.envelope))) //nolint:gosec // smaller than the payload
	dst = append(append(dst, r.envelope...), r.raw...)
	whole := dst[start:]
	sum := castagnoli(whole[markerBytes:markerBytes+4], whole[recordPrefix:])
	binary.BigEndian.PutUint32(whole[markerBytes+4:], sum)
	return dst
}

// decodeRecord reads the record at the beginning of b. Its slices are b's. It
// fails with errTorn where b ends too early, else with errDamaged.
func decodeRecord(b []byte, m marker) (record, error) {
	if len(b) < recordMinimum {
		return record{}, errTorn
	}
	if !bytes.Equal(b[:markerBytes], m[:]) {
		return record{}, errDamaged
	}
	n := int64(binary.BigEndian.Uint32(b[markerBytes:]))
	if n > int64(len(b)-recordPrefix) {
		return record{}, errTorn
	}
	payload := b[recordPrefix : recordPrefix+int(n)]
	sum := binary.BigEndian.Uint32(b[markerBytes+4:])
	if n < recordMinimum-recordPrefix || sum != castagnoli(b[markerBytes:markerBytes+4], payload) {
		return record{}, errDamaged
	}
	envelope := int64(binary.BigEndian.Uint32(payload[9:]))
	if envelope > n-13 {
		return record{}, errDamaged
	}
	return record{
		seq: binary.BigEndian.Uint64(payload), kind: kind(payload[8]),
		envelope: payload[13 : 13+envelope], raw: payload[13+envelope:],
		size: recordPrefix + int(n),
	}, nil
}
