package component

import (
	"unicode"
	"unicode/utf8"
)

// How much of a text's past is kept.
const (
	stepsMost  = 100
	stepsBytes = 256 << 10 // of all that was put in and taken out
)

// editKind is how a text was changed: neighbours of one kind are undone
// together, a word at a time.
type editKind uint8

const (
	editWhole editKind = iota // a step of its own, such as a paste
	editTyped                 // a letter put in
	editBack                  // a letter taken out before the cursor
	editAhead                 // a letter taken out behind the cursor
)

// step is a change of a text: at its place stood out, and in stands there since.
type step struct {
	kind          editKind
	at            int
	out, in       string
	before, after int // the cursor
}

// history is what can be undone in a text, and what was undone and can be done
// again. The zero history is that of a text nobody changed.
type history struct {
	steps  []step // the oldest first; from done on, those that were undone
	done   int
	bytes  int
	sealed bool // nothing joins the newest step
	off    bool // nothing is kept: the text is a secret
}

// splice puts s in the place of what stands between two offsets, with the
// cursor behind it. It is one change that can be undone, or part of the newest.
func (b *buffer) splice(from, to int, s string, kind editKind) {
	done := step{kind: kind, at: from, out: b.text[from:to], in: s, before: b.at}
	b.text = b.text[:from] + s + b.text[to:]
	b.at = b.boundary(from + len(s))
	done.after = b.at
	b.past.note(done)
}

// retype puts a text in the place of all that stands there, as one change.
func (b *buffer) retype(s string) {
	if s, _ = b.accept(s, b.limit()); s != b.text {
		b.splice(0, len(b.text), s, editWhole)
	}
}

// note keeps a step, and forgets the oldest ones where there are too many.
func (h *history) note(s step) {
	if h.off || s.in == s.out {
		return
	}
	for _, undone := range h.steps[h.done:] {
		h.bytes -= undone.size()
	}
	h.steps = h.steps[:h.done]
	h.bytes += s.size()
	if h.joins(s) {
		h.steps[h.done-1].join(s)
		return
	}
	h.steps, h.sealed = append(h.steps, s), false
	for len(h.steps) > stepsMost || h.bytes > stepsBytes && len(h.steps) > 1 {
		h.bytes -= h.steps[0].size()
		h.steps = h.steps[1:]
	}
	h.done = len(h.steps)
}

func (s step) size() int { return len(s.out) + len(s.in) }

// joins reports whether a step goes on where the newest one ended, within a
// word and the blanks behind it.
func (h *history) joins(s step) bool {
	if h.sealed || h.done == 0 {
		return false
	}
	last := h.steps[h.done-1]
	if last.kind != s.kind {
		return false
	}
	switch s.kind {
	case editTyped:
		return last.at+len(last.in) == s.at && s.out == "" && !parted(last.in, s.in)
	case editBack:
		return s.at+len(s.out) == last.at && !parted(s.out, last.out)
	case editAhead:
		return s.at == last.at && !parted(last.out, s.out)
	case editWhole:
	}
	return false
}

// parted reports whether a word begins between two neighbours.
func parted(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return unicode.IsSpace(last) && !unicode.IsSpace(first)
}

// join adds what goes on where the step ended.
func (s *step) join(next step) {
	s.after = next.after
	switch next.kind {
	case editTyped:
		s.in += next.in
	case editBack:
		s.at, s.out = next.at, next.out+s.out
	case editAhead:
		s.out += next.out
	case editWhole:
	}
}

// undoes and redoes report whether there is something to undo, or to do again.
func (h *history) undoes() bool { return h.done > 0 }
func (h *history) redoes() bool { return h.done < len(h.steps) }

func (b *buffer) undo() {
	h := &b.past
	if !h.undoes() {
		return
	}
	h.done--
	s := h.steps[h.done]
	b.text = b.text[:s.at] + s.out + b.text[s.at+len(s.in):]
	b.at, b.loss, h.sealed = s.before, lossNone, true
}

func (b *buffer) redo() {
	h := &b.past
	if !h.redoes() {
		return
	}
	s := h.steps[h.done]
	h.done++
	b.text = b.text[:s.at] + s.in + b.text[s.at+len(s.out):]
	b.at, b.loss, h.sealed = s.after, lossNone, true
}

// revision undoes or does again by a key.
func (b *buffer) revision(key string) bool {
	if b.past.off {
		return false
	}
	switch key {
	case keyUndo:
		b.undo()
	case keyRedo:
		b.redo()
	default:
		return false
	}
	return true
}

// The keys that undo what was typed, and do it again.
const (
	keyUndo = "ctrl+z"
	keyRedo = "ctrl+y"
)
