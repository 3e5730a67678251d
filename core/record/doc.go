// Package record keeps values as records: a field-tagged binary codec, tables
// of versioned records, and indexes over them.
//
// A stored record is one format byte, the record's version as a uvarint, its
// fields, and a checksum of four bytes, big-endian: CRC-32C over the name of the
// space, a zero byte, the key, and all bytes before the checksum. So flipped bits
// are found on reading, and so is a record under a key that isn't its own. A
// field is a uvarint key, tag*8 + wire type, and a payload:
//
//	0  number  a uvarint
//	1  bytes   a uvarint length and that many bytes
//	2  fixed   8 bytes, big-endian
//
// Fields are written in the order of their tags, each tag at most once, and
// zero values are left out, so one value has one encoding. A tag is never given
// to another field, nor does a field change its wire type.
//
// Records outlive programs: a codec skips fields whose tags it doesn't know, and
// a [Table] carries them over from the stored record when it saves a new value.
// That holds for a record's own fields and, at any depth, for those of a
// [Struct]; elements of a [List] have no identity and are written anew.
//
// Everything here is immutable once made and safe for concurrent use; calls that
// take a [core.View] or [core.Tx] are bound to its goroutine.
package record
