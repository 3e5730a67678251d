package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/contacts"
	"willcall/core/operators"
	"willcall/core/setup"
	"willcall/core/venue"
	"willcall/testdata"
)

// sampleSeed makes every demo alike.
const sampleSeed = 20260914

// sampler makes contacts that look like a box office's. It is deterministic.
type sampler struct {
	dice     *rand.Rand
	cultures []culture
	now      time.Time
}

func newSampler(now time.Time) (*sampler, error) {
	raw, err := testdata.Sample.ReadFile("sample/people.txt")
	if err != nil {
		return nil, fmt.Errorf("read the sample names: %w", err)
	}
	cultures, err := parsePeople(raw)
	if err != nil {
		return nil, err
	}
	dice := rand.New(rand.NewPCG(sampleSeed, 0)) //nolint:gosec // sample data, no secret
	return &sampler{dice: dice, cultures: cultures, now: now}, nil
}

// contact makes the next contact.
func (s *sampler) contact() contacts.Contact {
	c := s.culture()
	first, last, company := pick(s, c.first), pick(s, c.last), pick(s, c.company)
	age := time.Duration(s.dice.IntN(700*24)) * time.Hour
	contact := contacts.Contact{
		Kind: s.kind(), FirstName: first.shown, LastName: last.shown, Language: c.language,
		Postals: []contacts.Postal{s.postal(c)},
		Created: s.now.Add(-age), CreatedBy: "sample", Changed: s.now.Add(-age),
	}
	local := first.latin + "." + last.latin
	switch contact.Kind {
	case core.ContactStructure:
		contact.FirstName, contact.LastName, contact.Company = "", "", company.shown
		local = "office." + company.latin
	case core.ContactRelay:
		contact.Company = company.shown
	case core.ContactIndividual:
	}
	s.email(&contact, local)
	return contact
}

// culture rolls by the blocks' shares.
func (s *sampler) culture() culture {
	roll := s.dice.IntN(100)
	for _, c := range s.cultures {
		if roll -= c.share; roll < 0 {
			return c
		}
	}
	return s.cultures[0]
}

func (s *sampler) kind() core.ContactKind {
	switch roll := s.dice.IntN(100); {
	case roll < 8:
		return core.ContactStructure
	case roll < 15:
		return core.ContactRelay
	}
	return core.ContactIndividual
}

func (s *sampler) postal(c culture) contacts.Postal {
	code, city := splitCity(pick(s, c.city))
	return contacts.Postal{
		Use:        contacts.PostalHome,
		Street:     fmt.Sprintf("%d %s", 1+s.dice.IntN(180), pick(s, c.street)),
		PostalCode: code, City: city, Country: c.country,
	}
}

// splitCity parts "EC2A 4NE London": the code is every word with a digit.
func splitCity(line string) (code, city string) {
	words := strings.Fields(line)
	i := 0
	for i < len(words)-1 && strings.ContainsAny(words[i], "0123456789") {
		i++
	}
	return strings.Join(words[:i], " "), strings.Join(words[i:], " ")
}

// email gives a contact an address of one of the statuses: 10 in a hundred have
// none, 5 are guests, 5 come from single sign-on, half are validated.
func (s *sampler) email(c *contacts.Contact, local string) {
	roll := s.dice.IntN(100)
	if roll < 10 {
		return
	}
	hosts := []string{"mail.example", "orange.example", "post.example", "free.example", "inbox.example"}
	typed := fmt.Sprintf("%s%d@%s", addressLetters(local), s.dice.IntN(90), hosts[s.dice.IntN(len(hosts))])
	email, _, err := c.Email.ChangeTo(typed, c.Created)
	if err != nil {
		return
	}
	c.Email = email
	switch {
	case roll < 15:
		c.Guest = true
	case roll < 20:
		c.SSO = "venue-id:" + typed
		c.Email = email.Validate(core.Proof{How: core.ProofSSO, At: c.Created, By: "identity provider"})
	case roll < 68:
		c.Email = email.Validate(core.Proof{How: core.ProofLink, At: c.Created.Add(time.Hour), By: c.Name()})
	}
}

