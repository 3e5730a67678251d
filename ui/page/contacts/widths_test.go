package contacts_test

import (
	"strings"
	"testing"

	"willcall/core"
	book "willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/ui/action"
)

// hostile is a contact whose every field is as long, wide or odd as it gets.
func hostile(name string) book.Draft {
	d := book.Draft{
		Kind: core.ContactRelay, FirstName: name, LastName: name, Company: name, Structure: 1, Primary: true,
		Birth: 18991231, Notes: strings.Repeat(name+" \n", 20), OptOuts: book.NoEmail | book.NoPost | book.NoPhone | book.NoText,
	}
	for range book.MaxPhones {
		d.Phones = append(d.Phones, book.Phone{Use: book.PhoneOther, Number: "+41 (0) 79 / 123-45-67.89 0"})
	}
	for range book.MaxPostals {
		d.Postals = append(d.Postals, book.Postal{Use: book.PostalDelivery, Street: name, PostalCode: name, City: name, Country: name})
	}
	return d
}

func TestEveryWidthHolds(t *testing.T) {
	t.Parallel()
	for script, name := range map[string]string{
		"long": strings.Repeat("Wolfeschlegelsteinhausen ", 7), "wide": "漢字" + strings.Repeat("漢", 60),
		"from the right": "ليلى حداد", "marks": "Zo\u0301e\u0308 " + strings.Repeat("a\u0301", 60),
		"odd": "\u202e\u200b👩‍👩‍👧 Dupont",
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			everyWidth(t, name)
		})
	}
}

// everyWidth goes through the page's modes, and draws each in every size.
func everyWidth(t *testing.T, name string) {
	t.Helper()
	st := open(t)
	st.house.Create(book.Draft{Kind: core.ContactStructure, Company: name, Address: "office@lac.example"})
	st.house.Create(hostile(name))
	st.house.Edit(2, func(d *draft) { d.Notes = name })
	st.run(st.Refresh())
	for _, step := range [][]string{
		{"m", "backspace"},
		{"down"},
		{"enter"},
		{"tab"},
		{"h"},
		{"end"},
		{"esc", "D"},
		{"esc", "e"},
		{"tab", "tab", "tab", "enter"},
		{"x"},
		{"esc", "tab", "tab"},
		{"esc", "enter"},
		{"tab", "enter", "v"},
		{"esc", "+"},
	} {
		st.keys(step...)
		for _, size := range [][2]int{{36, 6}, {40, 7}, {80, 20}, {120, 36}, {240, 56}} {
			st.screen(size[0], size[1])
		}
		if err := action.Check(st.Actions()); err != nil {
			t.Errorf("%v: %v", step, err)
		}
		st.Cursor()
	}
}

func TestAGuestsCityIsWholeWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	st := open(t)
	guest := coretest.Person("Noémie", "Baucher", "noemie.baucher@orange.example")
	guest.Guest = true
	guest.Postals = []book.Postal{{Use: book.PostalHome, City: "Strasbourg"}}
	st.house.Create(guest)
	st.run(st.Refresh())
	for _, width := range []int{160, 200, 240} {
		if screen := st.screen(width, 20); !strings.Contains(screen, "guest Strasbourg") {
			t.Errorf("%d columns:\n%s", width, screen)
		}
	}
	if screen := st.screen(80, 20); !strings.Contains(screen, "noemie.baucher@orange.exam") {
		t.Errorf("80 columns:\n%s", screen)
	}
}
