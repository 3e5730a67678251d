package venue

import (
	"context"
	"slices"
	"time"

	"willcall/core"
)

// Chronicle tells of the past: the entries about one subject of an
// institution, newest first, with ids below before, 0 being no limit. fn
// returns [core.Stop] to end early.
type Chronicle interface {
	Of(v core.View, institution core.ID, subject core.Ref, before core.ID, fn func(id core.ID, e core.Entry) error) error
}

// Save is who saved a setting, and when.
type Save struct {
	By core.Actor
	At time.Time
}

// saving are the acts that change settings.
func saving() []core.ActionID {
	return []core.ActionID{
		core.ActSetUp, core.ActInstitutionsCreate, core.ActInstitutionsEdit, core.ActValidationSwitch,
		core.ActOrganisationCreate, core.ActOrganisationEdit, core.ActChannelsCreate, core.ActChannelsEdit,
		core.ActPointsOfSaleCreate, core.ActPointsOfSaleEdit, core.ActDocumentsCreate, core.ActDocumentsEdit,
		core.ActCompanySave, core.ActOperatorEdit, core.ActOperatorDisable, core.ActOperatorEnable,
		core.ActProfileName, core.ActProfileConfirmAddress,
	}
}

// LastSave tells who saved a setting of the request's institution last. It is
// zero where the journal knows of nobody.
func (s *Service) LastSave(ctx context.Context, req core.Request, subject core.Ref) (last Save, err error) {
	show := core.ActSettingsShow
	switch subject.Kind { //nolint:exhaustive // kinds are open; these are for who looks after operators
	case core.KindOperator:
		show = core.ActOperatorList
	case core.KindCompany:
		show = core.ActCompanyShow
	}
	err = s.desk.See(ctx, req, show, func(v core.View) error {
		last = Save{}
		return s.chronicle.Of(v, req.Institution, subject, 0, func(_ core.ID, e core.Entry) error {
			if e.Refused != "" || !slices.Contains(saving(), e.Action) {
				return nil
			}
			last = Save{By: e.Actor, At: e.At}
			return core.Stop
		})
	})
	return last, err
}
