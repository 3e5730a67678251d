package uitest

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/ansi/parser"
)

// Title is the only window title that may be set, beside none.
const Title = "willcall"

// Allowed holds what a program wrote to its terminal against the sequences it
// may use: styles, cursor moves, erasing, scrolling, and the modes that Bubble
// Tea sets. It gives an error, with the place, for everything else: other
// control characters (C0 and C1), DCS, APC, PM and SOS strings, every OSC but
// the constant title and the question for the background colour, invisible
// and bidirectional formatting characters, and bytes that aren't UTF-8.
//
// The output must end outside a sequence.
func Allowed(output []byte) error {
	if at := invalidUTF8(output); at >= 0 {
		return fmt.Errorf("byte %d (%#x) is not UTF-8", at, output[at])
	}
	g := guard{parser: ansi.NewParser()}
	g.parser.SetHandler(ansi.Handler{
		Print: g.print, Execute: g.execute, HandleCsi: g.csi, HandleEsc: g.esc, HandleOsc: g.osc,
	})
	for i, b := range output {
		g.advance(b)
		if g.err != nil {
			return fmt.Errorf("at byte %d, in %q: %w", i, around(output, i), g.err)
		}
	}
	if state := g.parser.State(); state != parser.GroundState {
		return fmt.Errorf("the output ends in the middle of a sequence (%s)", g.parser.StateName())
	}
	return nil
}

func invalidUTF8(p []byte) int {
	for i := 0; i < len(p); {
		r, n := utf8.DecodeRune(p[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return -1
}

func around(output []byte, i int) []byte {
	return output[max(0, i-20):min(len(output), i+20)]
}

// guard judges what the parser finds.
type guard struct {
	parser *ansi.Parser
	err    error
	inOSC  bool // the parser is within an OSC string
	ending bool // an escape ended it, and a backslash must follow
	last   rune
}

func (g *guard) refuse(format string, args ...any) {
	if g.err == nil {
		g.err = fmt.Errorf(format, args...)
	}
}

// advance feeds one byte and watches the state: strings that are never
// allowed, and OSC strings that are broken off instead of ended.
func (g *guard) advance(b byte) {
	if b == 0x7f || b < ' ' && !strings.ContainsRune("\r\n\t\b\a\x1b", rune(b)) {
		g.refuse("control character %#02x", b)
	}
	if g.ending && b != '\\' {
		g.refuse("an OSC string that was broken off")
	}
	if g.inOSC && b < ' ' && b != '\a' && b != '\x1b' {
		g.refuse("control character %#02x in an OSC string", b)
	}
	g.parser.Advance(b)
	state := g.parser.State()
	switch state {
	case parser.DcsEntryState, parser.DcsIntermediateState, parser.DcsParamState, parser.DcsStringState,
		parser.SosStringState, parser.PmStringState, parser.ApcStringState:
		g.refuse("a control string (%s)", parser.StateNames[state])
	}
	g.ending = g.inOSC && state == parser.EscapeState
	g.inOSC = state == parser.OscStringState
}

// print judges a character of text. A joiner is fine within an emoji only.
func (g *guard) print(r rune) {
	previous := g.last
	g.last = r
	switch {
	case r == '\u200d' && (unicode.Is(unicode.So, previous) || previous == '\ufe0f' || unicode.Is(unicode.Sk, previous)):
		return
	case r < 0x20 || r >= 0x7f && r < 0xa0:
		g.refuse("control character %U as text", r)
	case unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs),
		strings.ContainsRune("\u115f\u1160\u3164\uffa0\u034f", r):
		g.refuse("invisible or formatting character %U", r)
	}
}

// execute judges a control character outside a sequence.
func (g *guard) execute(b byte) {
	if !strings.ContainsRune("\r\n\t\b", rune(b)) {
		g.refuse("control character %#02x", b)
	}
}

func (g *guard) esc(cmd ansi.Cmd) {
	if cmd.Intermediate() == 0 && strings.IndexByte("78M\\", cmd.Final()) >= 0 {
		return
	}
	g.refuse("escape sequence ESC %s%c", bytesOf(cmd.Intermediate()), cmd.Final())
}

// osc judges a whole OSC string: the title, or what the background is.
func (g *guard) osc(cmd int, data []byte) {
	switch string(data) {
	case "0;" + Title, "2;" + Title, "0;", "2;", "11;?":
		return
	}
	g.refuse("operating system command %d", cmd)
}

// csi judges a control sequence by its final byte, its prefix and its
// intermediate byte.
func (g *guard) csi(cmd ansi.Cmd, params ansi.Params) {
	shape := bytesOf(cmd.Prefix()) + bytesOf(cmd.Intermediate()) + string(rune(cmd.Final()))
	switch shape {
	case "m", // looks
		"A", "B", "C", "D", "E", "F", "G", "H", "I", "Z", "`", "a", "d", "e", "f", "s", "u", // moves
		"J", "K", "X", "P", "@", "L", "M", "S", "T", "b", "r", // erasing, inserting, scrolling
		" q",                         // the cursor's shape
		"?W",                         // tab stops
		">m", ">u", "<u", "=u", "?u", // how keys are reported
		"c", "?n", ">q": // what the terminal is
		return
	case "?h", "?l", "?$p":
		g.mode(params, privateModes())
	case "h", "l":
		g.mode(params, map[int]bool{4: true}) // insert or replace
	default:
		g.refuse("control sequence CSI %s", shape)
	}
}

// privateModes are the modes that Bubble Tea sets or asks for.
func privateModes() map[int]bool {
	modes := map[int]bool{}
	for _, mode := range []int{
		7,                            // wrapping
		25,                           // the cursor is seen
		1000, 1002, 1003, 1004, 1006, // mouse and focus
		1049, // the alternate screen
		2004, // pastes are marked
		2026, // synchronised output
		2027, // grapheme clusters
	} {
		modes[mode] = true
	}
	return modes
}

func (g *guard) mode(params ansi.Params, modes map[int]bool) {
	params.ForEach(0, func(_, mode int, _ bool) {
		if !modes[mode] {
			g.refuse("terminal mode %d", mode)
		}
	})
}

func bytesOf(b byte) string {
	if b == 0 {
		return ""
	}
	return string(rune(b))
}
