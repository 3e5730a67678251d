package component

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"willcall/ui/action"
)

// two is a group of two fields.
func two() Group {
	return Group{Name: "phone", Label: "Phone", Fields: []string{"number", "use"}, Read: func(v map[string]string) string {
		return strings.TrimSpace(v["number"] + " " + v["use"])
	}}
}

// contested is a form, what it was filled with, and what is stored now.
func contested() (f *Form, was, theirs map[string]string) {
	f = NewForm(
		Field{Name: "kind", Label: "Kind", Kind: FieldChoice, Options: []Option{{Key: "a", Label: "individual"}, {Key: "b", Label: "structure"}}},
		Field{Name: "first", Label: "First name"}, Field{Name: "last", Label: "Last name"},
		Field{Name: "number", Label: "Number"}, Field{Name: "use", Label: "Use"},
		Field{Name: "guest", Label: "Guest", Kind: FieldToggle},
		Field{Name: "note", Label: "Notes", Kind: FieldLines},
		Field{Name: "password", Label: "Password", Kind: FieldPassword},
		Field{Name: "send", Label: "Send", Kind: FieldToggle},
		Field{Name: "shown", Label: "Shown", Kind: FieldShown},
	)
	was = map[string]string{"kind": "a", "first": "Marie", "last": "Dupont", "number": "1", "use": "home", "note": "Old", "guest": "", "shown": "x"}
	theirs = map[string]string{"kind": "a", "first": "Mariette", "last": "Roux", "number": "1", "use": "work", "note": "Aisle\nWheelchair", "guest": "false", "shown": "y"}
	f.Fill(was)
	f.Set("first", "Marie-Louise")
	f.Set("kind", "b")
	f.Set("password", "secret")
	f.Set("send", "true")
	return f, was, theirs
}

func TestFacetsTellWhoChangedWhat(t *testing.T) {
	t.Parallel()
	f, was, theirs := contested()
	var told []string
	for _, one := range f.Facets(darkLook(t), was, theirs, f.Values(), two()) {
		told = append(told, fmt.Sprintf("%s/%s: %s|%s %d", one.Name, one.Label, one.Theirs, one.Mine, one.Origin))
	}
	want := []string{
		"kind/Kind: individual|structure 2", "first/First name: Mariette|Marie-Louise 3", "last/Last name: Roux|Dupont 1",
		"phone/Phone: 1 work|1 home 1", "note/Notes: Aisle\nWheelchair|Old 1",
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %q\nwant %q", told, want)
	}
}

// TestWhatReadsAlikeMayDiffer where a value is shared among fields in another
// way.
func TestWhatReadsAlikeMayDiffer(t *testing.T) {
	t.Parallel()
	f, was, _ := contested()
	f.Fill(was)
	f.Set("number", "1 home")
	f.Set("use", "")
	theirs := maps.Clone(was)
	all := f.Facets(darkLook(t), was, theirs, f.Values(), two())
	if len(all) != 1 || all[0].Name != "phone" || all[0].Origin != ChangedHere {
		t.Fatalf("told %+v", all)
	}
	if c := NewConflict(all); !c.Mine("phone") {
		t.Error("what was typed is given up")
	}
}

// TestAChoiceHoldsForTheValuesItWasMadeAbout: what was typed after it is asked
// about again, also where the words were told anew meanwhile.
func TestAChoiceHoldsForTheValuesItWasMadeAbout(t *testing.T) {
	t.Parallel()
	c, f, theirs := conflict(t)
	_, was, _ := contested()
	c.ToUndecided()
	act(t, c, "left")
	c.Retell(f.Facets(darkLook(t), was, theirs, f.Values(), two()))
	if c.Undecided() != 0 || chosen(c) != "kind" {
		t.Error("a choice is forgotten where only words are told anew")
	}
	f.Set("first", "Marie-Anne")
	facets := f.Facets(darkLook(t), was, theirs, f.Values(), two())
	c.Retell(facets)
	after := NewConflict(facets)
	after.Recall(c)
	if after.Undecided() != 1 {
		t.Error("a choice was made about a value that nobody saw")
	}
}

func TestFacetsOfOneLabelNameTheirHeading(t *testing.T) {
	t.Parallel()
	f := NewForm(
		Field{Kind: FieldHeading, Label: "English"}, Field{Name: "subject.en", Label: "Subject"},
		Field{Kind: FieldHeading, Label: "Français"}, Field{Name: "subject.fr", Label: "Subject"}, Field{Name: "name", Label: "Name"},
	)
	theirs := map[string]string{"subject.en": "a", "subject.fr": "b", "name": "c"}
	var labels []string
	for _, one := range f.Facets(darkLook(t), nil, theirs, f.Values()) {
		labels = append(labels, one.Label)
	}
	if want := []string{"Subject (English)", "Subject (Français)", "Name"}; !slices.Equal(labels, want) {
		t.Errorf("labels %q, want %q", labels, want)
	}
}

