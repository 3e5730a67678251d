package component

import (
	"slices"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/viewport"
	tea "charm.land/bubbletea/v2"

	"willcall/ui/action"
	"willcall/ui/theme"
)

// Scroll shows a stretch of lines that are more than there is room for, and
// says in the last of these where more follow. Nothing is scrolled sideways:
// lines have the width that they are shown in. It is a viewport of bubbles with
// keys of its own. The zero Scroll is at the beginning of nothing.
type Scroll struct {
	port  *viewport.Model // nil before the first lines
	lines []string
}

// scrollKeys leaves out the viewport's letters, since pages have actions on
// them, and its pages, see [Scroll.page].
func scrollKeys() viewport.KeyMap {
	return viewport.KeyMap{
		Up:   key.NewBinding(key.WithKeys("up", "k")),
		Down: key.NewBinding(key.WithKeys("down", "j")),
	}
}

// Set takes the lines, all of width cells, and the height to show them in. The
// place is kept, as far as the lines go. Every line is measured: a long text is
// set when it changes, not for every picture.
func (s *Scroll) Set(lines []string, width, height int) {
	if s.port == nil {
		port := viewport.New()
		port.KeyMap = scrollKeys()
		port.SetHorizontalStep(0)
		s.port = &port
	}
	s.port.SetWidth(width)
	s.port.SetHeight(height)
	s.port.SetContentLines(lines)
	s.lines = lines
}

// Whole reports whether all lines are seen at once: no key scrolls them.
func (s *Scroll) Whole() bool { return s.port == nil || s.port.TotalLineCount() <= s.port.Height() }

// AtEnd reports whether the last line is in sight.
func (s *Scroll) AtEnd() bool { return s.port == nil || s.port.AtBottom() }

// Reveal scrolls as little as it takes to show a line clear of the edges.
func (s *Scroll) Reveal(line int) {
	if s.port == nil {
		return
	}
	top, height := s.port.YOffset(), s.port.Height()
	top = max(top, line-height+2) // the last line may say that more follow
	s.port.SetYOffset(min(top, line))
}

// Actions are the keys that scroll; none where all lines are seen at once.
func (s *Scroll) Actions() []action.Action {
	if s.Whole() {
		return nil
	}
	update := func(msg tea.Msg) tea.Cmd {
		s.Update(msg)
		return nil
	}
	return action.Arrows(update, "component.scroll", "component.scroll-up")
}

// Top goes back to the first line, as for another text.
func (s *Scroll) Top() {
	if s.port != nil {
		s.port.GotoTop()
	}
}

// Update scrolls by keys.
func (s *Scroll) Update(msg tea.Msg) (handled bool) {
	press, ok := msg.(tea.KeyPressMsg)
	return ok && s.port != nil && s.press(press)
}

// Wheel scrolls by so many lines, downwards above zero.
func (s *Scroll) Wheel(lines int) {
	if s.port != nil {
		s.port.SetYOffset(s.port.YOffset() + lines)
	}
}

func (s *Scroll) press(msg tea.KeyPressMsg) bool {
	switch msg.String() {
	case "pgdown", "space":
		s.port.ScrollDown(s.page())
	case "pgup":
		s.port.ScrollUp(s.page())
	case "home":
		s.port.GotoTop()
	case "end":
		s.port.GotoBottom()
	default:
		keys := s.port.KeyMap
		*s.port, _ = s.port.Update(msg)
		return key.Matches(msg, keys.Up, keys.Down)
	}
	return true
}

// page is one line less than the viewport's: what stood where it said that
// more follows comes first.
func (s *Scroll) page() int { return max(1, s.port.Height()-1) }

// Render gives the stretch in the width and height that were set. The lines are
// finished: the viewport would only wrap and fill each of them again.
func (s *Scroll) Render(k Look) []string {
	if s.port == nil {
		return nil
	}
	width, height := s.port.Width(), s.port.Height()
	lines := fill(slices.Clone(s.lines[min(s.port.YOffset(), len(s.lines)):]), width, height)
	if !s.port.AtBottom() && height > 1 {
		lines[height-1] = k.more(width)
	}
	return lines
}

// more is the line that says that more lines follow.
func (k Look) more(width int) string {
	return k.Line(width).Gap(detailIndent).Sign(theme.Muted, k.Theme.Signs.More, 1).String()
}
