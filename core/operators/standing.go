package operators

import (
	"slices"

	"willcall/core"
	"willcall/core/venue"
)

// Standings answers the desk for operators' sessions. It is safe for
// concurrent use.
type Standings struct {
	Clock core.Clock
	// Captured tells whether there is no mail server: then no mailed code stands
	// for a second factor (R72).
	Captured core.CapturedOnly
}

// Standing implements [core.Standings].
func (s Standings) Standing(v core.View, req core.Request) (core.Standing, error) {
	switch req.Actor.Kind {
	case core.ActorOperator:
		return s.ofOperator(v, req)
	case core.ActorSetup:
		any, err := Any(v)
		if err == nil && any {
			err = core.Refuse(core.CodeSetUp)
		}
		return core.Standing{}, err
	case core.ActorLocal:
		// The user of this computer has no role: the table of actions decides,
		// also about what concerns no single institution.
		if req.Institution == core.Installation {
			return core.Standing{}, nil
		}
		found, err := venue.Institutions().Has(v, core.Installation, req.Institution)
		if err == nil && !found {
			err = core.Refuse(core.CodeNotFound)
		}
		return core.Standing{}, err
	case core.ActorAnonymous, core.ActorCustomer, core.ActorLink, core.ActorJob, core.ActorImport, core.ActorSSO:
		return core.Standing{}, nil
	}
	return core.Standing{}, core.Refuse(core.CodeForbidden)
}

func (s Standings) ofOperator(v core.View, req core.Request) (core.Standing, error) {
	session, _, err := sessions().Get(v, core.Installation, req.Session)
	if err != nil {
		return core.Standing{}, missingAs(core.CodeSignedOut, err)
	}
	o, _, err := table().Get(v, core.Installation, session.Operator)
	if err != nil {
		return core.Standing{}, missingAs(core.CodeSignedOut, err)
	}
	now := s.Clock.Effective()
	if session.Operator != req.Actor.ID || !session.open(o, now) {
		return core.Standing{}, core.Refuse(core.CodeSignedOut)
	}
	if !slices.Contains(o.Institutions, req.Institution) {
		return core.Standing{}, core.Refuse(core.CodeNotFound)
	}
	walled, err := s.walled(v, req.Actor.ID, o)
	if err != nil {
		return core.Standing{}, err
	}
	return core.Standing{Role: o.Role, Walled: walled, Fresh: now.Sub(session.Proved) < core.ProofLasts}, nil
}

// missingAs turns "not found" into another refusal.
func missingAs(code core.Code, err error) error {
	if core.CodeOf(err) == core.CodeNotFound {
		return core.Refuse(code)
	}
	return err
}
