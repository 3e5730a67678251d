package component

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
)

func TestCopiesGoFromOneToTheNext(t *testing.T) {
	t.Parallel()
	k, of := darkLook(t), core.Ref{Kind: core.KindContact, ID: 7}
	values := []Copyable{{"Address", "marie@mail.example"}, {"Number", "C-000007"}}
	var c Copies
	if c.Foot(k, of, 60) != nil || c.Take(of, nil) != nil {
		t.Error("something was copied of nothing")
	}
	for _, want := range []Copyable{values[0], values[1], values[0]} {
		if got := c.Take(of, values)(); got != tea.SetClipboard(want.Value)() {
			t.Errorf("copied %v, want %v", got, want)
		}
		lines := c.Foot(k, of, 60)
		exact(t, "foot", lines, 60, len(lines))
		if s := flat(lines); !strings.HasSuffix(s, "\n"+want.Value) || !strings.Contains(s, want.What) {
			t.Errorf("told as\n%s", s)
		}
	}
	other := core.Ref{Kind: core.KindContact, ID: 8}
	if c.Foot(k, other, 60) != nil || c.Next(of, values) != 1 || c.Next(other, values) != 0 || c.Next(of, values[:1]) != 0 {
		t.Error("what was copied of one is told of another")
	}
}

func TestACopyHoldsNothingThatIsNeverShown(t *testing.T) {
	t.Parallel()
	of := core.Ref{Kind: core.KindMail, ID: 1}
	for value, want := range map[string]string{
		"a\x1b]52;c;QUJD\x07\r\nrm -rf /\n": "a]52;c;QUJDrm -rf /", "x\u202ey\u200bz": "xyz", "\xff\u009bok": "ok", "Zoé 漢字": "Zoé 漢字",
	} {
		var c Copies
		if got := c.Take(of, []Copyable{{"x", value}})(); got != tea.SetClipboard(want)() {
			t.Errorf("of %q %q is copied, want %q", value, got, want)
		}
	}
	for name, nasty := range nasties() {
		var c Copies
		c.Take(of, []Copyable{{name, nasty}})
		for _, width := range []int{20, 41} {
			lines := c.Foot(darkLook(t), of, width)
			exact(t, name, lines, width, len(lines))
		}
	}
}

func TestWhatIsTooLongIsOnlyShown(t *testing.T) {
	t.Parallel()
	of := core.Ref{Kind: core.KindMail, ID: 1}
	var c Copies
	if c.Take(of, []Copyable{{"Link", strings.Repeat("x", copyMost+1)}}) != nil {
		t.Error("it was handed to the terminal")
	}
	if s := flat(c.Foot(darkLook(t), of, 60)); !strings.Contains(s, "too long") {
		t.Errorf("told as\n%s", s)
	}
}

func TestOnANarrowScreenTheValueCopiedHasTheRoom(t *testing.T) {
	t.Parallel()
	of := core.Ref{Kind: core.KindMail, ID: 1}
	var c Copies
	c.Take(of, []Copyable{{"Link", "http://127.0.0.1:8710/v/" + strings.Repeat("x", 43)}})
	if lines := c.Foot(darkLook(t), of, 40); len(lines) != 3 || !strings.Contains(flat(lines), "Link") {
		t.Errorf("a link takes %d lines\n%s", len(lines), flat(lines))
	}
}
