package settings

import (
	"time"

	"willcall/core"
	"willcall/core/operators"
	"willcall/ui/component"
	"willcall/ui/theme"
)

func (p *Page) operatorsPart() part {
	return part{
		title: "settings.operators", show: core.ActOperatorList,
		create: core.ActOperatorInvite, edit: core.ActOperatorEdit,
		list: func(v *reading) []thing {
			var all []thing
			for _, m := range v.staff.Members {
				all = append(all, thing{m.ID, m.Name, p.memberState(m)})
			}
			return all
		},
		card: p.memberCard, sheet: p.memberSheet, sum: p.staffCard, acts: p.memberActs,
		locked: func(id core.ID) string {
			m, _ := memberOf(p.view, id)
			return p.refusedMember(m)
		},
	}
}

func memberOf(v *reading, id core.ID) (operators.Member, bool) {
	return find(v.staff.Members, id, func(m operators.Member) core.ID { return m.ID })
}

// memberState is the worst there is to say of an operator's way in, in a word.
func (p *Page) memberState(m operators.Member) component.Cell {
	switch {
	case m.Disabled:
		return p.worded(theme.Muted, "settings.operator.disabled")
	case m.Pending && p.s.Now().After(m.Invited):
		return p.worded(theme.Amber, "settings.operator.lapsed")
	case m.Pending:
		return p.worded(theme.Accent, "settings.operator.invited")
	case m.Factor.On:
		return p.worded(theme.Green, "settings.operator.app")
	case p.byMail(m):
		return p.worded(theme.Green, "settings.operator.mail")
	}
	return p.worded(theme.Amber, "settings.operator.none")
}

// byMail reports whether an operator without an app is asked for a mailed code.
func (p *Page) byMail(m operators.Member) bool {
	return !m.Factor.On && !m.Validated.IsZero() && (m.MailedOwn || p.view.staff.Company.MailedCodes)
}

// status is an operator's address as a marker.
func status(m operators.Member) core.EmailStatus {
	if m.Validated.IsZero() {
		return core.EmailNotValidated
	}
	return core.EmailValidated
}

// role is an operator's in a word.
func (p *Page) role(r core.Role) string { return p.s.Text.T("words.role." + r.String()) }

// staffCard lists who has a second factor and who not (R83).
func (p *Page) staffCard(card *component.Detail) {
	with, all := p.enrolled()
	p.enrolledBar(card, with, all)
	p.memberRows(card, p.view.staff.Members)
	card.Blank()
}

// memberRows lists operators with their role and their state.
func (p *Page) memberRows(card *component.Detail, all []operators.Member) {
	for _, m := range all {
		card.Row(status(m), m.Name, p.s.Text.T("settings.operator.row", "role", p.role(m.Role), "state", p.memberState(m).Text))
	}
}

// enrolled counts the operators who are listed and have an app, of those who can
// sign in.
func (p *Page) enrolled() (with, all int) {
	for _, m := range p.view.staff.Members {
		if m.Disabled || m.Pending {
			continue
		}
		all++
		if m.Factor.On {
			with++
		}
	}
	return with, all
}

// enrolledBar says how many have an app.
func (p *Page) enrolledBar(card *component.Detail, with, all int) {
	token := theme.Accent
	if with < all {
		token = theme.Amber
	}
	card.Bar(token, p.s.Text.N("settings.operators.enrolled", with, "all", p.s.Text.Number(all)))
}

// memberCard is what is known of an operator.
func (p *Page) memberCard(card *component.Detail, id core.ID) {
	t := p.s.Text
	m, _ := memberOf(p.view, id)
	card.Whole(m.Name, p.role(m.Role)).Blank()
	p.memberNote(card, m)
	card.Status(t.T("settings.operator.address"), status(m), m.Address)
	for i, institution := range m.Institutions {
		label := ""
		if i == 0 {
			label = t.T("settings.operator.institutions")
		}
		card.Item(label, p.placeName(institution))
	}
	card.Item(t.T("settings.language"), t.T("words.language."+m.Language))
	if !m.Pending {
		p.memberFactor(card, m)
		card.Item(t.T("settings.operator.last"), p.ago(m.LastSignIn))
		card.Item(t.T("settings.operator.sessions"), t.Number(m.Sessions))
	}
	card.Blank()
	p.memberOffers(card, m)
	p.keptNote(card, node{sectionOperators, id}, "e")
}

// memberNote says why an operator can't sign in.
func (p *Page) memberNote(card *component.Detail, m operators.Member) {
	t := p.s.Text
	until := t.Time(m.Invited.In(p.s.Location))
	switch {
	case m.Disabled:
		card.Bar(theme.Amber, t.T("settings.operator.is-disabled")).Blank()
	case !m.Pending:
	case m.Invited.IsZero():
		card.Bar(theme.Amber, t.T("settings.operator.is-void")).Blank()
	case p.s.Now().After(m.Invited):
		card.Bar(theme.Amber, t.T("settings.operator.is-lapsed", "time", until)).Blank()
	default:
		card.Bar(theme.Accent, t.T("settings.operator.is-invited", "time", until)).Blank()
	}
}

// fewCodes is from how many recovery codes on the list warns.
const fewCodes = 3

// memberFactor says by what an operator proves who they are, beside the password.
func (p *Page) memberFactor(card *component.Detail, m operators.Member) {
	t, label := p.s.Text, p.s.Text.T("settings.operator.factor")
	switch {
	case m.Factor.On:
		card.Signed(label, theme.Green, p.s.Theme.Signs.Done, t.T("settings.operator.app-since", "time", t.Date(m.Factor.Since.In(p.s.Location), p.s.Now())))
		token := theme.Muted
		if m.Factor.RecoveryLeft <= fewCodes {
			token = theme.Amber
		}
		card.Toned("", token, t.N("settings.operator.recovery", m.Factor.RecoveryLeft))
	case p.byMail(m):
		card.Signed(label, theme.Green, p.s.Theme.Signs.Done, t.T("settings.operator.by-mail"))
	default:
		card.Signed(label, theme.Amber, p.s.Theme.Signs.Warn, t.T("settings.operator.no-factor"))
	}
}

// placeName is an institution's; those that the asker doesn't work in have a
// number only (R87).
func (p *Page) placeName(id core.ID) string {
	if e, ok := placeOf(p.view, id); ok {
		return e.Name
	}
	return p.s.Text.T("settings.operator.elsewhere", "number", optionKey(id))
}

// ago is when something happened, in words.
func (p *Page) ago(at time.Time) string {
	if at.IsZero() {
		return p.s.Text.T("settings.operator.never")
	}
	return p.s.Text.T("settings.operator.when", "time", p.s.Text.Time(at.In(p.s.Location)), "ago", p.s.Text.Ago(p.s.Now().Sub(at)))
}
