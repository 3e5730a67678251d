// Package action is what the screen adds to a core action: its keys, why it
// can't be done now, and how it is run. Help line, key list and key dispatch
// all read the same values.
package action

import (
	"fmt"
	"slices"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
)

// Action is one thing a page or the console can do now. It is built anew when
// asked for and never changed.
type Action struct {
	// ID is the permission; empty for what only moves about on the screen.
	ID core.ActionID
	// Label is the catalogue key of its name; "action." and the ID where empty.
	Label string
	// Keys as Bubble Tea spells them ("v", "ctrl+s", "shift+tab"); help shows
	// the first.
	Keys []string
	// Disabled says, in a sentence, why it can't be done now; empty if it can.
	Disabled string
	// Typing marks an action that works while a field has the keyboard. A
	// plain letter never does.
	Typing bool
	// Quiet keeps it out of the help line; the list of all keys shows it.
	Quiet bool
	// Palette marks an action without a key: it is reached through the palette
	// only.
	Palette bool
	// Finds is the catalogue key of words that it is found by too, apart from its
	// name, with commas between them; empty for none.
	Finds string
	// Run does it.
	Run func() tea.Cmd
}

// LabelKey is the catalogue key of the action's name.
func (a Action) LabelKey() string {
	if a.Label != "" {
		return a.Label
	}
	return "action." + string(a.ID)
}

// Group is actions that are told together.
type Group struct {
	Title   string // its catalogue key; empty for none
	Actions []Action
}

// Find gives the action that key means. While a field has the keyboard only
// actions marked Typing are found.
func Find(actions []Action, key string, typing bool) (Action, bool) {
	for _, a := range actions {
		if typing && !a.Typing {
			continue
		}
		if slices.Contains(a.Keys, key) {
			return a, true
		}
	}
	return Action{}, false
}

// Keyed lists the actions that have a key.
func Keyed(actions []Action) []Action {
	return slices.DeleteFunc(slices.Clone(actions), func(a Action) bool { return len(a.Keys) == 0 })
}

// Check reports the first key that means two things, an action that can't be
// reached, or a key that types something and would act in a field.
func Check(actions []Action) error {
	seen := map[string]string{}
	for _, a := range actions {
		if err := a.check(); err != nil {
			return err
		}
		for _, key := range a.Keys {
			if other, taken := seen[key]; taken {
				return fmt.Errorf("key %s means %s and %s", key, other, a.LabelKey())
			}
			seen[key] = a.LabelKey()
		}
	}
	return nil
}

// check reports what is wrong with the action by itself.
func (a Action) check() error {
	if a.Run == nil {
		return fmt.Errorf("action %s does nothing", a.LabelKey())
	}
	if a.Palette != (len(a.Keys) == 0) {
		return fmt.Errorf("action %s has %d keys, and reached through the palette only is %t", a.LabelKey(), len(a.Keys), a.Palette)
	}
	for _, key := range a.Keys {
		if a.Typing && types(key) {
			return fmt.Errorf("key %s of %s would act while typing", key, a.LabelKey())
		}
	}
	return nil
}

// types reports whether a key is a letter or the like. The space bar isn't
// one: it switches a toggle, which has the keyboard as a field has.
func types(key string) bool { return utf8.RuneCountInString(key) == 1 }
