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
