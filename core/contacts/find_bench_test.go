package contacts_test

import (
	"fmt"
	"slices"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

// many contacts of a box office's size of record.
func many(n int) []contacts.Contact {
	first := []string{"Marie-Hélène", "Paul", "Zoé", "Ana", "Jürgen", "Łukasz", "Siân", "Émile"}
	last := []string{"Dupont", "Müller", "Rochat", "Dubois", "Favre", "Öström", "O’Neill", "García Márquez"}
	city := []string{"Genève", "Lausanne", "Lyon", "Zürich"}
	all := make([]contacts.Contact, n)
	for i := range all {
		all[i] = contacts.Contact{
			Kind: core.ContactIndividual, FirstName: first[i%7], LastName: fmt.Sprintf("%s%d", last[i%8], i*7919%n),
			Email:   core.Email{Typed: fmt.Sprintf("marie.%d@orange.example", i), Key: fmt.Sprintf("marie.%d@orange.example", i)},
			Postals: []contacts.Postal{{Use: contacts.PostalHome, Street: "Rue du Lac 1", PostalCode: "1200", City: city[i%4], Country: "CH"}},
			Phones:  []contacts.Phone{{Use: contacts.PhoneMobile, Number: fmt.Sprintf("+41 79 %07d", i*31)}},
		}
	}
	return all
}

// plantMany saves contacts in acts of some size.
func plantMany(b *testing.B, store core.Store, size int, all []contacts.Contact) {
	b.Helper()
	for part := range slices.Chunk(all, size) {
		plant(b, store, house, part...)
	}
}

func benchmarkFind(b *testing.B, f contacts.Finder, sizes ...int) {
	for _, n := range sizes {
		store := shelf(b)
		plantMany(b, store, 1000, many(n))
		for _, text := range []string{"", "d", "dup", "helene dupont4", "0031", "+41 79 0031", "nobody"} {
			b.Run(fmt.Sprintf("%d/%q", n, text), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					find(b, f, store, house, contacts.Query{Text: text, Limit: 40})
				}
			})
		}
		b.Run(fmt.Sprintf("%d/one kind", n), func(b *testing.B) {
			for b.Loop() {
				find(b, f, store, house, contacts.Query{Kind: core.ContactStructure, Limit: 40})
			}
		})
	}
}

func BenchmarkLines(b *testing.B) { benchmarkFind(b, contacts.Lines{}, 5000, 100_000) }

func BenchmarkScan(b *testing.B) { benchmarkFind(b, contacts.Scan{}, 5000) }

// BenchmarkInsert fills an empty book in acts of some size.
func BenchmarkInsert(b *testing.B) {
	const n = 100_000
	all := many(n)
	for _, size := range []int{500, 2000, 5000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				store := shelf(b)
				b.StartTimer()
				plantMany(b, store, size, all)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "contacts/s")
		})
	}
}

// BenchmarkFindRows is the search as a page asks for it, through the desk.
func BenchmarkFindRows(b *testing.B) {
	h := coretest.New(b, storagetest.New(b))
	plant(b, h.Store, h.Made.Institution, many(500)...)
	for b.Loop() {
		if _, err := h.Contacts.Find(h.Ctx, h.Owner, contacts.Query{Text: "dup", Limit: 40}); err != nil {
			b.Fatal(err)
		}
	}
}
