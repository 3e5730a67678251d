package theme

import (
	"encoding/binary"
	"image/color"

	"github.com/charmbracelet/x/ansi"
)

// colour is one colour, chosen three times: true colour, one of the 256, one of
// the 16. The last is nil where none of the sixteen is legible; that, and the
// zero value, stand for the terminal's own.
type colour struct {
	full    ansi.RGBColor
	of256   ansi.IndexedColor
	of16    color.Color
	present bool
}

// at is the colour as a terminal of this depth has it, nil for its own.
func (c colour) at(d depth) color.Color {
	if !c.present {
		return nil
	}
	switch d {
	case depthTrue:
		return c.full
	case depth256:
		return c.of256
	case depth16:
		return c.of16
	case depthPlain, depthNone:
	}
	return nil
}

// pick chooses a colour; full is 0xRRGGBB.
func pick(full uint32, of256 ansi.IndexedColor, of16 color.Color) colour {
	var rgb [4]byte
	binary.BigEndian.PutUint32(rgb[:], full)
	return colour{full: ansi.RGBColor{R: rgb[1], G: rgb[2], B: rgb[3]}, of256: of256, of16: of16, present: true}
}

// groundLook is how one ground looks: colours where there are at least 256,
// else an SGR attribute.
type groundLook struct {
	fore, back colour
	attribute  ansi.Style
}

type palette struct {
	tokens  [tokens]colour
	grounds [grounds]groundLook
}

// dark is legible on backgrounds up to the luminance of #282c34.
func dark() palette {
	bright := pick(0xf2f5fa, 255, nil)
	return palette{
		tokens: [tokens]colour{
			Muted:  pick(0x9aa5b4, 248, nil),
			Accent: pick(0x7fb0f5, 111, ansi.BrightCyan),
			Green:  pick(0x74cf93, 114, ansi.BrightGreen),
			Red:    pick(0xff8a80, 210, ansi.BrightRed),
			Amber:  pick(0xe5b567, 179, ansi.BrightYellow),
			Rule:   pick(0x4b5563, 240, nil),
			Error:  pick(0xff8a80, 210, ansi.BrightRed),
		},
		grounds: [grounds]groundLook{
			Selected: {fore: bright, back: pick(0x24395c, 237, nil), attribute: ansi.NewStyle(ansi.AttrReverse)},
			Resting:  {fore: bright, back: pick(0x2b303a, 235, nil)},
			Field:    {fore: bright, back: pick(0x262b34, 235, nil), attribute: ansi.NewStyle(ansi.AttrUnderline)},
			Focused:  {fore: bright, back: pick(0x24395c, 237, nil), attribute: ansi.NewStyle(ansi.AttrUnderline, ansi.AttrBold)},
		},
	}
}

// light is legible on backgrounds down to the luminance of #fdf6e3.
func light() palette {
	ink := pick(0x1b1f24, 234, nil)
	return palette{
		tokens: [tokens]colour{
			Muted:  pick(0x565e6a, 240, nil),
			Accent: pick(0x0b57a4, 25, ansi.Blue),
			Green:  pick(0x16652c, 22, ansi.Green),
			Red:    pick(0xb3261e, 124, ansi.Red),
			Amber:  pick(0x7d5000, 94, ansi.Magenta),
			Rule:   pick(0xb9c0ca, 250, nil),
			Error:  pick(0xb3261e, 124, ansi.Red),
		},
		grounds: [grounds]groundLook{
			Selected: {fore: ink, back: pick(0xd3e3f8, 254, nil), attribute: ansi.NewStyle(ansi.AttrReverse)},
			Resting:  {fore: ink, back: pick(0xe9ecf0, 255, nil)},
			Field:    {fore: ink, back: pick(0xeceff3, 255, nil), attribute: ansi.NewStyle(ansi.AttrUnderline)},
			Focused:  {fore: ink, back: pick(0xd3e3f8, 254, nil), attribute: ansi.NewStyle(ansi.AttrUnderline, ansi.AttrBold)},
		},
	}
}
