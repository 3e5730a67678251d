package console_test

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// BenchmarkPaletteKey is a letter typed into a palette of sixty actions, from
// the message to the finished picture. The goal is at most 1 ms.
func BenchmarkPaletteKey(b *testing.B) {
	b.ReportAllocs()
	st := build(b, func(c *console.Config) { c.Find = (&book{}).find })
	d := uitest.New(b, st.root, 120, 40)
	d.Send(entered(core.RoleAdmin))
	st.pages[session.PageContacts].more = manyActions(50)
	d.Press("ctrl+p")
	letter, back := tea.KeyPressMsg{Code: 'c', Text: "c"}, tea.KeyPressMsg{Code: tea.KeyBackspace}
	for i := 0; b.Loop(); i++ {
		var msg tea.Msg = letter
		if i%2 == 1 {
			msg = back
		}
		st.root.Update(msg)
		if st.root.View().Content == "" {
			b.Fatal("nothing was drawn")
		}
	}
}

// manyActions are of all tabs' labels, with keys of their own.
func manyActions(n int) []action.Action {
	all := make([]action.Action, n)
	for i := range all {
		label := []string{"console.tab.captured", "action.settings.documents.create", "console.switch"}[i%3]
		all[i] = action.Action{Label: label, Keys: []string{fmt.Sprint("ctrl+alt+", i)}, Run: func() tea.Cmd { return nil }}
	}
	return all
}

// BenchmarkMatch is what is typed held against one label.
func BenchmarkMatch(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		component.Match("chan inst", "changer d’institution")
	}
}
