package validation_test

import (
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/validation"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

const (
	marie = "marie.dupont@orange.example"
	other = "marie@mail.example"

	festivalSignIn = "https://festival.example/sign-in"
)

// switchOff turns the institution's switch off as the owner.
func switchOff(h *coretest.House) {
	o, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	_, err = h.Venue.SwitchValidation(h.Ctx, h.Owner, o.InstitutionVersion, false)
	h.Must(err)
}

// point adds a point of sale and gives its id.
func point(h *coretest.House, name string, kind venue.ChannelKind, state venue.State, organisation core.ID) core.ID {
	var id core.ID
	h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error {
		channel, err := venue.SalesChannels().Insert(tx, h.Made.Institution, venue.SalesChannel{Name: name, Kind: kind})
		if err != nil {
			return err
		}
		id, err = venue.PointsOfSale().Insert(tx, h.Made.Institution, venue.PointOfSale{
			Name: name, Organisation: organisation, Channel: channel, State: state,
			SenderName: name, Sender: "box@opera.example", SignInURL: festivalSignIn,
		})
		return err
	}))
	return id
}

func closePoint(h *coretest.House) {
	o, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	p := o.PointsOfSale[0]
	_, err = h.Venue.SavePointOfSale(h.Ctx, h.Owner, p.ID, p.Version, venue.PointOfSaleDraft{
		Name: p.Name, Organisation: p.Organisation, Channel: p.Channel, State: venue.StateClosed,
		SenderName: p.SenderName, Sender: p.Sender, SignInURL: p.SignInURL,
	})
	h.Must(err)
}

func TestR1_TheSwitchIsPerInstitution(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	var second core.ID
	h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) (err error) {
		second, err = venue.Institutions().Insert(tx, core.Installation, venue.Institution{Name: "Second", Validation: true})
		return err
	}))
	switchOff(h)
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		here, _, err := venue.Institutions().Get(v, core.Installation, h.Made.Institution)
		if err != nil {
			return err
		}
		there, _, err := venue.Institutions().Get(v, core.Installation, second)
		if here.Validation || !there.Validation {
			t.Errorf("switch here %v, there %v", here.Validation, there.Validation)
		}
		return err
	}))
	saved, err := h.Contacts.Create(h.Ctx, h.Owner, coretest.Person("Marie", "Dupont", marie), validation.Context{})
	h.Must(err)
	if mails := h.Mails(); len(mails) != 0 || saved.Sent.Mail != 0 {
		t.Errorf("%d mails with the switch off", len(mails))
	}
	_, err = h.Contacts.SendValidation(h.Ctx, h.Owner, saved.ID, h.Show(saved.ID).Email.Generation, h.Context())
	h.Refused(err, core.CodeSwitchOff)
}

func TestR1_SwitchingOffWithdrawsWhatWaits(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Create(coretest.Person("Marie", "Dupont", marie))
	switchOff(h)
	if mails := h.Mails(); len(mails) != 0 {
		t.Errorf("%d mails left after the switch was off", len(mails))
	}
}

func TestR3_SwitchingOffWithdrawsNoticesToo(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	h.Follow(coretest.Token(h.Mails()[0]))
	h.Edit(id, func(d *contacts.Draft) { d.Address = other })
	_, err := h.Venue.SendSample(h.Ctx, h.Owner, h.Made.Document, "en", "olga@mail.example")
	h.Must(err)
	switchOff(h)
	if mails := h.Mails(); len(mails) != 1 || mails[0].To != "olga@mail.example" {
		t.Errorf("with the switch off go out %+v", mails)
	}
}

func TestR2_ANewInstitutionStartsWithValidationOn(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	o, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	if !o.Institution.Validation {
		t.Error("the switch is off after the set-up")
	}
}

func TestR5_R18_ANewContactCausesExactlyOneMailFromItsContext(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := coretest.Person("Marie", "Dupont", marie)
	d.Language = "fr"
	saved := h.Create(d)
	mails := h.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	m := mails[0]
	if m.To != marie || m.From != "tickets@opera.example" || m.FromName != "Opéra du Lac" || m.Language != "fr" {
		t.Errorf("to %s from %q <%s> in %s", m.To, m.FromName, m.From, m.Language)
	}
	if m.Mail.Document != h.Made.Document || m.Mail.Edition != 1 || !strings.HasPrefix(m.Body, "Bonjour Marie Dupont, suivez "+coretest.PortalURL+"/v/") {
		t.Errorf("body %q from document %d edition %d", m.Body, m.Mail.Document, m.Mail.Edition)
	}
	if saved.Status != core.EmailNotValidated || saved.Sent.To != marie {
		t.Errorf("saved %+v", saved)
	}
}

