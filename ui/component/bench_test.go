package component

import (
	"fmt"
	"testing"

	"willcall/core"
)

func BenchmarkList120x40(b *testing.B) {
	k := darkLook(b)
	l := sampleList(nil)
	rows := make([]Row, 200)
	for i := range rows {
		name := []string{"Marie Dupont", "Zoé Müller-Çelik", "山田太郎", "محمد"}[i%4]
		rows[i] = Row{ID: core.ID(i + 1), Status: core.EmailStatus(i % 3), Cells: []Cell{
			{Text: name}, {Text: fmt.Sprintf("contact%d@mail.example", i)}, {Text: "Genève"}, {Text: fmt.Sprintf("C-%06d", i)},
		}}
	}
	l.Set(Batch{Rows: rows, Total: 1_204_331})
	b.ReportAllocs()
	for b.Loop() {
		l.Render(k, 120, 40)
	}
}

func BenchmarkForm120x40(b *testing.B) {
	k := darkLook(b)
	f := sampleForm("Zoé Müller-Çelik")
	b.ReportAllocs()
	for b.Loop() {
		f.Render(k, 120, 40)
	}
}

func BenchmarkDialogOverPage120x40(b *testing.B) {
	k := darkLook(b)
	page := sampleDetail(k, 120, "Marie Dupont").Lines(0, 40)
	d := Dialog{Title: "Leave", Text: "What was typed would be lost.", Actions: sampleActions("")}
	b.ReportAllocs()
	for b.Loop() {
		d.Over(k, page, 120)
	}
}

func BenchmarkEditorKeyInTenThousand(b *testing.B) {
	k := darkLook(b)
	var e Editor
	for range 1000 {
		e.prepare()
		e.buffer.insert("Bonjour à ", lossTyped)
	}
	e.Render(k, 80, 20, true)
	b.ReportAllocs()
	for b.Loop() {
		keys(&e, "x", "backspace")
		e.Render(k, 80, 20, true)
	}
}
