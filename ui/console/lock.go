package console

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/theme"
)

const (
	// LockAfter is how long nobody touches a console before it locks.
	LockAfter = 15 * time.Minute
	// EndAfter is how long before its session ends.
	EndAfter = time.Hour

	keyLock = "ctrl+l"
)

// lock covers the whole screen until its operator's password is typed. All that
// lies behind stays as it was.
type lock struct {
	password *component.Form
	at       time.Time
	busy     bool
	refused  string
}

const fieldPassword = "password"

// idled tells that the nth wait is over.
type idled struct{ nth uint64 }

// unlocked is the answer to a password.
type unlocked struct {
	session core.ID
	err     error
}

// guard stands before everything that people do: nothing gets past a lock, and
// a console that nobody touched for long locks before it takes the first key.
func (r *Root) guard(msg tea.Msg) (cmd tea.Cmd, taken bool) {
	switch msg := msg.(type) {
	case idled:
		return r.idle(msg), true
	case unlocked:
		return r.takeUnlocked(msg), true
	case keptAll:
		return r.takeKept(msg), true
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseMsg:
		if !r.s.SignedIn() || r.cfg.Unlock == nil {
			return nil, false
		}
		if past := r.untouched(); past >= EndAfter || past >= LockAfter && r.locked == nil { // the computer slept
			return r.lapse(), true
		}
		if r.locked != nil {
			return r.unlocking(msg), true
		}
		r.touched = r.s.Clock.Effective()
		if press, ok := msg.(tea.KeyPressMsg); ok && press.String() == keyLock {
			return r.lock(), true
		}
	}
	return nil, false
}

// untouched is for how long nobody touched the console.
func (r *Root) untouched() time.Duration { return r.s.Clock.Effective().Sub(r.touched) }

// wake begins to wait for the next thing that happens where nobody touches the
// console. There is one wait at a time: touching doesn't begin another, the one
// under way looks again when it is over.
func (r *Root) wake() tea.Cmd {
	if r.cfg.Unlock == nil {
		return nil
	}
	bound := LockAfter
	if r.locked != nil {
		bound = EndAfter
	}
	r.waits++
	nth := r.waits
	return tea.Tick(max(0, bound-r.untouched()), func(time.Time) tea.Msg { return idled{nth} })
}

// idle looks, at the end of a wait, for how long nobody touched the console.
func (r *Root) idle(msg idled) tea.Cmd {
	if msg.nth != r.waits || !r.s.SignedIn() {
		return nil
	}
	return r.lapse()
}

// lapse locks or ends the session where it is time to. A backup goes on after
// that.
func (r *Root) lapse() tea.Cmd {
	past := r.untouched()
	if past >= EndAfter {
		return r.keeping("", "", r.end)
	}
	if past >= LockAfter && r.locked == nil {
		return r.lock()
	}
	return r.wake()
}

// end ends the session for want of anybody there.
func (r *Root) end() tea.Cmd {
	t := r.s.Text
	reason := t.T("console.lock.ended", "time", t.Clock(r.touched.Add(EndAfter).In(r.s.Location)))
	if kept := r.kept(); kept != "" {
		reason += " " + kept
	}
	return r.signOutFor(reason)
}

// lock covers the screen and keeps what stands in forms.
func (r *Root) lock() tea.Cmd {
	if r.locked != nil {
		return nil
	}
	r.locked = &lock{at: r.s.Clock.Effective(), password: component.NewForm(component.Field{
		Name: fieldPassword, Kind: component.FieldPassword, Label: r.s.Text.T("console.lock.password"),
	})}
	keep := r.keeping("", "", func() tea.Cmd { return nil })
	return tea.Batch(r.uncover(), r.wake(), keep)
}

// unlocking takes what is typed while the screen is locked.
func (r *Root) unlocking(msg tea.Msg) tea.Cmd {
	l := r.locked
	if r.curtain.blind() || l.busy {
		return nil
	}
	if press, ok := msg.(tea.KeyPressMsg); ok {
		if a, found := action.Find(r.lockActions(), press.String(), true); found {
			return a.Run()
		}
	}
	l.password.Update(msg)
	return nil
}

