package settings

import (
	"context"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/venue"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

func (p *Page) documentsPart() part {
	return part{
		title:  "settings.documents",
		create: core.ActDocumentsCreate, edit: core.ActDocumentsEdit,
		list: func(v *reading) []thing {
			var all []thing
			for _, e := range v.Documents {
				all = append(all, thing{e.ID, e.Name, p.active(e.Active)})
			}
			return all
		},
		card: p.documentCard, sheet: p.documentSheet, keys: p.documentKeys,
	}
}

// documentKeys are those of a document beside edit. In its detail enter goes on
// to its editions.
func (p *Page) documentKeys(id core.ID) []action.Action {
	if id == 0 {
		return nil
	}
	var all []action.Action
	if p.mode == modeDetail {
		all = append(all, action.Key("settings.editions.open", p.openEditions, "enter", "right"))
	}
	return append(all, p.permitted(action.Action{ID: core.ActDocumentsSample, Keys: []string{"t"}, Run: p.askSample}))
}

// documentCard is what is known of a document: its editions, and the newest in
// full.
func (p *Page) documentCard(card *component.Detail, id core.ID) {
	t := p.s.Text
	e, _ := documentOf(p.view, id)
	card.Title(e.Name, p.active(e.Active).Text).Blank()
	card.Item(t.T("settings.kind"), t.T("settings.kind."+e.Kind.String()))
	p.editionItems(card, e)
	card.Blank()
	if e.Active {
		card.Bar(theme.Accent, t.T("settings.document.active."+e.Kind.String()))
	} else {
		card.Bar(theme.Amber, t.T("settings.document.inactive"))
	}
	card.Blank()
	p.offer(card, core.ActDocumentsEdit, "e")
	if p.s.Allows(core.ActDocumentsSample) {
		p.offer(card, core.ActDocumentsSample, "t")
	}
	p.keptNote(card, node{sectionDocuments, e.ID}, "e")
	p.texts(card, e.Newest)
}

// texts are an edition's, in every language it has.
func (p *Page) texts(card *component.Detail, e venue.Edition) {
	for _, text := range e.Texts {
		card.Section(p.s.Text.T("words.language." + text.Language))
		card.Item(p.s.Text.T("settings.subject"), text.Subject).Blank()
		card.Paragraph(theme.Text, strings.TrimRight(text.Body, "\n"))
	}
}

// documentSheet is what the form of a document is made of.
func (p *Page) documentSheet(v *reading, id core.ID) sheet {
	e, found := documentOf(v, id)
	values := textValues(e.Newest)
	values["name"], values["active"] = e.Name, strconv.FormatBool(e.Active || !found)
	values["kind"] = venue.DocumentVerification.String()
	if found {
		values["kind"] = p.s.Text.T("settings.kind." + e.Kind.String())
	}
	kind := func(f *form) venue.DocumentKind {
		if found {
			return e.Kind
		}
		return documentKind(f.Value("kind"))
	}
	return sheet{
		title: p.titleOf(found, e.Name, core.ActDocumentsCreate), fields: p.documentFields(found), values: values,
		note: func(*form) (string, bool) {
			return p.s.Text.T("settings.note.document", "n", p.s.Text.Number(int(e.Edition)+1),
				"language", p.s.Text.T("words.language."+v.Institution.Language)), false
		},
		follow: func(f *form) { p.offerVariables(f, kind(f)) },
		fit:    fitTexts,
		hint:   func(f *form) string { return p.variableHint(f, kind(f)) },
		keys:   p.previewKeys,
		beside: func(f *form, width, height int) []string { return p.previewPane(f, kind(f), width, height) },
		save: func(f *form) saving {
			draft := documentDraft(f)
			draft.Kind = kind(f)
			return func(ctx context.Context, req core.Request) (core.Receipt, error) {
				return p.settings.SaveDocument(ctx, req, id, e.Version, draft)
			}
		},
	}
}

// textValues are an edition's texts by the fields of the form.
func textValues(e venue.Edition) map[string]string {
	values := map[string]string{}
	for _, l := range core.Languages() {
		values["subject."+l], values["body."+l] = "", ""
	}
	for _, text := range e.Texts {
		values["subject."+text.Language], values["body."+text.Language] = text.Subject, text.Body
	}
	return values
}

func documentKind(key string) venue.DocumentKind {
	for _, k := range venue.DocumentKinds() {
		if k.String() == key {
			return k
		}
	}
	return 0
}

const (
	bodyRows   = 12 // the least height of a text being written
	otherLines = 10 // of the form beside its texts
)

// fitTexts shares what room is left among the texts.
func fitTexts(f *form, height int) {
	for _, l := range core.Languages() {
		f.Change("body."+l, func(field *component.Field) {
			field.Rows = max(bodyRows, (height-otherLines)/len(core.Languages()))
		})
	}
}

// documentFields are the form's. The kind is chosen once.
func (p *Page) documentFields(found bool) []component.Field {
	t := p.s.Text
	name, kind := p.field("name", component.FieldText), p.field("kind", component.FieldChoice)
	name.Hint = t.T("settings.document.name.hint")
	if kind.Hint = t.T("settings.document.kind.hint"); found {
		kind.Kind, kind.Hint = component.FieldShown, ""
	} else {
		for _, k := range venue.DocumentKinds() {
			kind.Options = append(kind.Options, component.Option{Key: k.String(), Label: t.T("settings.kind." + k.String())})
		}
	}
	fields := []component.Field{name, kind, {
		Name: "active", Label: t.T("settings.document.switch"), Kind: component.FieldToggle, Hint: t.T("settings.document.switch.hint"),
	}}
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

// offerVariables lets the texts name the variables of a kind, and no others.
func (p *Page) offerVariables(f *form, kind venue.DocumentKind) {
	names := venue.Variables(kind)
	options := make([]component.Option, len(names))
	for i, name := range names {
		options[i] = component.Option{Key: name, Label: braced(name), Hint: p.s.Text.T("settings.variable." + name)}
	}
	for _, field := range f.fields {
		if _, _, text := strings.Cut(field.Name, "."); text {
			f.Change(field.Name, func(field *component.Field) {
				field.Variables = options
				field.Watch = func(typed string) error { return venue.CheckVariables(typed, kind) }
			})
		}
	}
}

// braced is a variable as it stands in a text.
func braced(name string) string { return "{" + name + "}" }

// variableHint lists the variables while a text has the keyboard.
func (p *Page) variableHint(f *form, kind venue.DocumentKind) string {
	if _, _, text := strings.Cut(f.Focused(), "."); !text {
		return ""
	}
	return p.s.Text.T("settings.variables.hint", "names", strings.Join(allBraced(venue.Variables(kind)), " "))
}

func allBraced(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = braced(name)
	}
	return all
}

// documentDraft is what the form says. A language left empty is none.
func documentDraft(f *form) venue.DocumentDraft {
	d := venue.DocumentDraft{Name: f.Value("name"), Active: f.On("active")}
	for _, l := range core.Languages() {
		d.Texts = append(d.Texts, venue.Text{Language: l, Subject: f.Value("subject." + l), Body: f.Value("body." + l)})
	}
	return d
}

// sampled is the answer to a sample mail.
type sampled struct {
	prompt *prompt
	to     string
}

// askSample asks where to send a sample of the newest edition, and in which of
// its languages.
func (p *Page) askSample() tea.Cmd {
	e, found := documentOf(p.view, p.selected().id)
	if !found {
		return nil
	}
	first := ""
	for _, text := range e.Newest.Texts {
		if first == "" || text.Language == p.view.Institution.Language {
			first = text.Language
		}
	}
	asked := p.ways(
		func() string {
			return p.s.Text.T("settings.sample.ask", "name", e.Name, "n", p.s.Text.Number(int(e.Edition)))
		},
		func() []component.Field { return []component.Field{p.languageOf(e.Newest)} })
	asked.id, asked.label = core.ActDocumentsSample, "settings.sample.send"
	asked.Fill(map[string]string{"language": first, "to": p.s.Address})
	asked.send = func(to string) tea.Cmd { return p.sendSample(asked, e.ID, asked.Value("language"), to) }
	return p.openPrompt(asked)
}

// languageOf chooses one of an edition's languages, where there are several.
func (p *Page) languageOf(e venue.Edition) component.Field {
	language := component.Field{
		Name: "language", Label: p.s.Text.T("settings.language"), Kind: component.FieldChoice, Hidden: len(e.Texts) < 2,
	}
	for _, text := range e.Texts {
		language.Options = append(language.Options, component.Option{
			Key: text.Language, Label: p.s.Text.T("words.language." + text.Language),
		})
	}
	return language
}

func (p *Page) sendSample(asked *prompt, document core.ID, language, to string) tea.Cmd {
	asked.busy = true
	return p.s.Do(p.Key(), 0, func(ctx context.Context, req core.Request) (any, error) {
		_, err := p.settings.SendSample(ctx, req, document, language, to)
		return sampled{asked, to}, err
	})
}

// takeSampled tells where the sample went, and where to look for it (R89).
func (p *Page) takeSampled(done sampled, err error) {
	done.prompt.busy = false
	if err != nil {
		p.promptRefused(done.prompt, err)
		return
	}
	p.closePrompt(done.prompt)
	key := "settings.sample.sent"
	if p.s.Captured {
		key = "settings.sample.captured"
	}
	p.said = said{text: p.s.Text.T(key, "address", done.to)}
}
