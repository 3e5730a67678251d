package console

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
)

// Title is the window's title. It is never made of data: Bubble Tea writes it
// to the terminal as it is.
const Title = "willcall"

// roomy is the height from which there is room for rules.
const roomy = 16

// layout is how the lines of the screen are shared out.
type layout struct {
	head  int  // lines above the page, without the rule: the header, and the tabs
	rules bool // a rule above and below the page
	page  int  // lines of the page
}

// top is the page's first line.
func (l layout) top() int {
	if l.rules && l.head > 0 {
		return l.head + 1
	}
	return l.head
}

// layout shares the screen out: header and tabs for who is signed in, the page,
// and the help line.
func (r *Root) layout() layout {
	tall, ok := r.page().(session.Tall)
	whole := ok && tall.Tall()
	l := layout{rules: r.height >= roomy && !whole}
	switch {
	case r.s.SignedIn() && whole:
		l.head = 1
	case r.s.SignedIn():
		l.head = 2
	}
	taken := l.top() + 1
	if l.rules {
		taken++
	}
	l.page = max(0, r.height-taken)
	return l
}

// with is what components are drawn with now.
func (r *Root) with() component.Look {
	return component.Look{Theme: r.s.Theme, Text: r.s.Text}
}

// View draws the screen. It reads nothing but memory, and changes nothing but
// the note of what is in the picture.
func (r *Root) View() tea.View {
	r.curtain.pictured.Store(r.curtain.count)
	v := tea.NewView("")
	v.AltScreen = true
	v.WindowTitle = Title
	v.MouseMode = r.mouse.mode()
	if r.width == 0 {
		return v
	}
	if !component.Fits(r.width, r.height) {
		v.Content = strings.Join(component.TooSmall(r.with(), r.width, r.height), "\n")
		return v
	}
	if r.locked != nil {
		lines, cursor := r.drawLock(r.with())
		v.Content, v.Cursor = strings.Join(lines, "\n"), cursor
		return v
	}
	l := r.layout()
	v.Content = strings.Join(r.lines(l), "\n")
	v.Cursor = r.cursor(l)
	return v
}

// lines draws header, tabs, page and help line.
func (r *Root) lines(l layout) []string {
	k := r.with()
	lines := make([]string, 0, r.height)
	if l.head > 0 {
		lines = append(lines, r.header(k))
	}
	if l.head > 1 {
		lines = append(lines, r.tabLine(k))
	}
	if l.head > 0 && l.rules {
		lines = append(lines, k.Rule(r.width))
	}
	lines = append(lines, r.body(k, l)...)
	if l.rules {
		lines = append(lines, k.Rule(r.width))
	}
	return append(lines, r.help(k))
}

// body is the page with what lies on top of it.
func (r *Root) body(k component.Look, l layout) []string {
	lines := r.page().Render(r.width, l.page)
	if r.dialog != nil {
		lines = r.dialog.draw(k).Over(k, lines, r.width)
	}
	return r.toasts.Over(k, lines, r.width)
}

func (r *Root) tabLine(k component.Look) string {
	if r.s.Walled {
		return r.wallLine(k)
	}
	labels, front := r.tabs(k)
	return component.Tabs(k, labels, front, r.width)
}

// tabs are those of the line, and which is in front: a side stands behind the
// others.
func (r *Root) tabs(k component.Look) (labels []component.Tab, front int) {
	shown := r.shownTabs()
	labels = make([]component.Tab, len(shown))
	for i, t := range shown {
		labels[i] = component.Tab{Label: k.Text.T(t.label())}
		if t.page == r.front {
			front = i
		}
	}
	if s, ok := sideOf(r.front); ok {
		labels, front = append(labels, component.Tab{Label: k.Text.T(s.label())}), len(labels)
	}
	return labels, front
}

// help lists the keys that work now.
func (r *Root) help(k component.Look) string {
	if r.dialog != nil || r.leading {
		return component.HelpLine(k, r.offered(), false, r.width)
	}
	page := r.page()
	typing := page.Typing()
	return component.HelpLine(k, r.helped(page, typing), typing, r.width)
}

// helped lists what the help line is made of while no dialog is open.
func (r *Root) helped(page session.Page, typing bool) []action.Action {
	return append(r.allowed(page.Actions()), r.globals(typing)...)
}

// cursor is where the terminal's cursor stands: in the dialog on top, else on
// the page.
func (r *Root) cursor(l layout) *tea.Cursor {
	x, y, shown := r.page().Cursor()
	if r.dialog != nil {
		shown = false
		if d, ok := r.dialog.(typist); ok {
			x, y, shown = d.cursor(r.with())
		}
	}
	if !shown || x < 0 || x >= r.width || y < 0 || y >= l.page {
		return nil
	}
	return tea.NewCursor(x, l.top()+y)
}
