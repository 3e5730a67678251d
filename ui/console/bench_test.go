package console_test

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// BenchmarkKeyToView is one key press, from the message to the finished
// picture. The goal is at most 1 ms.
func BenchmarkKeyToView(b *testing.B) {
	st, d := enter(b, core.RoleAdmin, 120, 40)
	down, other := tea.KeyPressMsg{Code: tea.KeyDown}, tea.KeyPressMsg{Code: 'z', Text: "z"}
	d.Send(down)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		var msg tea.Msg = down
		if i%2 == 1 {
			msg = other
		}
		st.root.Update(msg)
		if st.root.View().Content == "" {
			b.Fatal("nothing was drawn")
		}
	}
}

// BenchmarkRowMoveBytes counts what a terminal gets when the selection moves
// by one row. The goal is at most 400 bytes. Bubble Tea writes a line with wide
// characters anew in every frame, so those are counted apart.
func BenchmarkRowMoveBytes(b *testing.B) {
	for name, person := range map[string]string{"narrow": "Łukasz Żak-Dupont", "wide": "山田太郎"} {
		b.Run(name, func(b *testing.B) {
			bytes := 0
			for b.Loop() {
				bytes = rowMoveBytes(b, person)
			}
			b.ReportMetric(float64(bytes), "bytes/move")
		})
	}
}

func rowMoveBytes(b *testing.B, person string) int {
	st, d := enter(b, core.RoleAdmin, 120, 40)
	for i := range st.pages[session.PageContacts].rows {
		st.pages[session.PageContacts].rows[i] = person
	}
	d.Press("down", "down")
	views := d.Views()
	return len(uitest.Record(b, 120, 40, views[len(views)-2:]...).Steps[1])
}
