package venue

import (
	"context"
	"slices"
	"strings"

	"willcall/core"
	"willcall/core/record"
)

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
// the caller saw in version expected. A name that another point of sale has is
// refused with [core.CodeNameTaken].
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
		return done(act, core.Ref{Kind: core.KindPointOfSale, ID: saved}, named(d.Name))
	})
}

// CreatePointOfSale saves a new point of sale in the caller's act.
func CreatePointOfSale(act *core.Act, d PointOfSaleDraft) (core.ID, error) {
	return savePointOfSale(act, 0, 0, d)
}

func savePointOfSale(act *core.Act, id core.ID, expected record.Version, d PointOfSaleDraft) (core.ID, error) {
	p, err := d.check(act, id)
	if err != nil {
		return 0, err
	}
	if id == 0 {
		return PointsOfSale().Insert(act, act.Req.Institution, p)
	}
	_, err = PointsOfSale().Save(act, act.Req.Institution, id, expected, p)
	return id, err
}

// check holds a draft against the rules and what it refers to. own is the
// point of sale it is of, 0 for a new one.
func (d PointOfSaleDraft) check(act *core.Act, own core.ID) (PointOfSale, error) {
	var fields core.Fields
	institution, name := act.Req.Institution, core.CleanLine(d.Name)
	fields.Add("name", core.CheckLine(d.Name, core.MaxName, true))
	fields.Add("name", free(act, PointsOfSale(), own, name, func(p PointOfSale) string { return p.Name }))
	fields.Add("sender-name", core.CheckLine(d.SenderName, core.MaxName, true))
	fields.Add("sign-in-url", core.CheckURL(strings.TrimSpace(d.SignInURL)))
	sender, err := core.CanonicalAddress(d.Sender)
	fields.Add("sender", err)
	if !slices.Contains(States(), d.State) {
		fields.Add("state", core.Refuse(core.CodeChoice))
	}
	fields.Add("organisation", mustExist(Organisations().Has(act, institution, d.Organisation)))
	fields.Add("channel", mustExist(SalesChannels().Has(act, institution, d.Channel)))
	return PointOfSale{
		Name: name, Organisation: d.Organisation, Channel: d.Channel, State: d.State,
		SenderName: core.CleanLine(d.SenderName), Sender: sender, SignInURL: strings.TrimSpace(d.SignInURL),
	}, fields.Err()
}

func mustExist(found bool, err error) error {
	if err == nil && !found {
		return core.Refuse(core.CodeChoice)
	}
	return err
}
