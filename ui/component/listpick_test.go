package component

import (
	"math"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
)

func pickList(ids ...core.ID) *List {
	l := &List{Picks: true, Focused: true, Columns: []Column{{Width: 8}}}
	l.Set(Batch{Rows: rowsOf(ids...), Total: len(ids)})
	return l
}

func rowsOf(ids ...core.ID) []Row {
	rows := make([]Row, len(ids))
	for i, id := range ids {
		rows[i] = Row{ID: id, Cells: []Cell{{Text: "row"}}}
	}
	return rows
}

func TestRowsArePickedByKeys(t *testing.T) {
	t.Parallel()
	for keyed, want := range map[string][]core.ID{
		"space":                                  {1},
		"space space":                            {1, 2},
		"space up space":                         {},
		"down space space":                       {2, 3},
		"shift+down shift+down":                  {1, 2, 3},
		"shift+down shift+down shift+up":         {1, 2},
		"down down shift+down shift+up shift+up": {2, 3},
		"down space up up shift+down":            {1, 2},
		"down shift+down up up shift+down":       {1, 2, 3},
		"end shift+down":                         {5},
		"shift+up":                               {1},
		"ctrl+a":                                 {1, 2, 3, 4, 5},
		"ctrl+a space":                           {2, 3, 4, 5},
		"ctrl+a esc":                             {},
		"shift+down down down space up up shift+up":     {1, 2, 3, 4},
		"end space home shift+down shift+down shift+up": {1, 2, 5},
	} {
		l := pickList(1, 2, 3, 4, 5)
		keys(l, strings.Fields(keyed)...)
		if got := l.Picked(); !slices.Equal(got, want) || l.PickedCount() != len(want) {
			t.Errorf("%s picks %v, want %v", keyed, got, want)
		}
	}
}

// TestPickingBeginsAnewWhereAClickGoes: shift and the arrows count from there.
func TestPickingBeginsAnewWhereAClickGoes(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	for name, goes := range map[string]func(*List){
		"a click": func(l *List) { l.Click(3) },
		"a reset": func(l *List) { l.Reset(); l.Select(4) },
	} {
		l := pickList(1, 2, 3, 4, 5)
		l.Render(k, 20, 5)
		keys(l, "shift+down", "shift+down")
		l.Unpick()
		goes(l)
		keys(l, "shift+up")
		if got := l.Picked(); !slices.Equal(got, []core.ID{3, 4}) {
			t.Errorf("after %s %v are picked", name, got)
		}
	}
}

func TestWhatIsPickedStaysWithItsID(t *testing.T) {
	t.Parallel()
	l := pickList(1, 2, 3, 4)
	keys(l, "space", "down", "space")
	l.Set(Batch{Rows: rowsOf(9, 4, 3, 2, 1), Total: 5})
	if got := l.Picked(); !slices.Equal(got, []core.ID{3, 1}) {
		t.Errorf("after another order %v are picked", got)
	}
	l.Set(Batch{Rows: rowsOf(9, 4), Total: 400})
	if got := l.Picked(); !slices.Equal(got, []core.ID{1, 3}) {
		t.Errorf("with only some of the rows read %v are picked", got)
	}
	l.Set(Batch{Rows: rowsOf(9, 3), Total: 2})
	if got := l.Picked(); !slices.Equal(got, []core.ID{3}) {
		t.Errorf("of rows that are gone %v are picked", got)
	}
	l.Reset()
	if l.PickedCount() != 0 {
		t.Error("something is picked in another search")
	}
}

func TestPickedRowsShowIt(t *testing.T) {
	t.Parallel()
	l, k := pickList(1, 2, 3), darkLook(t)
	keys(l, "space", "space", "up")
	lines := strings.Split(flat(l.Render(k, 20, 3)), "\n")
	if !strings.HasPrefix(lines[0], "✓  row") || !strings.HasPrefix(lines[1], "✓▸ row") || !strings.HasPrefix(lines[2], "   row") {
		t.Errorf("drawn as\n%s", strings.Join(lines, "\n"))
	}
}

func TestAListThatPicksNothingLeavesTheKeys(t *testing.T) {
	t.Parallel()
	l := pickList(1, 2)
	l.Picks = false
	for _, key := range []string{"space", "shift+down", "ctrl+a", "esc"} {
		if l.Update(press(key)) {
			t.Errorf("%s was taken", key)
		}
	}
	if l.PickActions() != nil || l.ClickPick(0, 0) || pickList().PickActions() != nil {
		t.Error("picking is offered")
	}
}

func TestTheMousePicksInTheMargin(t *testing.T) {
	t.Parallel()
	l := pickList(1, 2, 3)
	l.Render(darkLook(t), 20, 3)
	if !l.ClickPick(1, 2) || l.ClickPick(3, 1) || l.ClickPick(0, 7) {
		t.Error("a click into the margin picks, and no other")
	}
	if r, _ := l.Selected(); !slices.Equal(l.Picked(), []core.ID{3}) || r.ID != 3 {
		t.Errorf("%v are picked", l.Picked())
	}
	if l.ClickPick(0, 2); l.PickedCount() != 0 {
		t.Error("a second click doesn't let go")
	}
}

func TestAListKnowsHowDeepKeysAct(t *testing.T) {
	t.Parallel()
	if got := (&List{}).Deepest(); got != math.MaxUint64 {
		t.Errorf("without rows they act on %d", got)
	}
	l := pickList(9, 7, 5, 3)
	keys(l, "down")
	if got := l.Deepest(); got != 7 {
		t.Errorf("they act down to %d, the selection is 7", got)
	}
	keys(l, "down", "down", "space", "home")
	if got := l.Deepest(); got != 3 {
		t.Errorf("they act down to %d, 3 is picked", got)
	}
}

// hearing is a page that notes the keys it is handed.
type hearing struct{ heard []string }

func (h *hearing) Update(msg tea.Msg) tea.Cmd {
	h.heard = append(h.heard, msg.(tea.KeyPressMsg).String())
	return nil
}

func TestAListWithoutRowsOffersNoMoves(t *testing.T) {
	t.Parallel()
	page := &hearing{}
	if all := (&List{}).MoveActions(page); len(all) != 0 {
		t.Errorf("moves without rows: %v", all)
	}
	for _, a := range sampleList([]string{"Marie", "Leo"}).MoveActions(page) {
		a.Run()
	}
	if got := strings.Join(page.heard, " "); got != "down up" {
		t.Errorf("the page heard %q", got)
	}
}

func TestPickActionsDoWhatTheirKeysDo(t *testing.T) {
	t.Parallel()
	l := pickList(1, 2, 3)
	if _, ok := action.Find(l.PickActions(), "esc", false); ok {
		t.Error("esc is offered where nothing is picked")
	}
	for _, key := range []string{"space", "shift+down", "shift+up", "ctrl+a", "esc"} {
		twin := pickList(1, 2, 3)
		for _, l := range []*List{l, twin} {
			keys(l, "home", "space")
		}
		a, ok := action.Find(l.PickActions(), key, false)
		if !ok {
			t.Fatalf("%s isn't offered", key)
		}
		a.Run()
		keys(twin, key)
		if !slices.Equal(l.Picked(), twin.Picked()) {
			t.Errorf("%s picks %v as an action, %v as a key", key, l.Picked(), twin.Picked())
		}
		l.Unpick()
	}
	if err := action.Check(l.PickActions()); err != nil {
		t.Error(err)
	}
}
