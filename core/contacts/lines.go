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
	// spaceCounts counts the contacts of each kind of an institution, under
	// institution ‖ kind.
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
