package contacts_test

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

func someQuery() *rapid.Generator[contacts.Query] {
	return rapid.Custom(func(t *rapid.T) contacts.Query {
		return contacts.Query{
			Text:   strings.Join(rapid.SliceOfN(words(), 0, 3).Draw(t, "words"), " "),
			Kind:   rapid.SampledFrom(append(core.ContactKinds(), 0, 0, 0)).Draw(t, "kind"),
			Offset: rapid.IntRange(-1, 5).Draw(t, "offset"), Limit: rapid.IntRange(0, 6).Draw(t, "limit"),
		}
	})
}

// alike fails unless both finders answer a query alike.
func alike(t rapid.TB, tb testing.TB, store core.Store, institution core.ID, q contacts.Query) {
	want := find(tb, contacts.Scan{}, store, institution, q)
	got := find(tb, contacts.Lines{}, store, institution, q)
	if len(got.IDs) == 0 && len(want.IDs) == 0 {
		got.IDs, want.IDs = nil, nil
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%+v: lines find %+v, the scan %+v", q, got, want)
	}
}

func TestLinesFindWhatTheScanFinds(t *testing.T) {
	t.Parallel()
	store := shelf(t)
	institution := core.ID(0)
	rapid.Check(t, func(rt *rapid.T) {
		institution++
		plant(t, store, institution, rapid.SliceOfN(someContact(), 0, 12).Draw(rt, "contacts")...)
		for _, q := range rapid.SliceOfN(someQuery(), 1, 6).Draw(rt, "queries") {
			alike(rt, t, store, institution, q)
		}
	})
}

// FuzzLines holds the lines against the scan with any text in contact and
// query.
func FuzzLines(f *testing.F) {
	for _, s := range [][3]string{{"Dupont", "Marie", "dup mar"}, {"ß\nx", "\u2028", "ss x"}, {"a", "+41 22 418 30 00", "0224183000"}, {"a", "022 418 30 00", "+41 22 418 30 00"}, {"\xff", "", "\xff"}} {
		f.Add(s[0], s[1], s[2])
	}
	store := shelf(f)
	institution := core.ID(0)
	f.Fuzz(func(t *testing.T, last, other, text string) {
		for _, s := range []*string{&last, &other, &text} {
			*s = strings.ReplaceAll(*s, "\x00", "") // no line of text holds one, and it ends the name in a line's key
		}
		institution++
		c := contacts.Contact{Kind: core.ContactIndividual, LastName: last, Company: other, Email: core.Email{Typed: other, Key: text}}
		c.Phones = []contacts.Phone{{Number: other}}
		plant(t, store, institution, c, contacts.Contact{Kind: core.ContactRelay, LastName: text})
		alike(t, t, store, institution, contacts.Query{Text: text})
	})
}

func TestEveryWriterKeepsTheLines(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	look := func(after string) {
		t.Helper()
		for _, text := range []string{"", "dupont", "anne", "lycee", "c-2", "0795552019", "orange"} {
			for _, kind := range append(core.ContactKinds(), 0) {
				q := contacts.Query{Text: text, Kind: kind}
				want := find(t, contacts.Scan{}, h.Store, h.Made.Institution, q)
				got := find(t, contacts.Lines{}, h.Store, h.Made.Institution, q)
				if got.Matches != want.Matches || got.Total != want.Total || len(got.IDs) != len(want.IDs) {
					t.Errorf("after %s %+v finds %+v, want %+v", after, q, got, want)
				}
			}
		}
	}
	id := h.Create(coretest.Person("Marie", "Dupont", address)).ID
	look("creating")
	h.Follow(coretest.Token(h.Mails()[0]))
	look("validating")
	lycee := h.Create(contacts.Draft{Kind: core.ContactStructure, Company: "Lycée"}).ID
	h.Edit(id, func(d *contacts.Draft) {
		d.Kind, d.FirstName, d.Structure, d.Primary = core.ContactRelay, "Anne", lycee, true
		d.Phones = []contacts.Phone{{Use: contacts.PhoneMobile, Number: "079 555 20 19"}}
	})
	look("editing")
	other := coretest.Person("Paul", "Dupont", "")
	other.Kind, other.Structure, other.Primary = core.ContactRelay, lycee, true
	gone := h.Create(other).ID
	look("taking a primary's place")
	_, err := h.Contacts.Remove(h.Ctx, h.Owner, gone, h.Show(gone).Version)
	h.Must(err)
	look("removing")
	_, err = h.Contacts.Restore(h.Ctx, h.Owner, gone)
	h.Must(err)
	look("restoring")
	_, err = h.Contacts.Import(h.Ctx, h.Owner, contacts.Imported{Draft: coretest.Person("Anne", "Import", address)})
	h.Must(err)
	look("importing")
	assertion := contacts.Assertion{Identity: "venue:1", Address: "anne@orange.example", LastName: "Dupont"}
	_, err = h.Contacts.SignInBySSO(h.Ctx, sso(h), assertion)
	h.Must(err)
	assertion.Address = "other@mail.example"
	_, err = h.Contacts.SignInBySSO(h.Ctx, sso(h), assertion)
	h.Must(err)
	look("signing in")
}
