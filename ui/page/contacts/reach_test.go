package contacts_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	book "willcall/core/contacts"
	"willcall/core/coretest"
)

// to brings the keyboard to the first field of a line, by its label as it
// stands on the screen.
func (st *stage) to(label string) {
	st.t.Helper()
	const beside = 42 // cells before the second field of a line
	for range 90 {
		lines := strings.Split(st.screen(80, 60), "\n")
		x, y, shown := st.Cursor()
		if shown && x < beside && strings.Contains(lines[y], "▸ "+label) {
			return
		}
		st.keys("tab")
	}
	st.t.Fatalf("no field %q:\n%s", label, st.screen(80, 60))
}

// fill types into a field, and goes on to the next.
func (st *stage) fill(label, value string) {
	st.t.Helper()
	st.to(label)
	for _, r := range value {
		if r == ' ' {
			st.run(st.Update(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}))
			continue
		}
		st.typed(string(r))
	}
	st.keys("tab")
}

// flow is what the page draws, without where its lines break.
func (st *stage) flow(width int) string {
	plain := strings.NewReplacer("┃", "", "│", "", "\u00a0", " ").Replace(st.screen(width, 60))
	return strings.Join(strings.Fields(plain), " ")
}

// says fails the test unless all of this stands on the page.
func (st *stage) says(texts ...string) {
	st.t.Helper()
	flow := st.flow(120)
	for _, text := range texts {
		if !strings.Contains(flow, text) {
			st.t.Errorf("the page doesn't say %q:\n%s", text, st.screen(120, 60))
		}
	}
}

// silent fails the test if one of these stands on the page.
func (st *stage) silent(texts ...string) {
	st.t.Helper()
	flow := st.flow(120)
	for _, text := range texts {
		if strings.Contains(flow, text) {
			st.t.Errorf("the page says %q:\n%s", text, st.screen(120, 60))
		}
	}
}

func TestAFormTakesAllThatABoxOfficeKeeps(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down", "n")
	st.fill("First name", "Zoé")
	st.fill("Last name", "Roux")
	st.fill("Phone", "0041791234567")
	st.keys("tab")
	st.fill("Phone 2", "021 311 22 33")
	st.fill("Street", "Rue du Lac 3")
	st.typed("1003")
	st.keys("tab")
	st.typed("Lausanne")
	st.keys("tab", "tab", "tab")
	st.typed("Case postale 9")
	st.fill("Birth date", "3.5.1984")
	st.says("3 May 1984 42 years old")
	st.to("Notes")
	st.typed("Aisle")
	st.keys("enter")
	st.typed("seat")
	st.to("By post")
	st.keys("space", "ctrl+s")
	got := book.DraftOf(st.house.Show(2).Contact)
	want := book.Draft{
		Kind: core.ContactIndividual, FirstName: "Zoé", LastName: "Roux", Birth: 19840503, Notes: "Aisle\nseat", OptOuts: book.NoPost,
		Phones: []book.Phone{
			{Use: book.PhoneMobile, Number: "+41 79 123 45 67"}, {Use: book.PhoneHome, Number: "021 311 22 33"},
		},
		Postals: []book.Postal{
			{Use: book.PostalHome, Street: "Rue du Lac 3", PostalCode: "1003", City: "Lausanne"},
			{Use: book.PostalWork, Street: "Case postale 9"},
		},
	}
	if !got.Equal(want) {
		t.Errorf("saved\n%+v, want\n%+v", got, want)
	}
	st.says("mobile +41 79 123 45 67", "home 021 311 22 33", "Postal addresses", "work Case postale 9",
		"3 May 1984, 42 years old", "Refuses advertising by post", "Aisle seat", "Orders not loaded")
}

// reachable saves a contact with phones and addresses, and opens its form.
func reachable(t *testing.T) *stage {
	t.Helper()
	st := open(t)
	d := coretest.Person("Zoé", "Roux", "")
	d.Phones = []book.Phone{{Use: book.PhoneMobile, Number: "111"}, {Use: book.PhoneWork, Number: "222"}, {Use: book.PhoneOther, Number: "333"}}
	d.Postals = []book.Postal{{Use: book.PostalHome, City: "Lyon"}, {Use: book.PostalBilling, City: "Paris"}}
	st.house.Create(d)
	st.run(st.Refresh())
	st.keys("down", "e")
	return st
}

// emptied takes out what stands in a field.
func (st *stage) emptied(label string) {
	st.t.Helper()
	st.to(label)
	st.run(st.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl}))
}

func TestAnEmptyRowFollowsTheLastFilledOneUpToSix(t *testing.T) {
	t.Parallel()
	st := reachable(t)
	st.says("Phone 4", "Postal address 3")
	st.silent("Phone 5", "Postal address 4")
	for _, row := range []string{"Phone 4", "Phone 5", "Phone 6"} {
		st.fill(row, "444")
	}
	st.silent("Phone 7")
	st.emptied("Phone 6")
	st.emptied("Phone 5")
	st.silent("Phone 6")
}

