package main

import (
	"context"
	"errors"
	"strconv"

	"willcall/core"
	"willcall/core/operators"
)

func companyTwins() []twin {
	return []twin{
		{action: core.ActCompanyShow, scope: inWhole, run: showCompany},
		{
			action: core.ActCompanySave, flags: []string{"required", "mailed-codes", "mail-meets", "dry-run", "yes"},
			scope: inWhole, run: saveCompany,
		},
	}
}

// companyAnswer is the answer of "settings company show".
type companyAnswer struct {
	Required    bool `json:"required"`
	MailedCodes bool `json:"mailed_codes"`
	MailMeets   bool `json:"mail_meets"`
}

func companyOf(c operators.Company) companyAnswer {
	return companyAnswer{Required: c.Required, MailedCodes: c.MailedCodes, MailMeets: c.MailMeets}
}

// rows implements [answer].
func (a companyAnswer) rows() [][]string {
	var all facts
	all.add("second factor required", yes(a.Required))
	all.add("codes by mail", yes(a.MailedCodes))
	all.add("mail counts as a factor", yes(a.MailMeets))
	return all
}

func showCompany(ctx context.Context, at *bench) (answer, error) {
	c, err := at.operators.Company(ctx, at.req)
	if err != nil {
		return nil, err
	}
	return companyOf(c), nil
}

// planAnswer is the answer of "settings company save": what was done, or with
// --dry-run would be.
type planAnswer struct {
	companyAnswer
	Saved       bool           `json:"saved"`
	NotEnrolled []personAnswer `json:"not_enrolled"`
	LockedOut   []personAnswer `json:"locked_out"`
	SessionsEnd int            `json:"sessions_end"`
}

type personAnswer struct {
	ID      core.ID `json:"id"`
	Name    string  `json:"name"`
	Address string  `json:"address"`
	Role    string  `json:"role"`
}

func planOf(p operators.CompanyPlan, saved bool) planAnswer {
	return planAnswer{
		companyAnswer: companyOf(p.To), Saved: saved, NotEnrolled: people(p.NotEnrolled.Members), LockedOut: people(p.LockedOut.Members),
		SessionsEnd: p.SessionsEnd,
	}
}

func people(members []operators.Member) []personAnswer {
	all := make([]personAnswer, len(members))
	for i, m := range members {
		all[i] = personAnswer{ID: m.ID, Name: m.Name, Address: m.Address, Role: m.Role.String()}
	}
	return all
}

// rows implements [answer].
func (a planAnswer) rows() [][]string {
	all := facts(a.companyAnswer.rows())
	for _, p := range a.NotEnrolled {
		all.add("has to enrol", p.line())
	}
	for _, p := range a.LockedOut {
		all.add("locked out", p.line())
	}
	all.add("sessions that end", strconv.Itoa(a.SessionsEnd))
	all.add("saved", yes(a.Saved))
	return all
}

func (p personAnswer) line() string {
	return strconv.FormatUint(uint64(p.ID), 10) + " " + p.Name + " <" + p.Address + ">, " + p.Role
}

// saveCompany plans a change and applies the plan. One that ends sessions or
// locks somebody out is only shown, unless it is meant (R55, R73).
func saveCompany(ctx context.Context, at *bench) (answer, error) {
	if err := at.changes("required", "mailed-codes", "mail-meets"); err != nil {
		return nil, err
	}
	d, err := at.operators.Company(ctx, at.req)
	if err != nil {
		return nil, err
	}
	err = errors.Join(at.yesNo("required", &d.Required), at.yesNo("mailed-codes", &d.MailedCodes), at.yesNo("mail-meets", &d.MailMeets))
	if err != nil {
		return nil, err
	}
	plan, err := at.operators.PlanCompany(ctx, at.req, d)
	if err != nil {
		return nil, err
	}
	if at.has("dry-run") {
		return planOf(plan, false), nil
	}
	if (plan.SessionsEnd > 0 || plan.LockedOut.Count() > 0) && !at.has("yes") {
		return planOf(plan, false), at.refuse("command.company.sure")
	}
	if err := at.operators.ApplyCompany(ctx, at.req, plan); err != nil {
		return nil, err
	}
	return planOf(plan, true), nil
}
