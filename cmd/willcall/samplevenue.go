package main

import (
	"time"

	"willcall/core"
	"willcall/core/operators"
	"willcall/core/setup"
	"willcall/core/venue"
)

// sampleOperators are the demo's operators beside the owner, one a role; the
// admin works for both institutions. All of them took up a mailed invitation, so
// that their addresses are validated; the owner's isn't yet (R73).
func sampleOperators(opera, port core.ID, hash string, at time.Time) []operators.Operator {
	one := func(name, address string, role core.Role, institutions ...core.ID) operators.Operator {
		return operators.Operator{
			Name: name, Address: address, Role: role, Password: hash, Epoch: 1,
			Institutions: institutions, Language: "en", Created: at, Validated: at,
		}
	}
	return []operators.Operator{
		one("Mia Keller", "mia@opera.example", core.RoleAdmin, opera, port),
		one("Leo Brandt", "leo@opera.example", core.RoleOperator, opera),
		one("Dana Wolf", "dana@opera.example", core.RoleDeveloper, opera),
	}
}

// operaDraft and portDraft are the set-ups of the two institutions.
func operaDraft(portalURL string) setup.Draft {
	return setup.Draft{
		Institution: venue.InstitutionDraft{
			Name: "Opéra du Lac", Language: "fr", TimeZone: "Europe/Zurich", PortalURL: portalURL,
		},
		Sender: "tickets@opera.example", SignInURL: portalURL + "/",
		OwnerName: "Olga Brunner", OwnerEmail: demoOwner,
	}
}

func portDraft(portalURL string) setup.Draft {
	return setup.Draft{
		Institution: venue.InstitutionDraft{
			Name: "Théâtre du Port", Language: "fr", TimeZone: "Europe/Paris", PortalURL: portalURL,
		},
		Sender: "billets@port.example", SignInURL: portalURL + "/",
		OwnerName: "Paul Marin", OwnerEmail: "paul@port.example",
	}
}

// portContacts are the few contacts of the second institution. Marie is also
// known to the first, which neither learns (R87).
func (s *sampler) portContacts() []group {
	at := home("17 quai du Port", "13002", "Marseille", "France")
	return []group{
		{s.told("Marie", "Dupont", "marie.dupont@orange.example", home("12 rue de la République", "69001", "Lyon", "France"), 9)},
		{proven(s.told("Gaëtan", "Roux", "gaetan.roux@free.example", at, 210))},
		{proven(s.told("Anaïs", "Petit", "anais.petit@mail.example", at, 180))},
		{s.told("Loïc", "N'Diaye", "loic.ndiaye@post.example", at, 30)},
		{s.told("Zoé", "Vidal", "", at, 14)},
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
