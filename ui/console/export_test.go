package console

import tea "charm.land/bubbletea/v2"

// Filter is what a message goes through before the root hears it.
func Filter(r *Root, msg tea.Msg) tea.Msg { return r.filter(r, msg) }
