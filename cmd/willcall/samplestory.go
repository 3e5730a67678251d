package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/core/setup"
	"willcall/core/validation"
	"willcall/mailer"
)

// storied are the contacts the demo's first steps are about: five that are hard
// to draw, a family, a person typed twice, and a school with its relays.
func (s *sampler) storied() []group {
	var all []group
	for _, one := range s.hardToDraw() {
		all = append(all, group{one})
	}
	return append(all, s.family(), s.twins(), s.school())
}

// told is an individual of the story, entered some days ago.
func (s *sampler) told(first, last, address string, home contacts.Postal, days int) contacts.Contact {
	made := s.now.AddDate(0, 0, -days)
	c := contacts.Contact{
		Kind: core.ContactIndividual, FirstName: first, LastName: last, Language: "fr",
		Postals: []contacts.Postal{home}, Created: made, CreatedBy: sampleName, Changed: made,
	}
	if email, _, err := c.Email.ChangeTo(address, made); err == nil {
		c.Email = email
	}
	return c
}

// proven is a contact that followed its link an hour later.
func proven(c contacts.Contact) contacts.Contact {
	c.Email = c.Email.Validate(core.Proof{How: core.ProofLink, At: c.Created.Add(time.Hour), By: c.Name()})
	return c
}

func home(street, code, city, country string) contacts.Postal {
	return contacts.Postal{Use: contacts.PostalHome, Street: street, PostalCode: code, City: city, Country: country}
}

func (s *sampler) hardToDraw() []contacts.Contact {
	at := func(code, city string) contacts.Postal { return home("12 rue de la République", code, city, "France") }
	return []contacts.Contact{
		s.told("Marie", "Dupont", "marie.dupont@orange.example", at("69001", "Lyon"), 18),
		s.told("Ana", "Dupont-Martin", "ana.dm@mail.example", at("1201", "Genève"), 40),
		s.told("Maryse", "Dupont", "", at("74000", "Annecy"), 95),
		s.told("Wolfeschlegelsteinhausenbergerdorff-Maximiliane Philippa Josephina", "Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst",
			"a.very.long.address.that.fills.the.column@some.department.of.the.conservatory.example", at("74523", "Schwäbisch Hall"), 7),
		s.told("", "Ó", "o@mail.example", at("1003", "Lausanne"), 3),
	}
}

// family is a household in which a child shares the mother's address (R88).
func (s *sampler) family() group {
	at := home("8 chemin des Vignes", "1820", "Montreux", "Switzerland")
	phone := []contacts.Phone{{Use: contacts.PhoneHome, Number: "021 555 01 28"}}
	mother := proven(s.told("Céline", "Rochat", "celine.rochat@mail.example", at, 400))
	father := proven(s.told("Fabrice", "Rochat", "fabrice.rochat@post.example", at, 400))
	child := s.told("Léo", "Rochat", "celine.rochat@mail.example", at, 120)
	child.Birth = core.DateOf(s.now.AddDate(-12, -3, 0))
	all := group{mother, father, child}
	for i := range all {
		all[i].Phones = phone
	}
	all[0].HasOrders, all[0].LastOrder = true, s.now.AddDate(0, 0, -33)
	all[0].Phones = append([]contacts.Phone{{Use: contacts.PhoneMobile, Number: "079 555 14 07"}}, phone...)
	return all
}

// twins is one person whom two people entered.
func (s *sampler) twins() group {
	one := proven(s.told("Étienne", "Garnier", "etienne.garnier@mail.example", home("3 impasse du Clos", "69001", "Lyon", "France"), 610))
	one.Phones = []contacts.Phone{{Use: contacts.PhoneMobile, Number: "06 55 51 20 34"}}
	one.HasOrders, one.LastOrder = true, s.now.AddDate(0, -2, 0)
	two := s.told("Etienne", "Garnier", "e.garnier@post.example", home("3, imp. du Clos", "69001", "LYON", "France"), 12)
	two.Phones = []contacts.Phone{{Use: contacts.PhoneMobile, Number: "+33 6 55 51 20 34"}}
	two.Notes = "Says he has an account already."
	return group{one, two}
}

// school is a structure with three relays: the primary one validated, one not,
// one without an address.
func (s *sampler) school() group {
	at := home("5 quai des Étroits", "69005", "Lyon", "France")
	at.Use = contacts.PostalWork
	school := s.told("", "", "secretariat@lycee-berlioz.example", at, 800)
	school.Kind, school.Company = core.ContactStructure, "Lycée Hector Berlioz"
	all := group{
		proven(school),
		proven(s.told("Inès", "Fournier", "i.fournier@lycee-berlioz.example", at, 800)),
		s.told("Théo", "Vidal", "t.vidal@lycee-berlioz.example", at, 60),
		s.told("Élodie", "Aumônier", "", at, 60),
	}
	for i := range all[1:] {
		relay := &all[i+1]
		relay.Kind, relay.Company, relay.Primary = core.ContactRelay, school.Company, i == 0
	}
	all[3].Phones = []contacts.Phone{{Use: contacts.PhoneWork, Number: "04 72 55 51 90"}}
	all[3].Notes = "Takes calls only; asks us not to write."
	return all
}

// stopped is a clock at a moment of the story.
type stopped time.Time

// Effective implements [core.Clock].
func (s stopped) Effective() time.Time { return time.Time(s) }

// past is the house some time ago: what is done in it is recorded as done then.
type past struct {
	*house
	clock stopped
	desk  *core.Desk
	req   core.Request
	from  validation.Context
}

