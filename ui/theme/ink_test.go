package theme

import (
	"testing"

	"github.com/charmbracelet/colorprofile"
)

func TestBlanksKeepAnInkThatIsNotSeen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		options Options
		ground  Ground
		want    Token
	}{
		{Options{Profile: colorprofile.TrueColor}, Selected, Accent},
		{Options{Profile: colorprofile.ANSI256}, Resting, Accent},
		{Options{Profile: colorprofile.TrueColor}, Page, Text},
		{Options{Profile: colorprofile.ANSI}, Selected, Text},
		{Options{Profile: colorprofile.TrueColor, NoColour: true}, Selected, Text},
	} {
		if got := New(c.options).Ink(c.ground, Accent); got != c.want {
			t.Errorf("%+v on %d: %d, want %d", c.options, c.ground, got, c.want)
		}
	}
}
