package component_test

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"willcall/ui/component"
	"willcall/ui/text"
	"willcall/ui/theme"
	"willcall/ui/uitest"
)

// TestStates holds every component in all its states against goldens: in three
// widths, and at 80 cells on terminals of other kinds.
func TestStates(t *testing.T) {
	t.Parallel()
	dark := theme.Options{Dark: true, Profile: colorprofile.ANSI256}
	looks := map[string]theme.Options{
		"light": {Profile: colorprofile.ANSI256}, "16": {Dark: true, Profile: colorprofile.ANSI},
		"no-colour": {NoColour: true, Profile: colorprofile.TrueColor}, "ascii": {ASCII: true, Profile: colorprofile.ASCII},
	}
	for name, draw := range component.States() {
		for _, width := range []int{40, 80, 120} {
			held(t, fmt.Sprintf("%s-%d", name, width), dark, width, draw)
		}
		for kind, options := range looks {
			held(t, name+"-"+kind, options, 80, draw)
		}
	}
}

// held draws a component's states one below the other.
func held(t *testing.T, name string, o theme.Options, width int, draw func(component.Look, int) []string) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		catalogue, err := text.Load()
		if err != nil {
			t.Fatal(err)
		}
		lines := draw(component.Look{Theme: theme.New(o), Text: catalogue.In(text.English)}, width)
		uitest.Golden(t, "states/"+name, uitest.Flatten(tea.NewView(strings.Join(lines, "\n")), width, len(lines)))
	})
}
