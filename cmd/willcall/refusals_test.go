package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/validation"
)

// owner is a request of the demo's owner, for what happens at other consoles.
func (s *story) owner() core.Request {
	s.t.Helper()
	in, err := coretest.SignIn(s.t.Context(), s.h.operators, demoOwner, demoPassword)
	s.must(err)
	return core.Request{Actor: in.Actor, Session: in.Session, Institution: in.Institutions[0], Organisation: 1}
}

// switchOff turns validation off at another console.
func (s *story) switchOff() {
	s.t.Helper()
	req := s.owner()
	o, err := s.h.venue.Overview(s.t.Context(), req)
	s.must(err)
	_, err = s.h.venue.SwitchValidation(s.t.Context(), req, o.InstitutionVersion, false)
	s.must(err)
	s.live()
}

// firstWith finds the number of a sample contact.
func (s *story) firstWith(ok func(contacts.Row) bool) string {
	s.t.Helper()
	found, err := s.h.contacts.Find(s.t.Context(), s.owner(), contacts.Query{Limit: 1000})
	s.must(err)
	for _, row := range found.Rows {
		if ok(row) {
			return contacts.NumberText(row.Number)
		}
	}
	s.t.Fatal("the sample has no such contact")
	return ""
}

// TestWhyNoValidationMail presses v on everybody it can't be sent to: each
// refusal is told, and nothing is written.
func TestWhyNoValidationMail(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		play func(*story)
		says string
	}{
		"R85 validated": {func(s *story) {
			s.find(s.firstWith(func(r contacts.Row) bool { return r.Status == core.EmailValidated }))
		}, "validated already"},
		"R15 guest": {func(s *story) {
			s.find(s.firstWith(func(r contacts.Row) bool { return r.Guest }))
		}, "guest, not subject to validation"},
		"no address":    {func(s *story) { s.find("C-000003") }, "no address"},
		"R1 switch off": {func(s *story) { s.find("C-000001"); s.switchOff() }, "Validation is off"},
		"cool-down":     {func(s *story) { s.sendToMarie() }, "send again from 20:43"},
		"daily cap": {func(s *story) {
			s.sendToMarie()
			for range 4 {
				s.pass(time.Hour)
				s.sendToMarie()
			}
			s.pass(time.Hour)
			s.live()
		}, "more would be too many"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := demo(t, 120, 40)
			s.signIn(operator)
			tt.play(s)
			before := len(s.captured())
			s.Press("v")
			s.Want(tt.says)
			s.Without("enter send")
			if s.post(); len(s.captured()) != before {
				t.Error("a refused mail was sent")
			}
		})
	}
}

// TestFormRefusals saves what can't be saved: the field is named and nothing
// typed is lost.
func TestFormRefusals(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn(operator)
	s.Press("down", "n")
	s.Type("Zoé")
	s.Press("ctrl+s")
	s.Want("This is needed", "Zoé")
	s.Type("Dupont")
	s.Press("tab", "tab")
	s.Type("zoe@mail")
	s.Press("ctrl+s")
	s.Want("Zoé", "Dupont", "zoe@mail", "┃")
	s.Press("esc")
	s.Without("New contact")
	s.Press("n")
	s.Want("Zoé", "Dupont", "zoe@mail")
	s.Type(".example")
	s.Press("ctrl+s")
	s.Want("C-000501 saved, not validated", "Zoé Dupont")
}

// TestR17_R22_AnEmptyListIsToldAndTheContactIsMadeRed makes a contact where
// nothing can be sent from.
func TestR17_R22_AnEmptyListIsToldAndTheContactIsMadeRed(t *testing.T) {
	t.Parallel()
	s := filledStory(t)
	s.closeAll()
	s.start(120, 40)
	s.signIn(operator)
	s.find("C-000001")
	s.Press("v")
	s.Want("┃ No point of sale of an Internet B2C channel is running in Main house")
	s.Press("n", "tab")
	s.Type("Dupont")
	s.Press("tab", "tab")
	s.Type("zoe@mail.example")
	s.Want("No point of sale of an Internet B2C channel is running in Main house", "The contact will be created, red")
	s.Without("Point of sale *")
	s.Press("ctrl+s")
	s.Want("C-000501 saved, not validated")
	before := len(s.captured())
	if s.post(); len(s.captured()) != before {
		t.Error("a mail went out")
	}
}

// TestTwoConsolesEditOneContact ends as a conflict that shows both values.
func TestTwoConsolesEditOneContact(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn(operator)
	s.find("C-000001")
	s.Press("e", "tab")
	s.Type("-Louise")
	s.editElsewhere(func(d *contacts.Draft) { d.Postals[0].City, d.FirstName = "Villeurbanne", "Mariette" })
	s.Press("ctrl+s")
	s.Want("[ ] Mariette", "[ ] Marie-Louise", "Villeurbanne", "Olga Brunner")
	s.Press("right", "enter")
	s.Want("saved", "Marie-Louise Dupont", "Villeurbanne")
}

