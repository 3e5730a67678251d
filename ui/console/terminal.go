package console

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/theme"
)

// The sizes a window is taken to have, whatever it says: a screen of five
// thousand by five thousand cells would take gigabytes (limits.md, SSH).
const (
	minWidth, maxWidth   = 20, 500
	minHeight, maxHeight = 8, 200
)

// Clamp gives the size that is drawn for a window's size.
func Clamp(msg tea.WindowSizeMsg) tea.WindowSizeMsg {
	return tea.WindowSizeMsg{
		Width:  min(max(msg.Width, minWidth), maxWidth),
		Height: min(max(msg.Height, minHeight), maxHeight),
	}
}

// grown tells that a window of this height has been drawn, which is higher than
// the one before.
type grown int

// resize takes the window's size. Where there is more room, a list may show rows
// that it didn't read.
func (r *Root) resize(size tea.WindowSizeMsg) tea.Cmd {
	higher := r.height > 0 && size.Height > r.height
	r.width, r.height = size.Width, size.Height
	if !higher {
		return nil
	}
	return func() tea.Msg { return grown(size.Height) }
}

// fill has the pages read again, now that they know how much they show, unless
// the window was changed again.
func (r *Root) fill(height grown) tea.Cmd {
	if !r.s.SignedIn() || int(height) != r.height {
		return nil
	}
	return r.refresh()
}

// dress makes the theme anew from what is known of the terminal.
func (r *Root) dress() { r.s.Theme = theme.New(r.look) }

// readEnvironment takes from the client's environment what concerns the look.
// NO_COLOR counts with any value.
func (r *Root) readEnvironment(env tea.EnvMsg) {
	_, r.look.NoColour = env.LookupEnv("NO_COLOR")
	ascii := !speaksUTF8(env)
	changed := ascii != r.look.ASCII
	r.look.ASCII = ascii
	r.dress()
	if changed {
		r.s.Text, r.before.Text = r.words(r.s.Text.Language()), r.words(r.before.Text.Language())
		r.reword()
	}
}

// speaksUTF8 reads the locale as POSIX ranks it (Base Definitions, section
// 8.2). Where nothing is said, UTF-8 is assumed; a named language without a
// character set is taken at its word that it has none.
func speaksUTF8(env tea.EnvMsg) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		locale := strings.ToLower(env.Getenv(name))
		if locale == "" {
			continue
		}
		return strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
	}
	return true
}
