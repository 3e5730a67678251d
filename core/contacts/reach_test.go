package contacts_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

// full is a draft with every field filled that a form has for a relay.
func full() contacts.Draft {
	return contacts.Draft{
		Kind: core.ContactRelay, FirstName: "Marie", LastName: "Dupont", Company: "Lycée", Address: address,
		Phones: []contacts.Phone{
			{Use: contacts.PhoneMobile, Number: "+41 79 555 20 19"}, {Use: contacts.PhoneWork, Number: "022 418 30 07"},
		},
		Postals: []contacts.Postal{
			{Use: contacts.PostalHome, Street: "1 rue du Lac", PostalCode: "1200", City: "Genève", Country: "CH"},
			{Use: contacts.PostalBilling, City: "Lyon"},
		},
		Birth: 19840503, Notes: "Aisle seat\nCalls on Mondays", OptOuts: contacts.NoPost | contacts.NoText, Language: "fr",
	}
}

func TestAllFieldsOfADraftAreKept(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(full()).ID
	if got := contacts.DraftOf(h.Show(id).Contact); !got.Equal(full()) {
		t.Errorf("kept as %+v", got)
	}
}

func TestPhonesAndPostalsAreHeldAgainstTheirFields(t *testing.T) {
	t.Parallel()
	phones := func(n int, p contacts.Phone) []contacts.Phone { return slices.Repeat([]contacts.Phone{p}, n) }
	postals := func(n int, p contacts.Postal) []contacts.Postal { return slices.Repeat([]contacts.Postal{p}, n) }
	home := contacts.Phone{Use: contacts.PhoneHome, Number: "022 418 30 07"}
	lyon := contacts.Postal{Use: contacts.PostalDelivery, City: "Lyon"}
	type codes map[string]core.Code
	tests := map[string]struct {
		change func(*contacts.Draft)
		want   codes
	}{
		"six of each":         {func(d *contacts.Draft) { d.Phones, d.Postals = phones(6, home), postals(6, lyon) }, codes{}},
		"seven phones":        {func(d *contacts.Draft) { d.Phones = phones(7, home) }, codes{"phone.7": core.CodeTooMany}},
		"seven postals":       {func(d *contacts.Draft) { d.Postals = postals(7, lyon) }, codes{"street.7": core.CodeTooMany}},
		"a word for a phone":  {func(d *contacts.Draft) { d.Phones[1].Number = "none" }, codes{"phone.2": core.CodePhone}},
		"a phone for nothing": {func(d *contacts.Draft) { d.Phones[1].Use = 0 }, codes{"phone-use.2": core.CodeChoice}},
		"no use of a phone":   {func(d *contacts.Draft) { d.Phones[0].Use = contacts.PhoneOther + 1 }, codes{"phone-use.1": core.CodeChoice}},
		"postal for nothing":  {func(d *contacts.Draft) { d.Postals[1].Use = 0 }, codes{"postal-use.2": core.CodeChoice}},
		"no use of a postal":  {func(d *contacts.Draft) { d.Postals[0].Use = contacts.PostalDelivery + 1 }, codes{"postal-use.1": core.CodeChoice}},
		"lines of a postal": {func(d *contacts.Draft) {
			d.Postals[1] = contacts.Postal{Use: contacts.PostalHome, Street: "a\x00", PostalCode: "b\x00", City: "c\x00", Country: "d\x00"}
		}, codes{"street.2": core.CodeControl, "postal-code.2": core.CodeControl, "city.2": core.CodeControl, "country.2": core.CodeControl}},
		"a birthday to come":   {func(d *contacts.Draft) { d.Birth = 20261122 }, codes{"birth": core.CodeDate}},
		"a birthday today":     {func(d *contacts.Draft) { d.Birth = 20261121 }, codes{}},
		"no day at all":        {func(d *contacts.Draft) { d.Birth = 20260230 }, codes{"birth": core.CodeDate}},
		"a bell in the notes":  {func(d *contacts.Draft) { d.Notes = "a\ab" }, codes{"notes": core.CodeControl}},
		"a novel in the notes": {func(d *contacts.Draft) { d.Notes = strings.Repeat("é", core.MaxNote+1) }, codes{"notes": core.CodeTooLong}},
		"an opt-out unknown":   {func(d *contacts.Draft) { d.OptOuts = contacts.NoText << 1 }, codes{"opt-outs": core.CodeChoice}},
	}
	for name, tt := range tests {
		d := full()
		tt.change(&d)
		if got := coretest.FieldsOf(d.Check(true, core.DateOf(coretest.Start()))); !maps.Equal(got, tt.want) {
			t.Errorf("%s: refused %v, want %v", name, got, tt.want)
		}
	}
}

