package component

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/theme"
)

// Copyable is a value that can be copied, and what it is, in words. Both are
// untrusted.
type Copyable struct{ What, Value string }

// copyMost is how many bytes are handed to a clipboard. Terminals take less than
// 75 kB, and more than this isn't read by anybody who pastes it.
const copyMost = 8 << 10

// Copies hands values to the terminal's clipboard (OSC 52), one after the other
// by one key, and shows the one copied last bare: no terminal tells whether it
// took it, so it can be selected by hand as well.
type Copies struct {
	of   core.Ref // what was shown
	next int
	last Copyable
	long bool
}

// Next is which of some values of what is shown now is copied next.
func (c *Copies) Next(of core.Ref, values []Copyable) int {
	if c.of != of || c.next >= len(values) {
		return 0
	}
	return c.next
}

// Take copies the next of some values of what is shown now. Control characters
// and what else is never shown are no part of a copy; one of more than 8 KiB is
// only shown.
func (c *Copies) Take(of core.Ref, values []Copyable) tea.Cmd {
	if len(values) == 0 {
		return nil
	}
	at := c.Next(of, values)
	v := Copyable{What: values[at].What, Value: bare(values[at].Value)}
	*c = Copies{of: of, next: (at + 1) % len(values), last: v, long: len(v.Value) > copyMost}
	if c.long {
		return nil
	}
	return tea.SetClipboard(v.Value)
}

// bare is a value without what safetext would show in another way.
func bare(value string) string {
	value = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(value, ""))
	return strings.ReplaceAll(safetext.Line(value), string(unicode.ReplacementChar), "")
}

// Foot tells what was copied of what is shown now, nil where nothing was: a
// sentence, and the value on lines of its own from the first cell on.
func (c *Copies) Foot(k Look, of core.Ref, width int) []string {
	if c.of != of || c.last.Value == "" {
		return nil
	}
	key := "component.copy.done"
	switch {
	case c.long:
		key = "component.copy.too-long"
	case width < formNarrow: // the value matters more than how it is told
		key = "component.copy.brief"
	}
	lines := k.Bar(theme.Accent, k.Text.T(key, "what", c.last.What), width)
	for _, part := range strings.Split(ansi.Hardwrap(c.last.Value, max(1, width-1), true), "\n") {
		lines = append(lines, k.Line(width).Text(theme.Strong, part).String())
	}
	return lines
}
