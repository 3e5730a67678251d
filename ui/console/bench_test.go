package console_test

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
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
// by one row. The goal is at most 400 bytes.
func BenchmarkRowMoveBytes(b *testing.B) {
	bytes := 0
	for b.Loop() {
		_, d := enter(b, core.RoleAdmin, 120, 40)
		d.Press("down")
		views := d.Views()
		r := uitest.Record(b, 120, 40, views[len(views)-2:]...)
		bytes = len(r.Steps[1])
	}
	b.ReportMetric(float64(bytes), "bytes/move")
}
