package settings

import (
	"context"
	"strconv"
	"strings"

	"willcall/core"
	"willcall/core/venue"
	"willcall/ui/component"
	"willcall/ui/theme"
)

func (p *Page) institutionPart() part {
	return part{
		title: "settings.institution", edit: core.ActInstitutionsEdit,
		card: func(card *component.Detail, _ core.ID) { p.institutionCard(card) }, sheet: p.institutionSheet,
	}
}

// institutionCard says what is set for the institution as a whole.
func (p *Page) institutionCard(card *component.Detail) {
	t, i := p.s.Text, p.view.Institution
	card.Title(i.Name, "").Blank()
	card.Item(t.T("settings.language"), t.T("words.language."+i.Language))
	card.Item(t.T("settings.time-zone"), zoneName(i.TimeZone))
	card.Item(t.T("settings.portal-url"), i.PortalURL)
	card.Item(t.T("settings.link-hours"), t.T("words.unit.h", "n", t.Number(int(i.LinkHours)))).Blank()
	card.Bar(theme.Accent, t.T("settings.institution.does", "language", t.T("words.language."+i.Language))).Blank()
	p.offer(card, core.ActInstitutionsEdit, "e")
	p.keptNote(card, node{section: sectionInstitution}, "e")
}

// zoneName is a time zone as a person reads it.
func zoneName(zone string) string { return strings.ReplaceAll(zone, "_", " ") }

// institutionSheet is what the form of the present institution is made of.
func (p *Page) institutionSheet(v *reading, _ core.ID) sheet {
	i := v.Institution
	hours := p.field("link-hours", component.FieldText)
	hours.Check = checkHours
	return sheet{
		title: p.s.Text.T("settings.edit", "name", i.Name), fields: append(p.institutionFields(), hours),
		values: map[string]string{
			"name": i.Name, "language": i.Language, "time-zone": i.TimeZone, "portal-url": i.PortalURL,
			"link-hours": strconv.FormatUint(uint64(i.LinkHours), 10),
		},
		note: func(*form) (string, bool) { return p.s.Text.T("settings.note.institution"), false },
		save: func(f *form) saving {
			draft := institutionDraft(f)
			draft.LinkHours, _ = hoursOf(f.Value("link-hours")) // 0 is refused by the core
			return func(ctx context.Context, req core.Request) (core.Receipt, error) {
				return p.settings.SaveInstitution(ctx, req, v.InstitutionVersion, draft)
			}
		},
	}
}

// institutionFields are those that every institution has.
func (p *Page) institutionFields() []component.Field {
	t := p.s.Text
	name, language := p.field("name", component.FieldText), p.field("language", component.FieldChoice)
	name.Hint = t.T("settings.institution.name.hint")
	for _, l := range core.Languages() {
		language.Options = append(language.Options, component.Option{Key: l, Label: t.T("words.language." + l)})
	}
	zone := p.field("time-zone", component.FieldChoice)
	zone.Options = component.ZoneOptions()
	return []component.Field{name, language, zone, p.urlField("portal-url")}
}

func institutionDraft(f *form) venue.InstitutionDraft {
	return venue.InstitutionDraft{
		Name: f.Value("name"), Language: f.Value("language"), TimeZone: f.Value("time-zone"), PortalURL: f.Value("portal-url"),
	}
}

func hoursOf(typed string) (uint32, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(typed), 10, 32)
	if err != nil || n < venue.MinLinkHours || n > venue.MaxLinkHours {
		return 0, core.Refuse(core.CodeRange).
			With("min", strconv.Itoa(venue.MinLinkHours)).With("max", strconv.Itoa(venue.MaxLinkHours))
	}
	return uint32(n), nil
}

func checkHours(typed string) error {
	_, err := hoursOf(typed)
	return err
}
