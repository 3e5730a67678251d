package component

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"willcall/core/safetext"
)

// defaultMax is the length of a one-line field in code points.
const defaultMax = 200

// buffer is text being edited. It is moved through by grapheme cluster, so that
// a letter and its accents, or an emoji of several parts, are one step.
type buffer struct {
	text string
	at   int // byte offset of the cursor, between clusters
	max  int // code points
	many bool
	loss loss
	past history
}

// loss says whether there was room for all that was put in last.
type loss uint8

const (
	lossNone  loss = iota
	lossTyped      // a letter was left out
	lossPaste      // the end of a paste was left out
)

// cluster gives the first grapheme cluster of s, what is shown for it and the
// cells of that.
func cluster(s string) (raw, shown string, cells int) {
	if s[0] >= 0x20 && s[0] < 0x7f && (len(s) == 1 || s[1] < 0x80) {
		return s[:1], s[:1], 1 // nothing outside ASCII joins it
	}
	raw, _ = ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	shown = safetext.Line(raw)
	return raw, shown, safetext.Width(shown)
}

func (b *buffer) set(s string) {
	b.text, _ = b.accept(s, b.limit())
	b.at, b.loss = len(b.text), lossNone
	b.past = history{off: b.past.off} // what was typed before is no part of it
}

func (b *buffer) limit() int {
	if b.max > 0 {
		return b.max
	}
	return defaultMax
}

// accept keeps of s what may be typed, up to room code points: no control
// characters, and no line breaks in a single line. The end of a copied line is
// no part of a value. whole is false where the room was too small.
func (b *buffer) accept(s string, room int) (kept string, whole bool) {
	if !b.many {
		s = strings.TrimRight(s, "\r\n")
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	var out strings.Builder
	for _, r := range s {
		if r == '\r' {
			r = '\n'
		}
		switch {
		case r == '\t', r == '\n' && !b.many:
			r = ' '
		case r != '\n' && unicode.IsControl(r):
			continue
		}
		if room--; room < 0 {
			return out.String(), false
		}
		out.WriteRune(r)
	}
	return out.String(), true
}

// room is how many code points can still be put in.
func (b *buffer) room() int { return b.limit() - utf8.RuneCountInString(b.text) }

// insert puts what is accepted of s at the cursor, and notes a loss.
func (b *buffer) insert(s string, ifCut loss) {
	s, whole := b.accept(s, b.room())
	kind := editWhole
	if ifCut == lossTyped {
		kind = editTyped
	}
	b.splice(b.at, b.at, s, kind)
	if b.loss = lossNone; !whole {
		b.loss = ifCut
	}
}

// boundary is the first place between clusters at or after an offset: typed
// marks join the letter before them.
func (b *buffer) boundary(offset int) int {
	at := b.lineStart(offset)
	for at < offset {
		raw, _, _ := cluster(b.text[at:])
		at += len(raw)
	}
	return at
}

func (b *buffer) lineStart(at int) int { return strings.LastIndexByte(b.text[:at], '\n') + 1 }

func (b *buffer) lineEnd(at int) int {
	if i := strings.IndexByte(b.text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(b.text)
}

func (b *buffer) next(at int) int {
	if at >= len(b.text) {
		return at
	}
	raw, _, _ := cluster(b.text[at:])
	return at + len(raw)
}

func (b *buffer) previous(at int) int {
	if at == 0 {
		return 0
	}
	start := b.lineStart(at)
	if start == at {
		return at - 1
	}
	for {
		after := b.next(start)
		if after >= at {
			return start
		}
		start = after
	}
}

// wordLeft and wordRight go over blanks, then over what is not blank.
func (b *buffer) wordLeft() int {
	s := strings.TrimRightFunc(b.text[:b.at], unicode.IsSpace)
	i := strings.LastIndexFunc(s, unicode.IsSpace)
	if i < 0 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return i + size
}

func (b *buffer) wordRight() int {
	rest := strings.TrimLeftFunc(b.text[b.at:], unicode.IsSpace)
	start := len(b.text) - len(rest)
	if i := strings.IndexFunc(rest, unicode.IsSpace); i >= 0 {
		return start + i
	}
	return len(b.text)
}

// remove takes out what is between two offsets and puts the cursor there.
func (b *buffer) remove(from, to int, kind editKind) {
	b.splice(from, to, "", kind)
	if b.room() > 0 {
		b.loss = lossNone
	}
}

// key edits by a key and reports whether the key means something here. Letters
// are handed to insert by who holds the buffer.
func (b *buffer) key(key string) bool {
	return b.motion(key) || b.deletion(key) || b.revision(key)
}

func (b *buffer) motion(key string) bool {
	switch key {
	case "left":
		b.at = b.previous(b.at)
	case "right":
		b.at = b.next(b.at)
	case "ctrl+left", "alt+left", "alt+b":
		b.at = b.boundary(b.wordLeft())
	case "ctrl+right", "alt+right", "alt+f":
		b.at = b.boundary(b.wordRight())
	case "home", "ctrl+a":
		b.at = b.lineStart(b.at)
	case "end", "ctrl+e":
		b.at = b.lineEnd(b.at)
	default:
		return false
	}
	return true
}

func (b *buffer) deletion(key string) bool {
	switch key {
	case "backspace":
		b.remove(b.previous(b.at), b.at, editBack)
	case "delete", "ctrl+d":
		b.remove(b.at, b.next(b.at), editAhead)
	case "ctrl+w", "alt+backspace", "ctrl+backspace":
		b.remove(b.wordLeft(), b.at, editWhole)
	case "ctrl+u":
		b.remove(b.lineStart(b.at), b.at, editWhole)
	case "ctrl+k":
		b.remove(b.at, b.lineEnd(b.at), editWhole)
	default:
		return false
	}
	return true
}
