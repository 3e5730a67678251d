package action_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/action"
)

func nothing() tea.Cmd { return nil }

func TestCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	good := action.Action{Label: "good", Keys: []string{"n", "ctrl+n"}, Run: nothing}
	for name, c := range map[string]struct {
		wrong action.Action
		want  string
	}{
		"does nothing":     {action.Action{Label: "x", Keys: []string{"x"}}, "x does nothing"},
		"unreachable":      {action.Action{Label: "x", Run: nothing}, "x has 0 keys"},
		"palette and key":  {action.Action{Label: "x", Keys: []string{"x"}, Palette: true, Run: nothing}, "x has 1 keys"},
		"two meanings":     {action.Action{Label: "x", Keys: []string{"x", "ctrl+n"}, Run: nothing}, "key ctrl+n means good and x"},
		"letter in fields": {action.Action{Label: "x", Keys: []string{"é"}, Typing: true, Run: nothing}, "key é of x would act while typing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := action.Check([]action.Action{good, c.wrong})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("found %v", err)
			}
		})
	}
	fine := []action.Action{
		good, {Label: "p", Palette: true, Run: nothing}, {Label: "s", Keys: []string{"space", "ctrl+s"}, Typing: true, Run: nothing},
	}
	if err := action.Check(fine); err != nil {
		t.Error(err)
	}
	if keyed := action.Keyed(fine); len(keyed) != 2 || len(fine) != 3 {
		t.Errorf("with a key: %v", keyed)
	}
}

func TestFindSkipsLettersWhileTyping(t *testing.T) {
	t.Parallel()
	all := []action.Action{
		{Label: "a", Keys: []string{"x"}, Run: nothing},
		{Label: "b", Keys: []string{"ctrl+x"}, Typing: true, Run: nothing},
		{Label: "c", Palette: true, Run: nothing},
	}
	for key, want := range map[string][2]bool{"x": {true, false}, "ctrl+x": {true, true}, "": {false, false}} {
		for i, typing := range []bool{false, true} {
			if _, ok := action.Find(all, key, typing); ok != want[i] {
				t.Errorf("%q with typing %t: found %t", key, typing, ok)
			}
		}
	}
}
