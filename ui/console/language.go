package console

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/text"
)

// keyLanguage changes the language where there is no palette: before anybody is
// signed in, and before the wall. Elsewhere the palette does.
const keyLanguage = "f2"

// languages is the action that goes on to the next language; its label says
// which that is.
func (r *Root) languages() action.Action {
	a := action.Action{Label: "console.language", Typing: true, Run: func() tea.Cmd {
		return session.Say(session.Speak{Language: r.nextLanguage()})
	}}
	if r.s.SignedIn() && !r.s.Walled {
		a.Palette = true
	} else {
		a.Keys, a.Quiet = []string{keyLanguage}, r.s.Walled // there the ways out come first
	}
	return a
}

// nextLanguage is the one after that of the screen, round and round.
func (r *Root) nextLanguage() text.Language {
	all := text.Languages()
	return all[(slices.Index(all, r.s.Text.Language())+1)%len(all)]
}

// speak puts the whole screen into a language at once, with what was typed. An
// operator finds it again at the next sign-in; before the sign-in it is this
// terminal's until the console ends.
func (r *Root) speak(l text.Language) tea.Cmd {
	r.s.Text = r.words(l)
	r.toasts = component.Toasts{}
	r.reword()
	if !r.s.SignedIn() {
		r.before.Text = r.s.Text
		return r.refresh()
	}
	return tea.Batch(r.refresh(), r.keepLanguage(l))
}

// reword has the pages take their sentences anew.
func (r *Root) reword() {
	for _, page := range r.pages {
		if p, ok := page.(session.Speaker); ok {
			p.Reword()
		}
	}
}

// words gives the sentences of a language as this terminal can write them.
func (r *Root) words(l text.Language) text.Printer {
	p := r.cfg.Catalogue.In(l).InZone(r.s.Location)
	if r.look.ASCII {
		return p.Plain()
	}
	return p
}

// unkept tells that the store could not keep a choice that this screen made.
type unkept struct{ err error }

// keepLanguage keeps the operator's choice.
func (r *Root) keepLanguage(l text.Language) tea.Cmd {
	if r.cfg.Language == nil {
		return nil
	}
	ctx, req, keep := r.s.Ctx, r.s.Request, r.cfg.Language
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, session.Timeout)
		defer cancel()
		if err := keep(ctx, req, string(l)); err != nil && core.CodeOf(err) != core.CodeSignedOut {
			return unkept{err: err}
		}
		return nil
	}
}
