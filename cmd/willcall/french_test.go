package main

import (
	"fmt"
	"strings"
	"testing"

	"willcall/core/safetext"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

// TestFrenchIsNeverCut draws every screen of the stories in French. Data may be
// cut where room is short, the product's own words may not, and every tab is in
// sight.
func TestFrenchIsNeverCut(t *testing.T) {
	t.Parallel()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range screens() {
		for _, size := range [][2]int{{80, 24}, {120, 40}} {
			t.Run(fmt.Sprintf("%s-%dx%d", sc.name, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				s := sc.at(t, size[0], size[1])
				s.Send(session.Speak{Language: text.French})
				for _, line := range cutWords(s.Frame(), words) {
					t.Errorf("cut: %s\n%s", line, s.Frame())
				}
				if s.Quit() {
					return
				}
				if sc.as == admin || sc.as == operator {
					s.Want("Contacts", "Boîte d’envoi", "Réglages")
				}
			})
		}
	}
}

// cutWords finds the places where one of the French sentences of the product
// was cut: what stands before the sign of it is the beginning of a sentence.
func cutWords(f uitest.Frame, words *text.Catalogue) (found []string) {
	_, height := f.Size()
	for y := range height {
		line := f.Line(y)
		for at, r := range line {
			if r != '…' {
				continue
			}
			run := line[:at]
			for _, edge := range []string{"  ", "│", "┃", "▸", "[ ] ", "[✓] ", "●✗ ", "●✓ ", "○ "} {
				if i := strings.LastIndex(run, edge); i >= 0 {
					run = run[i+len(edge):]
				}
			}
			_, behind, _ := strings.Cut(run, " ") // a key stands before its label
			for _, part := range []string{strings.TrimSpace(run), behind} {
				if key, cut := begins(part, words); cut {
					found = append(found, fmt.Sprintf("%q, as in %s", part, key))
				}
			}
		}
	}
	return found
}

// begins reports a sentence that goes on otherwise than by an ellipsis of its
// own.
func begins(part string, words *text.Catalogue) (key string, cut bool) {
	const least = 3 // letters that tell a sentence
	if safetext.Width(part) < least {
		return "", false
	}
	french := words.In(text.French)
	for _, key := range words.Keys() {
		if strings.HasPrefix(key, "mail.") {
			continue // what a mail says is data
		}
		whole := french.T(key)
		if rest, ok := strings.CutPrefix(whole, part); ok && rest != "" && !strings.HasPrefix(rest, "…") {
			return key, true
		}
	}
	return "", false
}
