package operators

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"willcall/core"
	"willcall/core/mail"
)

// CompanyPlan is what a change of what holds for everybody would do. It is the
// value that is applied.
type CompanyPlan struct {
	From, To Company
	// NotEnrolled have to enrol a second factor at their next action (R67).
	NotEnrolled Concerned
	// LockedOut couldn't sign in any more: a code would be mailed to them, and
	// their address is not validated (R73).
	LockedOut Concerned
	// SessionsEnd is how many sessions end, that of who asks among them (R55).
	SessionsEnd int
}

// Concerned are operators whom a plan means something for: those who work in an
// institution of who asks by name, the others only by their number (R87).
type Concerned struct {
	Members   []Member
	Elsewhere int
}

// Count is how many there are.
func (c Concerned) Count() int { return len(c.Members) + c.Elsewhere }

// seenBy leaves out the names of those whom an asker doesn't know.
func (c Concerned) seenBy(who asker) Concerned {
	named := slices.DeleteFunc(slices.Clone(c.Members), func(m Member) bool { return !who.knows(m.Institutions) })
	return Concerned{Members: named, Elsewhere: c.Count() - len(named)}
}

// same reports whether two name the same, and count as many others.
func (c Concerned) same(other Concerned) bool {
	sameMember := func(a, b Member) bool { return a.ID == b.ID }
	return c.Elsewhere == other.Elsewhere && slices.EqualFunc(c.Members, other.Members, sameMember)
}

// Company is what holds for everybody who signs in.
func (s *Service) Company(ctx context.Context, req core.Request) (c Company, err error) {
	err = s.desk.See(ctx, req, core.ActCompanyShow, func(v core.View) error {
		c, err = company(v)
		return err
	})
	return c, err
}

// PlanCompany says what a change would do. d carries the version that was seen.
// It is refused with [core.CodeConflict] where that is another now, with
// [core.CodeNotEnrolled] for requiring what one doesn't have (R67), and for mailed
// codes with [core.CodeOwnAddress], [core.CodeNoDelivery] or, where no owner could
// sign in any more, [core.CodeLastOwner].
func (s *Service) PlanCompany(ctx context.Context, req core.Request, d Company) (p CompanyPlan, err error) {
	err = s.desk.See(ctx, req, core.ActCompanyShow, func(v core.View) error {
		if p, err = s.planCompany(v, req, d); err != nil {
			return err
		}
		p, err = p.seenBy(v, req)
		return err
	})
	if err != nil {
		return CompanyPlan{}, err
	}
	return p, nil
}

// seenBy is the plan as it is shown to who asks.
func (p CompanyPlan) seenBy(v core.View, req core.Request) (CompanyPlan, error) {
	who, err := askerOf(v, req)
	p.NotEnrolled, p.LockedOut = p.NotEnrolled.seenBy(who), p.LockedOut.seenBy(who)
	return p, err
}

// planCompany names everybody.
func (s *Service) planCompany(v core.View, req core.Request, d Company) (CompanyPlan, error) {
	present, err := company(v)
	if err != nil {
		return CompanyPlan{}, err
	}
	if present.Version != d.Version {
		return CompanyPlan{}, core.Refuse(core.CodeConflict)
	}
	p := CompanyPlan{From: present, To: d}
	if err := p.check(v, req); err != nil {
		return CompanyPlan{}, err
	}
	captured, err := mail.CapturedOnly(v)
	if err != nil {
		return CompanyPlan{}, err
	}
	now := s.desk.Effective()
	err = eachEnrolled(v, func(id core.ID, version core.Version, o Operator, app Factor) error {
		m, err := memberOf(v, id, version, o, app, now)
		if err != nil || !o.takesPart() {
			return err
		}
		p.weigh(m, o, captured)
		return nil
	})
	return p, err
}

// weigh adds what the plan means for one operator.
func (p *CompanyPlan) weigh(m Member, o Operator, captured bool) {
	if p.To.walls(o, m.Factor.On, captured) && !p.From.walls(o, m.Factor.On, captured) {
		p.NotEnrolled.Members = append(p.NotEnrolled.Members, m)
	}
	if p.To.locksOut(o, m.Factor.On) && !p.From.locksOut(o, m.Factor.On) {
		p.LockedOut.Members = append(p.LockedOut.Members, m)
	}
	if p.beginsMailing() {
		p.SessionsEnd += m.Sessions
	}
}

func (p *CompanyPlan) beginsMailing() bool { return p.To.MailedCodes && !p.From.MailedCodes }