// editElsewhere changes the first contact as its owner, at another console.
func (s *story) editElsewhere(change func(*contacts.Draft)) {
	s.t.Helper()
	const id core.ID = 1
	req := s.owner()
	now, err := s.h.contacts.Show(s.t.Context(), req, id)
	s.must(err)
	d := contacts.DraftOf(now.Contact)
	change(&d)
	_, err = s.h.contacts.Edit(s.t.Context(), req, id, now.Version, d, now.Offer.Suggested, false)
	s.must(err)
	s.live()
}

// TestLiveUpdatesKeepTheSelection changes the list under the selection.
func TestLiveUpdatesKeepTheSelection(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn(operator)
	s.find("dupont")
	s.Press("j", "j")
	before := s.selected()
	s.editElsewhere(func(d *contacts.Draft) { d.LastName = "Zwingli-Dupont" })
	if after := s.selected(); after != before || after == "" {
		t.Errorf("the selection went from %s to %s\n%s", before, after, s.Frame())
	}
}

// selected is the number of the selected contact.
func (s *story) selected() string {
	number := regexp.MustCompile(`▸ [●○].*(C-\d{6})`)
	for y := range 40 {
		if found := number.FindStringSubmatch(s.Frame().Line(y)); found != nil {
			return found[1]
		}
	}
	return ""
}

// TestASessionThatEndedLeavesTheScreen ends it elsewhere.
func TestASessionThatEndedLeavesTheScreen(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn(operator)
	s.pass(12 * time.Hour)
	s.Press("down", "enter")
	s.live()
	s.Want("Address", "sign in")
	s.Without("Dupont")
}

// TestRolesSeeTheirTabs compares the frame of each role.
func TestRolesSeeTheirTabs(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn("dana@opera.example")
	s.Want("developer", "Captured mail", "Settings")
	s.Without("Contacts")
	s.Press("g", "c")
	s.Without("C-000001")
	s.Press("ctrl+d")
	s.signIn(operator)
	s.Want("operator", "Contacts", "Captured mail", "Settings")
	s.Press("down")
	s.toSettings()
	s.Press("e")
	s.Want("Your role does not allow this")
}

// TestPagesOfLinksThatDoNotWork visits every state of a link.
func TestPagesOfLinksThatDoNotWork(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn(operator)
	s.sendToMarie()
	link := s.link()
	if status, _ := s.visit(storyPortal + validation.LinkPath + strings.Repeat("A", 43)); status != http.StatusNotFound {
		t.Errorf("an unknown link: %d", status)
	}
	s.pass(24 * time.Hour)
	if status, page := s.visit(link); status != http.StatusGone || !strings.Contains(page, "expiré") {
		t.Errorf("an expired link: %d\n%s", status, page)
	}
	s.editElsewhere(func(d *contacts.Draft) { d.Address = "marie@mail.example" })
	if status, _ := s.visit(link); status != http.StatusGone {
		t.Errorf("a replaced link: %d", status)
	}
}

// TestEmptyHouse visits every list that has nothing to show.
func TestEmptyHouse(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.setUp()
	s.start(120, 40)
	s.signIn(demoOwner)
	s.Want("No contacts yet")
	s.toMail()
	s.Want("No mail was captured yet")
	s.Press("g", "c", "n")
	s.Want("New contact")
}

// TestR21_R22_TheKindDecidesWhatIsOffered changes the kind in the form by its
// own keys.
func TestR21_R22_TheKindDecidesWhatIsOffered(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn(operator)
	s.Press("down", "n", "tab")
	s.Type("Dupont")
	s.Press("tab", "tab")
	s.Type("zoe@mail.example")
	s.Press("tab", "tab", "enter")
	s.Want("Web shop", "Subscribers' shop")
	s.Without("Partner agencies", "Foyer counter", "Summer festival")
	s.Press("esc", "shift+tab", "shift+tab", "shift+tab", "shift+tab", "shift+tab", "shift+tab")
	s.Press("enter", "down", "down", "enter")
	s.Want("relay")
	s.Press("tab", "tab", "tab", "tab", "tab", "tab", "tab", "enter") // a relay has a structure, too
	s.Want("Web shop", "Schools and groups", "Partner agencies")
	s.Without("Foyer counter", "Summer festival")
}

// TestR15_AGuestIsToldWhileTyping switches a new contact to a guest.
func TestR15_AGuestIsToldWhileTyping(t *testing.T) {
	t.Parallel()
	s := demo(t, 120, 40)
	s.signIn(operator)
	s.Press("down", "n", "tab", "tab", "tab")
	s.Type("zoe@mail.example")
	for range 12 { // past document, phone, postal address and more
		s.Press("tab")
	}
	s.Press("space")
	s.Want("as a guest, red", "not subject to validation")
	s.Without("Document *")
}