func (r *Root) lockActions() []action.Action {
	return []action.Action{
		{Label: "console.lock.unlock", Keys: []string{"enter"}, Typing: true, Run: r.unlock},
		{ID: core.ActSignOut, Keys: []string{"ctrl+d"}, Typing: true, Run: r.part(r.signOut, nil)},
		{Label: "console.quit", Keys: []string{keyQuit, keyInterrupt}, Typing: true, Run: r.part(func() tea.Cmd { return tea.Quit }, r.backingUp)},
	}
}

// part leaves a locked console, where nothing is lost by it: nobody can be asked
// who may not look behind. breaks, which may be nil, tells whether something
// would be broken off.
func (r *Root) part(do func() tea.Cmd, breaks func() bool) func() tea.Cmd {
	return func() tea.Cmd {
		if breaks != nil && breaks() || r.unsaved() || len(r.unkept()) > 0 {
			r.locked.refused = r.s.Text.T("console.lock.first")
			return nil
		}
		return do()
	}
}

// unlock tries the password.
func (r *Root) unlock() tea.Cmd {
	l := r.locked
	password := l.password.Value(fieldPassword)
	if password == "" {
		return nil
	}
	l.password.Set(fieldPassword, "")
	l.busy, l.refused = true, ""
	ctx, req, try := r.s.Ctx, r.s.Request, r.cfg.Unlock
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, session.Timeout)
		defer cancel()
		return unlocked{session: req.Session, err: try(ctx, req, password)}
	}
}

// takeUnlocked uncovers the screen, or says why not.
func (r *Root) takeUnlocked(msg unlocked) tea.Cmd {
	if r.locked == nil || msg.session != r.s.Request.Session {
		return nil
	}
	r.locked.busy = false
	switch {
	case core.CodeOf(msg.err) == core.CodeSignedOut:
		return r.leave(r.s.Text.Error(msg.err))
	case core.CodeOf(msg.err) == core.CodeSignIn: // no address is asked for here
		r.locked.refused = r.s.Text.T("console.lock.wrong")
		return nil
	case msg.err != nil:
		r.locked.refused = r.s.Text.Error(msg.err)
		return nil
	}
	now := r.s.Clock.Effective()
	r.locked, r.touched, r.proved = nil, now, now
	return tea.Batch(r.uncover(), r.wake())
}

const (
	lockMost   = 58 // cells of the column in the middle
	lockMargin = 3  // cells before the words of it
)

// drawLock draws the lock: who locked it, the password, and the times.
func (r *Root) drawLock(k component.Look) (lines []string, cursor *tea.Cursor) {
	l, width := r.locked, min(lockMost, r.width)
	left := (r.width - width) / 2
	column := []string{
		k.Line(width).Gap(lockMargin).Text(theme.Strong, k.Text.T("console.lock.title", "name", r.s.Operator)).String(),
	}
	roomy := r.height >= roomy
	if roomy {
		column = append(column, k.Line(width).String())
	}
	field := len(column)
	column = append(column, l.password.Render(k, width, 1)...)
	if roomy {
		column = append(column, k.Line(width).String())
	}
	column = append(column, r.lockSaid(k, width)...)
	top := max(0, (r.height-1-len(column))/3)
	for i := range r.height - 1 {
		line := k.Line(r.width).String()
		if at := i - top; at >= 0 && at < len(column) {
			line = strings.Repeat(" ", left) + column[at] + strings.Repeat(" ", r.width-width-left)
		}
		lines = append(lines, line)
	}
	lines = append(lines, component.HelpLine(k, r.lockActions(), true, r.width))
	if x, y, shown := l.password.Cursor(); shown && !l.busy {
		cursor = tea.NewCursor(left+x, top+field+y)
	}
	return lines, cursor
}

// lockSaid says since when it is locked and until when, or what came of the
// password.
func (r *Root) lockSaid(k component.Look, width int) []string {
	l := r.locked
	clock := func(t time.Time) string { return k.Text.Clock(t.In(r.s.Location)) }
	said := k.Bar(theme.Muted, k.Text.T("console.lock.times", "since", clock(l.at), "until", clock(r.touched.Add(EndAfter))), width)
	switch {
	case l.busy:
		return append(k.Bar(theme.Accent, k.Text.T("console.lock.busy"), width), said...)
	case l.refused != "":
		return append(k.Bar(theme.Error, l.refused, width), said...)
	}
	return said
}
