package contacts_test

import (
	"strconv"
	"testing"

	tea "charm.land/bubbletea/v2"

	book "willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
)

// benched opens the page on one ordinary contact.
func benched(b *testing.B) *stage {
	b.Helper()
	house := coretest.New(b, storagetest.New(b))
	d := coretest.Person("Marie", "Dupont", "marie@mail.example")
	d.Phones = []book.Phone{{Use: book.PhoneMobile, Number: "+41 79 123 45 67"}}
	d.Postals = []book.Postal{{Use: book.PostalHome, Street: "Rue du Lac 3", PostalCode: "1003", City: "Lausanne"}}
	d.Notes = "Aisle seat. Comes with her mother, who hears badly."
	house.Create(d)
	return openOn(b, house)
}

// BenchmarkLetterInForm is a letter typed into a form, and the picture of it.
func BenchmarkLetterInForm(b *testing.B) {
	st := benched(b)
	st.keys("down", "e", "tab")
	letter, back := tea.KeyPressMsg{Code: 'x', Text: "x"}, tea.KeyPressMsg{Code: tea.KeyBackspace}
	b.ReportAllocs()
	for b.Loop() {
		st.Update(letter)
		st.Render(120, 36)
		st.Update(back)
		st.Render(120, 36)
	}
}

// BenchmarkCard is the picture of the list with a card beside it.
func BenchmarkCard(b *testing.B) {
	st := benched(b)
	st.keys("down")
	b.ReportAllocs()
	for b.Loop() {
		st.Render(120, 36)
	}
}

// BenchmarkHistory is the picture of a long history.
func BenchmarkHistory(b *testing.B) {
	st := benched(b)
	for i := range 300 {
		st.house.Edit(1, func(d *draft) { d.Company = strconv.Itoa(i) })
	}
	st.keys("down", "h")
	for range 6 {
		st.Render(120, 36)
		st.keys("end")
	}
	b.ReportAllocs()
	for b.Loop() {
		st.Render(120, 36)
	}
}
