package captured

import (
	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/mail"
	"willcall/core/safetext"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// mostCopies is how many links and codes stand on top of a message.
const mostCopies = 4

// find is a link or a code that can be copied.
type find struct {
	label string // a key of the catalogue
	value string // what is copied, untrusted
	shown string // how it is read best
}

// copies are what was found in a message.
type copies struct{ finds []find }

// copiesOf puts the first link first, then the codes, then what else fits. A
// masked message has none (R89).
func copiesOf(m mail.Message) copies {
	if m.Masked {
		return copies{} // what is left of them is of no use
	}
	var links, all []find
	for _, l := range m.Links {
		links = append(links, find{"captured.link", l, l})
	}
	if len(links) > 0 {
		all, links = append(all, links[0]), links[1:]
	}
	for _, code := range m.Codes {
		all = append(all, find{"captured.code", code, grouped(code)})
	}
	all = append(all, links...)
	return copies{finds: all[:min(len(all), mostCopies)]}
}

// grouped parts a code of six or eight digits in the middle.
func grouped(code string) string {
	if len(code) != 6 && len(code) != 8 {
		return code
	}
	return code[:len(code)/2] + " " + code[len(code)/2:]
}

// besideLabel is what a card's label and its margins take at most.
const besideLabel = 18

// draw lists what was found, with the key at what it copies next. What is too
// long to stand beside its label stands below, where less of it is broken.
func (c copies) draw(p *Page, card *component.Detail, width int) {
	next := p.copying.Next(p.shownRef(), c.values(p))
	for i, f := range c.finds {
		label := p.s.Text.T(f.label)
		if safetext.Width(safetext.Line(f.shown)) > width-besideLabel {
			card.Paragraph(theme.Muted, label).Paragraph(theme.Strong, f.shown)
		} else {
			card.Toned(label, theme.Strong, f.shown)
		}
		if i == next {
			card.Key("c", p.s.Text.T("component.copy"))
		}
	}
	if len(c.finds) > 0 {
		card.Blank()
	}
}

// values are what can be copied.
func (c copies) values(p *Page) []component.Copyable {
	all := make([]component.Copyable, len(c.finds))
	for i, f := range c.finds {
		all[i] = component.Copyable{What: p.s.Text.T(f.label), Value: f.value}
	}
	return all
}

func (p *Page) shownRef() core.Ref { return core.Ref{Kind: core.KindCaptured, ID: core.ID(p.seq)} }

// copyAction copies a value; pressed again it goes on to the next one.
func (p *Page) copyAction() action.Action {
	a := action.Key("component.copy", func() tea.Cmd { return p.copying.Take(p.shownRef(), p.copies.values(p)) }, "c")
	switch {
	case p.message != nil && p.message.Masked:
		a.Disabled = p.s.Text.T("captured.masked")
	case len(p.copies.finds) == 0:
		a.Disabled = p.s.Text.T("captured.nothing-to-copy")
	}
	return a
}

// foot shows what was copied, unless the message is masked by now (R89).
func (p *Page) foot(width int) []string {
	if p.message != nil && p.message.Masked {
		return nil
	}
	return p.copying.Foot(p.look(), p.shownRef(), width)
}
