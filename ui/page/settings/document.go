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

// documentCard is what is known of a document: its newest edition.
func (p *Page) documentCard(card *component.Detail, e venue.DocumentEntry) {
	t, state := p.s.Text, p.active(e.Active)
	card.Title(e.Name, state.Text).Blank()
	card.Item(t.T("settings.kind"), t.T("settings.kind."+e.Kind.String()))
	card.Item(t.T("settings.edition"), t.T("settings.edition.by", "n", t.Number(int(e.Edition)),
		"time", t.Time(e.Newest.At.In(p.s.Location)), "name", e.Newest.By)).Blank()
	if e.Active {
		card.Bar(theme.Accent, t.T("settings.document.active"))
	} else {
		card.Bar(theme.Amber, t.T("settings.document.inactive"))
	}
	card.Blank()
	p.offer(card, core.ActDocumentsEdit, "e", t.T("action."+string(core.ActDocumentsEdit)))
	p.keptNote(card, node{sectionDocuments, e.ID}, "e")
	for _, text := range e.Newest.Texts {
		card.Section(t.T("words.language." + text.Language))
		card.Item(t.T("settings.subject"), text.Subject).Blank()
		card.Paragraph(theme.Text, strings.TrimRight(text.Body, "\n"))
	}
}

// documentSheet is what the form of a document is made of.
func (p *Page) documentSheet(o venue.Overview, id core.ID) sheet {
	e, found := documentOf(o, id)
	if !found {
		e.Kind, e.Active = venue.DocumentVerification, true
	}
	values := map[string]string{"name": e.Name, "active": strconv.FormatBool(e.Active)}
	for _, language := range core.Languages() {
		for _, text := range e.Newest.Texts {
			if text.Language == language {
				values["subject."+language], values["body."+language] = text.Subject, text.Body
			}
		}
	}
	return sheet{
		name: e.Name, fields: p.documentFields(), values: values,
		variables: venue.Variables(e.Kind),
		note: func(*form) (string, bool) {
			return p.s.Text.T("settings.note.document", "n", p.s.Text.Number(int(e.Edition)+1),
				"language", p.s.Text.T("words.language."+o.Institution.Language)), false
		},
		save: func(f *form) saving {
			draft := documentDraft(f)
			return func(ctx context.Context, req core.Request) (core.Receipt, error) {
				return p.settings.SaveDocument(ctx, req, id, e.Version, draft)
			}
		},
	}
}

// bodyRows is the height of a text being written.
const bodyRows = 12

func (p *Page) documentFields() []component.Field {
	t := p.s.Text
	fields := []component.Field{
		{Name: "name", Label: t.T("settings.name"), Required: true, Max: core.MaxName, Hint: t.T("settings.document.name.hint")},
		{Name: "active", Label: t.T("settings.document.switch"), Kind: component.FieldToggle, Hint: t.T("settings.document.switch.hint")},
	}
	for _, l := range core.Languages() {
		fields = append(fields,
			component.Field{Label: t.T("words.language." + l), Kind: component.FieldHeading},
			component.Field{Name: "subject." + l, Label: t.T("settings.subject"), Max: core.MaxSubject},
			component.Field{
				Name: "body." + l, Label: t.T("settings.body"), Kind: component.FieldLines, Max: venue.MaxBody, Rows: bodyRows,
			})
	}
	return fields
}

// documentDraft is what the form says. A language left empty is none.
func documentDraft(f *form) venue.DocumentDraft {
	d := venue.DocumentDraft{Name: f.Value("name"), Active: f.On("active")}
	for _, l := range core.Languages() {
		d.Texts = append(d.Texts, venue.Text{Language: l, Subject: f.Value("subject." + l), Body: f.Value("body." + l)})
	}
	return d
}

// braced is a variable as it stands in a text.
func braced(name string) string { return "{" + name + "}" }

// variablesPane lists what a text may name, beside the form.
func (p *Page) variablesPane(names []string, width, height int) []string {
	card := p.look().Detail(width)
	card.Title(p.s.Text.T("settings.variables"), "").Blank()
	for _, name := range names {
		card.Paragraph(theme.Accent, braced(name)).Paragraph(theme.Muted, p.s.Text.T("settings.variable."+name))
	}
	card.Blank().Paragraph(theme.Muted, p.s.Text.T("settings.variables.braces"))
	return card.Lines(0, height)
}

// variableHint lists them in a line, where there is no room beside the form.
func (p *Page) variableHint(names []string) string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = braced(name)
	}
	return p.s.Text.T("settings.variables.hint", "names", strings.Join(all, " "))
}
