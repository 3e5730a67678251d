package coretest

import (
	"encoding/binary"
	"hash/crc32"
	"slices"

	"willcall/core"
)

// SumSize is how many bytes of a stored record are its checksum, at the end.
const SumSize = crc32.Size

// Sealed ends raw, a record without its checksum, so that it reads under key.
func Sealed(space core.Space, key, raw []byte) []byte {
	all := slices.Concat([]byte(space), []byte{0}, key, raw)
	return binary.BigEndian.AppendUint32(slices.Clone(raw), crc32.Checksum(all, crc32.MakeTable(crc32.Castagnoli)))
}
