package contacts_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/storage/storagetest"
)

const house core.ID = 7

// shelf is an empty store that keeps search lines.
func shelf(t testing.TB) core.Store {
	t.Helper()
	store := storagetest.New(t)
	if err := store.Project(t.Context(), contacts.Projection()); err != nil {
		t.Fatal(err)
	}
	return store
}

// plant saves contacts in one institution of a store.
func plant(t testing.TB, store core.Store, institution core.ID, all ...contacts.Contact) {
	t.Helper()
	err := store.Update(t.Context(), func(tx core.Tx) error {
		act := &core.Act{Tx: tx, Req: core.Request{Institution: institution}}
		for _, c := range all {
			if _, err := contacts.Insert(act, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// find asks a finder on a store.
func find(t testing.TB, f contacts.Finder, store core.Store, institution core.ID, q contacts.Query) contacts.Hits {
	t.Helper()
	var hits contacts.Hits
	err := store.View(t.Context(), func(v core.View) (err error) {
		hits, err = f.Find(t.Context(), v, institution, q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

// finders are all of them: they answer alike.
func finders() map[string]contacts.Finder {
	return map[string]contacts.Finder{"scan": contacts.Scan{}, "lines": contacts.Lines{}}
}

// each runs a test for every finder.
func each(t *testing.T, test func(t *testing.T, find func(contacts.Query) contacts.Hits), store core.Store, institution core.ID) {
	t.Helper()
	for name, f := range finders() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, func(q contacts.Query) contacts.Hits { return find(t, f, store, institution, q) })
		})
	}
}

// person is an individual with an address.
func person(first, last, address string) contacts.Contact {
	c := contacts.Contact{Kind: core.ContactIndividual, FirstName: first, LastName: last}
	if address != "" {
		c.Email = core.Email{Typed: address, Key: strings.ToLower(address)}
	}
	return c
}

// book is what the examples below search; ids count from 1.
func book() []contacts.Contact {
	lycee := contacts.Contact{
		Kind: core.ContactStructure, Company: "Lycée Saint-Exupéry", Postals: []contacts.Postal{
			{City: "Genève", Country: "Suisse"}, {Street: "Rue du Pré-l’Évêque 12", PostalCode: "1207", City: "Carouge"},
		},
		Phones: []contacts.Phone{{Use: contacts.PhoneWork, Number: "+41 (0)22 418 30 07"}, {Use: contacts.PhoneMobile, Number: "079/555.20.19"}},
	}
	lycee.Phones = append(lycee.Phones, contacts.Phone{Use: contacts.PhoneOther, Number: "+33 4 78 30 12 34"})
	relay := person("Ægir", "Öström-Łukasz", "a.ostrom+groups@Lycee.example")
	relay.Kind, relay.Company = core.ContactRelay, "Lycée Saint-Exupéry"
	return []contacts.Contact{
		person("Marie", "Dupont", "Marie.Dupont@orange.example"), // 1
		person("Marie", "Durand", ""),                            // 2
		person("İlkay", "Weiß", "ilkay@mail.example"),            // 3
		lycee, // 4
		relay, // 5
		person("Jean", "Dupont", "jd@mail.example"), // 6
	}
}

// search is a text and whom it finds.
type search struct {
	text string
	want []core.ID
}

// finding tries searches in the book, with every finder.
func finding(t *testing.T, tests map[string]search) {
	t.Helper()
	store := shelf(t)
	plant(t, store, house, book()...)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for finder, f := range finders() {
				hits := find(t, f, store, house, contacts.Query{Text: tt.text})
				if !slices.Equal(hits.IDs, tt.want) || hits.Matches != len(tt.want) || hits.Total != 6 {
					t.Errorf("%s: %q finds %v, %d of %d", finder, tt.text, hits.IDs, hits.Matches, hits.Total)
				}
			}
		})
	}
}

func TestFinding(t *testing.T) {
	t.Parallel()
	finding(t, map[string]search{
		"everything in list order":      {"", []core.ID{6, 1, 2, 4, 5, 3}},
		"only spaces":                   {"  ", []core.ID{6, 1, 2, 4, 5, 3}},
		"a beginning of a surname":      {"dup", []core.ID{6, 1}},
		"not the middle of a word":      {"upont", nil},
		"any case":                      {"DUPONT", []core.ID{6, 1}},
		"several words, all of them":    {"dup mar", []core.ID{1}},
		"words in any order":            {"mar dup", []core.ID{1}},
		"a word that nobody has":        {"dup mar x", nil},
		"without the accents":           {"ostrom", []core.ID{5}},
		"with accents where none are":   {"dùpónt", []core.ID{6, 1}},
		"a letter and its accent apart": {"o\u0308stro", []core.ID{5}},
		"sharp s as two":                {"weiss", []core.ID{3}},
		"sharp s as one":                {"weiß", []core.ID{3}},
		"a capital sharp s":             {"WEIẞ", []core.ID{3}},
		"ae for a ligature":             {"aegir", []core.ID{5}},
		"a ligature":                    {"Æg", []core.ID{5}},
		"a barred l":                    {"lukasz", []core.ID{5}},
		"a dotted capital i":            {"ilkay", []core.ID{3}},
		"a dotless i":                   {"ılkay", []core.ID{3}},
		"full width letters":            {"ｄｕｐｏｎｔ", []core.ID{6, 1}},
		"after a hyphen":                {"exupery", []core.ID{4, 5}},
		"over a hyphen":                 {"saint-ex", []core.ID{4, 5}},
		"a city":                        {"geneve", []core.ID{4}},
		"a company of a relay":          {"lycee ost", []core.ID{5}},
		"an address":                    {"marie.dupont@orange.example", []core.ID{1}},
		"a part of an address":          {"orange", []core.ID{1}},
		"a tag of an address":           {"groups", []core.ID{5}},
		"the domain as compared":        {"a.ostrom+groups@lycee", []core.ID{5}},
		"a number with all its zeros":   {"C-000004", []core.ID{4}},
		"a number without the letter":   {"000004", []core.ID{4}},
		"a number without zeros":        {"c-4", []core.ID{4}},
		"a bare number":                 {"4", []core.ID{4}},
		"a street and its number":       {"rue du pre 12", []core.ID{4}},
		"a postal code":                 {"1207", []core.ID{4}},
		"another address's city":        {"carouge", []core.ID{4}},
		"not a country":                 {"suisse", nil},
		"a number and a name":           {"1 dupont", []core.ID{1}},
	})
}

func TestFindingByPhone(t *testing.T) {
	t.Parallel()
	finding(t, map[string]search{
		"a beginning of a phone":      {"41022", []core.ID{4}},
		"a phone's country code":      {"+41", []core.ID{4}},
		"a phone as it is written":    {"+41 (0)22 418 30 07", []core.ID{4}},
		"a phone in other groups":     {"+410 22 4183 007", []core.ID{4}},
		"a phone without its country": {"022 418 30 07", []core.ID{4}},
		"a phone with a trunk zero":   {"04 78 30 12 34", []core.ID{4}},
		"a phone without groups":      {"0795552019", []core.ID{4}},
		"a phone without its zero":    {"795552019", []core.ID{4}},
		"a phone being typed":         {"022 41", []core.ID{4}},
		"a phone's last four digits":  {"2019", []core.ID{4}},
		"more of a phone's end":       {"83007", []core.ID{4}},
		"a phone's end and a name":    {"lycee 3007", []core.ID{4}},
		"fewer than four last digits": {"019", nil},
		"nothing but zeros":           {"00000000", nil},
		"another phone":               {"022 418 30 08", nil},
	})
}

func TestNumbersAreCountedPerInstitution(t *testing.T) {
	t.Parallel()
	store := shelf(t)
	plant(t, store, house, person("", "First", ""))
	plant(t, store, house+1, person("", "Elsewhere", ""))
	if got := find(t, contacts.Scan{}, store, house+1, contacts.Query{Text: "C-000001"}); len(got.IDs) != 1 {
		t.Errorf("the first contact of a second institution isn't number 1: %+v", got)
	}
	if got := contacts.NumberText(4821); got != "C-004821" {
		t.Errorf("a number is written %s", got)
	}
	if got := contacts.NumberText(1234567); got != "C-1234567" {
		t.Errorf("a long number is written %s", got)
	}
}

func TestR87_ASearchNeverCrossesInstitutions(t *testing.T) {
	t.Parallel()
	store := shelf(t)
	plant(t, store, house, person("Marie", "Dupont", ""))
	for _, elsewhere := range []core.ID{core.Installation, house - 1, house + 1} {
		plant(t, store, elsewhere, person("Marie", "Dupont", ""), person("Marie", "Dupont", ""))
	}
	each(t, func(t *testing.T, find func(contacts.Query) contacts.Hits) {
		for _, text := range []string{"", "dupont"} {
			if got := find(contacts.Query{Text: text}); got.Matches != 1 || got.Total != 1 || len(got.IDs) != 1 {
				t.Errorf("%q finds %+v", text, got)
			}
		}
	}, store, house)
}

func TestFindingOneKind(t *testing.T) {
	t.Parallel()
	store := shelf(t)
	plant(t, store, house, book()...)
	each(t, func(t *testing.T, find func(contacts.Query) contacts.Hits) {
		for _, tt := range []struct {
			q       contacts.Query
			want    []core.ID
			matches int
		}{
			{contacts.Query{Kind: core.ContactStructure}, []core.ID{4}, 1},
			{contacts.Query{Kind: core.ContactRelay, Text: "lycee"}, []core.ID{5}, 1},
			{contacts.Query{Kind: core.ContactIndividual, Text: "lycee"}, nil, 0},
			{contacts.Query{Kind: core.ContactIndividual, Offset: 1, Limit: 2}, []core.ID{1, 2}, 4},
		} {
			if got := find(tt.q); !slices.Equal(got.IDs, tt.want) || got.Matches != tt.matches || got.Total != 6 {
				t.Errorf("%+v finds %+v", tt.q, got)
			}
		}
	}, store, house)
}

func TestFindingGivesAWindow(t *testing.T) {
	t.Parallel()
	store := shelf(t)
	all := make([]contacts.Contact, 130)
	for i := range all {
		all[i] = person("", fmt.Sprintf("Name %03d", i), "")
	}
	plant(t, store, house, all...)
	tests := []struct{ offset, limit, first, count int }{
		{0, 0, 1, 100}, {0, 10, 1, 10}, {125, 10, 126, 5}, {130, 10, 0, 0}, {500, 10, 0, 0}, {-5, 10, 1, 10}, {0, -1, 1, 100}, {0, 1000, 1, 130},
	}
	each(t, func(t *testing.T, find func(contacts.Query) contacts.Hits) {
		for _, tt := range tests {
			for _, text := range []string{"", "name"} {
				got := find(contacts.Query{Text: text, Offset: tt.offset, Limit: tt.limit})
				if len(got.IDs) != tt.count || got.Matches != 130 || got.Total != 130 {
					t.Errorf("%q %+v: %d rows, %d of %d", text, tt, len(got.IDs), got.Matches, got.Total)
				}
				if tt.count > 0 && got.IDs[0] != core.ID(tt.first) {
					t.Errorf("%q %+v begins with %d", text, tt, got.IDs[0])
				}
			}
		}
	}, store, house)
}

func TestFindingStopsWhereTheCallerGaveUp(t *testing.T) {
	t.Parallel()
	store := shelf(t)
	plant(t, store, house, make([]contacts.Contact, 300)...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, f := range finders() {
		err := store.View(t.Context(), func(v core.View) error {
			_, err := f.Find(ctx, v, house, contacts.Query{Text: "x"})
			return err
		})
		if err == nil {
			t.Errorf("%s: a search nobody waits for goes on", name)
		}
	}
}

// words are few, so that queries meet contacts, and short, so that they meet in
// part.
func words() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{
		"", "an", "ann", "anna", "Änne", "straße", "strasse", "æon", "aeon", "van den Berg", "Saint-Gall", "saint", "ØRE", "ore", "12", "c-1", "+41 22", "2019", "+", "+41 22 555", "022",
	})
}

func someContact() *rapid.Generator[contacts.Contact] {
	return rapid.Custom(func(t *rapid.T) contacts.Contact {
		c := contacts.Contact{
			Kind:      rapid.SampledFrom(core.ContactKinds()).Draw(t, "kind"),
			FirstName: words().Draw(t, "first"), LastName: words().Draw(t, "last"), Company: words().Draw(t, "company"),
			Postals: []contacts.Postal{{Street: words().Draw(t, "street"), City: words().Draw(t, "city")}, {PostalCode: words().Draw(t, "code")}},
		}
		if phone := rapid.SampledFrom([]string{"", "+41 22 555 20 19", "0225551234", "117"}).Draw(t, "phone"); phone != "" {
			c.Phones = []contacts.Phone{{Use: contacts.PhoneHome, Number: phone}}
		}
		if local := rapid.SampledFrom([]string{"", "anna", "an.na", "a+saint"}).Draw(t, "local"); local != "" {
			c.Email = core.Email{Typed: local + "@Berg.example", Key: local + "@berg.example"}
		}
		return c
	})
}

// plain folds the few letters the words above hold.
func plain(s string) string {
	return strings.NewReplacer("ä", "a", "ß", "ss", "æ", "ae", "ø", "o").Replace(strings.ToLower(strings.ToLower(s)))
}

// naive says whether a contact is found, the slow and obvious way: some place
// where a word may begin is followed by the word asked for.
func naive(c contacts.Contact, number int, text string) bool {
	fields := []string{c.FirstName, c.LastName, c.Company, c.Email.Typed}
	for _, p := range c.Postals {
		fields = append(fields, p.Street, p.PostalCode, p.City)
	}
	wanted := strings.Fields(plain(text))
	text = strings.TrimSpace(text)
	switch digits := core.PhoneDigits(text); {
	case core.CheckPhone(text) != nil:
	case strings.HasPrefix(text, "+") && digits[0] != '0':
		swiss, ok := strings.CutPrefix(digits, "41") // the examples have no other country
		return ok && slices.ContainsFunc(c.Phones, func(p contacts.Phone) bool { return dials(p.Number, swiss) })
	case len(digits) >= 7:
		wanted = []string{strings.TrimLeft(digits, "0")} // a phone number, however it is grouped
	}
	for _, want := range wanted {
		found := false
		for _, n := range []string{fmt.Sprintf("c-%06d", number), fmt.Sprintf("%06d", number), fmt.Sprintf("c-%d", number), fmt.Sprint(number)} {
			found = found || strings.HasPrefix(n, want)
		}
		for _, p := range c.Phones {
			for i, d := 0, core.PhoneDigits(p.Number); i == 0 || i+4 <= len(d); i++ {
				found = found || strings.HasPrefix(d[i:], want)
			}
			e164, swiss := strings.CutPrefix(strings.ReplaceAll(p.Number, " ", ""), "+41")
			found = found || swiss && (strings.HasPrefix("+41"+e164, want) || strings.HasPrefix("0"+e164, want))
		}
		for _, f := range fields {
			f = plain(f)
			for i := range f {
				found = found || begins(f, i) && strings.HasPrefix(f[i:], want)
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// dials reports whether a Swiss number is, or is a beginning of, a phone's.
func dials(phone, number string) bool {
	if swiss, ok := strings.CutPrefix(strings.ReplaceAll(phone, " ", ""), "+41"); ok {
		return strings.HasPrefix(swiss, number)
	}
	return len(number) >= 4 && strings.HasPrefix(strings.TrimLeft(phone, "0"), number)
}

// begins reports whether a word may begin at a place of a folded field.
func begins(f string, i int) bool {
	return i == 0 || strings.IndexByte(" -.+@", f[i-1]) >= 0
}

func TestScanFindsWhatANaiveSearchFinds(t *testing.T) {
	t.Parallel()
	store := shelf(t)
	institution := core.ID(0)
	rapid.Check(t, func(rt *rapid.T) {
		institution++
		all := rapid.SliceOfN(someContact(), 0, 12).Draw(rt, "contacts")
		plant(t, store, institution, all...)
		text := strings.Join(rapid.SliceOfN(words(), 0, 3).Draw(rt, "query"), " ")
		var want []core.ID
		for i, c := range all {
			if naive(c, i+1, text) {
				want = append(want, core.ID(i+1))
			}
		}
		slices.SortFunc(want, func(a, b core.ID) int {
			return cmp.Or(cmp.Compare(plain(all[a-1].Listed()), plain(all[b-1].Listed())), cmp.Compare(a, b))
		})
		got := find(t, contacts.Scan{}, store, institution, contacts.Query{Text: text})
		if !slices.Equal(got.IDs, want) || got.Total != len(all) {
			rt.Fatalf("%q finds %v of %d, want %v", text, got.IDs, got.Total, want)
		}
	})
}
