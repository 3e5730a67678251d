package settings

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/core/venue"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// keyPreview shows the mail that is being written, in the whole width.
const keyPreview = "ctrl+r"

func (p *Page) previewKeys(*form) []action.Action {
	return []action.Action{{Label: "settings.preview.show", Keys: []string{keyPreview}, Typing: true, Run: p.openPreview}}
}

func (p *Page) openPreview() tea.Cmd {
	p.enter(modePreview)
	return nil
}

func (p *Page) leavePreview() tea.Cmd {
	if p.mode == modePreview {
		p.enter(modeForm)
	}
	return nil
}

// written is the mail of the language being edited, filled with sample values.
type written struct {
	language      string
	subject, body string
	before        string // the body up to the cursor, where it is in the body
}

// write fills what the form says.
func (p *Page) write(f *form, kind venue.DocumentKind) written {
	w := written{language: p.view.Institution.Language}
	part, language, text := strings.Cut(f.Focused(), ".")
	if text {
		w.language = language
	}
	values := p.sampleValues(kind)
	w.subject = venue.Fill(f.Value("subject."+w.language), values)
	w.body = venue.Fill(f.Value("body."+w.language), values)
	if part == "body" {
		w.before = venue.Fill(f.Before(), values)
	}
	return w
}

// sampleValues are those that a sample mail would be filled with.
func (p *Page) sampleValues(kind venue.DocumentKind) map[string]string {
	values := venue.Samples(kind, p.view.Institution)
	if _, named := values["point-of-sale"]; named && len(p.view.PointsOfSale) > 0 {
		values["point-of-sale"] = p.view.PointsOfSale[0].Name
	}
	return values
}

// previewHead is how many lines stand above the body of a preview.
const previewHead = 4

// preview draws a mail as its reader gets it.
func (p *Page) preview(w written, width int) *component.Detail {
	t := p.s.Text
	card := p.look().Detail(width)
	card.Title(t.T("settings.preview"), t.T("words.language."+w.language)).Blank()
	if w.subject == "" && strings.TrimSpace(w.body) == "" {
		other := t.T("words.language." + p.view.Institution.Language)
		if w.language == p.view.Institution.Language {
			return card.Paragraph(theme.Muted, t.T("settings.preview.empty"))
		}
		return card.Paragraph(theme.Muted, t.T("settings.preview.none", "language", other))
	}
	subject := w.subject
	if subject == "" {
		subject = p.s.Theme.Signs.Absent
	}
	card.Paragraph(theme.Strong, subject).Blank()
	return card.Paragraph(theme.Text, strings.TrimRight(w.body, "\n"))
}

// previewPane is the mail beside its form. It shows the place that is being
// written.
func (p *Page) previewPane(f *form, kind venue.DocumentKind, width, height int) []string {
	w := p.write(f, kind)
	row := previewHead + len(safetext.Wrap(w.before, max(1, min(width, component.ReadMost)-3)))
	return p.preview(w, width).Lines(row-height/2, height)
}

// previewCard is the mail in the whole width.
func (p *Page) previewCard(width int) *component.Detail {
	kind := documentKind(p.form.Value("kind"))
	if e, found := documentOf(p.view, p.form.node.id); found {
		kind = e.Kind
	}
	return p.preview(p.write(p.form, kind), width)
}

// languages are those an edition has, in words.
func (p *Page) languages(e venue.Edition) string {
	var all []string
	for _, l := range core.Languages() {
		for _, text := range e.Texts {
			if text.Language == l {
				all = append(all, p.s.Text.T("words.language."+l))
			}
		}
	}
	return strings.Join(all, ", ")
}
