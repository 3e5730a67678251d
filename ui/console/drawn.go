package console

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// drawn tells that what was opened as the nth is on the screen.
type drawn uint64

// uncover notes that something new comes before the person's eyes. The command
// answers when a frame's time has passed: Bubble Tea writes what it was given
// once in every frame.
func (r *Root) uncover() tea.Cmd {
	r.opened++
	nth, fps := r.opened, r.cfg.FPS
	return func() tea.Msg {
		if fps > 0 {
			<-time.After(time.Second / time.Duration(fps))
		}
		return drawn(nth)
	}
}

// blind reports whether the newest thing opened isn't drawn yet: whoever typed
// meanwhile can't have meant it.
func (r *Root) blind() bool { return r.drawn != r.opened }
