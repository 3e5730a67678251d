package action

import tea "charm.land/bubbletea/v2"

// Key is an action that only moves about on the screen.
func Key(label string, run func() tea.Cmd, keys ...string) Action {
	return Action{Label: label, Keys: keys, Run: run}
}

// Arrows are the two arrow keys of a list or a text, and the letters that mean
// the same. Each hands its arrow to update. The way up is left to the list of all
// keys.
func Arrows(update func(tea.Msg) tea.Cmd, down, up string) []Action {
	press := func(code rune) func() tea.Cmd {
		return func() tea.Cmd { return update(tea.KeyPressMsg{Code: code}) }
	}
	all := []Action{Key(down, press(tea.KeyDown), "down", "j"), Key(up, press(tea.KeyUp), "up", "k")}
	all[1].Quiet = true
	return all
}
