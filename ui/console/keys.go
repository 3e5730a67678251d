package console

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/session"
)

const (
	keyQuit      = "ctrl+q"
	keyInterrupt = "ctrl+c"
	keyLead      = "g" // before a tab's letter
)

// press finds what a key means now and does it.
func (r *Root) press(msg tea.KeyPressMsg) tea.Cmd {
	key := msg.String()
	switch key {
	case keyQuit, keyInterrupt:
		return r.quit()
	}
	if r.curtain.blind() || !component.Fits(r.width, r.height) {
		return nil
	}
	r.toasts.Update(msg)
	if r.dialog != nil || r.leading {
		return r.choose(msg)
	}
	page := r.page()
	typing := page.Typing()
	if a, ok := action.Find(page.Actions(), key, typing); ok {
		return r.watched(page, func() tea.Cmd { return r.do(a) })
	}
	if a, ok := action.Find(r.globals(typing), key, typing); ok {
		return r.do(a)
	}
	return r.tell(page, msg)
}

// choose acts on a key while a dialog is open or a tab's letter is awaited:
// nothing else is reached.
func (r *Root) choose(msg tea.KeyPressMsg) tea.Cmd {
	offered := r.offered()
	r.leading = false
	if a, ok := action.Find(offered, msg.String(), false); ok {
		return r.do(a)
	}
	r.typeInto(msg)
	return nil
}

// offered lists the actions of what is on top: the dialog, else the tabs.
func (r *Root) offered() []action.Action {
	if r.dialog != nil {
		return r.dialog.actions()
	}
	return append(r.tabActions(""), action.Action{
		Label: "console.back", Keys: []string{"esc"}, Run: func() tea.Cmd { return nil },
	})
}

// tabActions lists the ways to the tabs there are, where there is a choice. lead
// stands before their keys.
func (r *Root) tabActions(lead string) []action.Action {
	shown := r.shownTabs()
	if len(shown) < 2 {
		return nil
	}
	all := make([]action.Action, len(shown))
	for i, t := range shown {
		all[i] = action.Action{
			ID: t.needs, Label: t.label(), Finds: "console.finds." + string(t.page), Keys: []string{lead + t.key},
			Run: func() tea.Cmd { return r.travel(session.Go{Page: t.page}) },
		}
	}
	return all
}

// do runs an action, or says why it can't be done: the permission first, then
// the reason of the moment. What takes a fresh proof asks for that before
// anything else.
func (r *Root) do(a action.Action) tea.Cmd {
	switch {
	case !r.permits(a):
		r.refuse(r.s.Forbidden(a.ID))
	case a.Disabled != "":
		r.refuse(a.Disabled)
	case r.unproven(a):
		return r.proveFirst(a)
	default:
		return a.Run()
	}
	return nil
}

// allowed lists the actions that the role has: the others aren't offered.
func (r *Root) allowed(all []action.Action) []action.Action {
	return slices.DeleteFunc(slices.Clone(all), func(a action.Action) bool { return !r.permits(a) })
}

func (r *Root) permits(a action.Action) bool { return a.ID == "" || r.s.Allows(a.ID) }

// refuse says on the screen why something isn't done.
func (r *Root) refuse(reason string) { r.toasts.Add(reason, true) }

// global is one of the console's own actions, and whether it can be done now.
type global struct {
	action.Action
	offered bool
}

// globals lists what can be done on every page now.
func (r *Root) globals(typing bool) []action.Action {
	var all []action.Action
	for _, g := range r.everything(typing, r.asked()) {
		if g.offered {
			all = append(all, g.Action)
		}
	}
	return all
}