// conflict is the choice of a contested form.
func conflict(t testing.TB) (*Conflict, *Form, map[string]string) {
	t.Helper()
	f, was, theirs := contested()
	return NewConflict(f.Facets(darkLook(t), was, theirs, f.Values(), two())), f, theirs
}

// chosen are the names of what was typed that is chosen.
func chosen(c *Conflict) string {
	var names []string
	for _, d := range c.facets {
		if d.mine {
			names = append(names, d.Name)
		}
	}
	return strings.Join(names, " ")
}

// act presses a key that is one of the component's, or scrolls by it.
func act(t testing.TB, c *Conflict, names ...string) {
	t.Helper()
	for _, name := range names {
		if a, ok := action.Find(c.Actions(func() tea.Cmd { return nil }), name, false); ok {
			a.Run()
			continue
		}
		c.Update(press(name))
	}
}

func TestConflictStartsWithWhatNeedsNoDecision(t *testing.T) {
	t.Parallel()
	c, _, _ := conflict(t)
	if got := chosen(c); got != "kind" || c.Undecided() != 1 || !c.Changed() {
		t.Errorf("chosen %q, %d undecided, changed %v", got, c.Undecided(), c.Changed())
	}
	c.ToUndecided()
	act(t, c, "left")
	if got := chosen(c); got != "kind" || c.Undecided() != 0 {
		t.Errorf("taking what is stored chose %q, %d undecided", got, c.Undecided())
	}
	act(t, c, "space")
	if got := chosen(c); got != "kind first" {
		t.Errorf("the space bar chose %q", got)
	}
	act(t, c, "down", "right", "up", "up", "left")
	if got := chosen(c); got != "first last" {
		t.Errorf("the arrows chose %q", got)
	}
	act(t, c, ">")
	if got := chosen(c); got != "kind first last phone note" || c.Undecided() != 0 {
		t.Errorf("> chose %q", got)
	}
	act(t, c, "<")
	if got := chosen(c); got != "" {
		t.Errorf("< left %q", got)
	}
}

func TestConflictKeysAreClear(t *testing.T) {
	t.Parallel()
	c, _, _ := conflict(t)
	if err := action.Check(c.Actions(func() tea.Cmd { return nil })); err != nil {
		t.Error(err)
	}
	if c.Busy = true; c.Actions(nil) != nil {
		t.Error("keys choose while it is being saved")
	}
}

