package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"willcall/core"
)

const (
	// format is the first byte of everything this package stores.
	format = 2
	// sumSize is what everything stored ends with: a checksum over where it
	// lies and the bytes before it.
	sumSize = crc32.Size
)

// errSum is stored bytes whose checksum is another: bits were flipped, or they
// belong to another key.
var errSum = errors.New("the checksum doesn't match")

// spaceSum begins the checksums of a space: its name and a zero byte.
func spaceSum(space core.Space) uint32 {
	return crc32.Checksum(append([]byte(space), 0), castagnoli())
}

// castagnoli is the polynomial of CRC-32C (RFC 3720, appendix B.4), which
// processors have an instruction for. The standard library makes its table once.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

func sumOf(space uint32, key, raw []byte) uint32 {
	table := castagnoli()
	return crc32.Update(crc32.Update(space, table, key), table, raw)
}

// seal appends the checksum of raw under key.
func seal(space uint32, key, raw []byte) []byte {
	return binary.BigEndian.AppendUint32(raw, sumOf(space, key, raw))
}

// unseal checks the format and the checksum of what is stored under key, and
// gives what is between them.
func unseal(space uint32, key, raw []byte) ([]byte, error) {
	if len(raw) == 0 || raw[0] != format {
		return nil, fmt.Errorf("not of format %d: %w", format, ErrMalformed)
	}
	end := len(raw) - sumSize
	if end < 1 {
		return nil, fmt.Errorf("cut off: %w", ErrMalformed)
	}
	if binary.BigEndian.Uint32(raw[end:]) != sumOf(space, key, raw[:end]) {
		return nil, fmt.Errorf("%w: %w", errSum, ErrMalformed)
	}
	return raw[1:end], nil
}

// damaged marks an error of reading what is stored as [core.ErrDamaged].
func damaged(err error) error { return fmt.Errorf("%w: %w", core.ErrDamaged, err) }
