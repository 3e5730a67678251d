package signin

import (
	"strings"

	"willcall/ui/component"
	"willcall/ui/theme"
)

const (
	columnMost = 58 // cells of the column in the middle
	margin     = 3  // cells before a form's labels
	formLines  = 2
)

// Render implements [session.Page]: a column in the middle, a third down.
func (p *Page) Render(width, height int) []string {
	k := component.Look{Theme: p.s.Theme, Text: p.s.Text}
	column := min(columnMost, width)
	left := (width - column) / 2
	lines, form := p.column(k, column, height)
	top := max(0, (height-len(lines))/3)
	p.x, p.y = left, top+form
	page := make([]string, 0, height)
	for i := range height {
		line := k.Line(width).String()
		if at := i - top; at >= 0 && at < len(lines) {
			line = strings.Repeat(" ", left) + lines[at] + strings.Repeat(" ", width-column-left)
		}
		page = append(page, line)
	}
	return page
}

// column draws the parts, with air between them where there is room; form is
// the line on which the fields begin.
func (p *Page) column(k component.Look, width, height int) (lines []string, form int) {
	head := []string{k.Line(width).Gap(margin).Text(theme.Strong, k.Text.T("signin.product")).String()}
	fields, said, hint := p.form.Render(k, width, formLines), p.said(k, width), p.hint(k, width)
	parts := [][]string{head, fields, said, hint}
	air := len(head)+len(fields)+len(said)+len(hint)+len(parts) <= height
	for i, part := range parts {
		if air && i > 0 && len(part) > 0 {
			lines = append(lines, k.Line(width).String())
		}
		if i == 1 {
			form = len(lines)
		}
		lines = append(lines, part...)
	}
	return lines, form
}

// said is what is expected, what is going on, or why it failed, always in the
// same place.
func (p *Page) said(k component.Look, width int) []string {
	switch {
	case p.busy:
		return k.Bar(theme.Accent, k.Text.T("signin.busy"), width)
	case p.refused != nil:
		return k.Bar(theme.Error, k.Text.Error(p.refused), width)
	}
	return k.Bar(theme.Muted, k.Text.T("signin.expected"), width)
}

func (p *Page) hint(k component.Look, width int) []string {
	if p.s.Hint == nil {
		return nil
	}
	return k.Bar(theme.Accent, p.s.Hint(p.s.Text), width)
}

// Cursor implements [session.Page].
func (p *Page) Cursor() (x, y int, shown bool) {
	x, y, shown = p.form.Cursor()
	return x + p.x, y + p.y, shown && !p.busy
}
