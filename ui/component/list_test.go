package component

import (
	"fmt"
	"strings"
	"testing"

	"willcall/core"
)

// batch makes rows with ids from first+1 on.
func batch(first, count, total int) Batch {
	b := Batch{First: first, Total: total}
	for i := range count {
		id := core.ID(first + i + 1)
		b.Rows = append(b.Rows, Row{ID: id, Cells: []Cell{{Text: fmt.Sprintf("row %d", id)}}})
	}
	return b
}

func newList(b Batch) *List {
	l := &List{Columns: []Column{{Width: 10, Grow: 1}}, Empty: State{Title: "No contact yet", Key: "n", Do: "new contact"}, Focused: true}
	l.Set(b)
	return l
}

func selectedID(t *testing.T, l *List) core.ID {
	t.Helper()
	r, ok := l.Selected()
	if !ok {
		t.Fatal("nothing is selected")
	}
	return r.ID
}

func without(b Batch, id core.ID) Batch {
	var rows []Row
	for _, r := range b.Rows {
		if r.ID != id {
			rows = append(rows, r)
		}
	}
	b.Rows, b.Total = rows, b.Total-1
	return b
}

func TestListKeepsTheSelectionByID(t *testing.T) {
	t.Parallel()
	l := newList(batch(0, 10, 10))
	keys(l, "down", "j", "down")
	fresh := batch(0, 10, 10)
	fresh.Rows[0], fresh.Rows[3] = fresh.Rows[3], fresh.Rows[0]
	l.Set(fresh)
	if got := selectedID(t, l); got != 4 {
		t.Errorf("row 4 moved to the top, %d is selected", got)
	}
	if !l.AtTop() {
		t.Error("the selection didn't move with its row")
	}
}

func TestListSelectsTheNearestWhereTheRowIsGone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		gone, want core.ID
	}{{4, 5}, {10, 9}, {1, 2}} {
		l := newList(batch(0, 10, 10))
		l.Select(c.gone)
		l.Set(without(batch(0, 10, 10), c.gone))
		if got := selectedID(t, l); got != c.want {
			t.Errorf("row %d is gone: %d is selected, want %d", c.gone, got, c.want)
		}
	}
}

func TestListMovesByKeys(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		keys string
		want core.ID
	}{
		{"up", 1},
		{"down down up", 2},
		{"j j k", 2},
		{"pgdown", 6},
		{"pgdown pgdown pgup", 6},
		{"end", 100},
		{"end home", 1},
		{"end down", 100},
	} {
		l := newList(batch(0, 100, 100))
		l.Render(darkLook(t), 40, 5)
		keys(l, strings.Fields(c.keys)...)
		if got := selectedID(t, l); got != c.want {
			t.Errorf("%s: row %d is selected, want %d", c.keys, got, c.want)
		}
	}
}

func TestListLeavesOtherKeysAlone(t *testing.T) {
	t.Parallel()
	l := newList(batch(0, 3, 3))
	for _, key := range []string{"n", "enter", "esc", "tab", "g"} {
		if l.Update(press(key)) {
			t.Errorf("the list took %s", key)
		}
	}
}

func TestListAsksForRowsNearTheScreen(t *testing.T) {
	t.Parallel()
	l := &List{Columns: []Column{{Width: 10}}}
	if first, count, missing := l.Want(); first != 0 || count < unknownHeight || !missing {
		t.Errorf("a new list wants %d rows from %d, missing %v", count, first, missing)
	}
	l.Set(batch(0, 60, 1_204_331))
	l.Render(darkLook(t), 40, 20)
	if _, _, missing := l.Want(); missing {
		t.Error("all that the screen shows is there, yet rows are missing")
	}
	keys(l, "end")
	first, count, missing := l.Want()
	if !missing || first > 1_204_311 || first+count < 1_204_331 {
		t.Errorf("at the end the list wants %d rows from %d, missing %v", count, first, missing)
	}
	if _, ok := l.Selected(); ok {
		t.Error("a row that wasn't read is selected")
	}
	l.Set(batch(first, 1_204_331-first, 1_204_331))
	if got := selectedID(t, l); got != 1_204_331 {
		t.Errorf("row %d is selected", got)
	}
}

