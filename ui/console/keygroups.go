package console

import (
	"slices"

	"willcall/ui/action"
)

// Titles of groups of keys, in the catalogue. The group of a tab's page has the
// tab's own.
const (
	KeysTyping     = "console.keys.typing"
	KeysAsked      = "console.keys.asked"
	KeysPage       = "console.keys.page" // of a page without a name of its own
	KeysTabs       = "console.keys.tabs"
	KeysEverywhere = "console.keys.everywhere"
)

// KeyGroups lists what works now and the role allows: on the page in front, to
// the other tabs, and everywhere. While a field has the keyboard it is only what
// works there: the letters are typed.
func (r *Root) KeyGroups() []action.Group {
	page := r.page()
	typing := page.Typing()
	groups := []action.Group{{Title: r.keysTitle(typing), Actions: r.allowed(page.Actions())}}
	if !typing && !r.asked() {
		groups = append(groups, action.Group{Title: KeysTabs, Actions: r.tabActions(keyLead + " ")})
	}
	groups = append(groups, action.Group{Title: KeysEverywhere, Actions: r.allowed(r.globals(typing))})
	for i := range groups {
		groups[i].Actions = slices.DeleteFunc(groups[i].Actions, func(a action.Action) bool {
			return typing && !a.Typing || slices.Contains(a.Keys, keyLead)
		})
	}
	return groups
}

// keysTitle is the title of the keys of the page in front.
func (r *Root) keysTitle(typing bool) string {
	switch {
	case typing:
		return KeysTyping
	case r.asked():
		return KeysAsked
	}
	for _, t := range tabs() {
		if t.page == r.front {
			return t.label()
		}
	}
	if s, ok := sideOf(r.front); ok {
		return s.label()
	}
	return KeysPage
}
