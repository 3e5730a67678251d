package record

import (
	"cmp"
	"fmt"
	"slices"
)

// Codec turns a T into bytes and back. It handles the fields it was made of and
// nothing else of T.
type Codec[T any] struct{ fields []Field[T] }

// Field is one field of T: its tag, where it lives in T, how it is written.
type Field[T any] struct {
	tag  uint32
	wire wireType
	// append writes key and payload, or nothing for a zero value. stored is the
	// payload under the same tag that is being replaced, nil where there is none.
	append func(dst []byte, value *T, stored []byte) []byte
	decode func(it item, into *T) error
}

// New makes a codec of fields in any order. A tag of zero or one given twice is
// a programming error and panics.
func New[T any](fields ...Field[T]) Codec[T] {
	sorted := slices.Clone(fields)
	slices.SortFunc(sorted, func(a, b Field[T]) int { return cmp.Compare(a.tag, b.tag) })
	var last uint32
	for _, f := range sorted {
		if f.tag == last {
			panic(fmt.Sprintf("record: tag %d is zero or given twice", f.tag))
		}
		last = f.tag
	}
	return Codec[T]{fields: sorted}
}

// Append writes the fields of value behind dst and returns the longer slice. It
// has neither format byte nor version: those belong to a [Table].
func (c Codec[T]) Append(dst []byte, value *T) []byte { return c.replace(dst, value, nil) }

// replace is Append that keeps the unknown fields of stored, which must have
// been decoded by c without an error.
func (c Codec[T]) replace(dst []byte, value *T, stored []byte) []byte {
	old := scanner{raw: stored}
	for _, f := range c.fields {
		var it item
		dst, it = old.carry(dst, f.tag)
		dst = f.append(dst, value, it.payload)
	}
	return append(dst, old.raw...)
}

// Decode sets *into to the value in raw; what raw doesn't hold becomes zero.
// Nothing of raw is kept. Any input is safe: lengths are held against what is
// there, memory is at most proportional to it, and nesting ends where the
// codec's does. Errors wrap [ErrMalformed] and leave *into in part filled.
func (c Codec[T]) Decode(raw []byte, into *T) error {
	var zero T
	*into = zero
	in := scanner{raw: raw}
	for fields := c.fields; len(in.raw) > 0; {
		it, err := in.next()
		if err != nil {
			return err
		}
		for len(fields) > 0 && fields[0].tag < it.tag {
			fields = fields[1:]
		}
		if len(fields) == 0 || fields[0].tag != it.tag {
			continue
		}
		if err := fields[0].read(it, into); err != nil {
			return fmt.Errorf("tag %d: %w", it.tag, err)
		}
	}
	return nil
}

func (f Field[T]) read(it item, into *T) error {
	if it.wire != f.wire {
		return fmt.Errorf("wire type %d where %d belongs: %w", it.wire, f.wire, ErrMalformed)
	}
	return f.decode(it, into)
}