func TestR18_TheChosenPointOfSaleAndTheContactsLanguageDecide(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	festival := point(h, "Festival", venue.ChannelInternetB2C, venue.StateRunning, h.Made.Organisation)
	_, err := h.Contacts.Create(h.Ctx, h.Owner, coretest.Person("Marie", "Dupont", marie),
		validation.Context{Document: h.Made.Document, PointOfSale: festival})
	h.Must(err)
	m := h.Mails()[0]
	if m.From != "box@opera.example" || m.FromName != "Festival" || m.Language != "en" {
		t.Errorf("from %q <%s> in %s", m.FromName, m.From, m.Language)
	}
	if got := h.Follow(coretest.Token(m)).SignInURL; got != festivalSignIn {
		t.Errorf("the link leads to %s", got)
	}
}

func TestR15_GuestsAreNotSubjectToValidation(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := coretest.Person("Marie", "Dupont", marie)
	d.Guest = true
	saved, err := h.Contacts.Create(h.Ctx, h.Owner, d, validation.Context{})
	h.Must(err)
	if saved.Status != core.EmailNotValidated || len(h.Mails()) != 0 {
		t.Errorf("a guest is %v", saved.Status)
	}
	_, err = h.Contacts.SendValidation(h.Ctx, h.Owner, saved.ID, h.Show(saved.ID).Email.Generation, h.Context())
	h.Refused(err, core.CodeGuest)
	row, err := h.Contacts.Find(h.Ctx, h.Owner, contacts.Query{Text: "dupont"})
	h.Must(err)
	if !row.Rows[0].Guest {
		t.Error("the list doesn't tell the guest")
	}
}

func TestR15_WhoBecomesAGuestIsRedAndItsLinksAreVoid(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	green := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	h.Follow(coretest.Token(h.Mails()[0]))
	linked := h.Create(coretest.Person("Paul", "Dupont", other)).ID
	token := coretest.Token(h.Mails()[0])
	waiting := h.Create(coretest.Person("Ana", "Reis", "ana@mail.example")).ID
	for _, id := range []core.ID{green, linked, waiting} {
		h.Edit(id, func(d *contacts.Draft) { d.Guest = true })
	}
	if got := h.Follow(token); got != (validation.Landing{}) {
		t.Errorf("a link sent before tells %+v", got)
	}
	for _, id := range []core.ID{green, linked, waiting} {
		if got := h.Status(id); got != core.EmailNotValidated {
			t.Errorf("guest %d is %v", id, got)
		}
	}
	if mails := h.Mails(); len(mails) != 0 {
		t.Errorf("%d mails went to guests", len(mails))
	}
}

func TestR17_AnAddressNeedsDocumentAndPointOfSale(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for _, kind := range core.ContactKinds() {
		d := coretest.Person("Marie", "Dupont", marie)
		d.Kind, d.Company = kind, "Lycée"
		_, err := h.Contacts.Create(h.Ctx, h.Owner, d, validation.Context{})
		h.Refused(err, core.CodeRequired)
		_, err = h.Contacts.Create(h.Ctx, h.Owner, d, validation.Context{Document: h.Made.Document})
		h.Refused(err, core.CodeRequired)
		d.Address = ""
		if _, err = h.Contacts.Create(h.Ctx, h.Owner, d, validation.Context{}); err != nil {
			t.Errorf("%v without an address: %v", kind, err)
		}
	}
	if mails := h.Mails(); len(mails) != 0 {
		t.Errorf("%d mails", len(mails))
	}
}

func TestR19_OnlyActiveVerificationDocumentsAreOffered(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	text := []venue.Text{{Language: "en", Subject: "s", Body: "{link}"}}
	for _, d := range []venue.DocumentDraft{{Name: "Second", Active: true, Texts: text}, {Name: "Retired", Texts: text}} {
		_, err := h.Venue.SaveDocument(h.Ctx, h.Owner, 0, 0, d)
		h.Must(err)
	}
	h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error {
		_, err := venue.Documents().Insert(tx, h.Made.Institution, venue.Document{Name: "Ticket", Kind: 99, Active: true})
		return err
	}))
	o, err := h.Contacts.Offer(h.Ctx, h.Owner, core.ContactIndividual, 0)
	h.Must(err)
	if got := namesOf(o.Documents); got != "Welcome, Second" {
		t.Errorf("offered %s", got)
	}
}