// everything lists the console's own actions, whether they can be done now or
// not. While a field has the keyboard the list of keys is opened by a key that
// types nothing; while the page asks something nothing leads away from it.
func (r *Root) everything(typing, asked bool) []global {
	in := r.s.SignedIn()
	free := in && !asked
	roams := free && !r.s.Walled // nothing leads away from the wall but signing out
	list := action.Action{Label: "console.keys", Keys: []string{"?", "f1"}, Run: r.listKeys}
	if typing {
		list.Keys, list.Typing = []string{"f1"}, true
	}
	all := append(
		[]global{{action.Action{Label: "console.palette", Keys: []string{keyPalette}, Typing: true, Quiet: !in, Run: r.openPalette}, !asked && !r.s.Walled}},
		r.ways(free, roams)...)
	all = append(all, r.sideways(roams)...)
	staff := action.Action{ID: core.ActOperatorList, Label: "console.staff", Finds: "console.finds.staff", Palette: true, Run: r.toStaff}
	return append(all,
		global{staff, roams && r.cfg.Pages[session.PageSettings] != nil},
		global{r.languages(), !asked},
		global{r.mice(), !asked},
		global{action.Action{Label: "console.quit", Keys: []string{keyQuit, keyInterrupt}, Typing: true, Quiet: in && !r.s.Walled, Run: r.quit}, true},
		global{list, true},
	)
}

// asked reports whether the page in front asks something in place.
func (r *Root) asked() bool {
	page, ok := r.page().(session.Asker)
	return ok && page.Asking()
}

// ways lists what leads away from a page: to another tab, another place, out.
func (r *Root) ways(free, roams bool) []global {
	return []global{
		{action.Action{Label: "console.go", Keys: []string{keyLead}, Run: r.lead}, roams && len(r.shownTabs()) > 1},
		{r.switching(), roams && r.switchable()},
		{action.Action{Label: "console.lock", Finds: "console.finds.lock", Keys: []string{keyLock}, Typing: true, Quiet: true, Run: r.lock}, r.s.SignedIn() && r.cfg.Unlock != nil},
		{action.Action{ID: core.ActSignOut, Finds: "console.finds.sign-out", Keys: []string{"ctrl+d"}, Typing: r.blank(), Quiet: !r.s.Walled, Run: r.askSignOut}, free},
	}
}

// blank reports whether ctrl+d has nothing to take out of a field.
func (r *Root) blank() bool {
	page, ok := r.pages[r.front].(session.Blank)
	return ok && page.Blank()
}

// toStaff leads to the operators in the settings.
func (r *Root) toStaff() tea.Cmd {
	return r.travel(session.Go{Page: session.PageSettings, Ref: core.Ref{Kind: core.KindOperator}})
}

// lead awaits a tab's letter.
func (r *Root) lead() tea.Cmd {
	r.leading = true
	return nil
}

// askSignOut signs out, but asks where typed text would be lost.
func (r *Root) askSignOut() tea.Cmd {
	return r.losing("sign-out", "S", r.signOut)
}

// CheckKeys reports the first key that means two things now, an action that
// can't be reached, or a letter that would act in a field: in the dialog on top,
// else on the page in front, counting the console's own.
func (r *Root) CheckKeys() error {
	if r.dialog == nil && !r.leading {
		page := r.page()
		return action.Check(slices.Concat(page.Actions(), r.globals(page.Typing())))
	}
	offered := r.offered()
	if d, ok := r.dialog.(typist); ok {
		_, _, typing := d.cursor(r.with())
		for i := range offered {
			offered[i].Typing = typing
		}
	}
	return action.Check(offered)
}

// checkOwn reports what is wrong with the keys of the console's own actions.
func (r *Root) checkOwn() error {
	for _, typing := range []bool{false, true} {
		var all []action.Action
		for _, g := range r.everything(typing, false) {
			all = append(all, g.Action)
		}
		if err := action.Check(all); err != nil {
			return fmt.Errorf("the console's own keys: %w", err)
		}
	}
	seen := map[string]bool{}
	for _, t := range tabs() {
		if seen[t.key] {
			return fmt.Errorf("the console's own keys: %s leads to %s and to another tab", t.key, t.page)
		}
		seen[t.key] = true
	}
	return nil
}
