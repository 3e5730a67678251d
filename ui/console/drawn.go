package console

import (
	"io"
	"os"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
)

// curtain knows whether what was opened last has been on the screen. What comes
// before the person's eyes is counted; the counts beside it tell how far each
// stage has come.
type curtain struct {
	count    uint64        // in the update loop
	opened   uint64        // of these the newest that every key waits for
	waited   uint64        // a frame's time has passed since
	pictured atomic.Uint64 // it is in the newest view
	written  atomic.Uint64 // it is in what goes out to the terminal
}

// waited tells that a frame's time has passed since the nth thing came up.
type waited uint64

// uncover notes that something was opened: no key counts before it is drawn.
func (r *Root) uncover() tea.Cmd {
	nth, cmd := r.curtain.await(r.cfg.FPS)
	r.curtain.opened = nth
	return cmd
}

// await counts something new and gives its number, for [curtain.seen]. The
// command answers after a frame's time, in which Bubble Tea writes what changed:
// it is for a picture that doesn't change a cell, and so is never written.
func (c *curtain) await(fps int) (nth uint64, cmd tea.Cmd) {
	c.count++
	nth = c.count
	return nth, func() tea.Msg {
		if fps > 0 {
			<-time.After(time.Second / time.Duration(fps))
		}
		return waited(nth)
	}
}

// blind reports whether the newest thing opened isn't drawn yet: whoever typed
// meanwhile can't have meant it.
func (c *curtain) blind() bool { return !c.seen(c.opened) }

// seen reports whether the nth thing that came up has been on the screen.
func (c *curtain) seen(nth uint64) bool { return nth <= max(c.waited, c.written.Load()) }

// write notes that the newest view goes out. It does so before the bytes do, so
// that no answer to them comes too early.
func (c *curtain) write() { c.written.Store(c.pictured.Load()) }

// Output is the writer to give to the program around the root, in place of w:
// by it the root knows when a picture is on its way to the terminal.
func (r *Root) Output(w io.Writer) io.Writer {
	return output{Writer: w, curtain: &r.curtain}
}

type output struct {
	io.Writer
	curtain *curtain
}

func (o output) Write(p []byte) (int, error) {
	o.curtain.write()
	return o.Writer.Write(p)
}

// terminalOutput is an [output] that Bubble Tea knows as a terminal.
type terminalOutput struct {
	*os.File
	curtain *curtain
}

func (o terminalOutput) Write(p []byte) (int, error) {
	o.curtain.write()
	return o.File.Write(p)
}
