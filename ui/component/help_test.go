package component

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
)

func sampleActions(disabled string) []action.Action {
	run := func() tea.Cmd { return nil }
	return []action.Action{
		{ID: core.ActContactsCreate, Keys: []string{"n"}, Run: run},
		{ID: core.ActContactsEdit, Keys: []string{"e"}, Run: run},
		{ID: core.ActContactsSend, Keys: []string{"v"}, Disabled: disabled, Run: run},
		{Label: "component.form.next", Keys: []string{"tab", "down"}, Typing: true, Run: run},
		{Label: "component.form.pick", Keys: []string{"ctrl+x"}, Typing: true, Quiet: true, Run: run},
		{Label: "action.settings.show", Keys: []string{"f1"}, Typing: true, Run: run},
	}
}

func TestHelpLineListsOnlyKeysThatWorkNow(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	free := stripped(HelpLine(k, sampleActions("Not now"), false, 100))
	if !strings.Contains(free, "n new contact") || strings.Contains(free, "validation") || strings.Contains(free, "ctrl+x") {
		t.Errorf("while no field has the keyboard: %q", free)
	}
	typing := stripped(HelpLine(k, sampleActions("Not now"), true, 100))
	if strings.Contains(typing, "n new contact") || !strings.Contains(typing, "tab next") {
		t.Errorf("while typing: %q", typing)
	}
}

func TestHelpLineKeepsTheLastActionAtTheRight(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	for _, width := range []int{24, 40, 80, 120} {
		if line := stripped(HelpLine(k, sampleActions(""), false, width)); !strings.HasSuffix(line, "f1 settings ") {
			t.Errorf("%d cells: %q", width, line)
		}
	}
}

// TestHelpLineKeepsTheWayBack before what stands between it and the first action.
func TestHelpLineKeepsTheWayBack(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	run := func() tea.Cmd { return nil }
	all := sampleActions("")
	back := action.Action{Label: "action.outbox.cancel", Keys: []string{"esc"}, Run: run}
	all = slices.Insert(all, len(all)-1, back)
	for width, want := range map[int]string{
		100: "n new contact e edit v validation tab next esc cancel mail f1 settings",
		60:  "n new contact e edit esc cancel mail f1 settings",
		50:  "n new contact e edit f1 settings",
		40:  "n new contact e edit f1 settings",
		30:  "n new contact f1 settings",
	} {
		if line := strings.Join(strings.Fields(stripped(HelpLine(k, all, false, width))), " "); line != want {
			t.Errorf("%d cells: %q, want %q", width, line, want)
		}
	}
}

func TestKeyListGivesTheReason(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	const reason = "Sent 19 s ago, again from 19:43."
	for _, width := range []int{44, 80} {
		list := flat(KeyList(k, []action.Group{{Title: "console.keys", Actions: sampleActions(reason)}, {Title: "console.quit"}}, width))
		if !strings.Contains(list, reason) && !strings.Contains(list, "Sent 19 s ago") {
			t.Errorf("%d cells:\n%s", width, list)
		}
	}
}
