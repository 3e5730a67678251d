package storage

import (
	"encoding/binary"
	"hash/crc32"
	"slices"

	"willcall/core"
	"willcall/storage/bolt"
)

// Schema 2 ends records and other coded values with a checksum, and keeps the
// search lines and counts of contacts as projections. A record of schema 1 is
// the byte 1, a version and fields, one of schema 2 the byte 2, the same, and a
// CRC-32C, big-endian, over the name of the space, a zero byte, the key and all
// before it. A coded value of schema 1 is fields; in schema 2 it too begins with
// the byte 2 and ends with the checksum.
//
// The epoch of secrets of schema 1 is 8 bytes, big-endian, and missing where it
// is 0. In schema 2 it is such a coded value, with the epoch as a number under
// tag 1 where it isn't 0, and always there once there is a secret.

const epochSpace2, epochKey2 = "secrets.epoch", "epoch"

// toSchema2 leads from schema 1 to schema 2.
func toSchema2() migration {
	return migration{change: sealRecords, additions: []bolt.Addition{{
		Space: epochSpace2, Key: []byte(epochKey2), Value: seal2(epochSpace2, []byte(epochKey2), nil),
	}}}
}

// recordSpaces1 are the spaces of schema 1 that hold records.
func recordSpaces1() []core.Space {
	return []core.Space{
		"activity", "contacts", "documents", "institutions", "mail.relay", "mail.tested", "operators",
		"operators.places", "organisations", "outbox", "points-of-sale", "sales-channels", "sessions",
		"validation.habit", "validation.last",
	}
}

// valueSpaces1 are the spaces of schema 1 that hold other coded values.
func valueSpaces1() []core.Space {
	return []core.Space{"activity.personal", "documents.editions", "secrets"}
}

// derivedSpaces1 are the spaces of schema 1 that are made anew.
func derivedSpaces1() []core.Space { return []core.Space{"contacts.lines", "contacts.counts"} }

// sealRecords makes a value of schema 2 out of one of schema 1. A record that isn't one of schema
// 1 couldn't be read before, and stays as it is: it is not a migration's to
// refuse all data for one.
func sealRecords(space core.Space, key, value []byte) ([]byte, error) {
	switch {
	case slices.Contains(derivedSpaces1(), space):
		return nil, nil
	case slices.Contains(recordSpaces1(), space):
		if len(value) == 0 || value[0] != 1 {
			return value, nil
		}
		return seal2(space, key, value[1:]), nil
	case slices.Contains(valueSpaces1(), space):
		return seal2(space, key, value), nil
	case space == epochSpace2 && string(key) == epochKey2 && len(value) == 8:
		return seal2(space, key, epoch2(binary.BigEndian.Uint64(value))), nil
	}
	return value, nil
}

// epoch2 is the coded epoch: a field of tag 1 and of the wire type of numbers, 0.
func epoch2(n uint64) []byte {
	if n == 0 {
		return nil
	}
	return binary.AppendUvarint([]byte{1 << 3}, n)
}

func seal2(space core.Space, key, body []byte) []byte {
	raw := append([]byte{2}, body...)
	sum := crc32.Checksum(slices.Concat([]byte(space), []byte{0}, key, raw), crc32.MakeTable(crc32.Castagnoli))
	return binary.BigEndian.AppendUint32(raw, sum)
}
