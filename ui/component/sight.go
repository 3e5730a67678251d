package component

// sight is which of more lines than there is room for are shown. What somebody
// scrolled to is the place that a window made larger or smaller comes back to:
// only the room changed then.
type sight struct {
	top  int // the first line shown
	rest int // the same where somebody last moved
	at   int // what was kept in sight then
}

// follow scrolls as little as it takes to show the lines from first to before
// last, the first above all, of so many lines in so much height. at tells what
// these are: where it is another than the last time, somebody moved.
func (s *sight) follow(at, first, last, all, height int) {
	moved, from := at != s.at, s.rest
	if moved {
		from = s.top
	}
	s.top = min(max(from, last-height), first)
	s.top = max(0, min(s.top, all-height))
	if moved {
		s.at, s.rest = at, s.top
	}
}

// stay shows what somebody scrolled to, as far as the lines go.
func (s *sight) stay(all, height int) { s.top = max(0, min(s.rest, all-height)) }

// turn scrolls by so many lines, downwards above zero.
func (s *sight) turn(lines int) {
	s.top = max(0, s.top+lines)
	s.hold()
}

// hold makes what is shown the place to come back to.
func (s *sight) hold() { s.rest = s.top }

// begin goes back to the first line.
func (s *sight) begin() { *s = sight{} }
