package component_test

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"willcall/ui/action"
	"willcall/ui/component"
	"willcall/ui/text"
	"willcall/ui/theme"
	"willcall/ui/uitest"
)

// disputed are the facets of a contact in every origin, with long and wide text.
func disputed(k component.Look) []component.Facet {
	f := component.NewForm(
		component.Field{Name: "kind", Label: "Kind", Kind: component.FieldChoice, Options: []component.Option{
			{Key: "a", Label: "individual"}, {Key: "b", Label: "structure"},
		}},
		component.Field{Name: "first", Label: "First name"}, component.Field{Name: "last", Label: "Last name"},
		component.Field{Name: "phone", Label: "Phone"}, component.Field{Name: "note", Label: "Notes", Kind: component.FieldLines},
	)
	was := map[string]string{"kind": "a", "first": "Marie", "last": "Dupont", "phone": "1 home", "note": "Old"}
	theirs := map[string]string{
		"kind": "a", "first": "Mariette", "last": "Roux", "phone": "1 work",
		"note": strings.Repeat("Wheelchair, aisle, second row if there is one. ", 4) + "\n山田さん 🎭 مرحبا",
	}
	f.Fill(was)
	f.Set("first", "Marie-Louise")
	f.Set("kind", "b")
	facets := f.Facets(k, was, theirs, f.Values())
	for i := range facets {
		if facets[i].Origin != component.ChangedHere {
			facets[i].By = "Leo Brandt, 20:42"
		}
	}
	return facets
}

// settled are the states of a conflict that goldens hold.
func settled(k component.Look) map[string]*component.Conflict {
	facets := disputed(k)
	states := map[string]*component.Conflict{
		"open": component.NewConflict(facets), "decided": component.NewConflict(facets),
		"saving": component.NewConflict(facets), "same": component.NewConflict(nil),
	}
	for name, c := range states {
		c.Title, c.Text, c.Foot = "Edit Marie Dupont", k.Text.T("component.conflict.text"), "Saving changes the contact."
		c.ToUndecided()
		if a, ok := action.Find(c.Actions(func() tea.Cmd { return nil }), "right", false); ok && name != "open" {
			a.Run()
		}
		c.Busy = name == "saving"
	}
	return states
}

func TestConflictGoldens(t *testing.T) {
	t.Parallel()
	catalogue, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	english, french := catalogue.In(text.English), catalogue.In(text.French)
	looks := map[string]component.Look{
		"dark":      {Theme: theme.New(theme.Options{Dark: true, Profile: colorprofile.TrueColor}), Text: english},
		"light":     {Theme: theme.New(theme.Options{Profile: colorprofile.TrueColor}), Text: english},
		"no-colour": {Theme: theme.New(theme.Options{NoColour: true, ASCII: true, Profile: colorprofile.TrueColor}), Text: english},
		"french":    {Theme: theme.New(theme.Options{Dark: true, Profile: colorprofile.TrueColor}), Text: french},
	}
	for look, k := range looks {
		for state, c := range settled(k) {
			for _, size := range [][2]int{{80, 20}, {120, 36}, {40, 7}} {
				if look != "dark" && state != "open" {
					continue // they differ in colours, signs and words only
				}
				lines := c.Render(k, size[0], size[1])
				for _, line := range lines {
					if got := ansi.StringWidth(line); got != size[0] {
						t.Errorf("%s %s: %d cells of %d: %q", look, state, got, size[0], line)
					}
				}
				frame := uitest.Flatten(tea.NewView(strings.Join(lines, "\n")), size[0], size[1])
				uitest.Golden(t, fmt.Sprintf("conflict-%s-%s-%dx%d", state, look, size[0], size[1]), frame)
			}
		}
	}
}
