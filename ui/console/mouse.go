package console

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
)

// mouse is whether the console listens to the mouse, and what it heard of it.
type mouse struct {
	off bool // the terminal keeps it, for a selection of its own
	// last is where the last click was: one more at the same place answers no
	// question.
	last    cell
	clicked bool
	wheel   wheel
}

type cell struct{ x, y int }

// wheel gathers notches between two frames.
type wheel struct {
	turning bool // a frame's time hasn't passed since the last ones were acted on
	rows    int  // below zero upwards
	at      cell
}

// wheeled tells that a frame's time passed since the wheel was acted on.
type wheeled struct{}

// mice is the action that gives the mouse to the terminal, or takes it back.
func (r *Root) mice() action.Action {
	label := "console.mouse"
	if r.mouse.off {
		label = "console.mouse.on"
	}
	return action.Action{Label: label, Palette: true, Typing: true, Run: func() tea.Cmd {
		r.mouse = mouse{off: !r.mouse.off}
		return nil
	}}
}

// mode is what the terminal is to report: clicks and the wheel, or nothing.
func (m *mouse) mode() tea.MouseMode {
	if m.off {
		return tea.MouseModeNone
	}
	return tea.MouseModeCellMotion
}

// filter clamps sizes before Bubble Tea makes room for them, and spares it what
// the mouse does between two frames: nothing is drawn for what only adds up.
func (r *Root) filter(_ tea.Model, msg tea.Msg) tea.Msg {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return Clamp(msg)
	case tea.MouseMotionMsg, tea.MouseReleaseMsg:
		return nil
	case tea.MouseWheelMsg:
		if r.mouse.wheel.turning {
			r.mouse.wheel.gather(msg)
			return nil
		}
	}
	return msg
}

// gather adds a notch. Sideways ones count for nothing.
func (w *wheel) gather(msg tea.MouseWheelMsg) {
	if msg.Button != tea.MouseWheelUp && msg.Button != tea.MouseWheelDown {
		return
	}
	if msg.Button == tea.MouseWheelUp {
		w.rows -= component.WheelRows
	} else {
		w.rows += component.WheelRows
	}
	w.at = cell{msg.X, msg.Y}
}

// point acts on what the mouse does, once what was opened last is drawn.
func (r *Root) point(msg tea.Msg) tea.Cmd {
	if _, rested := msg.(wheeled); rested {
		return r.turn()
	}
	if r.mouse.off || r.curtain.blind() || !component.Fits(r.width, r.height) {
		return nil
	}
	switch msg := msg.(type) {
	case tea.MouseClickMsg:
		if msg.Button == tea.MouseLeft {
			return r.click(cell{msg.X, msg.Y})
		}
	case tea.MouseWheelMsg:
		r.mouse.wheel.gather(msg)
		if !r.mouse.wheel.turning {
			return r.turn()
		}
	}
	return nil
}

// turn acts on the notches that were gathered, and lets a frame's time pass
// before the next ones.
func (r *Root) turn() tea.Cmd {
	w := &r.mouse.wheel
	rows, fps := w.rows, r.cfg.FPS
	w.rows, w.turning = 0, rows != 0
	if rows == 0 {
		return nil
	}
	return tea.Batch(r.roll(w.at, rows), func() tea.Msg {
		if fps > 0 {
			<-time.After(time.Second / time.Duration(fps))
		}
		return wheeled{}
	})
}

// roll scrolls what is under the pointer.
func (r *Root) roll(at cell, rows int) tea.Cmd {
	if r.curtain.blind() || r.locked != nil {
		return nil
	}
	if r.dialog != nil {
		if d, ok := r.dialog.(roller); ok {
			d.roll(rows)
		}
		return nil
	}
	l := r.layout()
	if y := at.y - l.top(); !r.leading && y >= 0 && y < l.page {
		return r.tell(r.page(), session.Wheel{X: at.x, Y: y, Width: r.width, Rows: rows})
	}
	return nil
}

