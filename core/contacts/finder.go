package contacts

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"willcall/core"
	"willcall/core/record"
)

// Query asks for contacts of one institution. Every word must begin a word of
// the contact: a name, the company, a part of the mail address, a street, a
// postal code, a city, the number, a phone number or its end. A text that is a
// phone number counts as one word, and with a country code also finds the
// number without it, and the other way round. An empty text finds all.
type Query struct {
	Text   string
	Kind   core.ContactKind // 0 for any
	Offset int
	Limit  int // rows; 100 where 0
}

// Hits are the contacts found, in list order, and how many there are in all.
type Hits struct {
	IDs     []core.ID
	Matches int
	Total   int // contacts of the institution
}

// Finder finds contacts. Implementations are safe for concurrent use.
type Finder interface {
	Find(ctx context.Context, v core.View, institution core.ID, q Query) (Hits, error)
}

// Scan is the [Finder] that looks at every contact: right by construction,
// fine to some thousands, and the oracle of any index.
type Scan struct{}

// hit is a match with what it is sorted by.
type hit struct {
	id   core.ID
	sort string
}

// Find implements [Finder]. It looks at ctx every few hundred contacts.
func (Scan) Find(ctx context.Context, v core.View, institution core.ID, q Query) (Hits, error) {
	asked := terms(q.Text)
	var hits []hit
	seen, total := 0, 0
	err := table().Ascend(v, institution, 0, func(id core.ID, _ record.Version, c Contact) error {
		if seen++; seen%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !c.Removed.IsZero() {
			return nil
		}
		total++
		if (q.Kind == 0 || c.Kind == q.Kind) && matches(asked, c) {
			hits = append(hits, hit{id, core.Fold(c.Listed())})
		}
		return nil
	})
	if err != nil {
		return Hits{}, fmt.Errorf("look through the contacts: %w", err)
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.sort, b.sort), cmp.Compare(a.id, b.id))
	})
	return Hits{IDs: window(hits, q), Matches: len(hits), Total: total}, nil
}

// bounds are the places of the rows asked for: from up to to.
func (q Query) bounds() (from, to int) {
	from, limit := max(q.Offset, 0), q.Limit
	if limit <= 0 {
		limit = 100
	}
	return from, from + limit
}

func window(hits []hit, q Query) []core.ID {
	from, to := q.bounds()
	from, to = min(from, len(hits)), min(to, len(hits))
	ids := make([]core.ID, 0, to-from)
	for _, h := range hits[from:to] {
		ids = append(ids, h.id)
	}
	return ids
}

// matches reports whether every term begins one of the contact's words.
func matches(asked []term, c Contact) bool {
	if len(asked) == 0 {
		return true
	}
	own := searchWords(c)
	for _, t := range asked {
		if !t.begins(own) {
			return false
		}
	}
	return true
}
