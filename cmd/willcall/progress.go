package main

import (
	"fmt"
	"io"
	"time"

	"willcall/core"
	"willcall/ui/text"
)

// progress tells on one line of a terminal how far something long is.
type progress struct {
	to    io.Writer
	p     text.Printer
	key   string // of the line: {done} of {all}
	wall  core.Wall
	begun time.Time
	shown bool
}

// newProgress begins to count the time.
func newProgress(to io.Writer, p text.Printer, key string, wall core.Wall) *progress {
	return &progress{to: to, p: p, key: key, wall: wall, begun: wall()}
}

// tell hears how much is done. What is done within a second needs no telling.
func (b *progress) tell(done, all int) {
	if !b.shown && b.wall().Sub(b.begun) < time.Second {
		return
	}
	b.shown = true
	_, _ = fmt.Fprint(b.to, "\r"+b.p.T(b.key, "done", b.p.Number(done), "all", b.p.Number(all)))
}

// bytes hears how many bytes are done, and tells in MiB.
func (b *progress) bytes(done, all int64) {
	const mib = 1 << 20
	b.tell(int(done/mib), int((all+mib-1)/mib))
}

// end leaves the line.
func (b *progress) end() {
	if b.shown {
		_, _ = fmt.Fprintln(b.to)
	}
}
