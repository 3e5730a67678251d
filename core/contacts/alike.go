package contacts

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"willcall/core"
)

// MostAlike is how many contacts an [Alike] lists.
const MostAlike = 50

// Likeness is what a form says of a contact that may be in the book already.
type Likeness struct {
	Contact   core.ID // the one that is edited, which is left out; 0 for a new one
	Address   string  // as typed; one that is no address is like no other
	FirstName string
	LastName  string
}

// AlikeRow is a contact with what it has in common.
type AlikeRow struct {
	Row
	SameAddress bool
	SamePerson  bool
}

// Alike are the contacts that share an address or a name.
type Alike struct {
	Addresses int        // with the same canonical address
	People    int        // with the same first and last name, whatever case and accents
	Rows      []AlikeRow // at most [MostAlike]: who has the address, then who has the name
	More      int        // that aren't listed
}

// Alike looks in the request's institution (R87) for contacts that have the
// address or both names.
func (s *Service) Alike(ctx context.Context, req core.Request, l Likeness) (Alike, error) {
	var alike Alike
	err := s.desk.See(ctx, req, core.ActContactsList, func(v core.View) error {
		alike = Alike{}
		seen := map[core.ID]bool{l.Contact: true}
		for _, text := range l.queries() {
			hits, err := s.finder.Find(ctx, v, req.Institution, Query{Text: text, Limit: math.MaxInt32})
			if err != nil {
				return err
			}
			for _, id := range hits.IDs {
				if seen[id] {
					continue
				}
				seen[id] = true
				if err := s.liken(v, req.Institution, id, l, &alike); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return alike, err
}

// liken adds a contact to those that are alike, if it is. One that can't be read
// is like nobody.
func (s *Service) liken(v core.View, institution, id core.ID, l Likeness, alike *Alike) error {
	c, _, err := find(v, institution, id)
	switch {
	case err == nil:
		alike.add(l.compare(id, c))
	case errors.Is(err, core.ErrDamaged):
		s.desk.Met(err)
	default:
		return err
	}
	return nil
}

// queries find every contact that is alike, and others.
func (l Likeness) queries() (texts []string) {
	if key, err := core.CanonicalAddress(l.Address); err == nil {
		texts = append(texts, key)
	}
	if l.named() {
		texts = append(texts, l.FirstName+" "+l.LastName)
	}
	return texts
}

// named reports whether there is a name to tell a person by.
func (l Likeness) named() bool {
	return strings.TrimSpace(l.FirstName) != "" && strings.TrimSpace(l.LastName) != ""
}

// compare says what a contact has in common with it.
func (l Likeness) compare(id core.ID, c Contact) AlikeRow {
	key, err := core.CanonicalAddress(l.Address)
	return AlikeRow{
		Row:         rowOf(id, c),
		SameAddress: err == nil && c.Email.Key == key,
		SamePerson:  l.named() && sameName(l.FirstName, c.FirstName) && sameName(l.LastName, c.LastName),
	}
}

// sameName reports whether two names are the same but for case, accents and
// spaces.
func sameName(a, b string) bool {
	return slices.Equal(strings.Fields(core.Fold(a)), strings.Fields(core.Fold(b)))
}

func (a *Alike) add(r AlikeRow) {
	if r.SameAddress {
		a.Addresses++
	}
	if r.SamePerson {
		a.People++
	}
	switch {
	case !r.SameAddress && !r.SamePerson:
	case len(a.Rows) < MostAlike:
		a.Rows = append(a.Rows, r)
	default:
		a.More++
	}
}
