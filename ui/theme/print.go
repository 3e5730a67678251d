package theme

import (
	"github.com/charmbracelet/x/ansi"
)

// Prints are the styles of what a camera reads off the screen, such as a QR
// code: black and white in every look, each cell with both of them.
type Prints struct{ BlackOnWhite, WhiteOnBlack Style }

// Prints gives these styles. ok is false on a terminal that takes no style, or
// no block letters, so that nothing can be read there.
func (t *Theme) Prints() (p Prints, ok bool) {
	depth := depthOf(t.Options)
	return printsOf(depth, t.Options.Dark), depth != depthPlain && !t.Options.ASCII
}

// printsOf sets both colours where there are any. Without them the terminal's
// own two do, reversed where its ground is the wrong one: some apps read no code
// that is white on black.
func printsOf(d depth, dark bool) Prints {
	black, white := pick(0x000000, 16, ansi.Black), pick(0xffffff, 231, ansi.BrightWhite)
	reversed := Style{open: ansi.NewStyle(ansi.AttrReverse).String()}
	switch d {
	case depthPlain:
		return Prints{}
	case depthNone:
		if dark {
			return Prints{BlackOnWhite: reversed}
		}
		return Prints{WhiteOnBlack: reversed}
	case depth16, depth256, depthTrue:
	}
	style := func(fore, back colour) Style {
		return Style{open: ansi.NewStyle().ForegroundColor(fore.at(d)).BackgroundColor(back.at(d)).String()}
	}
	return Prints{BlackOnWhite: style(black, white), WhiteOnBlack: style(white, black)}
}
