package settings

import (
	"context"
	"unicode"
	"unicode/utf8"

	"willcall/core"
	"willcall/core/venue"
	"willcall/ui/component"
	"willcall/ui/theme"
)

func (p *Page) organisationsPart() part {
	return part{
		title:  "settings.organisations",
		create: core.ActOrganisationCreate, edit: core.ActOrganisationEdit,
		list: func(v *reading) []thing {
			var all []thing
			for _, e := range v.Organisations {
				all = append(all, thing{id: e.ID, name: e.Name})
			}
			return all
		},
		card: p.organisationCard, sheet: p.organisationSheet,
	}
}

// organisationCard lists an organisation's points of sale.
func (p *Page) organisationCard(card *component.Detail, id core.ID) {
	t := p.s.Text
	e, _ := organisationOf(p.view, id)
	card.Title(e.Name, "").Blank()
	p.pointsOf(card, func(of venue.PointOfSaleEntry) bool { return of.Organisation == id })
	card.Blank().Bar(theme.Accent, t.T("settings.organisation.does", "name", e.Name)).Blank()
	p.offer(card, core.ActOrganisationEdit, "e")
	p.keptNote(card, node{sectionOrganisations, id}, "e")
}

// pointsOf lists points of sale with their states.
func (p *Page) pointsOf(card *component.Detail, in func(venue.PointOfSaleEntry) bool) {
	label := p.s.Text.T("settings.points-of-sale")
	for _, e := range p.view.PointsOfSale {
		if in(e) {
			state := p.s.Text.T("settings.state." + e.State.String())
			card.Item(label, p.s.Text.T("settings.named", "name", e.Name, "what", state))
			label = ""
		}
	}
	if label != "" {
		card.Item(label, "")
	}
}

// organisationSheet is what the form of an organisation is made of.
func (p *Page) organisationSheet(v *reading, id core.ID) sheet {
	e, found := organisationOf(v, id)
	name := p.field("name", component.FieldText)
	name.Hint = p.s.Text.T("settings.organisation.name.hint")
	return sheet{
		title: p.titleOf(found, e.Name, core.ActOrganisationCreate), fields: []component.Field{name},
		values: map[string]string{"name": e.Name},
		note: func(*form) (string, bool) {
			if found {
				return p.s.Text.T("settings.note.organisation"), false
			}
			return p.s.Text.T("settings.note.organisation.new"), false
		},
		save: func(f *form) saving {
			name := f.Value("name")
			return func(ctx context.Context, req core.Request) (core.Receipt, error) {
				return p.settings.SaveOrganisation(ctx, req, id, e.Version, name)
			}
		},
	}
}

// titleOf is a form's: what it makes, or what it edits.
func (p *Page) titleOf(found bool, name string, create core.ActionID) string {
	if found {
		return p.s.Text.T("settings.edit", "name", name)
	}
	return p.heading(create)
}

// heading is the name of an action as a title.
func (p *Page) heading(id core.ActionID) string {
	label := p.s.Text.T("action." + string(id))
	first, size := utf8.DecodeRuneInString(label)
	return string(unicode.ToUpper(first)) + label[size:]
}
