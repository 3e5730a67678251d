package operators

import (
	"context"
	"time"

	"willcall/core"
)

// Profile is what an operator sees of themself.
type Profile struct {
	Name      string
	Address   string    // canonical
	Validated time.Time // zero: never (R73)
	Role      core.Role
	Language  string
	// Required tells that the company asks everybody for a second factor (R66).
	Required bool
	Factor   Factor
	Mailed   Mailed
	Devices  []Device
	Sessions []OpenSession
}

// Mailed is whether codes are mailed at sign-in.
type Mailed struct {
	Company bool // for everybody without an app (R52)
	Own     bool // by the own choice (R53)
	Meets   bool // they are second factor enough where one is required (R72)
	// Refused is why the own choice can't be changed, nil where it can.
	Refused error
}

// Profile is the profile of the request's operator.
func (s *Service) Profile(ctx context.Context, req core.Request) (p Profile, err error) {
	standing, err := s.desk.May(ctx, req, core.ActProfileShow)
	if err != nil {
		return p, err
	}
	err = s.desk.See(ctx, req, core.ActProfileShow, func(v core.View) error {
		o, _, err := table().Get(v, core.Installation, req.Actor.ID)
		if err != nil {
			return err
		}
		house, err := company(v)
		if err != nil {
			return err
		}
		p = Profile{
			Name: o.Name, Address: o.Address, Validated: o.Validated, Role: o.Role, Language: o.Language,
			Required: house.Required, Mailed: Mailed{Company: house.MailedCodes, Own: o.Mailed, Meets: house.MailMeets},
		}
		if p.Factor, err = FactorOf(v, req.Actor.ID); err != nil {
			return err
		}
		if p.Mailed.Refused, err = unswitchable(v, req.Actor.ID, o, standing.Captured, !o.Mailed); err != nil {
			return err
		}
		return p.list(v, req, o, s.desk.Effective())
	})
	return p, err
}

// list fills in devices and sessions.
func (p *Profile) list(v core.View, req core.Request, o Operator, at time.Time) error {
	here, _, err := sessions().Get(v, core.Installation, req.Session)
	if err != nil {
		return err
	}
	all, err := devicesOf(v, req.Actor.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		d.Until, d.Here = d.until(o, at), d.ID == here.Device
		p.Devices = append(p.Devices, d.Device)
	}
	p.Sessions, err = openSessions(v, req.Actor.ID, o, at)
	for i := range p.Sessions {
		p.Sessions[i].Here = p.Sessions[i].ID == req.Session
	}
	return err
}
