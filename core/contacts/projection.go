package contacts

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"willcall/core"
	"willcall/core/record"
)

// spaceFiled holds where each contact's search line stands, so that it can be
// taken back when the contact says something else: under the contact's key its
// kind and its folded listed name.
const spaceFiled core.Space = "contacts.filed"

// Projection derives what [Lines] reads from the contacts: a search line for
// each that is in the book, and how many there are of each kind. A record that
// can't be read has no line: one of them must not keep a store from being
// opened.
func Projection() core.Projection { return search{table()} }

type search struct{ contacts record.Table[Contact] }

// Name implements [core.Projection].
func (search) Name() string { return "search" }

// Version implements [core.Projection]: it rises with what [core.Fold], a contact's
// listed name or its words come to.
func (search) Version() uint64 { return 1 }

// Sources implements [core.Projection].
func (search) Sources() []core.Space { return []core.Space{spaceContacts} }

// Derived implements [core.Projection].
func (search) Derived() []core.Space { return []core.Space{spaceLines, spaceCounts, spaceFiled} }

// Apply implements [core.Projection]. Everything is written in the order of its
// keys: one after the other in a tree, and many into an empty one at its end.
func (s search) Apply(tx core.Tx, changed []core.Touch) error {
	keys := make([]string, 0, len(changed))
	for _, touch := range changed {
		keys = append(keys, touch.Key)
	}
	slices.Sort(keys)
	f := filing{tx: tx, more: map[string]int64{}}
	for _, key := range keys {
		if err := s.file(&f, key); err != nil {
			return err
		}
	}
	return f.write()
}

// file brings up to date where the contact of a key is filed. Its lines and
// counts follow when all are.
func (s search) file(f *filing, key string) error {
	institution, id, ok := core.SplitKey([]byte(key))
	if !ok {
		return nil
	}
	was, err := filedAt(f.tx, institution, id)
	if err != nil {
		return err
	}
	c, _, err := s.contacts.Get(f.tx, institution, id)
	switch {
	case err == nil && c.Removed.IsZero():
		return f.move(was, filedAs(institution, id, &c), lineOf(&c))
	case err == nil, core.CodeOf(err) == core.CodeNotFound, errors.Is(err, record.ErrMalformed):
		return f.move(was, filed{}, nil)
	}
	return err
}

// filed is where a contact's line stands; the zero one is no contact.
type filed struct {
	institution, id core.ID
	entry           []byte // as stored: the kind, then the folded listed name
}

func filedAs(institution, id core.ID, c *Contact) filed {
	return filed{institution, id, append([]byte{byte(c.Kind)}, core.Fold(c.Listed())...)}
}

// filedAt reads where a contact's line stands.
func filedAt(v core.View, institution, id core.ID) (filed, error) {
	entry, err := v.Get(spaceFiled, core.Key(institution, id))
	if err != nil {
		return filed{}, fmt.Errorf("read where contact %d is filed: %w", id, err)
	}
	if len(entry) == 0 {
		return filed{}, nil
	}
	return filed{institution, id, entry}, nil
}

func (f filed) none() bool { return len(f.entry) == 0 }

// line is the key of the contact's line: in list order, then by age.
func (f filed) line() []byte {
	key := append(core.Prefix(f.institution), f.entry[1:]...)
	return binary.BigEndian.AppendUint64(append(key, 0), uint64(f.id))
}

// counted is the key of the count that the contact is in.
func (f filed) counted() string {
	return string(append(core.Prefix(f.institution), f.entry[0]))
}

// filing gathers what becomes of the lines and counts.
type filing struct {
	tx    core.Tx
	gone  [][]byte // keys of lines
	lines []line
	more  map[string]int64 // by the key of a count
}

type line struct {
	key, words []byte
	stood      bool // there was one under the same key
}

// move files a contact elsewhere, or its line anew where it stands.
func (f *filing) move(was, is filed, words []byte) error {
	if !was.none() {
		f.more[was.counted()]--
	}
	if !is.none() {
		f.more[is.counted()]++
		f.lines = append(f.lines, line{is.line(), words, bytes.Equal(was.entry, is.entry)})
	}
	switch {
	case bytes.Equal(was.entry, is.entry):
		return nil
	case !was.none():
		f.gone = append(f.gone, was.line())
	}
	if is.none() {
		return f.delete(spaceFiled, core.Key(was.institution, was.id))
	}
	return f.put(spaceFiled, core.Key(is.institution, is.id), is.entry)
}

// write writes lines and counts. A line that stays as it is isn't written.
func (f *filing) write() error {
	slices.SortFunc(f.gone, bytes.Compare)
	for _, key := range f.gone {
		if err := f.delete(spaceLines, key); err != nil {
			return err
		}
	}
	slices.SortFunc(f.lines, func(a, b line) int { return bytes.Compare(a.key, b.key) })
	for _, l := range f.lines {
		same, err := f.same(l)
		if err == nil && !same {
			err = f.put(spaceLines, l.key, l.words)
		}
		if err != nil {
			return err
		}
	}
	return f.count()
}

// same reports whether a line is stored as it is.
func (f *filing) same(l line) (bool, error) {
	if !l.stood {
		return false, nil
	}
	before, err := f.tx.Get(spaceLines, l.key)
	if err != nil {
		return false, fmt.Errorf("read a search line: %w", err)
	}
	return bytes.Equal(before, l.words), nil
}

// count writes the counts that changed; one of nobody is taken away.
func (f *filing) count() error {
	for _, key := range slices.Sorted(maps.Keys(f.more)) {
		if f.more[key] == 0 {
			continue
		}
		raw, err := f.tx.Get(spaceCounts, []byte(key))
		if err != nil {
			return fmt.Errorf("read a count of contacts: %w", err)
		}
		n := int64(counted(raw)) + f.more[key]
		if n <= 0 {
			err = f.delete(spaceCounts, []byte(key))
		} else {
			err = f.put(spaceCounts, []byte(key), binary.BigEndian.AppendUint64(nil, uint64(n)))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *filing) put(space core.Space, key, value []byte) error {
	if err := f.tx.Put(space, key, value); err != nil {
		return fmt.Errorf("write into %s: %w", space, err)
	}
	return nil
}

func (f *filing) delete(space core.Space, key []byte) error {
	if err := f.tx.Delete(space, key); err != nil {
		return fmt.Errorf("delete from %s: %w", space, err)
	}
	return nil
}
