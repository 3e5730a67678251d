package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/text"
)

const (
	// told is after how much time a terminal hears of something long for the
	// first time, and again.
	toldFirst, toldAgain = time.Second, 100 * time.Millisecond
	// toldLine is the same for what isn't a terminal, where each word is a line.
	toldLine = 5 * time.Second
)

// progress tells how far something long is: on one line of a terminal, which is
// written over, and elsewhere on a line now and then, without control characters.
// Within a step it never runs backwards.
type progress struct {
	to    io.Writer // nil for nobody
	live  bool      // a terminal
	p     text.Printer
	key   string // of the line: {done} of {all}
	wall  core.Wall
	begun time.Time
	told  time.Time // when it last was, zero for never
	cells int       // of the line of a terminal as it stands
	done  int
	nth   int // step, of so many; 0 where there is one only
	of    int
}

// newProgress begins to count the time. key is the line's in the catalogue.
func newProgress(to io.Writer, p text.Printer, key string, wall core.Wall) *progress {
	file, ok := to.(*os.File)
	return &progress{to: to, live: ok && term.IsTerminal(int(file.Fd())), p: p, key: key, wall: wall, begun: wall()}
}

// progress begins to tell of a command's work; one that answers in JSON says
// nothing beside it, wherever that goes.
func (at *bench) progress(key string) *progress {
	b := newProgress(at.s.err, at.p, key, core.SystemWall)
	if at.has("json") {
		b.to = nil
	}
	return b
}

// step begins the nth of several steps, whose line is key's.
func (b *progress) step(nth, of int, key string) {
	if nth == b.nth {
		return
	}
	b.nth, b.of, b.key, b.done = nth, of, key, 0
}

// tell hears how much is done. What is done at once needs no telling.
func (b *progress) tell(done, all int) {
	b.done = max(b.done, done)
	if b.to == nil || !b.due(b.done >= all) {
		return
	}
	b.told = b.wall()
	line := b.p.T(b.key, "done", b.p.Number(b.done), "all", b.p.Number(all))
	if b.nth > 0 {
		line = b.p.T("command.step", "nth", b.p.Number(b.nth), "all", b.p.Number(b.of), "what", line)
	}
	if !b.live {
		_, _ = fmt.Fprintln(b.to, line)
		return
	}
	cells := safetext.Width(line)
	_, _ = fmt.Fprint(b.to, "\r"+line+strings.Repeat(" ", max(0, b.cells-cells)))
	b.cells = cells
}

// due reports whether it is time for a word. A terminal hears of the end of what
// it heard of before.
func (b *progress) due(end bool) bool {
	now := b.wall()
	switch {
	case !b.live:
		return now.Sub(b.begun) >= toldLine && now.Sub(b.told) >= toldLine
	case b.told.IsZero():
		return now.Sub(b.begun) >= toldFirst
	}
	return end || now.Sub(b.told) >= toldAgain
}

// bytes hears how many bytes are done, and tells in MiB.
func (b *progress) bytes(done, all int64) {
	const mib = 1 << 20
	whole := int((all + mib - 1) / mib)
	if done >= all {
		b.tell(whole, whole)
		return
	}
	b.tell(int(done/mib), whole)
}

// percent hears how much of all is done, in any unit, and tells in parts of 100.
func (b *progress) percent(done, all int64) {
	if all > 0 {
		b.tell(int(100*min(done, all)/all), 100)
	}
}

// end leaves the line.
func (b *progress) end() {
	if b.live && !b.told.IsZero() {
		_, _ = fmt.Fprintln(b.to)
	}
}
