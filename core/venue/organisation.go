package venue

import (
	"context"

	"willcall/core"
	"willcall/core/record"
)

// CreateOrganisation saves a new organisation in the caller's act. Its field is
// "name".
func CreateOrganisation(act *core.Act, name string) (core.ID, error) {
	return saveOrganisation(act, 0, 0, name)
}

// SaveOrganisation saves an organisation: a new one where id is 0, else the one
// the caller saw in version expected. Its field is "name"; a name that another
// organisation has is refused with [core.CodeNameTaken].
func (s *Service) SaveOrganisation(
	ctx context.Context, req core.Request, id core.ID, expected record.Version, name string,
) (core.Receipt, error) {
	action := core.ActOrganisationEdit
	if id == 0 {
		action = core.ActOrganisationCreate
	}
	return s.desk.Do(ctx, req, action, func(act *core.Act) error {
		saved, err := saveOrganisation(act, id, expected, name)
		if err != nil {
			return err
		}
		return done(act, core.Ref{Kind: core.KindOrganisation, ID: saved}, named(name))
	})
}

func saveOrganisation(act *core.Act, id core.ID, expected record.Version, name string) (core.ID, error) {
	o := Organisation{Name: core.CleanLine(name)}
	var fields core.Fields
	fields.Add("name", core.CheckLine(name, core.MaxName, true))
	fields.Add("name", free(act, Organisations(), id, o.Name, func(o Organisation) string { return o.Name }))
	if err := fields.Err(); err != nil {
		return 0, err
	}
	if id == 0 {
		return Organisations().Insert(act, act.Req.Institution, o)
	}
	_, err := Organisations().Save(act, act.Req.Institution, id, expected, o)
	return id, err
}

// free refuses a name that another record of the act's institution has.
func free[T any](act *core.Act, table record.Table[T], own core.ID, name string, nameOf func(T) string) error {
	taken := false
	err := table.Ascend(act, act.Req.Institution, 0, func(id core.ID, _ record.Version, value T) error {
		if taken = id != own && nameOf(value) == name; taken {
			return core.Stop
		}
		return nil
	})
	if err == nil && taken {
		return core.Refuse(core.CodeNameTaken)
	}
	return err
}
