package console

import (
	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/theme"
)

// wall leads the operator to where a second factor is enrolled: nothing else is
// reached before (R67). Every page stays as it was, with what was typed there.
func (r *Root) wall() tea.Cmd {
	if r.cfg.Pages[session.PageProfile] == nil {
		return r.signOutFor(r.s.Text.Error(core.Refuse(core.CodeEnrol)))
	}
	if r.s.Walled && r.front == session.PageProfile {
		return nil
	}
	r.s.Walled = true
	keep := r.keeping("", "", func() tea.Cmd { return nil })
	return tea.Batch(keep, r.open(session.PageProfile, core.Ref{}))
}

// unwall takes the wall away. The page stays in front: it has recovery codes to
// show. What the wall kept from being read is read now.
func (r *Root) unwall() tea.Cmd {
	r.s.Walled = false
	return tea.Batch(r.readPlaces(), r.refresh())
}

// barred acts on an answer that says that the session is over or walled.
func (r *Root) barred(err error) (cmd tea.Cmd, taken bool) {
	switch core.CodeOf(err) { //nolint:exhaustive // codes are open; the others are the asker's
	case core.CodeSignedOut:
		return r.leave(r.s.Text.Error(err)), true
	case core.CodeEnrol:
		return r.wall(), true
	}
	return nil, false
}

// wallLine says in place of the tabs why there are none, as much as there is
// room for.
func (r *Root) wallLine(k component.Look) string {
	line := k.Line(r.width).Gap(headerLeft)
	said := k.Text.T("console.wall")
	if safetext.Width(said) > line.Left() {
		said = k.Text.T("console.wall.short")
	}
	return line.Text(theme.Amber, said).String()
}
