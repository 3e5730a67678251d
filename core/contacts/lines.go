package contacts

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"willcall/core"
)

const (
	// spaceLines holds one search line a contact, in list order: under
	// institution ‖ folded listed name ‖ 0 ‖ id the contact's kind and words.
	spaceLines core.Space = "contacts.lines"
	// spaceCounts counts the contacts of each kind of an institution.
	spaceCounts core.Space = "contacts.counts"
)

// Lines is the [Finder] that reads stored search lines: what it looks at is in
// list order already and a fraction of the contacts' size.
type Lines struct{}

// Find implements [Finder]. It looks at ctx every few hundred lines.
func (Lines) Find(ctx context.Context, v core.View, institution core.ID, q Query) (Hits, error) {
	of, total, err := counts(v, institution, q.Kind)
	if err != nil {
		return Hits{}, err
	}
	f := lineFinder{ctx: ctx, kind: q.Kind, needles: needles(q.Text)}
	f.from, f.to = q.bounds()
	from := core.Prefix(institution)
	if err := v.Ascend(spaceLines, from, core.PrefixEnd(from), f.visit); err != nil {
		return Hits{}, fmt.Errorf("look through the search lines: %w", err)
	}
	hits := Hits{IDs: f.ids, Matches: f.matches, Total: total}
	if len(f.needles) == 0 {
		hits.Matches = of
	}
	return hits, nil
}

// needle is a term as it stands in a line: one of its ways, after a line end.
type needle [][]byte

// needles are what every line found must hold.
func needles(text string) []needle {
	asked := terms(text)
	all := make([]needle, len(asked))
	for i, t := range asked {
		for _, way := range t {
			all[i] = append(all[i], []byte("\n"+way))
		}
	}
	return all
}

// in reports whether a line holds the needle. Several ways are looked for in one
// walk along the words, which costs no more than one search for a single way.
func (n needle) in(line []byte) bool {
	if len(n) == 1 {
		return bytes.Contains(line, n[0])
	}
	for at := bytes.IndexByte(line, '\n'); at >= 0; at = bytes.IndexByte(line, '\n') {
		line = line[at:]
		for _, way := range n {
			if bytes.HasPrefix(line, way) {
				return true
			}
		}
		line = line[1:]
	}
	return false
}

// lineFinder walks lines and keeps those of the window asked for.
type lineFinder struct {
	ctx      context.Context
	kind     core.ContactKind
	needles  []needle
	from, to int

	seen, matches int
	ids           []core.ID
}

func (f *lineFinder) visit(key, line []byte) error {
	if f.seen++; f.seen%256 == 0 && f.ctx.Err() != nil {
		return f.ctx.Err()
	}
	if !f.holds(line) {
		return nil
	}
	if f.matches >= f.from && f.matches < f.to {
		f.ids = append(f.ids, core.ID(binary.BigEndian.Uint64(key[len(key)-8:])))
	}
	f.matches++
	if len(f.needles) == 0 && f.matches >= f.to {
		return core.Stop // how many there are is counted elsewhere
	}
	return nil
}

func (f *lineFinder) holds(line []byte) bool {
	if f.kind != 0 && (len(line) == 0 || core.ContactKind(line[0]) != f.kind) {
		return false
	}
	for _, needle := range f.needles {
		if !needle.in(line) {
			return false
		}
	}
	return true
}

// lineKey is where a contact's line stands: in list order, then by age.
func lineKey(institution, id core.ID, c *Contact) []byte {
	key := append(core.Prefix(institution), Fold(c.Listed())...)
	return binary.BigEndian.AppendUint64(append(key, 0), uint64(id))
}

// lineOf is a contact's search line: its kind, then its words, each after a
// line end. A word that begins another one is left out: it finds nothing more.
func lineOf(c *Contact) []byte {
	words := searchWords(*c)
	slices.Sort(words)
	line := []byte{byte(c.Kind)}
	for i, w := range words {
		if w == "" || i+1 < len(words) && strings.HasPrefix(words[i+1], w) {
			continue
		}
		line = append(append(line, '\n'), w...)
	}
	return line
}

// inBook reports whether there is a contact to find.
func inBook(c *Contact) bool { return c != nil && c.Removed.IsZero() }

// reline brings the search line of a contact, and the count of its kind, from
// how it stood to how it stands; nil is no contact.
func reline(tx core.Tx, institution, id core.ID, was, is *Contact) error {
	var oldKey, newKey []byte
	if inBook(was) {
		oldKey = lineKey(institution, id, was)
	}
	if inBook(is) {
		newKey = lineKey(institution, id, is)
	}
	if oldKey != nil && !bytes.Equal(oldKey, newKey) {
		if err := tx.Delete(spaceLines, oldKey); err != nil {
			return fmt.Errorf("remove a search line: %w", err)
		}
	}
	if newKey != nil {
		if err := tx.Put(spaceLines, newKey, lineOf(is)); err != nil {
			return fmt.Errorf("write a search line: %w", err)
		}
	}
	return recount(tx, institution, was, is)
}

// recount moves a contact from the count of one kind to that of another.
func recount(tx core.Tx, institution core.ID, was, is *Contact) error {
	if inBook(was) && inBook(is) && was.Kind == is.Kind {
		return nil
	}
	if inBook(was) {
		if err := count(tx, institution, was.Kind, -1); err != nil {
			return err
		}
	}
	if inBook(is) {
		return count(tx, institution, is.Kind, 1)
	}
	return nil
}

func countKey(institution core.ID, kind core.ContactKind) []byte {
	return append(core.Prefix(institution), byte(kind))
}

// count adds to the count of a kind.
func count(tx core.Tx, institution core.ID, kind core.ContactKind, more int64) error {
	key := countKey(institution, kind)
	raw, err := tx.Get(spaceCounts, key)
	if err != nil {
		return fmt.Errorf("read a count of contacts: %w", err)
	}
	n := int64(counted(raw)) + more
	if err := tx.Put(spaceCounts, key, binary.BigEndian.AppendUint64(nil, uint64(n))); err != nil { //nolint:gosec // never below zero
		return fmt.Errorf("count a contact: %w", err)
	}
	return nil
}

func counted(raw []byte) int {
	if len(raw) != 8 {
		return 0
	}
	return int(binary.BigEndian.Uint64(raw)) //nolint:gosec // a number of contacts
}

// counts reads how many contacts there are: of a kind (of any where it is 0),
// and in all.
func counts(v core.View, institution core.ID, kind core.ContactKind) (of, total int, err error) {
	from := core.Prefix(institution)
	err = v.Ascend(spaceCounts, from, core.PrefixEnd(from), func(key, raw []byte) error {
		n := counted(raw)
		if total += n; kind == 0 || core.ContactKind(key[len(key)-1]) == kind {
			of += n
		}
		return nil
	})
	if err != nil {
		return 0, 0, fmt.Errorf("read the counts of contacts: %w", err)
	}
	return of, total, nil
}
