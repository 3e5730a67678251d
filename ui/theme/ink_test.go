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
		next    Token
		want    Token
	}{
		{Options{Profile: colorprofile.TrueColor}, Selected, Text, Accent},
		{Options{Profile: colorprofile.ANSI256}, Resting, Muted, Accent},
		{Options{Profile: colorprofile.TrueColor}, Page, Text, Text},
		{Options{Profile: colorprofile.TrueColor}, Page, Muted, Accent},
		{Options{Profile: colorprofile.ANSI}, Selected, Muted, Text},
		{Options{Profile: colorprofile.TrueColor}, Field, Muted, Text},
		{Options{Profile: colorprofile.TrueColor, NoColour: true}, Selected, Text, Text},
	} {
		if got := New(c.options).Ink(c.ground, Accent, c.next); got != c.want {
			t.Errorf("%+v on %d: %d, want %d", c.options, c.ground, got, c.want)
		}
	}
}
