package operators

import (
	"slices"

	"willcall/core"
)

// Leave takes an operator out of an institution, in the caller's act.
func Leave(act *core.Act, operator, institution core.ID) error {
	o, version, err := table().Get(act, core.Installation, operator)
	if err != nil {
		return err
	}
	o.Institutions = slices.DeleteFunc(o.Institutions, func(id core.ID) bool { return id == institution })
	_, err = table().Save(act, core.Installation, operator, version, o)
	return err
}

// SetCompany sets what holds for everybody, past the settings.
func SetCompany(tx core.Tx, c Company) error {
	return companies().Put(tx, core.Installation, companyID, c)
}

// Disable disables the operator of an address, past the desk.
func Disable(act *core.Act, address string) error {
	id, o, err := byAddress(act, address)
	if err != nil {
		return err
	}
	o.Disabled = true
	return table().Put(act, core.Installation, id, o)
}
