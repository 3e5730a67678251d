package main

import (
	"slices"
	"strings"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/activity"
	"willcall/ui/action"
)

// acts lists everything that the journal holds, oldest first.
func (s *story) acts() []core.ActionID {
	s.t.Helper()
	var all []core.ActionID
	s.must(s.h.store.View(s.t.Context(), func(v core.View) error {
		return activity.Journal{}.Ascend(v, 0, func(_ core.ID, e core.Entry) error {
			all = append(all, e.Action)
			return nil
		})
	}))
	return all
}

// acted fails the test where anything was done since there were so many acts.
func (s *story) acted(before int, after string) {
	s.t.Helper()
	if all := s.acts(); len(all) > before {
		s.t.Errorf("%s: did %v\n%s", after, all[before:], s.Frame())
	}
}

// TestSearchingNeverActs types names that are full of keys, as a person does, as
// a fast one does, and as a program does before anything is drawn.
func TestSearchingNeverActs(t *testing.T) {
	t.Parallel()
	const words = "vidal Vidal DUPONT nemvfuoxrcg/?<>+"
	for name, typing := range map[string]func(*story, string){
		"letter by letter": func(s *story, key string) { s.Press(key); s.live() },
		"fast":             func(s *story, key string) { s.Press(key) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := demo(t, 120, 40)
			s.signIn(admin)
			before := len(s.acts())
			for _, key := range strings.Split(words, "") {
				if key == " " {
					key = "space"
				}
				typing(s, key)
				if !s.Frame().Contains("/ v") {
					t.Fatalf("%q left the search\n%s", key, s.Frame())
				}
			}
			s.acted(before, "searching")
			s.Want("/ " + words)
		})
	}
	t.Run("at once", func(t *testing.T) {
		t.Parallel()
		s := demo(t, 120, 40)
		s.signIn(admin)
		before := len(s.acts())
		var late []tea.Cmd
		for _, letter := range words {
			late = append(late, s.Step(tea.KeyPressMsg{Code: letter, Text: string(letter)}))
		}
		for _, cmd := range slices.Backward(late) {
			s.Run(cmd)
		}
		s.acted(before, "searching")
		s.Want("/ " + words)
	})
}

// capital reports a key that is one capital letter.
func capital(key string) bool { return len(key) == 1 && key >= "A" && key <= "Z" }

// capitals are the capital letters that do something now.
func (s *story) capitals() []action.Action {
	var all []action.Action
	for _, g := range s.root.KeyGroups() {
		for _, a := range g.Actions {
			if a.Disabled == "" && a.Run != nil && slices.ContainsFunc(a.Keys, capital) {
				all = append(all, a)
			}
		}
	}
	return all
}

// twice presses a key twice before anything is drawn.
func (s *story) twice(key string) (under []tea.Cmd) {
	letter := []rune(key)[0]
	for range 2 {
		under = append(under, s.Step(tea.KeyPressMsg{Code: letter, Text: key}))
	}
	return under
}

// asking reports whether the console asks something that a key answers.
func (s *story) asking() bool {
	groups := s.root.KeyGroups()
	return groups[0].Title == "console.keys.asked"
}

// TestEveryScreenIsSafe pastes into every screen there is, and presses its
// capital letters: outside of a question one only asks, a second press before
// the question is drawn is none, and the answer given twice acts once.
func TestEveryScreenIsSafe(t *testing.T) {
	t.Parallel()
	var found sync.Map
	t.Run("on", func(t *testing.T) {
		for _, sc := range screens() {
			t.Run(sc.name, func(t *testing.T) {
				t.Parallel()
				s := sc.at(t, 120, 40)
				capitals := s.capitals()
				s.pasted()
				for _, a := range capitals {
					found.Store(a.ID, true)
					sc.at(t, 120, 40).asksOnce(a.Keys[0])
				}
			})
		}
	})
	for _, want := range []core.ActionID{core.ActContactsRemove, core.ActOutboxCancel, core.ActMailServerRemove} {
		if _, ok := found.Load(want); !ok {
			t.Errorf("no screen offers %s by a capital letter", want)
		}
	}
}

// pastedCommands is a paste that would do a lot if it were typed: line ends,
// control characters, the end of a paste, and the keys of all that there is.
const pastedCommands = "\r\n\r\x1b\x1b[201~\x03\x04\x11\x13q\nDD\nXX\nMM\nRR\nCC\nSS\ny\nv\r\nnexvdfmuorgsgc/?<> \t\x00\x7f\u009b31m"

// pasted fails the test where a paste does anything, or brings anything else to
// the front.
func (s *story) pasted() {
	s.t.Helper()
	before, front, quit, mails := len(s.acts()), s.front(), s.Quit(), len(s.captured())
	s.Paste(pastedCommands)
	s.Run(s.Step(tea.PasteMsg{Content: pastedCommands}))
	s.acted(before, "a paste")
	if s.Quit() != quit || s.front() != front || len(s.captured()) != mails {
		s.t.Errorf("a paste went from %q to %q, quit %v\n%s", front, s.front(), s.Quit() != quit, s.Frame())
	}
}

// front is what tells the page in front, and whether it asks.
func (s *story) front() string {
	groups := s.root.KeyGroups()
	title := groups[0].Title
	for _, a := range groups[0].Actions {
		if a.ID != "" {
			title += " " + string(a.ID)
		}
	}
	return title
}

// asksOnce presses a capital letter, and answers it, twice each.
func (s *story) asksOnce(key string) {
	s.t.Helper()
	before := len(s.acts())
	if !s.asking() {
		for _, cmd := range s.twice(key) {
			s.Run(cmd)
		}
		s.acted(before, key+" pressed twice")
	}
	if !s.asking() {
		s.t.Fatalf("%s doesn't ask\n%s", key, s.Frame())
	}
	for _, cmd := range s.twice(key) {
		s.Run(cmd)
	}
	s.Press(key, key)
	if all := s.acts()[before:]; len(all) > 1 {
		s.t.Errorf("%s answered twice did %v", key, all)
	}
}
