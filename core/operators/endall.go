package operators

import (
	"willcall/core"
	"willcall/core/record"
)

// EndSessions ends every session there is, in the caller's act, and counts
// them.
func EndSessions(act *core.Act) (n int, err error) {
	type open struct {
		id      core.ID
		version record.Version
		Session
	}
	var all []open
	err = sessions().Ascend(act, core.Installation, 0, func(id core.ID, version record.Version, s Session) error {
		if s.Ended.IsZero() {
			all = append(all, open{id, version, s})
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, s := range all {
		s.Ended = act.At
		if _, err := sessions().Save(act, core.Installation, s.id, s.version, s.Session); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}
