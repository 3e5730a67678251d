package notices

import (
	"willcall/core/activity"
	"willcall/ui/component"
	"willcall/ui/theme"
)

// columns are those of the list: unread or not, when, and as much of the
// sentence as there is room for.
func (p *Page) columns() []component.Column {
	return []component.Column{{Width: whenWidth}, {Width: 20, Grow: 1}}
}

const whenWidth = 13 // cells of the sign and of a day with its year

const blank = " " // in the place of a sign

// row is a notice in the list.
func (p *Page) row(n activity.NoticeEntry) component.Row {
	sign, when, what := blank, theme.Muted, theme.Muted
	if n.Read.IsZero() {
		sign, when, what = p.s.Theme.Signs.Unread, theme.Accent, theme.Strong
	}
	return component.Row{ID: n.ID, Cells: []component.Cell{
		{Text: p.s.ClockOrDay(n.At), Token: when, Sign: sign},
		{Text: p.sentence(n), Token: what},
	}}
}

// sentence is what a notice says. What it names is untrusted.
func (p *Page) sentence(n activity.NoticeEntry) string { return p.s.Text.Notice(n.Notice, n.Count) }

// look is what components draw with.
func (p *Page) look() component.Look { return component.Look{Theme: p.s.Theme, Text: p.s.Text} }

// roomyList is the height from which a blank line sets the selected notice off
// from the list.
const roomyList = 12

// Render implements [session.Page]: the list, and below it the selected notice
// in full.
func (p *Page) Render(width, height int) []string {
	k := p.look()
	foot := p.foot(k, width)
	if len(foot) > 0 && height >= roomyList {
		foot = append([]string{k.Rule(width)}, foot...)
	}
	foot = foot[:min(len(foot), max(0, height/2))]
	return append(p.list.Render(k, width, height-len(foot)), foot...)
}

// foot is the selected notice in full, or why the last act failed.
func (p *Page) foot(k component.Look, width int) []string {
	if p.said != "" {
		return k.Bar(theme.Red, p.said, width)
	}
	n, ok := p.current()
	if !ok {
		return nil
	}
	t := p.s.Text
	card := k.Detail(width)
	card.Paragraph(theme.Text, p.sentence(n))
	card.Paragraph(theme.Muted, t.T("notices.at", "time", t.Time(n.At.In(p.s.Location)), "ago", t.Ago(p.s.Now().Sub(n.At))))
	if reason := p.elsewhere(); reason != "" {
		card.Paragraph(theme.Amber, reason)
	}
	return card.Lines(0, card.Len())
}
