package settings

import (
	"strings"

	"willcall/ui/component"
	"willcall/ui/theme"
)

// formPanes draws the form, between the tree and what it makes where there is
// room for either.
func (p *Page) formPanes(width, height int) []string {
	k, f := p.look(), p.form
	left, right := p.panes(width)
	p.formX = 0
	if right == 0 {
		return f.render(p, width, height)
	}
	if f.beside != nil {
		left, right = halves(width)
		return k.Beside(f.render(p, left, height), f.beside(f, right, height))
	}
	p.formX = left + 1
	p.tree.Focused = false
	return k.Beside(p.tree.Render(k, left, height), f.render(p, right, height))
}

// halves shares the width equally; the rule between them takes one cell.
func halves(width int) (left, right int) {
	left = (width - 1) / 2
	return left, width - 1 - left
}

// roomyForm is the height from which blank lines set a form off from its title
// and its foot.
const roomyForm = 15

// render draws the form below its title.
func (f *form) render(p *Page, width, height int) []string {
	k := p.look()
	head := []string{k.FormTitle(f.title, f.keeping.Since(f.Unkept().Typed), width)}
	var foot []string
	if f.Resting = p.mode != modeForm; !f.Resting { // else the page asks something there
		foot = f.foot(k, width, height/3, height >= roomyForm && !f.Open())
	}
	if height >= roomyForm {
		head = append(head, k.Line(width).String())
		foot = append([]string{k.Line(width).String()}, foot...)
	}
	if f.fit != nil {
		f.fit(f, height-len(head)-len(foot))
	}
	f.head = len(head)
	return append(append(head, f.Render(k, width, height-len(head)-len(foot))...), foot...)
}

// foot says what saving will do, or that it is under way, always in sight; with
// room also what the field with the keyboard may hold. It takes most lines at
// most.
func (f *form) foot(k component.Look, width, most int, roomy bool) []string {
	if f.busy {
		return k.Bar(theme.Accent, k.Text.T("settings.saving"), width)
	}
	text, alarm := f.note(f)
	token := theme.Accent
	if alarm {
		token = theme.Amber
	}
	lines := barWithin(k, token, text, width, most)
	if !roomy || f.hint == nil || f.hint(f) == "" {
		return lines
	}
	hint := k.Detail(width).Paragraph(theme.Muted, f.hint(f))
	lines = append(hint.Lines(0, hint.Len()), lines...)
	return lines[:min(len(lines), most)]
}

// barWithin is a bar of so many lines at most: as many of the text's sentences as
// fit, or of the first one as many words, and a mark that it goes on.
func barWithin(k component.Look, token theme.Token, text string, width, most int) []string {
	const end = ". "
	lines := k.Bar(token, text, width)
	for mark := ""; len(lines) > most; lines = k.Bar(token, text+mark, width) {
		if at := strings.LastIndex(text, end); at > 0 {
			text = text[:at+1]
			continue
		}
		at := strings.LastIndexByte(text, ' ')
		if at < 0 {
			return lines[:most]
		}
		text, mark = text[:at], k.Theme.Signs.More
	}
	return lines
}
