package console

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/session"
)

// tab is a page that has a place in the line of tabs.
type tab struct {
	page  session.PageKey
	needs core.ActionID // the permission to see it
	key   string        // pressed after the leading key
}

// side is a page of the operator's own, in the line of tabs only while it is in
// front. It is reached from every page, and left to the tab that was in front
// before.
type side struct {
	page  session.PageKey
	needs core.ActionID
	key   string // types nothing, so that it leads away from a field too
}

// sides lists all.
func sides() []side {
	return []side{
		{page: session.PageNotices, needs: core.ActNoticesList, key: "ctrl+n"},
		{page: session.PageProfile, needs: core.ActProfileShow, key: "f3"},
	}
}

func sideOf(key session.PageKey) (side, bool) {
	at := slices.IndexFunc(sides(), func(s side) bool { return s.page == key })
	if at < 0 {
		return side{}, false
	}
	return sides()[at], true
}

// label is the catalogue key of the page's name.
func (s side) label() string { return "console.tab." + string(s.page) }

// sideways lists the ways to the sides there are but the one in front.
func (r *Root) sideways(free bool) []global {
	var all []global
	for _, s := range sides() {
		if r.cfg.Pages[s.page] != nil {
			all = append(all, global{action.Action{
				ID: s.needs, Label: s.label(), Finds: "console.finds." + string(s.page),
				Keys: []string{s.key}, Typing: true, Quiet: !r.calls(s),
				Run: func() tea.Cmd { return r.travel(session.Go{Page: s.page}) },
			}, free && s.page != r.front})
		}
	}
	return all
}

// calls reports whether something on a side waits for the operator, so that the
// help line tells the way.
func (r *Root) calls(s side) bool { return s.page == session.PageNotices && r.unread > 0 }

// goBack leaves a side to the tab before it.
func (r *Root) goBack() tea.Cmd {
	if r.reachable(r.past) {
		return r.open(r.past, core.Ref{})
	}
	return r.start()
}

// tabs lists all, in the order of the line.
func tabs() []tab {
	return []tab{
		{page: session.PageContacts, needs: core.ActContactsList, key: "c"},
		{page: session.PageOutbox, needs: core.ActOutboxList, key: "o"},
		{page: session.PageCaptured, needs: core.ActCapturedList, key: "m"},
		{page: session.PageSettings, needs: core.ActSettingsShow, key: "s"},
	}
}

func isTab(key session.PageKey) bool {
	return slices.ContainsFunc(tabs(), func(t tab) bool { return t.page == key })
}

// label is the catalogue key of the tab's name.
func (t tab) label() string { return "console.tab." + string(t.page) }

// shownTabs lists those that the role may see and that there are pages for.
func (r *Root) shownTabs() []tab {
	if r.s.Walled {
		return nil
	}
	var shown []tab
	for _, t := range tabs() {
		if r.cfg.Pages[t.page] != nil && r.s.Allows(t.needs) {
			shown = append(shown, t)
		}
	}
	return shown
}

// reachable reports whether a page may be shown now: the tabs to whoever is
// signed in and allowed, the own profile to everyone who is, set-up and sign-in
// to whoever isn't.
func (r *Root) reachable(key session.PageKey) bool {
	if r.cfg.Pages[key] == nil {
		return false
	}
	if !r.s.SignedIn() {
		return key == session.PageSetUp && r.cfg.SetUpNeeded || key == session.PageSignIn
	}
	if key == session.PageProfile || r.s.Walled {
		return key == session.PageProfile
	}
	for _, t := range tabs() {
		if t.page == key {
			return r.s.Allows(t.needs)
		}
	}
	s, ok := sideOf(key)
	return ok && r.s.Allows(s.needs)
}

// travel brings a page to the front, or says why not.
func (r *Root) travel(to session.Go) tea.Cmd {
	if !r.reachable(to.Page) {
		code := core.CodeForbidden
		if r.s.Walled {
			code = core.CodeEnrol
		}
		r.refuse(r.s.Text.Error(core.Refuse(code)))
		return nil
	}
	if to.Institution != 0 && to.Institution != r.s.Request.Institution {
		return r.switchFor(to)
	}
	if to.Page == session.PageSignIn {
		r.cfg.SetUpNeeded = false
		r.s.Request = core.Request{}
	}
	return r.open(to.Page, to.Ref)
}

// open brings a page to the front, making it on the first visit.
func (r *Root) open(key session.PageKey, ref core.Ref) tea.Cmd {
	page, ok := r.pages[key]
	if !ok {
		page = r.cfg.Pages[key](r.s)
		r.pages[key] = page
	}
	if isTab(r.front) {
		r.past = r.front
	}
	r.front = key
	cmds := []tea.Cmd{r.lay(nil), page.Open(ref)}
	if r.stale[key] {
		delete(r.stale, key)
		cmds = append(cmds, page.Refresh())
	}
	return tea.Batch(append(cmds, r.uncover())...)
}

// page is the one in front. Before Init there is none yet, so it is made here.
func (r *Root) page() session.Page {
	page, ok := r.pages[r.front]
	if !ok {
		page = r.cfg.Pages[r.front](r.s)
		r.pages[r.front] = page
	}
	return page
}

// losing asks before typed text is lost, or does it where none would be: what
// can be kept is kept.
func (r *Root) losing(name, key string, do func() tea.Cmd) tea.Cmd {
	keep := func() tea.Cmd { return r.keeping(name, key, do) }
	if r.unsaved() {
		return r.ask(question{name: name, key: key, yes: keep})
	}
	return keep()
}

// unsaved reports whether any page holds typed text that is neither saved nor
// kept.
func (r *Root) unsaved() bool {
	for _, page := range r.pages {
		if page.Unsaved() {
			return true
		}
	}
	return false
}
