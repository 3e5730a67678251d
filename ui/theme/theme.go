package theme

import (
	"image/color"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// Token says what a piece of text is.
type Token uint8

// The tokens.
const (
	Text   Token = iota // what is read; the terminal's own colour on a page
	Strong              // a title, the name of what is shown
	Muted               // labels, hints, what can wait
	Accent              // where the attention is: focus, the tab in front, keys
	Green               // validated, done
	Red                 // not validated, failed
	Amber               // a warning
	Header              // the header line
	Rule                // lines between parts; carries no meaning
	Error               // the sentence under a field
	tokens
)

// Ground says what a piece of text stands on.
type Ground uint8

// The grounds.
const (
	Page     Ground = iota // the terminal's own background
	Selected               // the row that keys act on, in the part that has the focus
	Resting                // the same row while the focus is elsewhere
	Field                  // where text can be typed
	Focused                // where text is being typed
	grounds
)

// Style writes text in one look. The zero value leaves text as it is.
type Style struct{ open string }

// Render gives s in this style. s must hold no escape sequence.
func (s Style) Render(text string) string {
	if s.open == "" || text == "" {
		return text
	}
	return s.open + text + ansi.ResetStyle
}

// Append is [Style.Render] into a buffer.
func (s Style) Append(dst []byte, text string) []byte {
	if s.open == "" || text == "" {
		return append(dst, text...)
	}
	dst = append(dst, s.open...)
	dst = append(dst, text...)
	return append(dst, ansi.ResetStyle...)
}

// Options are what is known of a terminal.
type Options struct {
	Dark    bool // its background is dark
	Profile colorprofile.Profile
	// NoColour leaves out every colour (NO_COLOR), whatever the profile.
	NoColour bool
	// ASCII replaces every sign by ASCII letters.
	ASCII bool
}

// Theme is one look. It is never changed after [New] and safe for concurrent
// use.
type Theme struct {
	Options Options
	Signs   Signs
	styles  [grounds][tokens]Style
	colours [tokens]color.Color
}

// New works out the look for a terminal.
func New(o Options) *Theme {
	t := &Theme{Options: o, Signs: unicodeSigns()}
	if o.ASCII {
		t.Signs = asciiSigns()
	}
	look := light()
	if o.Dark {
		look = dark()
	}
	depth := depthOf(o)
	for g := range grounds {
		for k := range tokens {
			t.styles[g][k] = look.style(g, k, depth)
		}
	}
	for k := range tokens {
		t.colours[k] = look.tokens[k].at(depth)
	}
	return t
}

// Style is the look of a token on the page.
func (t *Theme) Style(k Token) Style { return t.On(Page, k) }

// On is the look of a token on a ground. Unknown ones look like text on the
// page.
func (t *Theme) On(g Ground, k Token) Style {
	if g >= grounds || k >= tokens {
		return Style{}
	}
	return t.styles[g][k]
}

// Colour is that of a token on the page, for what lipgloss draws; nil is the
// terminal's own.
func (t *Theme) Colour(k Token) color.Color {
	if k >= tokens {
		return nil
	}
	return t.colours[k]
}

// depth is how many colours there are.
type depth uint8

const (
	depthPlain depth = iota // no escape sequence at all
	depthNone               // bold, underline and reverse only
	depth16
	depth256
	depthTrue
)

func depthOf(o Options) depth {
	switch {
	case o.Profile == colorprofile.NoTTY:
		return depthPlain
	case o.NoColour:
		return depthNone
	}
	switch o.Profile {
	case colorprofile.TrueColor:
		return depthTrue
	case colorprofile.ANSI256:
		return depth256
	case colorprofile.ANSI:
		return depth16
	case colorprofile.Unknown, colorprofile.NoTTY, colorprofile.ASCII:
	}
	return depthNone
}

// style composes one SGR sequence (ECMA-48 section 8.3.117).
func (p palette) style(g Ground, k Token, d depth) Style {
	if d == depthPlain {
		return Style{}
	}
	var sgr ansi.Style
	plain := g == Selected && d == depth16 // reverse turns a colour into a ground of its own
	if c := p.foreground(g, k).at(d); c != nil && !plain {
		sgr = sgr.ForegroundColor(c)
	}
	if c := p.grounds[g].back.at(d); c != nil {
		sgr = sgr.BackgroundColor(c)
	}
	if d < depth256 {
		sgr = append(sgr, p.grounds[g].attribute...)
	}
	if bold(k, d) && !plain {
		sgr = sgr.Bold()
	}
	if len(sgr) == 0 {
		return Style{}
	}
	return Style{open: sgr.String()}
}

// foreground is the token's own colour, or the ground's where the token has
// none of its own. On the selected row nothing recedes: it is what is read, and
// each change of ink is some 20 bytes.
func (p palette) foreground(g Ground, k Token) colour {
	c := p.tokens[k]
	if !c.present || g != Page && (k == Text || k == Strong || k == Header) || g == Selected && k == Muted {
		return p.grounds[g].fore
	}
	return c
}

func bold(k Token, d depth) bool {
	switch k {
	case Strong, Header:
		return true
	case Accent, Amber, Error:
		return d <= depth16
	case Text, Muted, Green, Red, Rule, tokens:
	}
	return false
}
