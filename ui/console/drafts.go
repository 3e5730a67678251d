package console

import (
	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/drafts"
	"willcall/ui/session"
)

// keptAll is the answer to keeping what stands in the forms of all pages. then
// is what was asked for; name and key are those of the question where it can't
// be kept.
type keptAll struct {
	session core.ID
	stay    uint64
	err     error
	name    string
	key     string
	then    func() tea.Cmd
}

// unkept is what stands in the forms of all pages and isn't kept as it stands.
func (r *Root) unkept() (all []drafts.Draft) {
	if r.s.Drafts == nil {
		return nil
	}
	for _, page := range r.pages {
		if keeper, ok := page.(session.Keeper); ok {
			all = append(all, keeper.Unkept()...)
		}
	}
	return all
}

// keeping keeps what stands in forms, and then does something that takes them
// away. What can't be kept is asked about first.
func (r *Root) keeping(name, key string, then func() tea.Cmd) tea.Cmd {
	all := r.unkept()
	if len(all) == 0 {
		return then()
	}
	keep := r.s.KeepDrafts(all)
	answer := keptAll{session: r.s.Request.Session, stay: r.s.Stay, name: name, key: key, then: then}
	return func() tea.Msg {
		answer.err = keep()
		return answer
	}
}

// takeKept goes on with what was asked for.
func (r *Root) takeKept(msg keptAll) tea.Cmd {
	switch {
	case msg.session != r.s.Request.Session || msg.stay != r.s.Stay:
		return nil
	case core.CodeOf(msg.err) == core.CodeSignedOut:
		return r.leave(r.s.Text.Error(msg.err))
	case msg.err != nil && msg.name == "":
		r.refuse(r.s.Text.Error(msg.err))
		return nil
	case msg.err != nil:
		return r.ask(question{name: msg.name, key: msg.key, yes: msg.then})
	}
	return msg.then()
}

// kept says, where something was typed that isn't saved, that it is kept.
func (r *Root) kept() string {
	for _, page := range r.pages {
		if keeper, ok := page.(session.Keeper); ok && r.s.Drafts != nil && keeper.Typed() {
			return r.s.Text.T("console.kept")
		}
	}
	return ""
}
