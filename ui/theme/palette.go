package theme

// colour is one colour, chosen three times: true colour as 0xRRGGBB, an index
// of the 256, an index of the 16. Below zero stands for the terminal's own.
type colour struct {
	full    int
	of256   int
	of16    int
	present bool
}

// none is the terminal's own colour.
var none = colour{}

func (c colour) is(other colour) bool { return c == other }

// sgr gives the parameters for a colour; base is 38 for text, 48 for what is
// behind it.
func (c colour) sgr(base int, d depth) []int {
	if !c.present {
		return nil
	}
	switch d {
	case depthTrue:
		return []int{base, 2, c.full >> 16, c.full >> 8 & 0xff, c.full & 0xff}
	case depth256:
		return []int{base, 5, c.of256}
	case depth16:
		return sgr16(base, c.of16)
	case depthPlain, depthNone:
	}
	return nil
}

func sgr16(base, index int) []int {
	switch {
	case index < 0:
		return nil
	case index < 8:
		return []int{base - 8 + index}
	}
	return []int{base + 52 + index - 8}
}

// pick makes a colour; of16 is -1 where none of the sixteen is legible.
func pick(full, of256, of16 int) colour {
	return colour{full: full, of256: of256, of16: of16, present: true}
}

// groundLook is how one ground looks: colours where there are at least 256,
// else an SGR attribute.
type groundLook struct {
	fore, back colour
	attribute  []int
}

type palette struct {
	tokens  [tokens]colour
	grounds [grounds]groundLook
}

const (
	underline = 4
	reverse   = 7
)

// dark is legible on backgrounds up to the luminance of #282c34.
func dark() palette {
	bright := pick(0xf2f5fa, 255, -1)
	return palette{
		tokens: [tokens]colour{
			Muted:  pick(0x9aa5b4, 248, -1),
			Accent: pick(0x7fb0f5, 111, 14),
			Green:  pick(0x74cf93, 114, 10),
			Red:    pick(0xff8a80, 210, 9),
			Amber:  pick(0xe5b567, 179, 11),
			Rule:   pick(0x4b5563, 240, -1),
			Error:  pick(0xff8a80, 210, 9),
		},
		grounds: [grounds]groundLook{
			Selected: {fore: bright, back: pick(0x24395c, 237, -1), attribute: []int{reverse}},
			Resting:  {fore: bright, back: pick(0x2b303a, 235, -1)},
			Field:    {fore: bright, back: pick(0x262b34, 235, -1), attribute: []int{underline}},
			Focused:  {fore: bright, back: pick(0x24395c, 237, -1), attribute: []int{underline}},
		},
	}
}

// light is legible on backgrounds down to the luminance of #fdf6e3.
func light() palette {
	ink := pick(0x1b1f24, 234, -1)
	return palette{
		tokens: [tokens]colour{
			Muted:  pick(0x565e6a, 240, -1),
			Accent: pick(0x0b57a4, 25, 4),
			Green:  pick(0x16652c, 22, 2),
			Red:    pick(0xb3261e, 124, 1),
			Amber:  pick(0x7d5000, 94, -1),
			Rule:   pick(0xb9c0ca, 250, -1),
			Error:  pick(0xb3261e, 124, 1),
		},
		grounds: [grounds]groundLook{
			Selected: {fore: ink, back: pick(0xd3e3f8, 254, -1), attribute: []int{reverse}},
			Resting:  {fore: ink, back: pick(0xe9ecf0, 255, -1)},
			Field:    {fore: ink, back: pick(0xeceff3, 255, -1), attribute: []int{underline}},
			Focused:  {fore: ink, back: pick(0xd3e3f8, 254, -1), attribute: []int{underline}},
		},
	}
}
