package signin

import (
	"slices"
	"strings"

	"willcall/core/safetext"
	"willcall/ui/component"
	"willcall/ui/theme"
)

const (
	columnMost  = 58 // cells of the column in the middle
	columnLines = 12 // lines of it, about: whatever is said, its head stays where it is
	margin      = 3  // cells before a form's labels
	wayGap      = 3  // cells between the names of ways
)

// Render implements [session.Page]: a column in the middle, a third down.
func (p *Page) Render(width, height int) []string {
	k := component.Look{Theme: p.s.Theme, Text: p.s.Text}
	column := min(columnMost, width)
	left := (width - column) / 2
	lines, form := p.column(k, column, height)
	top := max(0, min((height-columnLines)/3, height-len(lines)))
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
// the line on which the fields begin. Where there is little room the fields and
// what is said of them stay: the help line has the ways too.
func (p *Page) column(k component.Look, width, height int) (lines []string, form int) {
	head := []string{k.Line(width).Gap(margin).Text(theme.Strong, k.Text.T("signin.product")).String()}
	fields := p.form.Render(k, width, min(height, p.form.Needs(k, width)))
	said, ways, hint := p.saying(k, width), p.drawWays(k, width), p.hint(k, width)
	for _, part := range []*[]string{&ways, &head} {
		if count(head, fields, said, ways, hint) > height {
			*part = nil
		}
	}
	parts := [][]string{head, fields, said, ways, hint}
	air := count(parts...)+len(parts) <= height
	for i, part := range parts {
		if air && i > 0 && len(part) > 0 {
			lines = append(lines, k.Line(width).String())
		}
		if i == 1 {
			form = len(lines)
		}
		lines = append(lines, part...)
	}
	return k.Clip(lines, width, height), form
}

func count(parts ...[]string) int { return len(slices.Concat(parts...)) }

// saying is what is expected, what is going on, or why it failed, always in the
// same place.
func (p *Page) saying(k component.Look, width int) []string {
	switch {
	case p.busy != "":
		return k.Bar(theme.Accent, k.Text.T(p.busy), width)
	case p.refused != nil:
		return k.Bar(theme.Error, k.Text.Error(p.refused), width)
	case p.missing != "":
		return k.Bar(theme.Amber, k.Text.T(p.missing), width)
	case p.said != "":
		return k.Bar(theme.Accent, k.Text.T(p.said, "from", p.clock(k)), width)
	}
	said := k.Text.T("signin.expected." + string(p.step))
	if p.step == stepCode && p.captured {
		said = k.Text.T("signin.expected.code.captured")
	}
	if p.form.Focused() == fieldRemember {
		said = k.Text.T("signin.expected.remember")
	}
	if p.step == stepMail && !p.again.IsZero() {
		said = k.Text.T("signin.expected.mail.again", "from", p.clock(k))
	}
	return k.Bar(theme.Muted, said, width)
}

// drawWays names the present way and the others there are.
func (p *Page) drawWays(k component.Look, width int) (lines []string) {
	ring := p.ring()
	if len(ring) == 0 || p.busy != "" {
		return nil
	}
	line := k.Line(width).Gap(margin)
	for _, way := range ring {
		name, token := k.Text.T(wayLabel(way)), theme.Muted
		if way == p.step {
			token = theme.Strong
		}
		if safetext.Width(name) > line.Left() {
			lines = append(lines, line.String())
			line = k.Line(width).Gap(margin)
		}
		line.Text(token, name).Gap(min(wayGap, line.Left()))
	}
	return append(lines, line.String())
}

// clock is from when a code can be mailed once more, with its zone: before the
// sign-in no institution says which one people go by.
func (p *Page) clock(k component.Look) string {
	if p.again.IsZero() {
		return ""
	}
	at := p.again
	if p.s.Location != nil {
		at = at.In(p.s.Location)
	}
	return k.Text.Clock(at) + " " + at.Format("MST")
}

func (p *Page) hint(k component.Look, width int) []string {
	if p.s.Hint == nil || p.step != stepAddress && p.step != stepPassword {
		return nil
	}
	return k.Bar(theme.Accent, p.s.Hint(p.s.Text), width)
}

// Cursor implements [session.Page].
func (p *Page) Cursor() (x, y int, shown bool) {
	x, y, shown = p.form.Cursor()
	return x + p.x, y + p.y, shown && p.busy == ""
}
