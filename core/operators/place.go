package operators

import (
	"context"
	"slices"

	"willcall/core"
	"willcall/core/record"
	"willcall/core/venue"
)

// place is where an operator worked last.
type place struct {
	Institution  core.ID
	Organisation core.ID
}

const spacePlaces core.Space = "operators.places"

// places keeps each operator's place apart from the operator: moving about is
// no edit of them.
func places() record.Table[place] {
	return record.NewTable(spacePlaces, core.KindOperator, record.New(
		record.Uint(1, func(p *place) *core.ID { return &p.Institution }),
		record.Uint(2, func(p *place) *core.ID { return &p.Organisation }),
	))
}

// placeOf is where an operator of these institutions worked last, while it is
// still theirs (R87), else the first organisation of the first.
func placeOf(v core.View, operator core.ID, institutions []core.ID) (place, error) {
	last, _, err := places().Get(v, core.Installation, operator)
	if err != nil && core.CodeOf(err) != core.CodeNotFound {
		return place{}, err
	}
	if slices.Contains(institutions, last.Institution) {
		return last, nil
	}
	if len(institutions) == 0 {
		return place{}, nil
	}
	first := place{Institution: institutions[0]}
	err = venue.Organisations().Ascend(v, first.Institution, 0, func(id core.ID, _ record.Version, _ venue.Organisation) error {
		first.Organisation = id
		return core.Stop
	})
	return first, err
}

// Switch moves an operator to an organisation of an institution, and remembers
// it for the next sign-in. It is refused with [core.CodeNotFound] where the
// operator doesn't belong to the institution (R87) or the organisation doesn't.
// The caller makes its requests for the new place from then on.
func (s *Service) Switch(ctx context.Context, req core.Request, institution, organisation core.ID) error {
	req.Institution, req.Organisation = institution, organisation
	_, err := s.desk.Do(ctx, req, core.ActSessionSwitch, func(act *core.Act) error {
		o, _, err := venue.Organisations().Get(act, institution, organisation)
		if err != nil {
			return err
		}
		act.Log(core.Ref{Kind: core.KindOrganisation, ID: organisation}, core.Detail{Name: "name", Value: o.Name})
		return places().Put(act, core.Installation, req.Actor.ID, place{institution, organisation})
	})
	return err
}

// Join makes an operator a member of the act's institution, in the caller's
// act, and gives the operator. It fails with [core.CodeNotFound].
func Join(act *core.Act, operator core.ID) (Operator, error) {
	o, version, err := table().Get(act, core.Installation, operator)
	if err != nil || slices.Contains(o.Institutions, act.Req.Institution) {
		return o, err
	}
	o.Institutions = append(o.Institutions, act.Req.Institution)
	_, err = table().Save(act, core.Installation, operator, version, o)
	return o, err
}
