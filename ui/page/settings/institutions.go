package settings

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/setup"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/theme"
)

func (p *Page) institutionsPart() part {
	return part{
		title: "settings.institutions", create: core.ActInstitutionsCreate,
		list: func(v *reading) []thing {
			var all []thing
			for _, e := range v.places {
				state := component.Cell{}
				if e.ID == p.s.Request.Institution {
					state = p.worded(theme.Green, "settings.place.here")
				}
				all = append(all, thing{e.ID, e.Name, state})
			}
			return all
		},
		card: p.placeCard, sheet: func(v *reading, _ core.ID) sheet { return p.newInstitution(v) },
	}
}

// placeCard is an institution that the operator may work in (R87).
func (p *Page) placeCard(card *component.Detail, id core.ID) {
	t := p.s.Text
	e, _ := placeOf(p.view, id)
	names := make([]string, len(e.Organisations))
	for i, o := range e.Organisations {
		names[i] = o.Name
	}
	card.Title(e.Name, "").Blank()
	card.Item(t.T("settings.time-zone"), zoneName(e.TimeZone))
	card.Item(t.T("settings.organisations"), strings.Join(names, ", ")).Blank()
	if id == p.s.Request.Institution {
		card.Bar(theme.Accent, t.T("settings.place.is-here")).Blank()
	} else {
		card.Bar(theme.Accent, t.T("settings.place.elsewhere")).Blank()
		p.offer(card, core.ActSessionSwitch, "o")
	}
	p.offer(card, core.ActInstitutionsCreate, "n")
	p.keptNote(card, node{section: sectionInstitutions}, "n")
}

// How a new institution begins (R2, R3).
const (
	beginsNew    = "new"
	beginsMoving = "moving"
)

// newInstitution is what the form of another institution is made of: what the
// set-up asks for too.
func (p *Page) newInstitution(v *reading) sheet {
	return sheet{
		title: p.heading(core.ActInstitutionsCreate), fields: p.newInstitutionFields(),
		values: map[string]string{
			"language": v.Institution.Language, "time-zone": v.Institution.TimeZone,
			"portal-url": v.Institution.PortalURL, "begins": beginsNew,
		},
		note: func(f *form) (string, bool) {
			if f.Value("begins") == beginsMoving {
				return p.s.Text.T("settings.note.institution.moving"), true
			}
			return p.s.Text.T("settings.note.institution.new"), false
		},
		save: p.addInstitution, after: p.joined,
	}
}

// joined shows the new institution among those to work in, and tells the root.
func (p *Page) joined(r core.Receipt) tea.Cmd {
	p.s.Institutions = append(slices.Clone(p.s.Institutions), r.Subject.ID)
	return session.Say(session.Joined{Institution: r.Subject.ID})
}

func (p *Page) newInstitutionFields() []component.Field {
	t := p.s.Text
	begins := p.field("begins", component.FieldChoice)
	for _, key := range []string{beginsNew, beginsMoving} {
		begins.Options = append(begins.Options, component.Option{Key: key, Label: t.T("settings.begins." + key)})
	}
	name := p.field("sender-name", component.FieldText)
	name.Required, name.Hint = false, t.T("settings.sender-name.or")
	fields := append(p.institutionFields(), begins, component.Field{Kind: component.FieldHeading, Label: t.T("settings.mail-and-shop")})
	return append(fields, name, p.addressField("sender"), p.urlField("sign-in-url"))
}

func (p *Page) addInstitution(f *form) saving {
	draft := setup.AddDraft{
		Institution: institutionDraft(f), SenderName: f.Value("sender-name"),
		Sender: f.Value("sender"), SignInURL: f.Value("sign-in-url"),
	}
	draft.Institution.Moving = f.Value("begins") == beginsMoving
	at := p.s.Clock.Effective()
	return func(ctx context.Context, req core.Request) (core.Receipt, error) {
		made, err := p.setup.AddInstitution(ctx, req, draft)
		return core.Receipt{Subject: core.Ref{Kind: core.KindInstitution, ID: made.Institution}, At: at}, err
	}
}
