package contacts

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"willcall/core"
	"willcall/core/record"
)

// Query asks for contacts of one institution. Every word must begin a word of
// the contact: a name, the company, a part of the address, the city, the
// number. An empty text finds all.
type Query struct {
	Text   string
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
	words := strings.Fields(Fold(q.Text))
	var hits []hit
	total := 0
	err := table().Ascend(v, institution, 0, func(id core.ID, _ record.Version, c Contact) error {
		if total++; total%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if matches(words, c) {
			hits = append(hits, hit{id, Fold(c.Listed())})
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

func window(hits []hit, q Query) []core.ID {
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	from := min(max(q.Offset, 0), len(hits))
	to := min(from+limit, len(hits))
	ids := make([]core.ID, 0, to-from)
	for _, h := range hits[from:to] {
		ids = append(ids, h.id)
	}
	return ids
}

// matches reports whether every word begins one of the contact's words.
func matches(words []string, c Contact) bool {
	if len(words) == 0 {
		return true
	}
	own := searchWords(c)
	for _, w := range words {
		if !slices.ContainsFunc(own, func(o string) bool { return strings.HasPrefix(o, w) }) {
			return false
		}
	}
	return true
}

// searchWords are the folded words a contact is found by. The address counts
// whole and by its parts; the number with and without its letter and zeros.
func searchWords(c Contact) []string {
	address := Fold(c.Email.Typed)
	words := append(numberWords(c.Number), address, Fold(c.Email.Key))
	for _, s := range []string{c.LastName, c.FirstName, c.Company, c.City()} {
		for _, w := range strings.Fields(Fold(s)) {
			words = append(append(words, w), parts(w)...)
		}
	}
	return append(words, parts(address)...)
}

// numberWords are the ways to write a contact's number.
func numberWords(number uint64) []string {
	full, bare := strings.ToLower(NumberText(number)), strconv.FormatUint(number, 10)
	return []string{full, "c-" + bare, strings.TrimPrefix(full, "c-"), bare}
}

// parts splits a word at everything that is neither letter nor digit.
func parts(word string) []string {
	return strings.FieldsFunc(word, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// Fold is the form in which texts are compared in a search: compatibility
// letters as the plain ones (Unicode NFKD), lower case, without accents, ß as
// ss, æ as ae, ø as o, ł as l. It is valid UTF-8, and folding it again changes
// nothing.
func Fold(s string) string {
	if isPlain(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "\ufffd")) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		r = unicode.ToLower(r)
		if folded, ok := foldLetter(r); ok {
			b.WriteString(folded)
		} else {
			b.WriteRune(r)
		}
	}
	return norm.NFKD.String(b.String()) // with an accent gone, other marks may stand in another order
}

// foldLetter maps letters that have no decomposition.
func foldLetter(r rune) (string, bool) {
	switch r {
	case 'ß':
		return "ss", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'ø':
		return "o", true
	case 'ł':
		return "l", true
	case 'đ', 'ð':
		return "d", true
	case 'þ':
		return "th", true
	case 'ı':
		return "i", true
	}
	return "", false
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
