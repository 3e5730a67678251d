package captured

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

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

// copies are what was found in a message, and which of it is copied next.
type copies struct {
	finds  []find
	next   int
	copied string // the newest value copied; empty for none
}

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
	for i, f := range c.finds {
		label := p.s.Text.T(f.label)
		if safetext.Width(safetext.Line(f.shown)) > width-besideLabel {
			card.Paragraph(theme.Muted, label).Paragraph(theme.Strong, f.shown)
		} else {
			card.Toned(label, theme.Strong, f.shown)
		}
		if i == c.next {
			card.Key("c", p.s.Text.T("captured.copy"))
		}
	}
	if len(c.finds) > 0 {
		card.Blank()
	}
}

func (p *Page) copyAction() action.Action {
	a := p.key("captured.copy", p.copyNext, "c")
	switch {
	case p.message != nil && p.message.Masked:
		a.Disabled = p.s.Text.T("captured.masked")
	case len(p.copies.finds) == 0:
		a.Disabled = p.s.Text.T("captured.nothing-to-copy")
	}
	return a
}

// copyNext asks the terminal to take a value into its clipboard (OSC 52).
// Pressed again it goes on to the next one.
func (p *Page) copyNext() tea.Cmd {
	c := &p.copies
	if len(c.finds) == 0 {
		return nil
	}
	c.copied = c.finds[c.next].value
	c.next = (c.next + 1) % len(c.finds)
	return tea.SetClipboard(c.copied)
}

// foot shows what was copied bare on lines of its own, from the first cell on:
// no terminal tells whether it took it, so it can be selected there as well.
func (p *Page) foot(width int) []string {
	if p.copies.copied == "" {
		return nil
	}
	k := p.look()
	lines := k.Bar(theme.Accent, p.s.Text.T("captured.copied"), width)
	for _, part := range strings.Split(ansi.Hardwrap(p.copies.copied, width, true), "\n") {
		lines = append(lines, k.Line(width).Text(theme.Strong, part).String())
	}
	return lines
}