// addressLetters keeps what a local part may hold, folded.
func addressLetters(s string) string {
	var b strings.Builder
	for _, r := range contacts.Fold(s) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-', r == '.':
			b.WriteRune(r)
		}
	}
	local := strings.Trim(b.String(), ".")
	return strings.ReplaceAll(local[:min(len(local), 40)], "..", ".")
}

func pick[T any](s *sampler, list []T) T { return list[s.dice.IntN(len(list))] }

// storied are the contacts the demo's first steps are about, and those that are
// hard to draw.
func (s *sampler) storied() []contacts.Contact {
	person := func(first, last, address, code, city string, days int) contacts.Contact {
		made := s.now.AddDate(0, 0, -days)
		c := contacts.Contact{
			Kind: core.ContactIndividual, FirstName: first, LastName: last, Language: "fr",
			Postals: []contacts.Postal{{Use: contacts.PostalHome, Street: "12 rue de la République", PostalCode: code, City: city, Country: "France"}},
			Created: made, CreatedBy: "sample", Changed: made,
		}
		if email, _, err := c.Email.ChangeTo(address, made); err == nil {
			c.Email = email
		}
		return c
	}
	return []contacts.Contact{
		person("Marie", "Dupont", "marie.dupont@orange.example", "69001", "Lyon", 18),
		person("Ana", "Dupont-Martin", "ana.dm@mail.example", "1201", "Genève", 40),
		person("Maryse", "Dupont", "", "74000", "Annecy", 95),
		person("Wolfeschlegelsteinhausenbergerdorff-Maximiliane Philippa Josephina", "Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst",
			"a.very.long.address.that.fills.the.column@some.department.of.the.conservatory.example", "74523", "Schwäbisch Hall", 7),
		person("", "Ó", "o@mail.example", "1003", "Lausanne", 3),
	}
}

// sampleOperators are the demo's operators beside the owner, one a role.
func sampleOperators(made setup.Made, hash string, at time.Time) []operators.Operator {
	one := func(name, address string, role core.Role) operators.Operator {
		return operators.Operator{
			Name: name, Address: address, Role: role, Password: hash, Epoch: 1,
			Institutions: []core.ID{made.Institution}, Language: "en", Created: at,
		}
	}
	return []operators.Operator{
		one("Mia Keller", "mia@opera.example", core.RoleAdmin),
		one("Leo Brandt", "leo@opera.example", core.RoleOperator),
		one("Dana Wolf", "dana@opera.example", core.RoleDeveloper),
	}
}

// sampleVenue adds what a house of some size has: channels of every kind,
// points of sale in every state, a second document.
func sampleVenue(act *core.Act, made setup.Made, signIn string, texts []venue.Text) error {
	points := []struct {
		name  string
		kind  venue.ChannelKind
		state venue.State
	}{
		{"Subscribers' shop", venue.ChannelInternetB2C, venue.StateRunning},
		{"Schools and groups", venue.ChannelInternetB2B, venue.StateRunning},
		{"Partner agencies", venue.ChannelInternetAgency, venue.StateRunning},
		{"Foyer counter", venue.ChannelCounter, venue.StateRunning},
		{"Summer festival", venue.ChannelInternetB2C, venue.StateSetUp},
		{"Old web shop", venue.ChannelInternetB2C, venue.StateClosed},
	}
	for _, p := range points {
		channel, err := venue.CreateChannel(act, venue.SalesChannel{Name: p.name, Kind: p.kind})
		if err != nil {
			return err
		}
		_, err = venue.CreatePointOfSale(act, venue.PointOfSaleDraft{
			Name: p.name, Organisation: made.Organisation, Channel: channel, State: p.state,
			SenderName: "Opéra du Lac", Sender: "tickets@opera.example", SignInURL: signIn,
		})
		if err != nil {
			return err
		}
	}
	_, err := venue.CreateDocument(act, venue.DocumentVerification, venue.DocumentDraft{
		Name: "Subscribers' welcome", Active: true, Texts: texts,
	})
	return err
}