func TestListOfUnknownLengthGoesOn(t *testing.T) {
	t.Parallel()
	l := newList(Batch{Rows: batch(0, 60, -1).Rows, Total: -1, More: true})
	l.Render(darkLook(t), 40, 20)
	keys(l, "end")
	if _, _, missing := l.Want(); !missing {
		t.Error("at the last row that was read, no more are asked for")
	}
	l.Set(Batch{First: 20, Rows: batch(20, 50, -1).Rows, Total: -1})
	keys(l, "end")
	if _, _, missing := l.Want(); missing || selectedID(t, l) != 70 {
		t.Errorf("at the end: missing %v, row %d", missing, selectedID(t, l))
	}
}

func TestListShowsItsStates(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	l := &List{Columns: []Column{{Width: 10}}, Empty: State{Title: "No contact yet", Text: "Who buys a ticket is listed here.", Key: "n", Do: "new contact"}}
	steps := []struct {
		name string
		do   func()
		want []string
	}{
		{"loading", func() {}, []string{"Reading…"}},
		{"empty", func() { l.Set(Batch{}) }, []string{"No contact yet", "Who buys a ticket", "n  new contact"}},
		{"failed", func() { l.Fail(State{Title: "The disk is full", Alarm: true}) }, []string{"The disk is full"}},
		{"rows", func() { l.Set(batch(0, 2, 2)) }, []string{"▸ row 1", "row 2"}},
		{"fewer rows", func() { l.Set(Batch{}) }, []string{"No contact yet"}},
		{"rows again", func() { l.Set(batch(0, 2, 2)) }, []string{"▸ row 1"}},
	}
	for _, s := range steps {
		s.do()
		lines := l.Render(k, 60, 12)
		exact(t, s.name, lines, 60, 12)
		for _, want := range s.want {
			if !strings.Contains(flat(lines), want) {
				t.Errorf("%s: no %q in\n%s", s.name, want, flat(lines))
			}
		}
	}
}

func TestListResetSelectsTheFirst(t *testing.T) {
	t.Parallel()
	l := newList(batch(0, 50, 50))
	keys(l, "end")
	l.Reset()
	l.Set(batch(0, 50, 50))
	if got := selectedID(t, l); got != 1 {
		t.Errorf("row %d is selected", got)
	}
}

func TestListTakesTheMouse(t *testing.T) {
	t.Parallel()
	l := newList(batch(0, 50, 50))
	l.Columns[0].Title = "Name"
	l.Render(darkLook(t), 40, 11)
	l.Wheel(WheelRows)
	if got := selectedID(t, l); got != 4 {
		t.Errorf("one notch down: row %d", got)
	}
	if _, hit := l.Click(0); hit {
		t.Error("a click on the titles hit a row")
	}
	for _, wants := range []bool{false, true} {
		if again, hit := l.Click(3); !hit || again != wants || selectedID(t, l) != 3 {
			t.Errorf("a click on the third row below the titles: row %d, again %t", selectedID(t, l), again)
		}
	}
	l.Fail(State{Title: "gone"})
	if _, hit := l.Click(3); hit || l.Wheel(1) {
		t.Error("rows that aren't drawn were reached")
	}
}

func TestListDropsColumnsWhereThereIsNoRoom(t *testing.T) {
	t.Parallel()
	columns := []Column{{Width: 10, Grow: 1}, {Width: 20, Drop: 1}, {Width: 8, Drop: 2}}
	for _, c := range []struct {
		width int
		want  []int
	}{
		{80, []int{48, 20, 8}},
		{40, []int{18, 20, 0}},
		{30, []int{30, 0, 0}},
		{5, []int{10, 0, 0}},
	} {
		if got := layout(columns, c.width); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%d cells: %v, want %v", c.width, got, c.want)
		}
	}
}
