package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"willcall/core/safetext"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

// TestNoWordIsCut draws every screen of the stories in both languages, also as
// small as it gets. Data may be cut where room is short, the product's own words
// may not, and every tab is in sight on screens of common size.
func TestNoWordIsCut(t *testing.T) {
	t.Parallel()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range screens() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			s := sc.at(t, 80, 24)
			for _, language := range []text.Language{text.English, text.French} {
				s.Send(session.Speak{Language: language})
				for _, size := range [][2]int{{80, 24}, {100, 30}, {120, 40}, {240, 60}, {40, 10}} {
					s.Resize(size[0], size[1])
					for _, line := range cutWords(s.Frame(), words.In(language), words.Keys()) {
						t.Errorf("cut: %s\n%s", line, s.Frame())
					}
					tabs := sc.name != "profile-enrol" // its QR code takes their room
					if tabs && size[0] >= 80 && (sc.as == admin || sc.as == operator) {
						p := words.In(language)
						s.Want(p.T("console.tab.contacts"), p.T("console.tab.outbox"), p.T("console.tab.settings"))
					}
				}
			}
		})
	}
}

// cutWords finds the places where one of the product's sentences was cut: what
// stands before the sign of it is the beginning of a sentence.
func cutWords(f uitest.Frame, p text.Printer, keys []string) (found []string) {
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
				if key, cut := begins(part, p, keys); cut {
					found = append(found, fmt.Sprintf("%q, as in %s", part, key))
				}
			}
			if cutTime(run, p) {
				found = append(found, fmt.Sprintf("%q, a time", run))
			}
		}
	}
	return found
}

// begins reports a sentence that goes on otherwise than by an ellipsis of its
// own.
func begins(part string, p text.Printer, keys []string) (key string, cut bool) {
	const least = 4 // letters that tell a sentence
	ellipsis := func(key string) bool { return p.T(key) == part+"…" }
	if safetext.Width(part) < least || slices.ContainsFunc(keys, ellipsis) {
		return "", false
	}
	for _, key := range keys {
		if strings.HasPrefix(key, "mail.") {
			continue // what a mail says is data
		}
		whole := p.T(key)
		if rest, ok := strings.CutPrefix(whole, part); ok && rest != "" && !strings.HasPrefix(rest, "…") {
			return key, true
		}
	}
	return "", false
}

// ofTime is what is left of a time that was cut behind its year or its month.
var ofTime = regexp.MustCompile(`(?:^| )[0-9]{1,2} (?:\S+ [0-9]{4}, ?[0-9:]*|(\pL{2,}))$`)

// cutTime reports a time that isn't shown whole.
func cutTime(run string, p text.Printer) bool {
	left := ofTime.FindStringSubmatch(run)
	if left == nil {
		return false
	}
	for month := 1; month <= 12; month++ {
		if strings.HasPrefix(p.T(fmt.Sprintf("words.month.%d", month)), left[1]) {
			return true
		}
	}
	return false
}