// check refuses what must not be switched on.
func (p *CompanyPlan) check(v core.View, req core.Request) error {
	if p.To.Required && !p.From.Required {
		if err := checkEnrolled(v, req); err != nil {
			return err
		}
	}
	if !p.beginsMailing() {
		return nil
	}
	if err := checkDelivery(v, req); err != nil {
		return err
	}
	return anyBut(v, 0, core.CodeLastOwner, p.To.owns)
}

// checkEnrolled refuses who requires a second factor without having one, and the
// user of this computer where no admin has one (R67).
func checkEnrolled(v core.View, req core.Request) error {
	if req.Actor.Kind != core.ActorOperator {
		err := anyBut(v, 0, core.CodeNotEnrolled, enrolledAdmin)
		if core.CodeOf(err) == core.CodeNotEnrolled {
			err = deny(core.Refuse(core.CodeNotEnrolled).With("sentence", "operator.no-admin-enrolled"))
		}
		return err
	}
	app, err := FactorOf(v, req.Actor.ID)
	if err == nil && !app.On {
		err = core.Refuse(core.CodeNotEnrolled)
	}
	return err
}

// checkDelivery refuses mailed codes for everybody unless the mail server took a
// test mail to the validated address of who asks, or, for the user of this
// computer, of any admin (R73).
func checkDelivery(v core.View, req core.Request) error {
	captured, err := mail.CapturedOnly(v)
	if err != nil {
		return err
	}
	if captured {
		return noDelivery("captured")
	}
	to, err := mail.TestedTo(v)
	if err != nil {
		return err
	}
	id, o, err := operatorAt(v, to)
	if err == nil && req.Actor.Kind == core.ActorOperator {
		id = req.Actor.ID
		o, _, err = table().Get(v, core.Installation, id)
	}
	switch {
	case err != nil:
		return err
	case req.Actor.Kind == core.ActorOperator && o.Validated.IsZero():
		return core.Refuse(core.CodeOwnAddress)
	case id == 0 || o.Address != to || o.Validated.IsZero() || o.Role < core.RoleAdmin:
		return noDelivery("untested")
	}
	return nil
}

func noDelivery(why string) error { return core.Refuse(core.CodeNoDelivery).With("why", why) }

// same reports whether two plans rest on the same and do the same.
func (p *CompanyPlan) same(other *CompanyPlan) bool {
	return p.From == other.From && p.To == other.To && p.SessionsEnd == other.SessionsEnd &&
		p.NotEnrolled.same(other.NotEnrolled) && p.LockedOut.same(other.LockedOut)
}

// ApplyCompany does what a plan says, and is refused as [Service.PlanCompany] is,
// and with [core.CodeConflict] where what the plan rests on changed meanwhile.
func (s *Service) ApplyCompany(ctx context.Context, req core.Request, p CompanyPlan) error {
	_, err := s.desk.Do(ctx, req, core.ActCompanySave, func(act *core.Act) error {
		now, err := s.planCompany(act, act.Req, p.To)
		if err != nil {
			return err
		}
		shown, err := now.seenBy(act, act.Req)
		if err != nil {
			return err
		}
		if !shown.same(&p) {
			return core.Refuse(core.CodeConflict)
		}
		act.Log(companyRef(), now.details()...)
		act.Emit(core.Event{Institution: core.Installation, Subject: companyRef(), Action: act.Action})
		for _, m := range now.NotEnrolled.Members {
			announce(act, m.ID)
		}
		if err := companies().Put(act, core.Installation, companyID, p.To); err != nil || !now.beginsMailing() {
			return err
		}
		return endEvery(act)
	})
	return err
}

// endEvery ends every open session.
func endEvery(act *core.Act) error {
	everybody := map[core.ID]Operator{}
	err := eachEnrolled(act, func(id core.ID, _ core.Version, o Operator, _ Factor) error {
		everybody[id] = o
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(everybody)) {
		if _, err := endAll(act, id, everybody[id], 0); err != nil {
			return err
		}
	}
	return nil
}

// details are what the journal keeps of an applied plan.
func (p *CompanyPlan) details() []core.Detail {
	return []core.Detail{
		{Name: "required", Value: strconv.FormatBool(p.To.Required)},
		{Name: "mailed-codes", Value: strconv.FormatBool(p.To.MailedCodes)},
		{Name: "mail-meets", Value: strconv.FormatBool(p.To.MailMeets)},
		{Name: "sessions", Value: strconv.Itoa(p.SessionsEnd)},
	}
}
