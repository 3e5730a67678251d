package venue

import (
	"context"

	"willcall/core"
	"willcall/core/record"
)

// Overview is everything the settings show.
type Overview struct {
	Institution        Institution
	InstitutionVersion record.Version
	Organisations      []OrganisationEntry
	Channels           []Channel
	PointsOfSale       []PointOfSaleEntry
	Documents          []DocumentEntry
	// Captured tells that there is no mail server (R89).
	Captured bool
}

// OrganisationEntry is an organisation with its id and version.
type OrganisationEntry struct {
	ID      core.ID
	Version record.Version
	Organisation
}

// Channel is a sales channel with its id and version.
type Channel struct {
	ID      core.ID
	Version record.Version
	SalesChannel
}

// PointOfSaleEntry is a point of sale with its id and version.
type PointOfSaleEntry struct {
	ID      core.ID
	Version record.Version
	PointOfSale
}

// DocumentEntry is a document with its id, version and newest texts.
type DocumentEntry struct {
	ID      core.ID
	Version record.Version
	Document
	Newest Edition
}

// Overview reads the settings of the request's institution.
func (s *Service) Overview(ctx context.Context, req core.Request) (Overview, error) {
	standing, err := s.desk.May(ctx, req, core.ActSettingsShow)
	if err != nil {
		return Overview{}, err
	}
	var o Overview
	err = s.desk.See(ctx, req, core.ActSettingsShow, func(v core.View) (err error) {
		o, err = readOverview(v, req.Institution)
		return err
	})
	o.Captured = standing.Captured
	return o, err
}

func readOverview(v core.View, institution core.ID) (o Overview, err error) {
	if o.Institution, o.InstitutionVersion, err = Institutions().Get(v, core.Installation, institution); err != nil {
		return o, err
	}
	err = Organisations().Ascend(v, institution, 0, func(id core.ID, ver record.Version, org Organisation) error {
		o.Organisations = append(o.Organisations, OrganisationEntry{id, ver, org})
		return nil
	})
	if err != nil {
		return o, err
	}
	err = SalesChannels().Ascend(v, institution, 0, func(id core.ID, ver record.Version, c SalesChannel) error {
		o.Channels = append(o.Channels, Channel{id, ver, c})
		return nil
	})
	if err != nil {
		return o, err
	}
	err = PointsOfSale().Ascend(v, institution, 0, func(id core.ID, ver record.Version, p PointOfSale) error {
		o.PointsOfSale = append(o.PointsOfSale, PointOfSaleEntry{id, ver, p})
		return nil
	})
	if err != nil {
		return o, err
	}
	err = Documents().Ascend(v, institution, 0, func(id core.ID, ver record.Version, d Document) error {
		newest, err := EditionOf(v, institution, id, d.Edition)
		o.Documents = append(o.Documents, DocumentEntry{id, ver, d, newest})
		return err
	})
	return o, err
}

// Place is an institution that an operator may work in, with its
// organisations, oldest first.
type Place struct {
	ID            core.ID
	Name          string
	TimeZone      string // IANA name
	Organisations []Named
}

// Places reads the institutions of a list. One that the caller doesn't belong
// to, or no longer, is left out (R87).
func (s *Service) Places(ctx context.Context, req core.Request, institutions []core.ID) ([]Place, error) {
	var all []Place
	for _, id := range institutions {
		place := Place{ID: id}
		req.Institution = id
		err := s.desk.See(ctx, req, core.ActSettingsShow, func(v core.View) (err error) {
			place, err = placeOf(v, id)
			return err
		})
		if core.CodeOf(err) == core.CodeNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, place)
	}
	return all, nil
}

// Here is where a session works, and whether mail is captured there (R89).
type Here struct {
	Place
	Captured bool
}

// Here reads the institution of the request. Every session may, also one that
// may do nothing else yet (R67).
func (s *Service) Here(ctx context.Context, req core.Request) (Here, error) {
	standing, err := s.desk.May(ctx, req, core.ActSessionCheck)
	if err != nil {
		return Here{}, err
	}
	here := Here{Captured: standing.Captured}
	err = s.desk.See(ctx, req, core.ActSessionCheck, func(v core.View) (err error) {
		here.Place, err = placeOf(v, req.Institution)
		return err
	})
	return here, err
}

// Captured tells whether mail is captured (R89), to anybody who comes to sign in:
// what is said there goes by it.
func (s *Service) Captured(ctx context.Context) (bool, error) {
	stranger := core.Request{Actor: core.Actor{Kind: core.ActorAnonymous}}
	standing, err := s.desk.May(ctx, stranger, core.ActLookAtCode)
	return standing.Captured, err
}

func placeOf(v core.View, id core.ID) (Place, error) {
	house, _, err := Institutions().Get(v, core.Installation, id)
	if err != nil {
		return Place{}, err
	}
	place := Place{ID: id, Name: house.Name, TimeZone: house.TimeZone}
	err = Organisations().Ascend(v, id, 0, func(id core.ID, _ record.Version, o Organisation) error {
		place.Organisations = append(place.Organisations, Named{id, o.Name})
		return nil
	})
	return place, err
}
