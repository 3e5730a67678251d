package operators

import (
	"fmt"

	"willcall/core"
	"willcall/core/record"
)

// EndSessions ends every session there is, in the caller's act, and counts
// them. A session that can't be read is left alone; nobody can use it either.
func EndSessions(act *core.Act) (n int, err error) {
	type open struct {
		institution, id core.ID
		version         record.Version
		Session
	}
	var all []open
	err = sessions().Readables(act, func(institution, id core.ID, version record.Version, s Session) error {
		if s.Ended.IsZero() {
			all = append(all, open{institution, id, version, s})
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("look through the sessions: %w", err)
	}
	for _, s := range all {
		s.Ended = act.At
		if _, err := sessions().Save(act, s.institution, s.id, s.version, s.Session); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}