func namesOf(list []venue.Named) string {
	var all []string
	for _, n := range list {
		all = append(all, n.Name)
	}
	return strings.Join(all, ", ")
}

func TestR20_R21_R22_PointsOfSaleByStateOrganisationAndChannel(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	point(h, "B2B", venue.ChannelInternetB2B, venue.StateRunning, h.Made.Organisation)
	point(h, "Agency", venue.ChannelInternetAgency, venue.StateRunning, h.Made.Organisation)
	point(h, "Counter", venue.ChannelCounter, venue.StateRunning, h.Made.Organisation)
	point(h, "Closed", venue.ChannelInternetB2C, venue.StateClosed, h.Made.Organisation)
	point(h, "Preparing", venue.ChannelInternetB2C, venue.StateSetUp, h.Made.Organisation)
	point(h, "Elsewhere", venue.ChannelInternetB2C, venue.StateRunning, h.Made.Organisation+7)
	wants := map[core.ContactKind]string{
		core.ContactIndividual: "Web shop",
		core.ContactRelay:      "Web shop, B2B, Agency",
		core.ContactStructure:  "Web shop, B2B, Agency",
	}
	for kind, want := range wants {
		o, err := h.Contacts.Offer(h.Ctx, h.Owner, kind, 0)
		h.Must(err)
		if got := namesOf(o.PointsOfSale); got != want {
			t.Errorf("%v: offered %s, want %s", kind, got, want)
		}
	}
}

func TestR22_AnEmptyListCreatesRedWithoutMail(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	closePoint(h)
	saved, err := h.Contacts.Create(h.Ctx, h.Owner, coretest.Person("Marie", "Dupont", marie), validation.Context{})
	h.Must(err)
	if saved.Status != core.EmailNotValidated || len(h.Mails()) != 0 {
		t.Errorf("saved %+v", saved)
	}
	h.Refused(h.Show(saved.ID).NotNow, core.CodeNoContext)
}

func TestR23_TheCoreChecksTheContextAgain(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	counter := point(h, "Counter", venue.ChannelCounter, venue.StateRunning, h.Made.Organisation)
	for _, c := range []validation.Context{
		{Document: h.Made.Document, PointOfSale: counter},
		{Document: h.Made.Document, PointOfSale: 999},
		{Document: 999, PointOfSale: h.Made.PointOfSale},
	} {
		_, err := h.Contacts.Create(h.Ctx, h.Owner, coretest.Person("Marie", "Dupont", marie), c)
		h.Refused(err, core.CodeChoice)
	}
	found, err := h.Contacts.Find(h.Ctx, h.Owner, contacts.Query{})
	h.Must(err)
	if found.Total != 0 || len(h.Mails()) != 0 {
		t.Error("a refused save left something")
	}
}

func TestR24_TheContextUsedLastIsSuggested(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	festival := point(h, "Festival", venue.ChannelInternetB2C, venue.StateRunning, h.Made.Organisation)
	suggested := func(req core.Request, contact core.ID) core.ID {
		o, err := h.Contacts.Offer(h.Ctx, req, core.ContactIndividual, contact)
		h.Must(err)
		return o.Suggested.PointOfSale
	}
	plain := h.Create(coretest.Person("Paul", "Roux", "paul@mail.example")).ID
	_, err := h.Contacts.Create(h.Ctx, h.Owner, coretest.Person("Marie", "Dupont", marie),
		validation.Context{Document: h.Made.Document, PointOfSale: festival})
	h.Must(err)
	if got := suggested(h.Owner, plain); got != h.Made.PointOfSale {
		t.Error("the contact's own last context doesn't win")
	}
	if got := suggested(h.Owner, 0); got != festival {
		t.Error("the operator's last context isn't suggested for a new contact")
	}
	if got := suggested(h.Hire(core.RoleOperator), 0); got != h.Made.PointOfSale {
		t.Error("another operator's context is suggested")
	}
}

