package console

import (
	"maps"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/theme"
)

// Root is the one model of the product: the frame, the page in front, and what
// lies on top of it. It is used from Bubble Tea's update loop only.
type Root struct {
	cfg    Config
	s      *session.Session
	before session.Session // as it was before anybody signed in

	look          theme.Options
	width, height int // 0 until the terminal told

	pages map[session.PageKey]session.Page // made on the first visit
	stale map[session.PageKey]bool         // to be refreshed when they come to the front
	front session.PageKey
	past  session.PageKey // the tab that was in front last

	places  []Place    // where the operator may work, as last read
	room    *core.Room // how little space there is, nil for enough
	backup  *Backup    // the one being made, as last read, nil for none
	unread  int        // notices, as last counted
	counted session.Question
	dialog  dialog // on top of the page, or nil
	leading bool   // the key before a tab's letter was pressed
	toasts  component.Toasts

	locked  *lock     // over everything, or nil
	touched time.Time // when somebody last did something
	proved  time.Time // when who sits there proved it last
	waits   uint64    // how often was waited for nobody to

	mouse   mouse
	curtain curtain // before what was opened and isn't drawn yet

	send func(tea.Msg) // into the program around the root, nil in tests
	hush func()        // ends the pump and its mailbox
}

// Init asks for the terminal's background and opens the first page.
func (r *Root) Init() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, r.open(r.front, core.Ref{}))
}

// Update handles one message.
func (r *Root) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		return r, r.resize(Clamp(size))
	}
	if r.observe(msg) {
		return r, nil
	}
	cmd := r.handle(msg)
	if p, ok := r.dialog.(*palette); ok {
		cmd = tea.Batch(cmd, p.follow())
	}
	return r, tea.Batch(cmd, r.recheck())
}

// observe takes what is told of the terminal and of frames.
func (r *Root) observe(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case tea.BackgroundColorMsg:
		r.look.Dark = msg.IsDark()
		r.dress()
	case tea.ColorProfileMsg:
		r.look.Profile = msg.Profile
		r.dress()
	case tea.EnvMsg:
		r.readEnvironment(msg)
	case waited:
		r.curtain.waited = max(r.curtain.waited, uint64(msg))
	default:
		return false
	}
	return true
}

// handle answers what people and the rest of the program do.
func (r *Root) handle(msg tea.Msg) tea.Cmd {
	if cmd, taken := r.guard(msg); taken {
		return cmd
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return tea.Batch(r.press(msg), r.reread())
	case tea.PasteMsg:
		return r.paste(msg)
	case session.Result:
		return r.result(msg)
	case session.Go:
		return r.travel(msg)
	case session.Back:
		return r.goBack()
	case session.Toast:
		r.toast(msg)
	case session.Entered:
		return r.enter(msg)
	case session.Left:
		return r.leave(msg.Reason)
	case Changed:
		return r.change(msg)
	case grown, session.Joined, session.Speak, ended, unkept, checked, placesRead, switched, proven, enrolled, roomRead, unreadRead, sought:
		return r.settle(msg)
	case tea.MouseMsg, wheeled:
		return r.point(msg)
	case tea.KeyMsg, tea.FocusMsg, tea.BlurMsg:
	default:
		return r.broadcast(msg)
	}
	return nil
}

// settle takes what concerns the session as a whole.
func (r *Root) settle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case grown:
		return r.fill(msg)
	case session.Joined:
		return r.join(msg.Institution)
	case session.Speak:
		return r.speak(msg.Language)
	case ended:
		r.refuse(r.s.Text.Error(msg.err))
	case unkept:
		r.refuse(r.s.Text.Error(msg.err))
	case checked:
		return r.judge(msg)
	case placesRead:
		return r.takePlaces(msg)
	case switched:
		return r.takeSwitched(msg)
	case proven:
		return r.takeProven(msg)
	case enrolled:
		r.takeEnrolled(msg)
	case roomRead:
		r.takeRoom(msg)
	case unreadRead:
		r.takeUnread(msg)
	case sought:
		return r.takeSought(msg)
	}
	return nil
}

// toast says what happened elsewhere.
func (r *Root) toast(msg session.Toast) {
	if msg.Told == "" || msg.Told != r.front {
		r.toasts.Add(msg.Text, msg.Alarm)
	}
}

// paste gives pasted text to the dialog on top, else to the page in front.
func (r *Root) paste(msg tea.PasteMsg) tea.Cmd {
	if r.curtain.blind() {
		return nil
	}
	if r.dialog != nil {
		r.typeInto(msg)
		return nil
	}
	return r.tell(r.page(), msg)
}

// result gives a use case's answer to the page that asked, unless the session
// that asked is over. What takes a proof, or a second factor, leads to that first.
func (r *Root) result(msg session.Result) tea.Cmd {
	if msg.Session != r.s.Request.Session || msg.Stay != r.s.Stay {
		return nil
	}
	if !r.s.SignedIn() {
		return r.deliver(msg)
	}
	switch core.CodeOf(msg.Err) { //nolint:exhaustive // codes are open; the others are the page's
	case core.CodeSignedOut:
		return r.leave(r.s.Text.Error(msg.Err))
	case core.CodeEnrol:
		return tea.Batch(r.deliver(msg), r.wall())
	case core.CodeStepUp:
		if msg.Again != nil && r.cfg.StepUp != nil {
			return r.prove(msg)
		}
	case "":
		if r.s.Walled && msg.Page == session.PageProfile { // it may have been enrolled
			return tea.Batch(r.deliver(msg), r.check())
		}
	}
	return r.deliver(msg)
}

// deliver gives an answer to the page that asked, if it is still there.
func (r *Root) deliver(msg session.Result) tea.Cmd {
	if page, ok := r.pages[msg.Page]; ok {
		return r.tell(page, msg)
	}
	return nil
}

// broadcast gives every page a message that only its owner can know.
func (r *Root) broadcast(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for _, key := range slices.Sorted(maps.Keys(r.pages)) {
		cmds = append(cmds, r.tell(r.pages[key], msg))
	}
	return tea.Batch(cmds...)
}

// tell hands a message to a page and notes whether it opened something.
func (r *Root) tell(page session.Page, msg tea.Msg) tea.Cmd {
	return r.watched(page, func() tea.Cmd { return page.Update(msg) })
}

// watched runs fn and, if page opened something in front, waits for its
// picture.
func (r *Root) watched(page session.Page, fn func() tea.Cmd) tea.Cmd {
	opener, ok := page.(session.Opener)
	if !ok || page.Key() != r.front {
		return fn()
	}
	before := opener.Opened()
	cmd := fn()
	if opener.Opened() == before {
		return cmd
	}
	return tea.Batch(cmd, r.uncover())
}
