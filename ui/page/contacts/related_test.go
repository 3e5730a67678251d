package contacts_test

import (
	"strings"
	"testing"

	"willcall/core"
	book "willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/ui/session"
)

// school opens the page on a structure with two relays: 1, 2 and the primary 3.
func school(t *testing.T) *stage {
	t.Helper()
	st := open(t)
	st.house.Create(book.Draft{Kind: core.ContactStructure, Company: "Lycée du Lac", Address: "office@lac.example"})
	for _, name := range []string{"Ana", "Zoé"} {
		st.house.Create(book.Draft{
			Kind: core.ContactRelay, FirstName: name, LastName: "Roux", Company: "Lycée du Lac", Structure: 1, Primary: name == "Zoé",
		})
	}
	st.run(st.Open(core.Ref{Kind: core.KindContact, ID: 1}))
	return st
}

func TestAContactIsOpenedInFull(t *testing.T) {
	t.Parallel()
	st := school(t)
	st.says("Lycée du Lac C-000001", "2 relays ○ Roux Zoé primary, C-000003 ○ Roux Ana C-000002")
	st.silent("of 3")
}

func TestRelaysAndStructureLeadToEachOther(t *testing.T) {
	t.Parallel()
	st := school(t)
	st.keys("enter")
	st.says("2 relays")
	st.keys("tab", "tab", "enter")
	st.says("Ana Roux C-000002", "Structure", "Lycée du Lac C-000001")
	st.keys("tab")
	st.says("▸ ●✗ Lycée du Lac")
	st.keys("enter")
	st.says("2 relays")
	st.keys("esc")
	st.says("Ana Roux C-000002")
	st.keys("esc")
	st.says("Lycée du Lac C-000001")
	st.keys("esc", "/")
	if !st.Typing() {
		t.Error("esc doesn't come back to the list")
	}
}

func TestANewRelayBelongsToTheStructureItWasMadeFrom(t *testing.T) {
	t.Parallel()
	st := school(t)
	st.keys("n")
	st.typed("Other")
	st.keys("esc", "+")
	st.says("New relay of Lycée du Lac", "Kind relay", "Company Lycée du Lac", "▸ First name")
	st.silent("Other")
	if st.typed("Max"); !st.Unsaved() {
		t.Error("the draft is forgotten")
	}
	st.keys("esc")
	st.says("A draft of a new relay is kept, + goes on.")
	st.keys("+")
	st.fill("Last name", "Roux")
	st.keys("ctrl+s")
	st.says("C-000004 saved", "3 relays", "Roux Max C-000004")
	if d := st.house.Show(4); d.Contact.Structure != 1 || d.Kind != core.ContactRelay || d.Company != "Lycée du Lac" || d.Primary {
		t.Errorf("saved %+v", d.Contact)
	}
	st.keys("n")
	st.says("Other")
}

func TestAStructureIsPickedByTypingItsName(t *testing.T) {
	t.Parallel()
	st := school(t)
	st.house.Create(book.Draft{Kind: core.ContactStructure, Company: "Théâtre Nord"})
	st.house.Create(coretest.Person("Theo", "Nord", ""))
	st.keys("n", "shift+tab")
	st.typed("rel")
	st.keys("enter")
	st.fill("Last name", "Vidal")
	st.to("Structure")
	st.typed("nord")
	st.says("▸ ○ Théâtre Nord", "C-000004")
	st.silent("Nord Theo")
	st.keys("enter")
	st.says("Company Théâtre Nord")
	st.to("Structure")
	st.typed("c-1")
	st.keys("enter")
	st.says("Structure ●✗ Lycée du Lac", "Company Lycée du Lac")
	st.to("Primary relay")
	st.keys("space", "ctrl+s")
	if d := st.house.Show(6); d.Contact.Structure != 1 || !d.Primary || d.Company != "Lycée du Lac" {
		t.Errorf("saved %+v", d.Contact)
	}
	if d := st.house.Show(3); d.Primary {
		t.Error("two are primary")
	}
}

func TestAStructureThatIsNoneAnyMoreIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	st := school(t)
	st.house.Create(book.Draft{Kind: core.ContactStructure, Company: "Théâtre Nord"})
	st.keys("n", "shift+tab")
	st.typed("rel")
	st.keys("enter")
	st.fill("Last name", "Vidal")
	st.to("Structure")
	st.typed("nord")
	st.keys("enter")
	st.house.Edit(4, func(d *book.Draft) { d.Kind, d.LastName = core.ContactIndividual, "Nord" })
	st.keys("ctrl+s")
	st.says("▸ Structure", "This is not one of the choices.")
}

func TestAConflictNamesTheStructure(t *testing.T) {
	t.Parallel()
	st := school(t)
	st.house.Create(book.Draft{Kind: core.ContactStructure, Company: "Théâtre Nord"})
	st.keys("tab", "tab", "enter", "e")
	st.fill("First name", "x")
	st.house.Edit(2, func(d *book.Draft) { d.Structure = 4 })
	st.keys("ctrl+s")
	st.says("Structure [✓] Théâtre Nord [ ] Lycée du Lac", "Olga Brunner")
	st.keys("enter")
	if d := st.house.Show(2); d.FirstName != "Anax" || d.Contact.Structure != 4 {
		t.Errorf("saved %+v", d.Contact)
	}
}

func TestTheNewestMailIsOpenedInTheOutbox(t *testing.T) {
	t.Parallel()
	st := school(t)
	cmd := st.press("l")
	if cmd == nil {
		t.Fatal("l does nothing")
	}
	want := session.Go{Page: session.PageOutbox, Ref: core.Ref{Kind: core.KindMail, ID: st.house.Show(1).Last.Mail}}
	if got := cmd(); got != want {
		t.Errorf("l goes to %+v, want %+v", got, want)
	}
	st.run(st.Open(core.Ref{Kind: core.KindContact, ID: 2}))
	if strings.Contains(st.screen(80, 20), "outbox") || st.press("l") != nil {
		t.Error("a mail is offered though there is none")
	}
}