// click acts on a cell: a name in the help line is its key, a tab comes to the
// front, and the rest is the dialog's or the page's.
func (r *Root) click(at cell) tea.Cmd {
	again := r.mouse.clicked && r.mouse.last == at
	r.mouse.last, r.mouse.clicked = at, true
	l, covered := r.layout(), r.covered(at)
	r.toasts.Update(tea.MouseClickMsg{})
	_, question := r.dialog.(question)
	if covered || again && (question || r.dialog == nil && r.asked()) {
		return nil // what a double click began isn't what it answers
	}
	if at.y == r.height-1 {
		return r.clickHelp(at.x)
	}
	y := at.y - l.top()
	switch {
	case r.leading:
		r.leading = false
	case r.dialog != nil:
		return r.clickDialog(l, at.x, y)
	case y >= 0 && y < l.page:
		return r.tell(r.page(), session.Click{X: at.x, Y: y, Width: r.width})
	case l.head > 0 && at.y == 0:
		return r.clickHeader(at.x)
	case l.head > 1 && at.y == 1:
		return r.clickTab(at.x)
	}
	return nil
}

// covered reports whether a toast lies over a cell: the click takes it away.
func (r *Root) covered(at cell) bool {
	l := r.layout()
	end := l.top() + l.page
	return at.y < end && at.y >= end-r.toasts.Rows(r.with(), r.width)
}

func (r *Root) clickHelp(x int) tea.Cmd {
	if r.dialog != nil || r.leading {
		offered := r.offered()
		r.leading = false
		return r.clicked(component.HelpAt(r.with(), offered, false, r.width, x))
	}
	page := r.page()
	typing := page.Typing()
	return r.clicked(component.HelpAt(r.with(), r.helped(page, typing), typing, r.width, x))
}

// clicked does an action that was clicked on, as its key does.
func (r *Root) clicked(a action.Action, ok bool) tea.Cmd {
	if !ok {
		return nil
	}
	return r.watched(r.page(), func() tea.Cmd { return r.do(a) })
}

// clickTab brings a tab to the front, unless the page asks something.
func (r *Root) clickTab(x int) tea.Cmd {
	tabs, front := r.tabs(r.with())
	i, ok := component.TabAt(r.with(), tabs, front, r.width, x)
	if !ok || i == front || r.asked() {
		return nil
	}
	return r.travel(session.Go{Page: r.shownTabs()[i].page})
}

// lister is a dialog with lines to click on.
type lister interface {
	// click acts on a line of the body, which is so many cells wide.
	click(k component.Look, cells, line int) tea.Cmd
}

// roller is a dialog that scrolls.
type roller interface{ roll(rows int) }

func (r *Root) clickDialog(l layout, x, y int) tea.Cmd {
	k := r.with()
	d := r.dialog.draw(k)
	a, ok, hit := d.At(k, r.width, l.page, x, y)
	if ok {
		return r.clicked(a, true)
	}
	lines, isList := r.dialog.(lister)
	left, top, cells := d.Inner(k, r.width, l.page)
	if !hit || !isList || x < left || x >= left+cells || y < top {
		return nil
	}
	return lines.click(k, cells, y-top)
}

func (t *keyTable) roll(rows int) { t.scroll.Wheel(rows) }

func (d *switchDialog) roll(rows int) {
	if !d.busy {
		d.list.Wheel(rows)
	}
}

// click selects a place, and goes to the one that is selected.
func (d *switchDialog) click(_ component.Look, _, line int) tea.Cmd {
	if d.filtered() {
		line--
	}
	if d.busy {
		return nil
	}
	if again, hit := d.list.Click(line); hit && again {
		return d.enter()
	}
	return nil
}

func (p *palette) roll(rows int) { p.box.Wheel(rows) }

// click selects an entry, and does the one that is selected.
func (p *palette) click(k component.Look, cells, line int) tea.Cmd {
	if again, hit := p.box.Click(k, cells, line); hit && again {
		return p.enter()
	}
	return nil
}