// ago opens the past of the sample institution.
func (h *house) ago(d time.Duration, made setup.Made) past {
	clock := stopped(h.clock.Effective().Add(-d))
	cfg := h.deskConfig(clock)
	cfg.Standings = bygone{cfg.Standings}
	return past{
		house: h, clock: clock, desk: core.NewDesk(cfg),
		req: core.Request{
			Actor:       core.Actor{Kind: core.ActorLocal, Name: sampleName},
			Institution: made.Institution, Organisation: made.Organisation,
		},
		from: validation.Context{Document: made.Document, PointOfSale: made.PointOfSale},
	}
}

// bygone lets operators of the story do what they may without a session, which
// nobody will find open.
type bygone struct{ core.Standings }

// Standing implements [core.Standings].
func (b bygone) Standing(v core.View, req core.Request) (core.Standing, error) {
	if req.Actor.Kind == core.ActorOperator && req.Session == 0 {
		return core.Standing{Role: core.RoleOwner, Fresh: true}, nil
	}
	return b.Standings.Standing(v, req)
}

// storiedMails is how many contacts tellMails makes.
const storiedMails = 4

// tellMails makes contacts whose validation mails had different fates: one was
// never followed and expired, one was followed, one went to a mailbox that
// isn't there, of which the owner who caused it is told, and one still waits for
// a server that is busy. Somebody is invited meanwhile.
func (h *house) tellMails(ctx context.Context, made setup.Made) error {
	captured := mail.Answer{Verdict: mail.Captured, Text: "250 2.0.0 OK"}
	if _, err := h.ago(75*time.Hour, made).write(ctx, "Anaïs", "Chevalier", "anais.chevalier@free.example", captured); err != nil {
		return err
	}
	link, err := h.ago(26*time.Hour, made).write(ctx, "Grégoire", "Perrenoud", "g.perrenoud@mail.example", captured)
	if err != nil {
		return err
	}
	if err := h.ago(25*time.Hour, made).follow(ctx, link); err != nil {
		return err
	}
	unknown := mail.Answer{
		Verdict: mail.Never, Why: mail.WhyMailbox,
		Text: "550 5.1.1 <sylvie.jaquet@gmial.example>: Recipient address rejected: User unknown in local recipient table",
	}
	if err := h.ago(20*time.Hour, made).invite(ctx, captured); err != nil {
		return err
	}
	failing := h.ago(5*time.Hour, made)
	failing.req.Actor = core.Actor{Kind: core.ActorOperator, ID: made.Owner, Name: operaDraft("").OwnerName}
	if _, err := failing.write(ctx, "Sylvie", "Jaquet", "sylvie.jaquet@gmial.example", unknown); err != nil {
		return err
	}
	busy := mail.Answer{Verdict: mail.Later, Why: mail.WhyBusy, Text: "451 4.7.1 Greylisting in action, please try again later"}
	if _, err := h.ago(52*time.Minute, made).write(ctx, "Yves", "Favre", "yves.favre@inbox.example", busy); err != nil {
		return err
	}
	for _, minutes := range []time.Duration{51, 46, 31, 1} { // when each next try was due
		if _, err := h.ago(minutes*time.Minute, made).hand(ctx, busy); err != nil {
			return err
		}
	}
	return nil
}

// invite makes somebody an operator who hasn't taken up the invitation yet: the
// code lies in the captured mail.
func (p past) invite(ctx context.Context, answer mail.Answer) error {
	service, err := operators.NewService(operators.Config{
		Desk: p.desk, Hasher: p.hasher, Keys: p.keys, Random: p.random, Issuer: "willcall",
	})
	if err != nil {
		return err
	}
	_, err = service.Invite(ctx, p.req, operators.InviteDraft{
		Name: "Zoé Martin", Address: "zoe@opera.example", Role: core.RoleOperator,
		Institutions: []core.ID{p.req.Institution}, Language: "fr",
	})
	if err != nil {
		return fmt.Errorf("invite an operator: %w", err)
	}
	_, err = p.hand(ctx, answer)
	return err
}

// write enters a contact, which sends the mail, and gives the mail's link.
func (p past) write(ctx context.Context, first, last, address string, answer mail.Answer) (link string, err error) {
	draft := contacts.Draft{
		Kind: core.ContactIndividual, FirstName: first, LastName: last, Address: address, Language: "fr",
		Postals: []contacts.Postal{home("2 rue du Rhône", "1201", "Genève", "Switzerland")},
	}
	if _, err := p.newContacts(p.desk).Create(ctx, p.req, draft, p.from); err != nil {
		return "", fmt.Errorf("enter %s %s: %w", first, last, err)
	}
	return p.hand(ctx, answer)
}

// hand hands over what is due to a server that gives an answer.
func (p past) hand(ctx context.Context, answer mail.Answer) (link string, err error) {
	queue := p.queue(p.clock)
	work, ok, _, err := queue.Lease(ctx)
	if err != nil || !ok {
		return "", err
	}
	if answer.Verdict == mail.Captured {
		raw, err := mailer.Render(work, work.Created)
		if err != nil {
			return "", err
		}
		_, err = p.mailbox.Append(ctx, mail.Envelope{
			From: work.From, Recipients: []mail.Recipient{{Address: work.To}}, Helo: "localhost",
			At: p.clock.Effective(), Institution: work.Institution, Entry: work.ID,
		}, raw)
		if err != nil {
			return "", err
		}
	}
	return work.Values["link"], queue.Finish(ctx, work, answer)
}

// follow opens a link and presses its button.
func (p past) follow(ctx context.Context, link string) error {
	_, token, _ := strings.Cut(link, validation.LinkPath)
	links := validation.NewLinks(p.desk, contacts.Book{}, p.keys)
	landing, err := links.Look(ctx, token)
	if err != nil {
		return err
	}
	_, err = links.Follow(ctx, token, landing.FormToken)
	return err
}
