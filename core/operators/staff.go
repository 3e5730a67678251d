package operators

import (
	"context"
	"time"

	"willcall/core"
)

// Staff are the operators that somebody sees.
type Staff struct {
	Members []Member // the oldest first
	Company Company
	// InAll is how many of the whole installation took up their invitation and
	// aren't disabled, Enrolled how many of those have an app: what is asked of
	// everybody is asked of them.
	InAll    int
	Enrolled int
}

// Member is one of the operators, as who looks after them sees them.
type Member struct {
	ID           core.ID
	Version      core.Version
	Name         string
	Address      string    // canonical
	Validated    time.Time // zero: never (R73)
	Role         core.Role
	Institutions []core.ID
	Language     string
	Disabled     bool
	// Pending tells that they never took up an invitation; they have no password.
	Pending bool
	// Invited is until when the invitation of who is Pending is good, past or not;
	// zero where its code is void, as after they were disabled.
	Invited time.Time
	Factor  Factor
	// MailedOwn tells that the operator switched mailed codes on (R53).
	MailedOwn  bool
	LastSignIn time.Time
	Sessions   int // open now
	// Refused is why who asks may not look after this one, nil where they may.
	Refused error
	// Stays is why this one can't be disabled, nil where they can: nobody else owns
	// the house (R86), or is an enrolled admin while a factor is required (R83).
	Stays error
}

// Staff lists the operators of the institution that the request works in, and
// for owners and the user of this computer those of the whole installation
// (R83, R87).
func (s *Service) Staff(ctx context.Context, req core.Request) (all Staff, err error) {
	now := s.desk.Effective()
	err = s.desk.See(ctx, req, core.ActOperatorList, func(v core.View) error {
		all = Staff{}
		who, err := askerOf(v, req)
		if err != nil {
			return err
		}
		if all.Company, err = company(v); err != nil {
			return err
		}
		return eachEnrolled(v, func(id core.ID, version core.Version, o Operator, app Factor) error {
			if o.takesPart() {
				all.InAll++
				if app.On {
					all.Enrolled++
				}
			}
			if !who.sees(o) {
				return nil
			}
			m, err := memberOf(v, id, version, o, app, now)
			if err == nil {
				m.Refused = who.refusal(o)
				m.Stays, err = stays(v, id, o)
			}
			all.Members = append(all.Members, m)
			return err
		})
	})
	return all, err
}

// stays is why an operator can't be disabled, nil where they can.
func stays(v core.View, id core.ID, o Operator) (refusal, err error) {
	disabled := o
	disabled.Disabled = true
	err = checkLeft(v, id, o, disabled)
	if code := core.CodeOf(err); code == core.CodeLastOwner || code == core.CodeLastEnrolled {
		return err, nil
	}
	return nil, err
}

// memberOf is an operator as shown, without whether they may be looked after.
func memberOf(v core.View, id core.ID, version core.Version, o Operator, app Factor, now time.Time) (Member, error) {
	m := Member{
		ID: id, Version: version, Name: o.Name, Address: o.Address, Validated: o.Validated, Role: o.Role,
		Institutions: o.Institutions, Language: o.Language, Disabled: o.Disabled, Factor: app, MailedOwn: o.Mailed,
	}
	if o.Password == "" {
		code, err := optional(v, oneTimes(), id)
		if err != nil {
			return m, err
		}
		m.Pending, m.Invited = true, code.Until
	}
	sat, err := optional(v, seating(), id)
	if err != nil {
		return m, err
	}
	m.LastSignIn = sat.Last
	open, err := openSessions(v, id, o, now)
	m.Sessions = len(open)
	return m, err
}
