package settings

import (
	"context"
	"errors"
	"strconv"

	"willcall/core"
	"willcall/core/operators"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// companyGeneral is the one thing below the company.
const companyGeneral core.ID = 1

// What is set for everybody who signs in. The plan and its refusals go by these
// names.
const (
	fieldRequired = "required"
	fieldMailed   = "mailed-codes"
	fieldMeets    = "mail-meets"
)

func (p *Page) companyPart() part {
	return part{
		title: "settings.company", show: core.ActCompanyShow, edit: core.ActCompanySave,
		list: func(v *reading) []thing {
			state := p.worded(theme.Muted, "settings.company.free")
			if v.staff.Company.Required {
				state = p.worded(theme.Green, "settings.company.required")
			}
			return []thing{{companyGeneral, p.s.Text.T("settings.company.general"), state}}
		},
		card: func(card *component.Detail, _ core.ID) { p.companyCard(card) }, sheet: p.companySheet,
	}
}

// companyCard says what holds for everybody, and what that does to whom (R52,
// R66, R72).
func (p *Page) companyCard(card *component.Detail) {
	t, c := p.s.Text, p.view.staff.Company
	card.Title(t.T("settings.company.general"), t.T("settings.company"))
	for _, set := range companySettings(c) {
		state := p.worded(theme.Muted, "component.form.off")
		if set.on {
			state = p.onOff(true)
		}
		card.Blank().Paragraph(theme.Strong, t.T("settings.named", "name", t.T("settings."+set.name), "what", state.Text))
		card.Paragraph(theme.Text, t.T("settings."+set.name+".does"))
	}
	p.enrolledBar(card.Blank(), p.view.staff.Enrolled, p.view.staff.InAll)
	card.Blank()
	p.offer(card, core.ActCompanySave, "e")
	p.keptNote(card, node{sectionCompany, companyGeneral}, "e")
}

// companySetting is one of the settings, on or off.
type companySetting struct {
	name string
	on   bool
}

func companySettings(c operators.Company) []companySetting {
	return []companySetting{{fieldRequired, c.Required}, {fieldMailed, c.MailedCodes}, {fieldMeets, c.MailMeets}}
}

// companySheet is what the form of the company is made of.
func (p *Page) companySheet(v *reading, _ core.ID) sheet {
	c := v.staff.Company
	s := sheet{
		title: p.s.Text.T("settings.edit", "name", p.s.Text.T("settings.company")), values: map[string]string{},
		note:  func(*form) (string, bool) { return p.s.Text.T("settings.note.company"), false },
		hint:  func(f *form) string { return p.s.Text.T("settings." + f.Focused() + ".does") },
		plan:  func(f *form) planning { return p.planCompany(companyOf(f, c.Version)) },
		saved: p.s.Text.T("settings.company.saved"),
	}
	for _, set := range companySettings(c) {
		field := p.field(set.name, component.FieldToggle)
		field.Required = false
		s.fields = append(s.fields, field)
		s.values[set.name] = strconv.FormatBool(set.on)
	}
	return s
}

// companyOf is what the form asks for.
func companyOf(f *form, seen core.Version) operators.Company {
	return operators.Company{
		Version: seen, Required: f.On(fieldRequired), MailedCodes: f.On(fieldMailed), MailMeets: f.On(fieldMeets),
	}
}

// planCompany works out what a change would do. The plan that is shown is the one
// that is applied.
func (p *Page) planCompany(to operators.Company) planning {
	at := p.s.Clock.Effective()
	return func(ctx context.Context, req core.Request) (agreement, error) {
		plan, err := p.people.PlanCompany(ctx, req, to)
		if err != nil {
			return agreement{}, atSetting(err)
		}
		return agreement{
			card: func(card *component.Detail) { p.planCard(card, plan) },
			apply: func(ctx context.Context, req core.Request) (core.Receipt, error) {
				err := p.people.ApplyCompany(ctx, req, plan)
				return core.Receipt{Subject: core.Ref{Kind: core.KindCompany, ID: companyGeneral}, At: at}, atSetting(err)
			},
		}, nil
	}
}

// atSetting gives a refusal the setting that it is about.
func atSetting(err error) error {
	return atFields(err, func(refusal *core.Error) string {
		switch refusal.Code { //nolint:exhaustive // codes are open; these are about one setting
		case core.CodeNotEnrolled:
			return fieldRequired
		case core.CodeOwnAddress, core.CodeNoDelivery, core.CodeLastOwner:
			return fieldMailed
		}
		return refusal.Field
	})
}

// atFields puts refusals at fields of the form that are named otherwise there.
func atFields(err error, field func(*core.Error) string) error {
	var all core.Fields
	if one := (*core.Error)(nil); !errors.As(err, &all) && errors.As(err, &one) {
		all = core.Fields{one}
	}
	if len(all) == 0 {
		return err
	}
	moved := make(core.Fields, len(all))
	for i, one := range all {
		copied := *one
		copied.Field = field(one)
		moved[i] = &copied
	}
	return moved.Err()
}

// concerned lists whom a plan means something for, those of other institutions
// without their names (R87).
func (p *Page) concerned(card *component.Detail, token theme.Token, key string, all operators.Concerned) {
	if all.Count() == 0 {
		return
	}
	card.Blank().Bar(token, p.s.Text.N(key, all.Count()))
	p.memberRows(card, all.Members)
	if all.Elsewhere > 0 {
		card.Paragraph(theme.Text, p.s.Text.N("settings.plan.elsewhere", all.Elsewhere))
	}
}

// planCard says what saving does to whom (R55, R67, R73).
func (p *Page) planCard(card *component.Detail, plan operators.CompanyPlan) {
	t := p.s.Text
	card.Title(t.T("settings.plan"), t.T("settings.company")).Blank()
	changed := false
	for i, to := range companySettings(plan.To) {
		if companySettings(plan.From)[i].on == to.on {
			continue
		}
		changed = true
		state := p.onOff(to.on)
		card.Paragraph(theme.Text, t.T("settings.plan.switch", "name", t.T("settings."+to.name), "state", state.Text))
	}
	if !changed {
		card.Paragraph(theme.Text, t.T("settings.plan.same"))
	}
	p.concerned(card, theme.Red, "settings.plan.locked-out", plan.LockedOut)
	p.concerned(card, theme.Amber, "settings.plan.enrol", plan.NotEnrolled)
	card.Blank()
	if plan.SessionsEnd > 0 {
		card.Bar(theme.Amber, t.N("settings.plan.sessions", plan.SessionsEnd))
		return
	}
	card.Bar(theme.Accent, t.T("settings.plan.no-sessions"))
}
