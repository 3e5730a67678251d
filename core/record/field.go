package record

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Text is a string. Its bytes are kept as they are, valid UTF-8 or not.
func Text[T any, S ~string](tag uint32, at func(*T) *S) Field[T] {
	return delimited(tag, func(value *T) bool { return *at(value) == "" },
		func(dst []byte, value *T) []byte { return append(dst, *at(value)...) },
		func(payload []byte, into *T) error {
			*at(into) = S(payload)
			return nil
		})
}

// Uint is an unsigned number. Decoding refuses one too large for V.
func Uint[T any, V ~uint8 | ~uint16 | ~uint32 | ~uint64](tag uint32, at func(*T) *V) Field[T] {
	return number(tag, func(value *T) uint64 { return uint64(*at(value)) },
		func(n uint64, into *T) error {
			if uint64(V(n)) != n {
				return fmt.Errorf("number %d is too large: %w", n, ErrMalformed)
			}
			*at(into) = V(n)
			return nil
		})
}

// Bool is a truth value.
func Bool[T any](tag uint32, at func(*T) *bool) Field[T] {
	return number(tag, func(value *T) uint64 {
		if *at(value) {
			return 1
		}
		return 0
	}, func(n uint64, into *T) error {
		if n > 1 {
			return fmt.Errorf("number %d for a truth value: %w", n, ErrMalformed)
		}
		*at(into) = n == 1
		return nil
	})
}

// Time is an instant between the years 1678 and 2262, to the nanosecond. It is
// read back in UTC; the zero time stays the zero time.
func Time[T any](tag uint32, at func(*T) *time.Time) Field[T] {
	return Field[T]{
		tag: tag, wire: wireFixed,
		append: func(dst []byte, value *T, _ []byte) []byte {
			t := *at(value)
			if t.IsZero() {
				return dst
			}
			dst = appendKey(dst, tag, wireFixed)
			return binary.BigEndian.AppendUint64(dst, uint64(t.UnixNano()))
		},
		decode: func(it item, into *T) error {
			*at(into) = time.Unix(0, int64(it.number)).UTC() //nolint:gosec // written from an int64
			return nil
		},
	}
}

// Bytes is a byte string; an empty one is read back as nil.
func Bytes[T any](tag uint32, at func(*T) *[]byte) Field[T] {
	return delimited(tag, func(value *T) bool { return len(*at(value)) == 0 },
		func(dst []byte, value *T) []byte { return append(dst, *at(value)...) },
		func(payload []byte, into *T) error {
			*at(into) = slices.Clone(payload)
			return nil
		})
}

// Texts is a list of strings; an empty one is read back as nil.
func Texts[T any, S ~string](tag uint32, at func(*T) *[]S) Field[T] {
	return delimited(tag, func(value *T) bool { return len(*at(value)) == 0 },
		func(dst []byte, value *T) []byte {
			for _, text := range *at(value) {
				dst = appendText(dst, text)
			}
			return dst
		},
		func(payload []byte, into *T) error {
			return eachBytes(payload, func(text []byte) error {
				*at(into) = append(*at(into), S(text))
				return nil
			})
		})
}

// Uints is a list of unsigned numbers; an empty one is read back as nil.
func Uints[T any, V ~uint64](tag uint32, at func(*T) *[]V) Field[T] {
	return delimited(tag, func(value *T) bool { return len(*at(value)) == 0 },
		func(dst []byte, value *T) []byte {
			for _, n := range *at(value) {
				dst = binary.AppendUvarint(dst, uint64(n))
			}
			return dst
		},
		func(payload []byte, into *T) error {
			for len(payload) > 0 {
				v, n := binary.Uvarint(payload)
				if n <= 0 {
					return fmt.Errorf("a broken number: %w", ErrMalformed)
				}
				*at(into), payload = append(*at(into), V(v)), payload[n:]
			}
			return nil
		})
}

