package setup

import (
	"context"

	"willcall/core"
	"willcall/core/operators"
	"willcall/core/venue"
)

// AddDraft is what is asked for another institution.
type AddDraft struct {
	Institution venue.InstitutionDraft
	SenderName  string // empty for the institution's name
	Sender      string
	SignInURL   string
}

// AddInstitution makes another institution (R87) with all that the set-up
// makes, and whoever asks a member of it; nobody else is. Fields are those of
// [Service.Do] without the owner's.
func (s *Service) AddInstitution(ctx context.Context, req core.Request, d AddDraft) (Made, error) {
	var made Made
	receipt, err := s.desk.Do(ctx, req, core.ActInstitutionsCreate, func(act *core.Act) (err error) {
		made = Made{Owner: req.Actor.ID}
		if made.Institution, err = venue.CreateInstitution(act, d.Institution); err != nil {
			return err
		}
		act.Req.Institution = made.Institution
		owner, err := operators.Join(act, req.Actor.ID)
		if err != nil {
			return err
		}
		announce(act, d.Institution.Name)
		return s.furnish(act, &made, d, owner.Language)
	})
	if err != nil {
		return Made{}, err
	}
	if receipt.Repeated {
		made = Made{Institution: receipt.Subject.ID, Owner: req.Actor.ID}
	}
	return made, nil
}

// furnish gives the act's institution what it needs to send a first mail.
func (s *Service) furnish(act *core.Act, made *Made, d AddDraft, language string) (err error) {
	names := s.names(language)
	if made.Organisation, err = venue.CreateOrganisation(act, names.Organisation); err != nil {
		return err
	}
	channel, err := venue.CreateChannel(act, venue.SalesChannel{Name: names.Channel, Kind: venue.ChannelInternetB2C})
	if err != nil {
		return err
	}
	if d.SenderName == "" {
		d.SenderName = d.Institution.Name
	}
	made.PointOfSale, err = venue.CreatePointOfSale(act, venue.PointOfSaleDraft{
		Name: names.PointOfSale, Organisation: made.Organisation, Channel: channel, State: venue.StateRunning,
		SenderName: d.SenderName, Sender: d.Sender, SignInURL: d.SignInURL,
	})
	if err != nil {
		return err
	}
	made.Document, err = venue.CreateDocument(act, venue.DocumentVerification, venue.DocumentDraft{
		Name: names.Document, Active: true, Texts: names.Texts,
	})
	if err != nil {
		return err
	}
	made.Notice, err = venue.CreateDocument(act, venue.DocumentNotice, venue.DocumentDraft{
		Name: names.Notice, Active: true, Texts: names.NoticeTexts,
	})
	return err
}