func TestAnEmptiedRowIsTakenOut(t *testing.T) {
	t.Parallel()
	st := reachable(t)
	st.emptied("Phone 2")
	st.keys("ctrl+s")
	d := st.house.Show(1)
	if want := []book.Phone{{Use: book.PhoneMobile, Number: "111"}, {Use: book.PhoneOther, Number: "333"}}; !slices.Equal(d.Phones, want) {
		t.Errorf("saved %v", d.Phones)
	}
}

func TestARefusalStandsAtTheRowThatWasTyped(t *testing.T) {
	t.Parallel()
	st := reachable(t)
	st.to("Postal code")
	st.keys("tab")
	st.run(st.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})) // the first address is empty now
	st.keys("tab", "tab", "tab")
	// In NFC each of these letters is two, so that only the core finds the
	// street too long.
	st.run(st.Update(tea.PasteMsg{Content: strings.Repeat("\u0958", core.MaxName)}))
	st.keys("ctrl+s")
	_, rest, _ := strings.Cut(st.flow(80), "Postal address 2")
	second, _, _ := strings.Cut(rest, "Postal address 3")
	if !strings.Contains(second, "This is too long") {
		t.Errorf("the refusal isn't at the second address:\n%s", st.screen(80, 60))
	}
}

func TestFieldsAreCheckedOnLeaving(t *testing.T) {
	t.Parallel()
	st := reachable(t)
	st.fill("Phone 4", "call me")
	st.fill("Birth date", "1.1.2030")
	st.says("A phone number has digits", "This lies in the future")
	st.emptied("Birth date")
	st.keys("ctrl+s")
	if st.house.Show(1).Changes != 0 || !st.Typing() {
		t.Error("a refused form was saved")
	}
}

func TestWhatIsNoDateIsNotForgotten(t *testing.T) {
	t.Parallel()
	st := open(t, "Marie Dupont")
	st.keys("down", "e")
	st.fill("Birth date", "May")
	if !st.Unsaved() {
		t.Error("what was typed counts as nothing")
	}
}

func TestAConflictMergesRows(t *testing.T) {
	t.Parallel()
	st := reachable(t)
	st.fill("Phone 4", "444")
	st.house.Edit(1, func(d *book.Draft) {
		d.Phones[1].Number = "999"
		d.Postals[1].City = "Nice"
		d.Notes, d.OptOuts = "Wheelchair", book.NoPost
	})
	st.keys("ctrl+s")
	st.says("Phone 2 [✓] 999 (work) [ ] 222 (work)", "Phone 4 [ ] – [✓] 444 (other)", "Postal address 2 [✓] Nice (billing)",
		"Notes [✓] Wheelchair", "No advertising by post [✓] on [ ] off")
	st.keys("enter")
	d := st.house.Show(1)
	if len(d.Phones) != 4 || d.Phones[1].Number != "999" || d.Phones[3].Number != "444" || d.Postals[1].City != "Nice" || d.Notes != "Wheelchair" {
		t.Errorf("saved %+v", d.Contact)
	}
}

func TestR85_TheFormHasNoFieldForStatusOrIdentity(t *testing.T) {
	t.Parallel()
	st := open(t)
	admin := st.house.Hire(core.RoleAdmin)
	d := coretest.Person("Ana", "Reis", "ana@mail.example")
	_, err := st.house.Contacts.Import(t.Context(), admin, book.Imported{
		Draft: d, SSO: "idp|77", HasOrders: true, LastOrder: st.house.Clock.Effective().Add(-48 * time.Hour),
	})
	st.house.Must(err)
	st.run(st.Refresh())
	st.keys("down")
	st.says("SSO idp|77", "has orders, last ")
	st.house.Create(coretest.Person("Zoé", "Roux", ""))
	st.run(st.Refresh())
	st.keys("down")
	st.says("Zoé Roux", "Orders none")
	st.keys("up", "e")
	st.says("Single sign-on idp|77", "From other systems, not changed here")
	for range 60 {
		for _, label := range []string{"Single sign-on", "Orders", "Status", "Validated"} {
			if strings.Contains(st.screen(80, 60), "▸ "+label) {
				t.Fatalf("%s can be typed into", label)
			}
		}
		st.keys("tab")
	}
	st.fill("First name", "x")
	st.keys("ctrl+s")
	got := st.house.Show(1)
	if got.SSO != "idp|77" || got.Email.Status != core.EmailNotValidated || got.FirstName != "Anax" || !got.HasOrders {
		t.Errorf("saved %+v", got.Contact)
	}
}
