package setup_test

import (
	"slices"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/validation"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

// Two institutions of one owner, each with Marie of its own; the lake also has
// Paul, whose id is nobody's at the port.
type two struct {
	*coretest.House
	port        coretest.Second
	marie, paul contacts.Saved
	theirs      contacts.Saved // the port's Marie
}

func openTwo(t *testing.T) *two {
	t.Helper()
	h := &two{House: coretest.New(t, storagetest.New(t))}
	h.port = h.AddInstitution("Théâtre du Port")
	h.marie = h.Create(coretest.Person("Marie", "Dupont", "marie@lake.example"))
	h.paul = h.Create(coretest.Person("Paul", "Dupont", "paul@lake.example"))
	var err error
	h.theirs, err = h.Contacts.Create(h.Ctx, h.port.Owner, coretest.Person("Marie", "Dupont", "marie@port.example"), h.there())
	h.Must(err)
	return h
}

// there is the port's own document and point of sale.
func (h *two) there() validation.Context {
	return validation.Context{Document: h.port.Made.Document, PointOfSale: h.port.Made.PointOfSale}
}

func TestR87_SearchAndNumbersStayApart(t *testing.T) {
	t.Parallel()
	h := openTwo(t)
	for name, tt := range map[string]struct {
		req  core.Request
		want int
	}{"lake": {h.Owner, 2}, "port": {h.port.Owner, 1}} {
		found, err := h.Contacts.Find(h.Ctx, tt.req, contacts.Query{Text: "dupont"})
		h.Must(err)
		if len(found.Rows) != tt.want || found.Matches != tt.want || found.Total != tt.want {
			t.Errorf("%s finds %d of %d", name, found.Matches, found.Total)
		}
	}
	d, err := h.Contacts.Show(h.Ctx, h.port.Owner, h.theirs.ID)
	h.Must(err)
	if d.Email.Typed != "marie@port.example" || d.Number != h.Show(h.marie.ID).Number {
		t.Errorf("the port's first contact is %s, number %d", d.Email.Typed, d.Number)
	}
}

func TestR87_AContactOfTheOtherHouseIsNotThere(t *testing.T) {
	t.Parallel()
	h := openTwo(t)
	req, id := h.port.Owner, h.paul.ID
	before := h.Dump()
	tries := map[string]func() error{
		"show": func() error { _, err := h.Contacts.Show(h.Ctx, req, id); return err },
		"edit": func() error {
			_, err := h.Contacts.Edit(h.Ctx, req, id, 1, coretest.Person("Eve", "Adam", ""), h.there(), false)
			return err
		},
		"send":    func() error { _, err := h.Contacts.SendValidation(h.Ctx, req, id, 1, h.there()); return err },
		"history": func() error { _, err := h.Contacts.History(h.Ctx, req, id, 0, 0); return err },
		"remove":  func() error { _, err := h.Contacts.Remove(h.Ctx, req, id, 1); return err },
	}
	for name, try := range tries {
		if err := try(); core.CodeOf(err) != core.CodeNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	for key, value := range h.Dump() {
		if !strings.HasPrefix(key, "journal") && before[key] != value {
			t.Errorf("%q was written", key)
		}
	}
}

func TestR87_HistoriesStayApart(t *testing.T) {
	t.Parallel()
	h := openTwo(t)
	h.Edit(h.marie.ID, func(d *contacts.Draft) { d.FirstName = "Anne" })
	for name, tt := range map[string]struct {
		req  core.Request
		want []core.ActionID
	}{
		"lake": {h.Owner, []core.ActionID{core.ActContactsEdit, core.ActContactsCreate}},
		"port": {h.port.Owner, []core.ActionID{core.ActContactsCreate}},
	} {
		changes, err := h.Contacts.History(h.Ctx, tt.req, h.marie.ID, 0, 0)
		h.Must(err)
		var got []core.ActionID
		for _, c := range changes {
			got = append(got, c.Action)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestR87_OffersAreOfTheOwnHouse(t *testing.T) {
	t.Parallel()
	h := openTwo(t)
	o, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	shop := o.PointsOfSale[0].PointOfSale
	receipt, err := h.Venue.SavePointOfSale(h.Ctx, h.Owner, 0, 0, venue.PointOfSaleDraft{
		Name: "Lake shop", Organisation: shop.Organisation, Channel: shop.Channel, State: venue.StateRunning,
		SenderName: "Lake", Sender: shop.Sender, SignInURL: shop.SignInURL,
	})
	h.Must(err)
	document, err := h.Venue.SaveDocument(h.Ctx, h.Owner, 0, 0, venue.DocumentDraft{
		Name: "Lake", Active: true, Texts: o.Documents[0].Newest.Texts,
	})
	h.Must(err)
	lake := validation.Context{Document: document.Subject.ID, PointOfSale: receipt.Subject.ID}
	for name, tt := range map[string]struct {
		req  core.Request
		want bool
	}{"lake": {h.Owner, true}, "port": {h.port.Owner, false}} {
		offer, err := h.Contacts.Offer(h.Ctx, tt.req, core.ContactIndividual, 0)
		h.Must(err)
		if offer.Has(lake) != tt.want || !offer.Possible() {
			t.Errorf("%s is offered %+v", name, offer)
		}
	}
	_, err = h.Contacts.Create(h.Ctx, h.port.Owner, coretest.Person("Zoé", "Adam", "zoe@port.example"), lake)
	if got := coretest.FieldsOf(err); got["document"] != core.CodeChoice || got["point-of-sale"] != core.CodeChoice {
		t.Errorf("R23: sent from the other house's: %v", err)
	}
}

func TestR87_MailStaysApart(t *testing.T) {
	t.Parallel()
	h := openTwo(t)
	page, err := h.Reading.Outbox(h.Ctx, h.port.Owner, mail.OutboxQuery{})
	h.Must(err)
	if page.Total != 1 || page.Waiting != 1 || page.Rows[0].To != "marie@port.example" {
		t.Errorf("the port's outbox holds %+v", page)
	}
	second := h.paul.Sent.Mail // the port has one mail only
	_, err = h.Reading.OutboxMail(h.Ctx, h.port.Owner, second)
	h.Refused(err, core.CodeNotFound)
	_, err = h.Reading.Outcome(h.Ctx, h.port.Owner, second)
	h.Refused(err, core.CodeNotFound)
	h.Refused(h.Office.Cancel(h.Ctx, h.port.Owner, second), core.CodeNotFound)
	_, err = h.Office.SendAgain(h.Ctx, h.port.Owner, second)
	h.Refused(err, core.CodeNotFound)
	o, err := h.Venue.Overview(h.Ctx, h.port.Owner)
	h.Must(err)
	_, err = h.Venue.SwitchValidation(h.Ctx, h.port.Owner, o.InstitutionVersion, false)
	h.Must(err)
	var to []string
	for _, m := range h.Mails() {
		to = append(to, m.To)
	}
	if want := []string{"marie@lake.example", "paul@lake.example"}; !slices.Equal(to, want) {
		t.Errorf("after the port's switch is off, mail goes to %v, want %v", to, want)
	}
}

func TestR87_ALinkValidatesItsOwnHousesContact(t *testing.T) {
	t.Parallel()
	h := openTwo(t)
	for _, m := range h.Mails() {
		base := coretest.PortalURL
		if m.Institution == h.port.Made.Institution {
			base = coretest.SecondURL
		}
		token, own := strings.CutPrefix(m.Values["link"], base+validation.LinkPath)
		if !own {
			t.Errorf("the mail to %s leads to %s", m.To, m.Values["link"])
		}
		if m.To == "marie@port.example" {
			if got := h.Follow(token); got.State != validation.LinkDone || got.Institution != "Théâtre du Port" || got.PortalURL != base {
				t.Errorf("it lands on %+v", got)
			}
		}
	}
	d, err := h.Contacts.Show(h.Ctx, h.port.Owner, h.theirs.ID)
	h.Must(err)
	if d.Email.Status != core.EmailValidated || h.Status(h.marie.ID) != core.EmailNotValidated {
		t.Errorf("the port's is %v, the lake's %v", d.Email.Status, h.Status(h.marie.ID))
	}
}

func TestR87_EventsTellOfTheirOwnHouse(t *testing.T) {
	t.Parallel()
	h := openTwo(t)
	var heard []core.Event
	t.Cleanup(h.Store.Watch(func(c core.Commit) { heard = append(heard, c.Events...) }))
	_, err := h.Contacts.Create(h.Ctx, h.port.Owner, coretest.Person("Zoé", "Adam", "zoe@port.example"), h.there())
	h.Must(err)
	_, err = h.Venue.SaveOrganisation(h.Ctx, h.port.Owner, 0, 0, "Studio")
	h.Must(err)
	_, err = h.Venue.SendSample(h.Ctx, h.port.Owner, h.port.Made.Document, "en", "olga@port.example")
	h.Must(err)
	if len(heard) < 3 {
		t.Errorf("told of %+v only", heard)
	}
	for _, e := range heard {
		if e.Institution != h.port.Made.Institution {
			t.Errorf("told of %+v", e)
		}
	}
}

func TestR87_SettingsOfOneHouseLeaveTheOther(t *testing.T) {
	t.Parallel()
	h := openTwo(t)
	before, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	o, err := h.Venue.Overview(h.Ctx, h.port.Owner)
	h.Must(err)
	_, err = h.Venue.SaveInstitution(h.Ctx, h.port.Owner, o.InstitutionVersion, venue.InstitutionDraft{
		Name: "Port", Language: "fr", TimeZone: "UTC", PortalURL: "https://new.port.example", LinkHours: 1,
	})
	h.Must(err)
	_, err = h.Venue.SaveDocument(h.Ctx, h.port.Owner, h.port.Made.Document, 1, venue.DocumentDraft{
		Name: "Port", Texts: []venue.Text{{Language: "en", Subject: "Port", Body: "{link}"}},
	})
	h.Must(err)
	after, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	editions, err := h.Venue.Editions(h.Ctx, h.Owner, h.Made.Document)
	h.Must(err)
	if after.Institution != before.Institution || after.Documents[0].Version != before.Documents[0].Version || len(editions) != 1 {
		t.Errorf("the lake's are %+v, with %d editions", after, len(editions))
	}
	_, err = h.Venue.SaveOrganisation(h.Ctx, h.Owner, 0, 0, "Studio")
	h.Must(err)
	_, err = h.Venue.SaveOrganisation(h.Ctx, h.port.Owner, 2, 1, "Taken over")
	h.Refused(err, core.CodeNotFound)
}
