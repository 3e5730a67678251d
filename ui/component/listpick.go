package component

import (
	"maps"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
)

// What is picked in a [List] belongs to ids, as the selection does: it stays
// with them wherever the rows move, and while they aren't read.

// Picked are the picked rows: those that were read in their order, then the
// others by id.
func (l *List) Picked() []core.ID {
	ids, unread := make([]core.ID, 0, len(l.picked)), maps.Clone(l.picked)
	for _, r := range l.batch.Rows {
		if l.picked[r.ID] {
			ids = append(ids, r.ID)
			delete(unread, r.ID)
		}
	}
	return append(ids, slices.Sorted(maps.Keys(unread))...)
}

// IsPicked reports whether a row is picked.
func (l *List) IsPicked(id core.ID) bool { return l.picked[id] }

// PickedCount is how many rows are picked.
func (l *List) PickedCount() int { return len(l.picked) }

// Unpick picks nothing any more.
func (l *List) Unpick() { l.picked = nil }

// pick picks a row or not; a row that isn't read can't be.
func (l *List) pick(at int, picked bool) {
	r, ok := l.at(at)
	switch {
	case !ok:
	case picked:
		if l.picked == nil {
			l.picked = map[core.ID]bool{}
		}
		l.picked[r.ID] = true
	default:
		delete(l.picked, r.ID)
	}
}

// toggle picks a row, or lets it go.
func (l *List) toggle(at int) {
	if r, ok := l.at(at); ok {
		l.pick(at, !l.picked[r.ID])
	}
}

// forget lets go what isn't there any more. Below rows that were not read all
// there may be anything.
func (l *List) forget() {
	if l.batch.First > 0 || l.batch.More {
		return
	}
	there := make(map[core.ID]bool, len(l.picked))
	for _, r := range l.batch.Rows {
		if l.picked[r.ID] {
			there[r.ID] = true
		}
	}
	l.picked = there
}

// pickKey picks by keys: space the selected row, and it goes on to the next;
// with shift the arrows take along the rows they go over.
func (l *List) pickKey(key string) bool {
	if !l.Picks || l.Len() == 0 {
		return false
	}
	switch key {
	case "shift+down":
		l.drag(1)
		return true
	case "shift+up":
		l.drag(-1)
		return true
	case "space":
		l.toggle(l.cursor)
		l.move(l.cursor + 1)
	case "ctrl+a":
		for i := range l.batch.Rows {
			l.pick(l.batch.First+i, true)
		}
	case "esc":
		if len(l.picked) == 0 {
			return false
		}
		l.Unpick()
	default:
		return false
	}
	l.dragged = 0
	return true
}

// drag picks the selected row and the next one in a direction. On the way back
// to where it began it lets go the rows that it leaves.
func (l *List) drag(by int) {
	here, next := l.cursor, l.cursor+by
	back := l.dragged*by < 0
	l.pick(here, !back)
	if _, known := l.at(next); !known {
		return
	}
	if !back {
		l.pick(next, true)
	}
	l.dragged += by
	l.move(next)
}

// Follower is a page that has something to do when the selection of its list
// moves.
type Follower interface {
	Update(msg tea.Msg) tea.Cmd
}

// MoveActions are the keys that move the selection of a page's list; none where
// it has no rows. They go through the page, which follows the selection.
func (l *List) MoveActions(page Follower) []action.Action {
	if l.Len() == 0 {
		return nil
	}
	return action.Arrows(func(msg tea.Msg) tea.Cmd { return page.Update(msg) }, "component.list.move", "component.list.move-up")
}

// Deepest is the least id that keys act on, of the selected row and of those that
// are picked; the greatest there can be where there are none.
func (l *List) Deepest() core.ID {
	deepest := core.ID(math.MaxUint64)
	if row, ok := l.Selected(); ok {
		deepest = row.ID
	}
	for _, id := range l.Picked() {
		deepest = min(deepest, id)
	}
	return deepest
}

// PickActions are the keys that pick rows, for a list that has some.
func (l *List) PickActions() []action.Action {
	if !l.Picks || l.Len() == 0 {
		return nil
	}
	press := func(msg tea.KeyPressMsg) func() tea.Cmd {
		return func() tea.Cmd {
			l.Update(msg)
			return nil
		}
	}
	all := []action.Action{
		{Label: "component.list.pick", Keys: []string{"space"}, Run: press(tea.KeyPressMsg{Code: tea.KeySpace, Text: " "})},
		{Label: "component.list.pick-down", Keys: []string{"shift+down"}, Quiet: true, Run: press(tea.KeyPressMsg{Code: tea.KeyDown, Mod: tea.ModShift})},
		{Label: "component.list.pick-up", Keys: []string{"shift+up"}, Quiet: true, Run: press(tea.KeyPressMsg{Code: tea.KeyUp, Mod: tea.ModShift})},
		{Label: "component.list.pick-all", Keys: []string{"ctrl+a"}, Quiet: true, Run: press(tea.KeyPressMsg{Code: 'a', Mod: tea.ModCtrl})},
	}
	if len(l.picked) > 0 {
		all = append(all, action.Action{Label: "component.list.unpick", Keys: []string{"esc"}, Run: press(tea.KeyPressMsg{Code: tea.KeyEscape})})
	}
	return all
}

// ClickPick picks the row whose margin was clicked on, or lets it go: before the
// first column.
func (l *List) ClickPick(x, y int) (hit bool) {
	if !l.Picks || x < 0 || x >= rowMargin {
		return false
	}
	if _, hit = l.Click(y); hit {
		l.toggle(l.cursor)
	}
	return hit
}
