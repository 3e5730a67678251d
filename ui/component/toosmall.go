package component

import (
	"strconv"

	"willcall/ui/theme"
)

// The smallest screen that can be used, in cells.
const (
	LeastWidth  = 40
	LeastHeight = 10
)

// Fits reports whether a screen is large enough.
func Fits(width, height int) bool { return width >= LeastWidth && height >= LeastHeight }

// TooSmall draws what stands on a screen that is too small, and waits.
func TooSmall(k Look, width, height int) []string {
	s := k.Text.T("component.too-small",
		"width", strconv.Itoa(LeastWidth), "height", strconv.Itoa(LeastHeight),
		"has-width", strconv.Itoa(width), "has-height", strconv.Itoa(height))
	return fill(k.wrapped(theme.Text, s, width), width, height)
}
