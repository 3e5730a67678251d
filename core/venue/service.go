package venue

import (
	"context"
	"fmt"
	"strings"

	"willcall/core"
	"willcall/core/record"
)

// Service is the settings of an institution. It is safe for concurrent use.
type Service struct{ desk *core.Desk }

// NewService makes a service.
func NewService(desk *core.Desk) *Service { return &Service{desk} }

// Overview is everything the settings show.
type Overview struct {
	Institution        Institution
	InstitutionVersion record.Version
	Organisations      []Named
	Channels           []Channel
	PointsOfSale       []PointOfSaleEntry
	Documents          []DocumentEntry
	// Captured tells that there is no mail server (R89).
	Captured bool
}

// Channel is a sales channel with its id.
type Channel struct {
	ID core.ID
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
	err = Organisations().Ascend(v, institution, 0, func(id core.ID, _ record.Version, org Organisation) error {
		o.Organisations = append(o.Organisations, Named{id, org.Name})
		return nil
	})
	if err != nil {
		return o, err
	}
	err = SalesChannels().Ascend(v, institution, 0, func(id core.ID, _ record.Version, c SalesChannel) error {
		o.Channels = append(o.Channels, Channel{id, c})
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

// SwitchValidation sets the switch of R1. expected is the version the caller
// saw.
func (s *Service) SwitchValidation(ctx context.Context, req core.Request, expected record.Version, on bool) (core.Receipt, error) {
	return s.desk.Do(ctx, req, core.ActValidationSwitch, func(act *core.Act) error {
		i, _, err := Institutions().Get(act, core.Installation, req.Institution)
		if err != nil {
			return err
		}
		i.Validation = on
		if _, err := Institutions().Save(act, core.Installation, req.Institution, expected, i); err != nil {
			return err
		}
		if !on { // off is no mails, also none that wait (R3)
			if err := act.Withdraw(core.Ref{Kind: core.KindContact}); err != nil {
				return err
			}
		}
		return done(act, core.Ref{Kind: core.KindInstitution, ID: req.Institution}, "on", fmt.Sprint(on))
	})
}

// done logs and announces a change of settings.
func done(act *core.Act, ref core.Ref, name, value string) error {
	act.Log(ref, core.Detail{Name: name, Value: value})
	act.EmitFor(ref)
	return nil
}

// PointOfSaleDraft is what a form says of a point of sale.
type PointOfSaleDraft struct {
	Name         string
	Organisation core.ID
	Channel      core.ID
	State        State
	SenderName   string
	Sender       string
	SignInURL    string
}

// SavePointOfSale saves a point of sale: a new one where id is 0, else the one
// the caller saw in version expected.
func (s *Service) SavePointOfSale(ctx context.Context, req core.Request, id core.ID, expected record.Version, d PointOfSaleDraft) (core.Receipt, error) {
	action := core.ActPointsOfSaleEdit
	if id == 0 {
		action = core.ActPointsOfSaleCreate
	}
	return s.desk.Do(ctx, req, action, func(act *core.Act) error {
		saved, err := savePointOfSale(act, id, expected, d)
		if err != nil {
			return err
		}
		return done(act, core.Ref{Kind: core.KindPointOfSale, ID: saved}, "name", core.CleanLine(d.Name))
	})
}

// CreatePointOfSale saves a new point of sale in the caller's act.
func CreatePointOfSale(act *core.Act, d PointOfSaleDraft) (core.ID, error) {
	return savePointOfSale(act, 0, 0, d)
}

func savePointOfSale(act *core.Act, id core.ID, expected record.Version, d PointOfSaleDraft) (core.ID, error) {
	p, err := d.check(act, act.Req.Institution)
	if err != nil {
		return 0, err
	}
	if id == 0 {
		return PointsOfSale().Insert(act, act.Req.Institution, p)
	}
	_, err = PointsOfSale().Save(act, act.Req.Institution, id, expected, p)
	return id, err
}

// check holds a draft against the rules and what it refers to.
func (d PointOfSaleDraft) check(v core.View, institution core.ID) (PointOfSale, error) {
	var fields core.Fields
	fields.Add("name", core.CheckLine(d.Name, core.MaxName, true))
	fields.Add("sender-name", core.CheckLine(d.SenderName, core.MaxName, true))
	fields.Add("sign-in-url", core.CheckURL(strings.TrimSpace(d.SignInURL)))
	sender, err := core.CanonicalAddress(d.Sender)
	fields.Add("sender", err)
	if d.State < StateSetUp || d.State > StateClosed {
		fields.Add("state", core.Refuse(core.CodeChoice))
	}
	fields.Add("organisation", mustExist(Organisations().Has(v, institution, d.Organisation)))
	fields.Add("channel", mustExist(SalesChannels().Has(v, institution, d.Channel)))
	return PointOfSale{
		Name: core.CleanLine(d.Name), Organisation: d.Organisation, Channel: d.Channel, State: d.State,
		SenderName: core.CleanLine(d.SenderName), Sender: sender, SignInURL: strings.TrimSpace(d.SignInURL),
	}, fields.Err()
}

func mustExist(found bool, err error) error {
	if err == nil && !found {
		return core.Refuse(core.CodeChoice)
	}
	return err
}

// SaveDocument saves a document: a new verification document where id is 0,
// else a new edition of the one the caller saw in version expected.
func (s *Service) SaveDocument(ctx context.Context, req core.Request, id core.ID, expected record.Version, d DocumentDraft) (core.Receipt, error) {
	action := core.ActDocumentsEdit
	if id == 0 {
		action = core.ActDocumentsCreate
	}
	return s.desk.Do(ctx, req, action, func(act *core.Act) (err error) {
		saved := id
		if id == 0 {
			saved, err = CreateDocument(act, DocumentVerification, d)
		} else {
			err = editDocument(act, id, expected, d)
		}
		if err != nil {
			return err
		}
		return done(act, core.Ref{Kind: core.KindDocument, ID: saved}, "name", core.CleanLine(d.Name))
	})
}

// editDocument adds an edition; mails already written keep the one they name.
func editDocument(act *core.Act, id core.ID, expected record.Version, d DocumentDraft) error {
	doc, _, err := Documents().Get(act, act.Req.Institution, id)
	if err != nil {
		return err
	}
	d.Texts = d.texts()
	if err := d.check(doc.Kind); err != nil {
		return err
	}
	doc.Name, doc.Active, doc.Edition = core.CleanLine(d.Name), d.Active, doc.Edition+1
	if _, err := Documents().Save(act, act.Req.Institution, id, expected, doc); err != nil {
		return err
	}
	return putEdition(act, id, doc.Edition, d.Texts)
}

// InstitutionDraft is what the set-up says of an institution.
type InstitutionDraft struct {
	Name      string
	Language  string
	TimeZone  string
	PortalURL string
}

// CreateInstitution saves a new institution, with validation on (R2), in the
// caller's act. Fields are "name", "language", "time-zone", "portal-url".
func CreateInstitution(act *core.Act, d InstitutionDraft) (core.ID, error) {
	var fields core.Fields
	fields.Add("name", core.CheckLine(d.Name, core.MaxName, true))
	fields.Add("language", core.CheckLanguage(d.Language))
	fields.Add("time-zone", core.CheckTimeZone(d.TimeZone))
	fields.Add("portal-url", core.CheckURL(strings.TrimSpace(d.PortalURL)))
	if err := fields.Err(); err != nil {
		return 0, err
	}
	return Institutions().Insert(act, core.Installation, Institution{
		Name: core.CleanLine(d.Name), Language: d.Language, TimeZone: d.TimeZone,
		PortalURL:  strings.TrimRight(strings.TrimSpace(d.PortalURL), "/"),
		Validation: true, LinkHours: DefaultLinkHours,
	})
}

// CreateOrganisation saves a new organisation in the caller's act.
func CreateOrganisation(act *core.Act, name string) (core.ID, error) {
	if err := core.CheckLine(name, core.MaxName, true); err != nil {
		return 0, core.InField("organisation", err)
	}
	return Organisations().Insert(act, act.Req.Institution, Organisation{Name: core.CleanLine(name)})
}

// CreateChannel saves a new sales channel in the caller's act.
func CreateChannel(act *core.Act, c SalesChannel) (core.ID, error) {
	return SalesChannels().Insert(act, act.Req.Institution, c)
}
