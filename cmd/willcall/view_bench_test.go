package main

import (
	"fmt"
	"io"
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/uitest"
)

// measured are the screens that differ most in how they are drawn: a list with a
// card beside it, forms, a tree beside a form, mail, what lies on top of a page.
func measured() []string {
	return []string{
		"contacts-list", "contact", "contact-edit", "contact-history", "captured-open", "outbox",
		"settings", "settings-document-edit", "settings-document-preview", "settings-storage", "switch", "keys",
	}
}

// BenchmarkView is one picture of a screen. The goals on a quiet machine: 1 ms
// at 120 by 40, 2.5 ms at 240 by 60.
func BenchmarkView(b *testing.B) {
	for _, sc := range screens() {
		if !slices.Contains(measured(), sc.name) {
			continue
		}
		for _, size := range [][2]int{{120, 40}, {240, 60}} {
			b.Run(fmt.Sprintf("%s-%dx%d", sc.name, size[0], size[1]), func(b *testing.B) {
				s := sc.at(b, size[0], size[1])
				b.ReportAllocs()
				for b.Loop() {
					if s.root.View().Content == "" {
						b.Fatal("an empty view")
					}
				}
			})
		}
	}
}

// BenchmarkKeyToBytes is one key of each kind from the message to the bytes for
// the terminal: update, view, and what Bubble Tea makes of it. What the key asks
// of the store runs beside it and is not counted.
func BenchmarkKeyToBytes(b *testing.B) {
	for _, k := range strokes() {
		for _, size := range [][2]int{{120, 40}, {240, 60}} {
			b.Run(fmt.Sprintf("%s-%dx%d", k.name, size[0], size[1]), func(b *testing.B) {
				s := k.at(b, size[0], size[1])
				painter, terminal, written := uitest.NewPainter(b, size[0], size[1]), s.root.Output(io.Discard), 0
				painter.Paint(s.View())
				b.ReportAllocs()
				b.ResetTimer()
				for i := range b.N {
					model, _ := s.root.Update(k.keys[i%len(k.keys)])
					n, err := terminal.Write(painter.Paint(model.View()))
					if err != nil {
						b.Fatal(err)
					}
					written += n
				}
				b.ReportMetric(float64(written)/float64(b.N), "B/key")
			})
		}
	}
}

// stroke is a kind of key, and the keys that do it again and again.
type stroke struct {
	name string
	keys []tea.KeyPressMsg
	at   func(t testing.TB, width, height int) *story
}

func strokes() []stroke {
	on := func(name string, keys ...string) func(t testing.TB, width, height int) *story {
		return func(t testing.TB, width, height int) *story {
			t.Helper()
			s := screenOf(t, name).at(t, width, height)
			s.Press(keys...)
			return s
		}
	}
	there := []tea.KeyPressMsg{{Code: tea.KeyDown}, {Code: tea.KeyUp}}
	typed := []tea.KeyPressMsg{{Code: 'x', Text: "x"}, {Code: tea.KeyBackspace}}
	return []stroke{
		{name: "row", keys: there, at: on("contacts-list")},
		{name: "outbox-row", keys: there, at: on("outbox")},
		{name: "search", keys: typed, at: on("contacts")},
		{name: "field", keys: typed, at: on("contact-new")},
		{name: "lines", keys: typed, at: on("settings-document-complete", "esc")},
		{name: "dialog", keys: []tea.KeyPressMsg{{Code: 'o', Text: "o"}, {Code: tea.KeyEscape}}, at: on("settings")},
		{name: "keys", keys: []tea.KeyPressMsg{{Code: '?', Text: "?"}, {Code: tea.KeyEscape}}, at: on("contacts-list")},
	}
}

// screenOf is one of the screens.
func screenOf(t testing.TB, name string) screen {
	t.Helper()
	at := slices.IndexFunc(screens(), func(sc screen) bool { return sc.name == name })
	if at < 0 {
		t.Fatalf("no screen %s", name)
	}
	return screens()[at]
}