func TestAdoptTakesWhatWasChosenAndWhatIsNoPartOfTheRecord(t *testing.T) {
	t.Parallel()
	c, f, theirs := conflict(t)
	c.ToUndecided()
	act(t, c, "right")
	merged, _, _ := contested()
	merged.Fill(theirs)
	merged.Adopt(f, c, theirs, two())
	want := map[string]string{
		"kind": "b", "first": "Marie-Louise", "last": "Roux", "number": "1", "use": "work", "guest": "false",
		"note": "Aisle\nWheelchair", "password": "secret", "send": "true", "shown": "y",
	}
	for name, value := range want {
		if got := merged.Value(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

func TestARepeatedConflictAsksOnlyWhatIsNew(t *testing.T) {
	t.Parallel()
	c, f, theirs := conflict(t)
	act(t, c, ">")
	_, was, _ := contested()
	theirs["last"], theirs["note"] = "Blanc", "Newer"
	f.Set("note", "Mine too")
	again := NewConflict(f.Facets(darkLook(t), was, theirs, f.Values(), two()))
	again.Recall(c)
	if got := chosen(again); got != "kind first phone" || again.Undecided() != 1 {
		t.Errorf("chosen %q, %d undecided", got, again.Undecided())
	}
	again.Recall(nil)
	again.Retell(nil)
	if again.Len() != 5 {
		t.Errorf("%d facets", again.Len())
	}
}

func TestConflictIsChosenByTheMouse(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {40, 24}} {
		c, _, _ := conflict(t)
		f := drawn(t, darkLook(t), c, size[0], size[1])
		x, y, found := f.Find("Marie-Louise")
		if !found || !c.Click(x, y) || !c.Mine("first") || c.Undecided() != 0 {
			t.Errorf("%v: a click on what was typed doesn't choose it\n%s", size, f)
		}
		if x, y, _ = f.Find("individual"); !c.Click(x, y) || c.Mine("kind") {
			t.Errorf("%v: a click on what is stored doesn't choose it\n%s", size, f)
		}
		if x, y, _ = f.Find("Last name"); !c.Click(x, y) || c.Mine("last") || c.facets[c.at].Name != "last" {
			t.Errorf("%v: a click on a label doesn't select it\n%s", size, f)
		}
		if c.Click(0, 0) {
			t.Errorf("%v: the title was clicked", size)
		}
	}
}

// picture is what lines show, without their looks.
type picture []string

// drawn is the picture of a conflict.
func drawn(t testing.TB, k Look, c *Conflict, width, height int) picture {
	t.Helper()
	lines := c.Render(k, width, height)
	if len(lines) != height {
		t.Fatalf("%d lines of %d", len(lines), height)
	}
	for i, line := range lines {
		lines[i] = stripped(line)
	}
	return lines
}

// Find gives the cell where text begins first.
func (p picture) Find(text string) (x, y int, found bool) {
	for y, line := range p {
		if before, _, ok := strings.Cut(line, text); ok {
			return ansi.StringWidth(before), y, true
		}
	}
	return 0, 0, false
}

// Contains reports whether text stands on a line.
func (p picture) Contains(text string) bool {
	_, _, found := p.Find(text)
	return found
}

func TestEveryFacetCanBeReadToItsEnd(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	long := strings.Repeat("a line of the notes\n", 60) + "the very end"
	c := NewConflict([]Facet{
		{Name: "a", Label: "A", Theirs: "one", Mine: "two", Origin: ChangedTwice},
		{Name: "note", Label: "Notes", Theirs: long, Mine: "short", Origin: ChangedTwice},
		{Name: "z", Label: "Zone", Theirs: "last stored", Mine: "last typed", Origin: ChangedTwice},
	})
	for _, size := range [][2]int{{40, 7}, {80, 20}} {
		c.at, c.sight, c.loose = 0, sight{}, false
		ended := false
		for range 300 {
			f := drawn(t, k, c, size[0], size[1])
			ended = ended || f.Contains("the very end")
			if ended && f.Contains("last typed") {
				break
			}
			act(t, c, "down")
		}
		if f := drawn(t, k, c, size[0], size[1]); !ended || !f.Contains("last typed") {
			t.Errorf("%v: down doesn't show all\n%s", size, f)
		}
		for range 300 {
			act(t, c, "up")
			drawn(t, k, c, size[0], size[1])
		}
		if f := drawn(t, k, c, size[0], size[1]); !f.Contains("▸ A") {
			t.Errorf("%v: up doesn't come back\n%s", size, f)
		}
		act(t, c, "end")
		if f := drawn(t, k, c, size[0], size[1]); !f.Contains("▸ Zone") {
			t.Errorf("%v: end doesn't go to the last\n%s", size, f)
		}
		act(t, c, "pgup", "pgdown", "home")
	}
}

func TestNeitherSideIsTickedBeforeADecision(t *testing.T) {
	t.Parallel()
	c, _, _ := conflict(t)
	k := darkLook(t)
	ticks := func() int {
		return strings.Count(strings.Join(c.Render(k, 80, 40), "\n"), k.Theme.Signs.On)
	}
	if got, want := ticks(), c.Len()-c.Undecided(); got != want || c.Undecided() == 0 {
		t.Errorf("%d ticks with %d decided", got, want)
	}
	c.ToUndecided()
	act(t, c, "left")
	if got, want := ticks(), c.Len(); got != want {
		t.Errorf("%d ticks with all %d decided", got, want)
	}
}

// TestAClickCountsFromWhatIsInSight: the facet under the pointer is meant, and
// stays there.
func TestAClickCountsFromWhatIsInSight(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	var facets []Facet
	for i := range 40 {
		name := fmt.Sprintf("field %02d", i)
		facets = append(facets, Facet{Name: name, Label: name, Theirs: "their " + name, Mine: "my " + name, Origin: ChangedTwice})
	}
	c := NewConflict(facets)
	drawn(t, k, c, 80, 20)
	c.Wheel(30)
	before := drawn(t, k, c, 80, 20)
	x, y, found := before.Find("my field 17")
	if !found || !c.Click(x, y) || !c.Mine("field 17") || c.Undecided() != 39 {
		t.Fatalf("the click chose %q, %d undecided\n%s", chosen(c), c.Undecided(), before)
	}
	if _, now, _ := drawn(t, k, c, 80, 20).Find("my field 17"); now != y {
		t.Errorf("it went from line %d to %d", y, now)
	}
}

// TestOneLongFacetIsScrolledByTheArrows though there is no other to go to.
func TestOneLongFacetIsScrolledByTheArrows(t *testing.T) {
	t.Parallel()
	k := darkLook(t)
	c := NewConflict([]Facet{{
		Name: "note", Label: "Notes", Theirs: strings.Repeat("a line\n", 60) + "the very end", Mine: "short", Origin: ChangedTwice,
	}})
	for range 20 {
		drawn(t, k, c, 80, 20)
		act(t, c, "down")
	}
	if f := drawn(t, k, c, 80, 20); !f.Contains("the very end") {
		t.Errorf("down doesn't come to the end\n%s", f)
	}
	for range 20 {
		act(t, c, "up")
		drawn(t, k, c, 80, 20)
	}
	if f := drawn(t, k, c, 80, 20); !f.Contains("short") {
		t.Errorf("up doesn't come back\n%s", f)
	}
}
