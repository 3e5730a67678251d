package console

import (
	"context"
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
	"willcall/ui/theme"
)

// proof asks who sits there to prove it, before what needs that is done. What
// was refused for want of it waits meanwhile, and its pages with it.
type proof struct {
	root    *Root
	form    *component.Form
	waiting []session.Result
	first   []func() tea.Cmd // what wasn't begun before there is a proof
	app     bool             // a code of an app proves it too
	busy    bool
	refused string
}

const (
	fieldProof = "proof"
	appDigits  = 6
)

// proven is the answer to a proof, enrolled to whether a code of an app is one.
type (
	proven struct {
		by  *proof
		err error
	}
	enrolled struct {
		by  *proof
		app bool
	}
)

// prove asks for a proof, once for all that wait for one.
func (r *Root) prove(msg session.Result) tea.Cmd {
	if open, ok := r.dialog.(*proof); ok {
		open.waiting = append(open.waiting, msg)
		return nil
	}
	return r.askProof(&proof{waiting: []session.Result{msg}})
}

// unproven reports whether an action takes a proof that the desk would ask for
// later, when all that it asks is filled in.
func (r *Root) unproven(a action.Action) bool {
	known, ok := r.s.Actions.Find(a.ID)
	return ok && known.StepUp && r.cfg.StepUp != nil && r.s.SignedIn() && r.s.Clock.Effective().Sub(r.proved) >= core.ProofLasts
}

// proveFirst asks for a proof before an action. What the page offers then
// decides: the action may have gone meanwhile.
func (r *Root) proveFirst(a action.Action) tea.Cmd {
	return r.askProof(&proof{first: []func() tea.Cmd{func() tea.Cmd {
		page := r.page()
		for _, now := range page.Actions() {
			if now.LabelKey() == a.LabelKey() && slices.Equal(now.Keys, a.Keys) {
				return r.watched(page, func() tea.Cmd { return r.do(now) })
			}
		}
		return nil
	}}})
}

func (r *Root) askProof(p *proof) tea.Cmd {
	p.root = r
	p.form = component.NewForm(component.Field{Name: fieldProof, Kind: component.FieldPassword, Label: p.word("field")})
	return tea.Batch(r.show(p), p.askApp())
}

// askApp asks whether there is an app to prove it by. Without an answer only the
// password is asked for, which everybody has.
func (p *proof) askApp() tea.Cmd {
	ctx, req, ask := p.root.s.Ctx, p.root.s.Request, p.root.cfg.Enrolled
	if ask == nil {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, session.Timeout)
		defer cancel()
		app, err := ask(ctx, req)
		return enrolled{by: p, app: err == nil && app}
	}
}

func (r *Root) takeEnrolled(msg enrolled) {
	p := msg.by
	p.app = msg.app
	p.form.Change(fieldProof, func(f *component.Field) { f.Label = p.word("field") })
}

// word is a sentence of the dialog, in the form that names what this operator
// can give.
func (p *proof) word(name string) string {
	if p.app {
		return p.root.s.Text.T("console.proof.app." + name)
	}
	return p.root.s.Text.T("console.proof." + name)
}

func (p *proof) actions() []action.Action {
	back := action.Action{Label: "console.proof.back", Keys: []string{"esc"}, Typing: true, Run: p.root.dismiss}
	if p.busy {
		return []action.Action{back}
	}
	return []action.Action{{Label: "console.proof.give", Keys: []string{"enter"}, Typing: true, Run: p.give}, back}
}

// give tries what was typed.
func (p *proof) give() tea.Cmd {
	typed := asCode(p.form.Value(fieldProof))
	p.form.Set(fieldProof, "")
	if typed == "" {
		p.refused = p.word("empty")
		return nil
	}
	p.busy, p.refused = true, ""
	ctx, req, try := p.root.s.Ctx, p.root.s.Request, p.root.cfg.StepUp
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, session.Timeout)
		defer cancel()
		return proven{by: p, err: try(ctx, req, typed)}
	}
}

// asCode takes what stands between the digits out of a code of an app. A password
// is longer, and stays as it was typed.
func asCode(typed string) string {
	code := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, typed)
	if len(code) == appDigits && strings.Trim(code, "0123456789") == "" {
		return code
	}
	return typed
}

// takeProven does what waited once more, or says why not. An answer to a
// question that is no longer there counts for nothing.
func (r *Root) takeProven(msg proven) tea.Cmd {
	p := msg.by
	if r.dialog != p {
		return nil
	}
	p.busy = false
	if cmd, taken := r.barred(msg.err); taken {
		return cmd
	}
	switch {
	case core.CodeOf(msg.err) == core.CodeSignIn: // no address is asked for here
		p.refused = r.s.Text.T("console.proof.wrong")
		return nil
	case msg.err != nil:
		p.refused = r.s.Text.Error(msg.err)
		return nil
	}
	again := make([]tea.Cmd, len(p.waiting))
	for i, waits := range p.waiting {
		again[i] = waits.Again
	}
	p.waiting, r.proved = nil, r.s.Clock.Effective()
	cmds := []tea.Cmd{r.dismiss(), tea.Sequence(again...)}
	for _, first := range p.first {
		cmds = append(cmds, first())
	}
	return tea.Batch(cmds...)
}

// drop tells the pages that what waited isn't done. They still have all that it
// would have been done with.
func (p *proof) drop() tea.Cmd {
	waiting := p.waiting
	p.waiting = nil
	var cmds []tea.Cmd
	for _, msg := range waiting {
		cmds = append(cmds, p.root.deliver(msg))
	}
	return tea.Batch(cmds...)
}

// typed implements [typist].
func (p *proof) typed(msg tea.Msg) {
	if !p.busy {
		p.form.Update(msg)
	}
}

func (p *proof) draw(k component.Look) component.Dialog {
	box := component.Dialog{Title: k.Text.T("console.proof.title"), Actions: p.actions()}
	if !component.Roomy(p.root.layout().page) {
		box.Actions = nil // the help line has them too
	}
	box.Body = func(width int) []string {
		return slices.Concat(p.said(k, width), p.form.Render(k, width, p.form.Needs(k, width)))
	}
	return box
}

// said is what is asked for, what is going on, or why it was refused, always in
// the same place.
func (p *proof) said(k component.Look, width int) []string {
	switch {
	case p.busy:
		return k.Bar(theme.Accent, k.Text.T("console.proof.busy"), width)
	case p.refused != "":
		return k.Bar(theme.Error, p.refused, width)
	}
	return k.Bar(theme.Muted, p.word("text"), width)
}

// cursor implements [typist].
func (p *proof) cursor(k component.Look) (x, y int, shown bool) {
	left, top, cells := p.draw(k).Inner(k, p.root.width, p.root.layout().page)
	above := len(p.said(k, cells))
	p.form.Render(k, cells, p.form.Needs(k, cells))
	x, y, shown = p.form.Cursor()
	return left + x, top + above + y, shown && !p.busy
}
