package console

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/theme"
)

const (
	headerLeft  = 2  // blank cells before everything, as in the line of tabs
	headerRight = 1  // and after it
	headerFree  = 2  // between what stands left and right, at least
	headerGap   = 3  // between parts
	nameMost    = 40 // cells of one name
	tightest    = 5  // the shortest form of the header
)

// part is a piece of the header.
type part struct {
	token theme.Token
	text  string
	gap   int             // blank cells before it
	sign  bool            // one of the theme's signs, of one cell
	to    session.PageKey // what a click on it opens, or nothing
}

func (p part) cells() int {
	if p.sign {
		return p.gap + 1
	}
	return p.gap + shownCells(p.text)
}

func (p part) onto(line *component.Line) {
	line.Gap(p.gap)
	if p.sign {
		line.Sign(p.token, p.text, 1)
		return
	}
	line.Text(p.token, p.text)
}

// shownCells counts the cells that a line takes for untrusted text.
func shownCells(s string) int {
	cells := safetext.Width(safetext.Line(s))
	if strings.HasSuffix(safetext.Fit(s, cells+1), safetext.Barrier) {
		return cells + 1
	}
	return cells
}

// header says which product, which house, what to know, and who is at work. It
// is drawn in the fullest form that fits.
func (r *Root) header(k component.Look) string {
	left, right := r.headed(k)
	return compose(k, left, right, r.width)
}

func (r *Root) headed(k component.Look) (left, right []part) {
	for form := 0; ; form++ {
		left, right = r.place(k, form), r.person(k, form)
		free := r.width - headerLeft - headerRight - cellsOf(left) - cellsOf(right)
		if free >= headerFree || form == tightest {
			return left, right
		}
	}
}

// clickHeader opens the page that a part of the header stands for.
func (r *Root) clickHeader(x int) tea.Cmd {
	if r.asked() || r.s.Walled {
		return nil
	}
	_, right := r.headed(r.with())
	end := r.width - headerRight - cellsOf(right)
	for _, p := range right {
		begin := end + p.gap
		end += p.cells()
		if x >= begin && x < end && p.to != "" && p.to != r.front {
			return r.travel(session.Go{Page: p.to})
		}
	}
	return nil
}

func cellsOf(parts []part) int {
	cells := 0
	for _, p := range parts {
		cells += p.cells()
	}
	return cells
}

func compose(k component.Look, left, right []part, width int) string {
	line := k.Line(width).Gap(headerLeft)
	for _, p := range left {
		p.onto(line)
	}
	line.Skip(min(cellsOf(right)+headerRight, line.Left()-1))
	for _, p := range right {
		p.onto(line)
	}
	return line.String()
}

// place names the product, the institution and, in the fullest form, the
// organisation.
func (r *Root) place(k component.Look, form int) []part {
	parts := []part{{token: theme.Header, text: Title}}
	if form >= 4 || r.s.Institution == "" {
		return parts
	}
	parts = append(parts, part{token: theme.Text, text: safetext.Cut(r.s.Institution, nameMost), gap: headerGap})
	if form >= 1 || r.s.Organisation == "" {
		return parts
	}
	return append(parts,
		part{token: theme.Muted, text: k.Theme.Signs.Into, gap: 1, sign: true},
		part{token: theme.Text, text: safetext.Cut(r.s.Organisation, nameMost), gap: 1})
}

// person says what is special now, and who is at work in which role.
func (r *Root) person(k component.Look, form int) []part {
	parts := r.notices(k, form)
	parts = append(parts, part{token: theme.Text, text: safetext.Cut(r.s.Operator, nameMost/2), gap: gapAfter(parts), to: session.PageProfile})
	if form >= 3 || r.s.Role == core.RoleNone {
		return parts
	}
	return append(parts,
		part{token: theme.Muted, text: k.Theme.Signs.Dot, gap: 1, sign: true},
		part{token: theme.Muted, text: k.Text.T("words.role." + r.s.Role.String()), gap: 1})
}

func gapAfter(parts []part) int {
	if len(parts) == 0 {
		return 0
	}
	return headerGap
}