// Map is a map of strings, written in the order of its keys; an empty one is
// read back as nil.
func Map[T any](tag uint32, at func(*T) *map[string]string) Field[T] {
	return delimited(tag, func(value *T) bool { return len(*at(value)) == 0 },
		func(dst []byte, value *T) []byte {
			entries := *at(value)
			for _, key := range slices.Sorted(maps.Keys(entries)) {
				dst = appendText(appendText(dst, key), entries[key])
			}
			return dst
		},
		func(payload []byte, into *T) (err error) {
			*at(into), err = decodeMap(payload)
			return err
		})
}

func decodeMap(payload []byte) (map[string]string, error) {
	entries := map[string]string{}
	last, first := "", true
	for len(payload) > 0 {
		key, rest, err := cutBytes(payload)
		if err != nil {
			return nil, err
		}
		value, rest, err := cutBytes(rest)
		if err != nil {
			return nil, err
		}
		if !first && string(key) <= last {
			return nil, fmt.Errorf("map key %q after %q: %w", key, last, ErrMalformed)
		}
		last, first, payload = string(key), false, rest
		entries[last] = string(value)
	}
	return entries, nil
}

// Struct is a value with a codec of its own. Its unknown fields survive a save
// like those of the record around it.
func Struct[T, E any](tag uint32, at func(*T) *E, codec Codec[E]) Field[T] {
	return Field[T]{
		tag: tag, wire: wireBytes,
		append: func(dst []byte, value *T, stored []byte) []byte {
			keyed := appendKey(dst, tag, wireBytes)
			full := codec.replace(keyed, at(value), stored)
			if len(full) == len(keyed) {
				return dst
			}
			return delimit(full, len(keyed))
		},
		decode: func(it item, into *T) error { return codec.Decode(it.payload, at(into)) },
	}
}

// List is a list of values with a codec of their own; an empty one is read back
// as nil.
func List[T, E any](tag uint32, at func(*T) *[]E, codec Codec[E]) Field[T] {
	return delimited(tag, func(value *T) bool { return len(*at(value)) == 0 },
		func(dst []byte, value *T) []byte {
			list := *at(value)
			for i := range list {
				start := len(dst)
				dst = delimit(codec.Append(dst, &list[i]), start)
			}
			return dst
		},
		func(payload []byte, into *T) error {
			return eachBytes(payload, func(raw []byte) error {
				var element E
				if err := codec.Decode(raw, &element); err != nil {
					return fmt.Errorf("element %d: %w", len(*at(into)), err)
				}
				*at(into) = append(*at(into), element)
				return nil
			})
		})
}

// number makes a field of one uvarint, left out where it is 0.
func number[T any](tag uint32, get func(*T) uint64, set func(uint64, *T) error) Field[T] {
	return Field[T]{
		tag: tag, wire: wireNumber,
		append: func(dst []byte, value *T, _ []byte) []byte {
			n := get(value)
			if n == 0 {
				return dst
			}
			return binary.AppendUvarint(appendKey(dst, tag, wireNumber), n)
		},
		decode: func(it item, into *T) error { return set(it.number, into) },
	}
}

// delimited makes a field with a length before its payload.
func delimited[T any](
	tag uint32, empty func(*T) bool,
	write func(dst []byte, value *T) []byte, read func(payload []byte, into *T) error,
) Field[T] {
	return Field[T]{
		tag: tag, wire: wireBytes,
		append: func(dst []byte, value *T, _ []byte) []byte {
			if empty(value) {
				return dst
			}
			dst = appendKey(dst, tag, wireBytes)
			start := len(dst)
			return delimit(write(dst, value), start)
		},
		decode: func(it item, into *T) error {
			if len(it.payload) == 0 {
				return nil
			}
			return read(it.payload, into)
		},
	}
}

// eachBytes calls fn for every length-delimited part of payload.
func eachBytes(payload []byte, fn func([]byte) error) error {
	for len(payload) > 0 {
		head, rest, err := cutBytes(payload)
		if err != nil {
			return err
		}
		if err := fn(head); err != nil {
			return err
		}
		payload = rest
	}
	return nil
}
