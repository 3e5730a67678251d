// Package action is what the screen adds to a core action: its keys, why it
// can't be done now, and how it is run. Help line, key list and key dispatch
// all read the same values.
package action

import (
	"fmt"
	"slices"

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

// Check reports the first key that means two things, a key that no action can
// reach, or a letter that would act in a field.
func Check(actions []Action) error {
	seen := map[string]string{}
	for _, a := range actions {
		if a.Run == nil || len(a.Keys) == 0 {
			return fmt.Errorf("action %s has no key or does nothing", a.LabelKey())
		}
		for _, key := range a.Keys {
			if other, taken := seen[key]; taken {
				return fmt.Errorf("key %s means %s and %s", key, other, a.LabelKey())
			}
			if a.Typing && len([]rune(key)) == 1 {
				return fmt.Errorf("key %s of %s would act while typing", key, a.LabelKey())
			}
			seen[key] = a.LabelKey()
		}
	}
	return nil
}
