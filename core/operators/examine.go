package operators

import (
	"willcall/core"
	"willcall/core/record"
	"willcall/core/venue"
)

// Examine looks through the operators, their sessions and places. Whoever may
// sign in is for people to decide: an operator of an institution that isn't
// there, one that can't be read, and two with one address, are only told.
func Examine(v core.View, report func(record.Finding) error) error {
	x := examination{v: v, report: report, addresses: map[string]bool{}}
	here := func(institution core.ID) (bool, error) { return institution == core.Installation, nil }
	if err := x.staff(here); err != nil {
		return err
	}
	if err := (record.Examination[Operator]{Table: table(), Told: true, Known: here, Look: x.operator}).Run(v, report); err != nil {
		return err
	}
	if err := (record.Examination[Session]{Table: sessions(), Known: here, Look: x.session}).Run(v, report); err != nil {
		return err
	}
	if err := (record.Examination[place]{Table: places(), Known: here, Shared: true, Look: x.place}).Run(v, report); err != nil {
		return err
	}
	return x.signIn(here)
}

type examination struct {
	v         core.View
	report    func(record.Finding) error
	addresses map[string]bool
}

func (x examination) operator(institution, id core.ID, o Operator) error {
	f := record.Finding{Space: spaceOperators, Key: core.Key(institution, id)}
	if x.addresses[o.Address] {
		f.Fault, f.Detail = record.FaultWrong, "address"
		return x.report(f)
	}
	x.addresses[o.Address] = true
	for _, house := range o.Institutions {
		there, err := venue.Institutions().Has(x.v, core.Installation, house)
		if err != nil {
			return err
		}
		if there {
			continue
		}
		f.Fault, f.Detail = record.FaultDangling, record.DetailInstitution
		if err := x.report(f); err != nil {
			return err
		}
	}
	return nil
}

// session reports one of nobody: it can't be used, but must not become that of
// somebody else.
func (x examination) session(institution, id core.ID, s Session) error {
	there, err := table().Has(x.v, core.Installation, s.Operator)
	if err != nil || there {
		return err
	}
	return x.report(record.Finding{
		Fault: record.FaultDangling, Space: spaceSessions, Key: core.Key(institution, id), Detail: "operator",
		Mend: sessions().SetAside(institution, id),
	})
}

// place reports one of nobody, and one that isn't there: the next sign-in
// begins at the first that is.
func (x examination) place(institution, id core.ID, p place) error {
	owned, err := table().Has(x.v, core.Installation, id)
	if err != nil {
		return err
	}
	there, err := venue.Organisations().Readable(x.v, p.Institution, p.Organisation)
	if err != nil || owned && there {
		return err
	}
	f := record.Surplus(record.FaultDangling, spacePlaces, core.Key(institution, id), "organisation")
	if !owned {
		f.Fault, f.Detail = record.FaultOrphan, "operator"
	}
	return x.report(f)
}

// Known tells of a view which operators there are, for examinations.
func Known(v core.View) func(operator core.ID) (bool, error) {
	return func(operator core.ID) (bool, error) { return table().Has(v, core.Installation, operator) }
}

// SpaceOperators is where the operators are. A house without any is set up anew.
func SpaceOperators() core.Space { return spaceOperators }