func TestR24_ACustomersContextAndAnOperatorsAreApart(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	festival := point(h, "Festival", venue.ChannelInternetB2C, venue.StateRunning, h.Made.Organisation)
	id := h.Create(coretest.Person("Paul", "Roux", "")).ID
	_, err := h.Contacts.Create(h.Ctx, h.Owner, coretest.Person("Marie", "Dupont", marie),
		validation.Context{Document: h.Made.Document, PointOfSale: festival})
	h.Must(err)
	h.Mails()
	customer := h.Owner
	customer.Actor = core.Actor{Kind: core.ActorCustomer, ID: id, Name: "Paul Roux"}
	if id != h.Owner.Actor.ID {
		t.Fatalf("contact %d and operator %d don't share an id", id, h.Owner.Actor.ID)
	}
	_, err = h.Contacts.ChangeAddress(h.Ctx, customer, id, other, validation.Context{})
	h.Must(err)
	if mails := h.Mails(); len(mails) != 1 || mails[0].FromName == "Festival" {
		t.Errorf("the customer's mails are %+v", mails)
	}
	offer, err := h.Contacts.Offer(h.Ctx, h.Owner, core.ContactIndividual, 0)
	h.Must(err)
	if offer.Suggested.PointOfSale != festival {
		t.Error("the operator is suggested what the customer's mail came from")
	}
}

func TestASecondMailIsForTheAddressSeenOnly(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	seen := h.Show(id).Email.Generation
	h.Edit(id, func(d *contacts.Draft) { d.Address = other })
	h.Mails()
	h.Clock.Advance(time.Minute)
	_, err := h.Contacts.SendValidation(h.Ctx, h.Owner, id, seen, h.Context())
	h.Refused(err, core.CodeConflict)
	if mails := h.Mails(); len(mails) != 0 {
		t.Errorf("mails %+v", mails)
	}
}

func TestCapsOfReSending(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	again := func() error {
		_, err := h.Contacts.SendValidation(h.Ctx, h.Owner, id, h.Show(id).Email.Generation, h.Context())
		return err
	}
	h.Refused(again(), core.CodeCoolDown)
	h.Clock.Advance(time.Minute)
	for range 5 {
		h.Must(again())
		h.Clock.Advance(time.Minute)
	}
	h.Refused(again(), core.CodeDailyCap)
	h.Clock.Advance(24 * time.Hour)
	h.Owner = h.SignIn(coretest.OwnerAddress)
	h.Must(again())
}

func TestLostUpdateIsAConflict(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	now := h.Show(id)
	h.Edit(id, func(d *contacts.Draft) { d.Postals = []contacts.Postal{{Use: contacts.PostalHome, City: "Lyon"}} })
	d := contacts.DraftOf(now.Contact)
	d.Postals = []contacts.Postal{{Use: contacts.PostalHome, City: "Paris"}}
	_, err := h.Contacts.Edit(h.Ctx, h.Owner, id, now.Version, d, h.Context(), false)
	h.Refused(err, core.CodeConflict)
	if got := h.Show(id).City(); got != "Lyon" {
		t.Errorf("the city is %s", got)
	}
}

func TestR85_NoFormTurnsAContactGreen(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	for _, role := range []core.Role{core.RoleDeveloper, core.RoleOperator, core.RoleAdmin} {
		req := h.Hire(role)
		now := h.Show(id)
		_, err := h.Contacts.Edit(h.Ctx, req, id, now.Version, contacts.DraftOf(now.Contact), h.Context(), true)
		if want := core.CodeForbidden; role == core.RoleDeveloper {
			h.Refused(err, want)
		} else {
			h.Must(err)
		}
		if h.Status(id) != core.EmailNotValidated {
			t.Errorf("%v turned a contact green", role)
		}
	}
	for _, a := range core.Actions() {
		if a.ID != core.ActValidationFollow && a.ID != core.ActDemoFill && strings.HasPrefix(string(a.ID), "validation.") && !a.Reads {
			t.Errorf("action %s can change a status", a.ID)
		}
	}
	if a, _ := core.NewActionTable(core.Actions()).Find(core.ActValidationFollow); a.Roles != 0 {
		t.Error("operators may follow links in the customer's place")
	}
}

func TestR89_EveryMailIsCapturedWithoutAMailServer(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	id := h.Create(coretest.Person("Marie", "Dupont", marie)).ID
	h.Mails()
	entry, err := h.Reading.Outcome(h.Ctx, h.Owner, h.Show(id).Last.Mail)
	h.Must(err)
	if entry.State != mail.StateCaptured || entry.Sealed != nil {
		t.Errorf("the entry is %v", entry.State)
	}
}
