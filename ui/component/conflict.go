package component

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/action"
)

// Conflict shows what a record says now beside what a form about it says, and
// lets a person choose for each [Facet]. What was changed on one side only is
// chosen already; what was changed on both stays on what is stored and waits for
// a decision. Nothing of the form itself is changed. It is used from the update
// loop only.
type Conflict struct {
	Title string
	// Text says what happened, and stands where there is room.
	Text string
	// Foot says what saving will do, once everything is decided; Alarm makes it a
	// warning.
	Foot  string
	Alarm bool
	// Busy tells that it is being saved.
	Busy bool

	facets  []decision
	at      int
	sight   sight
	loose   bool // scrolled away from the selected facet
	body    area // where the facets were last drawn
	spans   []span
	targets []side
}

// decision is a facet with what was chosen of it.
type decision struct {
	Facet
	mine bool
	made bool // by a person, or none is needed
}

// span is the lines of a facet, in all that may be scrolled.
type span struct{ first, after int }

// side is the cells of a value, in all that may be scrolled: a click chooses it.
type side struct {
	area
	facet int
	mine  bool
}

// NewConflict shows facets with what needs no decision chosen.
func NewConflict(facets []Facet) *Conflict {
	c := &Conflict{}
	for _, one := range facets {
		c.facets = append(c.facets, decision{Facet: one, mine: one.Origin == ChangedHere, made: one.Origin != ChangedTwice})
	}
	return c
}

// Retell replaces the words of facets, as in another language or once it is
// known who stored them. Choices stay, and so does the place. What stands in the
// form may have changed since: a choice stays one between the values it was made
// about.
func (c *Conflict) Retell(facets []Facet) {
	for _, one := range facets {
		if at := c.find(one.Name); at >= 0 && c.facets[at].values == one.values {
			c.facets[at].Facet = one
		}
	}
}

// Recall takes over what was decided about the same values before, so that a
// save refused a second time asks only what is new.
func (c *Conflict) Recall(before *Conflict) {
	if before == nil {
		return
	}
	for i, d := range c.facets {
		if at := before.find(d.Name); at >= 0 && before.facets[at].values == d.values {
			c.facets[i].mine, c.facets[i].made = before.facets[at].mine, before.facets[at].made
		}
	}
}

func (c *Conflict) find(name string) int {
	return slices.IndexFunc(c.facets, func(d decision) bool { return d.Name == name })
}

// Mine reports whether what was typed is chosen. What doesn't differ counts as
// stored.
func (c *Conflict) Mine(name string) bool {
	at := c.find(name)
	return at >= 0 && c.facets[at].mine
}

// Len is how many facets differ.
func (c *Conflict) Len() int { return len(c.facets) }

// Undecided counts the facets that wait for a decision.
func (c *Conflict) Undecided() int {
	n := 0
	for _, d := range c.facets {
		if !d.made {
			n++
		}
	}
	return n
}

// Changed reports whether any of them was changed in the record.
func (c *Conflict) Changed() bool {
	return slices.ContainsFunc(c.facets, func(d decision) bool { return d.Origin != ChangedHere })
}

// take chooses for the selected facet.
func (c *Conflict) take(mine bool) {
	if c.at < len(c.facets) {
		c.facets[c.at].mine, c.facets[c.at].made = mine, true
		c.loose = false
	}
}

// takeAll chooses for every facet.
func (c *Conflict) takeAll(mine bool) {
	for i := range c.facets {
		c.facets[i].mine, c.facets[i].made = mine, true
	}
}

func (c *Conflict) toggle() {
	if c.at < len(c.facets) {
		c.take(!c.facets[c.at].mine)
	}
}

// ToUndecided selects the first facet that waits for a decision.
func (c *Conflict) ToUndecided() {
	if at := slices.IndexFunc(c.facets, func(d decision) bool { return !d.made }); at >= 0 {
		c.at, c.loose = at, false
	}
}

// Actions lists the component's own keys; follow is run after each of them. While
// it is being saved there are none.
func (c *Conflict) Actions(follow func() tea.Cmd) []action.Action {
	if c.Busy || len(c.facets) == 0 {
		return nil
	}
	key := func(label string, run func(), keys ...string) action.Action {
		return action.Action{Label: "component.conflict." + label, Keys: keys, Run: func() tea.Cmd {
			run()
			return follow()
		}}
	}
	all := []action.Action{
		key("stored", func() { c.take(false) }, "left"),
		key("typed", func() { c.take(true) }, "right"),
		quiet(key("other", c.toggle, "space")),
	}
	if len(c.facets) > 1 {
		all = append(all,
			key("next", c.down, "down", "j", "tab"),
			quiet(key("previous", c.up, "up", "k", "shift+tab")),
			key("all-stored", func() { c.takeAll(false) }, "<"),
			key("all-typed", func() { c.takeAll(true) }, ">"))
	}
	return all
}

// Update scrolls by keys that no action has.
func (c *Conflict) Update(msg tea.Msg) (handled bool) {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return false
	}
	page := max(1, c.body.height-1)
	switch press.String() {
	case "pgdown":
		c.Wheel(page)
	case "pgup":
		c.Wheel(-page)
	case "home":
		c.at, c.loose = 0, false
	case "end":
		c.at, c.loose = max(0, len(c.facets)-1), false
	case "down": // where one is all there is
		c.down()
	case "up":
		c.up()
	default:
		return false
	}
	return true
}

// down goes to the next facet, once the end of this one was seen.
func (c *Conflict) down() {
	if c.at < len(c.spans) && c.spans[c.at].after > c.sight.top+c.body.height {
		c.Wheel(max(1, c.body.height-1))
		return
	}
	if c.at+1 < len(c.facets) { // at the end of the last one it stays there
		c.at, c.loose = c.at+1, false
	}
}

// up goes to the facet before, once the beginning of this one was seen.
func (c *Conflict) up() {
	if c.at < len(c.spans) && c.loose && c.spans[c.at].first < c.sight.top {
		c.Wheel(-max(1, c.body.height-1))
		return
	}
	c.at, c.loose = max(0, c.at-1), false
}

// Wheel scrolls by so many lines, downwards above zero. The selected facet may
// go out of sight until the next key.
func (c *Conflict) Wheel(lines int) {
	c.sight.turn(lines)
	c.loose = true
}

// Click chooses the value under a cell of what was drawn, or selects the facet
// there.
func (c *Conflict) Click(x, y int) (hit bool) {
	if c.Busy || !c.body.holds(x, y) {
		return false
	}
	c.sight.hold()
	y += c.sight.top - c.body.y
	for _, s := range c.targets {
		if s.holds(x, y) {
			c.at = s.facet
			c.take(s.mine)
			c.loose = true // it stays where it is
			return true
		}
	}
	at := slices.IndexFunc(c.spans, func(s span) bool { return y >= s.first && y < s.after })
	if at < 0 {
		return false
	}
	c.at, c.loose = at, true
	return true
}