func TestABirthdayIsOverOnlyWhereTheInstitutionIs(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Clock.Advance(4 * time.Hour) // 23:42 in UTC, past midnight in Zurich
	d := coretest.Person("Zoé", "Dupont", "")
	d.Birth = 20261122
	h.Create(d)
	d.Birth++
	_, err := h.Contacts.Create(h.Ctx, h.Owner, d, h.Context())
	h.Refused(err, core.CodeDate)
}

func TestEmptyLinesAreLeftOut(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := full()
	d.Phones = []contacts.Phone{{Use: contacts.PhoneHome, Number: "  "}, {Use: contacts.PhoneWork, Number: " 117 "}}
	d.Postals = []contacts.Postal{{Use: contacts.PostalHome, Street: " "}, {Use: contacts.PostalWork, Country: "\tCH"}}
	d.Notes = "one\r\ntwo \n\n"
	got := h.Show(h.Create(d).ID)
	phone, postal := contacts.Phone{Use: contacts.PhoneWork, Number: "117"}, contacts.Postal{Use: contacts.PostalWork, Country: "CH"}
	if !slices.Equal(got.Phones, []contacts.Phone{phone}) || !slices.Equal(got.Postals, []contacts.Postal{postal}) || got.Notes != "one\ntwo" {
		t.Errorf("kept as %+v", got.Contact)
	}
}

// alter gives a field of a draft another value.
func alter(v reflect.Value) {
	switch {
	case v.CanUint():
		v.SetUint(v.Uint() + 1)
	case v.Kind() == reflect.Bool:
		v.SetBool(!v.Bool())
	case v.Kind() == reflect.Slice:
		v.Set(v.Slice(0, 1))
	default:
		v.SetString(v.String() + "x")
	}
}

func TestDraftsAreEqualOnlyInEveryField(t *testing.T) {
	t.Parallel()
	if !full().Equal(full()) {
		t.Error("a draft isn't equal to itself")
	}
	for i := range reflect.TypeFor[contacts.Draft]().NumField() {
		d := full()
		alter(reflect.ValueOf(&d).Elem().Field(i))
		if d.Equal(full()) || full().Equal(d) {
			t.Errorf("%s doesn't count", reflect.TypeFor[contacts.Draft]().Field(i).Name)
		}
	}
	d := full()
	slices.Reverse(d.Phones)
	if d.Equal(full()) {
		t.Error("the order of phones doesn't count, though the first is the main one")
	}
}

func TestTheJournalTellsOfReachInWords(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", "")).ID
	h.Edit(id, func(d *contacts.Draft) {
		d.Phones, d.Postals, d.Birth, d.Notes, d.OptOuts = full().Phones, full().Postals, full().Birth, full().Notes, full().OptOuts
	})
	want := map[string]string{
		"phones":   " → +41 79 555 20 19 (mobile), 022 418 30 07 (work)",
		"postals":  " → 1 rue du Lac 1200 Genève CH (home); Lyon (billing)",
		"birth":    " → 1984-05-03",
		"notes":    " → Aisle seat Calls on Mondays",
		"opt-outs": " → post, text",
	}
	got := map[string]string{}
	for _, d := range journal(h).Details {
		if got[d.Name] = d.Value; !d.Personal {
			t.Errorf("%s is kept in the open", d.Name)
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("details %q", got)
	}
	h.Edit(id, func(d *contacts.Draft) { d.Notes = strings.Repeat("é", 300) })
	if got := journal(h).Details; len(got) != 1 || len([]rune(got[0].Value)) > 240 || !strings.HasSuffix(got[0].Value, "é…") {
		t.Errorf("long notes are told as %+v", got)
	}
	h.Edit(id, func(d *contacts.Draft) { d.Notes = strings.Repeat("é", 301) })
	if got := journal(h).Details; len(got) != 1 {
		t.Errorf("a change behind the beginning of notes is told as %+v", got)
	}
}
