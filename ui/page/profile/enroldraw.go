package profile

import (
	"strings"

	"willcall/ui/component"
	"willcall/ui/theme"
)

const (
	enrolText = 36 // cells that the text beside a QR code has at least
	enrolLeft = 1  // blank cells before the code
	keyCells  = 20 // cells of a line of the key: four groups
	fieldRows = 7  // lines of the field at most, with why its code was refused
)

// enrolScreen is the code on the left, and on the right what to do, in three
// steps.
func (p *Page) enrolScreen(width, height int) []string {
	code := p.drawnCode(width, height)
	if code == nil {
		return p.enrolColumn(0, width, height)
	}
	cells, _, _ := p.enrol.code.Size(width-enrolText-enrolLeft, height)
	left := enrolLeft + cells
	text := p.enrolColumn(left, width-left, height)
	top := min(1, height-len(code))
	lines := make([]string, height)
	for y := range lines {
		lines[y] = p.look().Line(left).String() + text[y]
		if at := y - top; at >= 0 && at < len(code) {
			lines[y] = strings.Repeat(" ", enrolLeft) + code[at] + text[y]
		}
	}
	return lines
}

// drawnCode is the QR code, nil where it doesn't fit.
func (p *Page) drawnCode(width, height int) []string {
	if p.enrol.code == nil {
		return nil
	}
	return p.enrol.code.Render(p.look(), width-enrolText-enrolLeft, height)
}

// enrolColumn is the text, as much of it as there is room for, above the field,
// which is always in sight.
func (p *Page) enrolColumn(left, width, height int) []string {
	k, e := p.look(), p.enrol
	field := e.form.Fitted(k, width, max(1, min(fieldRows, height-2)))
	foot := e.copies.Foot(k, p.self(), width)
	foot = foot[:min(len(foot), max(0, height-len(field)-2))]
	missing := ""
	if left == 0 {
		missing = p.noCode(width, height)
	}
	text := p.steps(width, max(0, height-len(field)-len(foot)-1), missing)
	e.x, e.y = left, len(text)
	lines := append(append(text, field...), k.Line(width).String())
	lines = append(lines, foot...)
	for len(lines) < height {
		lines = append(lines, k.Line(width).String())
	}
	return lines[:height]
}

// steps is the fullest text that fits; the key is in each.
func (p *Page) steps(width, height int, missing string) []string {
	for _, of := range []func(int, string, bool) *component.Detail{p.fullSteps, p.briefSteps} {
		for _, airy := range []bool{true, false} {
			if card := of(width, missing, airy); card.Len() <= height {
				return card.Lines(0, card.Len())
			}
		}
	}
	card := p.look().Detail(width)
	p.keyLines(card)
	return card.Lines(0, min(card.Len(), height))
}

// fullSteps are the three steps, and why they are to be done now.
func (p *Page) fullSteps(width int, missing string, airy bool) *component.Detail {
	t, card := p.s.Text, p.look().Detail(width)
	air := func() {
		if airy {
			card.Blank()
		}
	}
	card.Title(t.T("profile.enrol"), "")
	air()
	if p.s.Walled {
		card.Bar(theme.Amber, t.T("profile.enrol.why"))
		air()
	}
	card.Labels(1).Item("1", t.T("profile.enrol.step.1"))
	air()
	second := "profile.enrol.step.2"
	if missing != "" {
		second = "profile.enrol.step.2.by-hand"
	}
	card.Item("2", t.T(second))
	p.keyLines(card)
	if missing != "" {
		card.Toned("", theme.Muted, missing)
	}
	air()
	clock := t.Clock(p.enrol.Expires.In(p.s.Location))
	card.Item("3", t.T("profile.enrol.step.3", "time", clock))
	air()
	if p.mailMeets() {
		card.Key("e", t.T("profile.enrol.by-mail"))
		air()
	}
	return card
}

// briefSteps is what a small window has room for.
func (p *Page) briefSteps(width int, missing string, airy bool) *component.Detail {
	card := p.look().Detail(width)
	if airy {
		card.Title(p.s.Text.T("profile.enrol"), "")
	}
	p.keyLines(card.Labels(1))
	if missing != "" {
		card.Paragraph(theme.Muted, missing)
	}
	return card
}

// keyLines are the key in groups of four, four groups a line.
func (p *Page) keyLines(card *component.Detail) {
	card.Labels(1)
	for key := groups(p.enrol.Secret); key != ""; {
		line := key[:min(keyCells, len(key))]
		key = key[len(line):]
		card.Toned("", theme.Strong, strings.TrimSpace(line))
	}
}

// noCode says why there is no QR code, and what would help.
func (p *Page) noCode(width, height int) string {
	t := p.s.Text
	if _, can := p.s.Theme.Prints(); !can || p.enrol.code == nil {
		return t.T("profile.enrol.no-code")
	}
	cells, lines := p.enrol.code.Needs()
	columns, rows := max(0, cells+enrolLeft+enrolText-width), max(0, lines-height)
	switch {
	case rows == 0:
		return t.N("profile.enrol.wider", columns)
	case columns == 0:
		return t.N("profile.enrol.higher", rows)
	}
	return t.T("profile.enrol.larger", "columns", t.Number(columns), "rows", t.Number(rows))
}
