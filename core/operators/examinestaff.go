package operators

import (
	"willcall/core"
	"willcall/core/record"
)

// staff looks through what hangs on operators beside their sign-in, and through
// what holds for the company. Of codes that can't be read, or are nobody's, only
// the code is lost; what the company asks of everybody is told, not mended: a house
// without it would ask for no second factor.
func (x examination) staff(here func(core.ID) (bool, error)) error {
	codes := record.Examination[oneTime]{Table: oneTimes(), Known: here, Shared: true, Look: func(institution, id core.ID, _ oneTime) error {
		return x.ofNobody(spaceOneTimes, institution, id)
	}}
	if err := codes.Run(x.v, x.report); err != nil {
		return err
	}
	addresses := record.Examination[proof]{Table: proofs(), Known: here, Shared: true, Look: func(institution, id core.ID, _ proof) error {
		return x.ofNobody(spaceProofs, institution, id)
	}}
	if err := addresses.Run(x.v, x.report); err != nil {
		return err
	}
	return record.Examination[Company]{Table: companies(), Told: true, Known: here, Shared: true}.Run(x.v, x.report)
}

// ofNobody reports what shares the id of an operator who isn't there.
func (x examination) ofNobody(space core.Space, institution, id core.ID) error {
	there, err := table().Has(x.v, core.Installation, id)
	if err != nil || there {
		return err
	}
	return x.report(record.Surplus(record.FaultOrphan, space, core.Key(institution, id), "operator"))
}
