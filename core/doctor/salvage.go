package doctor

import (
	"fmt"
	"slices"

	"willcall/core"
	"willcall/core/mail"
	"willcall/core/operators"
	"willcall/core/venue"
)

// Usable refuses, with an error, what was saved of damaged data where the house
// would silently be another one: without an institution, without an operator,
// which whoever opens it next would set up anew, or, where pages of it are
// missing, perhaps without its mail server (R89). short are the spaces of which
// pages are missing. It reads keys only, so the data may be of any schema.
func Usable(v core.View, short []core.Space) error {
	for _, space := range []core.Space{venue.SpaceInstitutions(), operators.SpaceOperators()} {
		found := false
		err := v.Ascend(space, nil, nil, func(_, _ []byte) error {
			found = true
			return core.Stop
		})
		if err != nil {
			return fmt.Errorf("look for what a house needs: %w", err)
		}
		if !found {
			return fmt.Errorf("nothing is left of the %s", space)
		}
	}
	if slices.Contains(short, mail.SpaceServer()) {
		return fmt.Errorf("nobody can tell whether there was a mail server")
	}
	return nil
}
