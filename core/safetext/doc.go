// Package safetext is the one cleaner of untrusted text: whatever a person, a
// file or a mail brought in passes through it on its way to a screen or a log.
//
// What comes out holds no byte of a control sequence, no character that hides
// or turns other text around, and no sign that the product itself uses to say
// something. What was taken out leaves a visible mark: control characters show
// as their picture (U+2400 to U+2421), everything else as U+FFFD.
//
// # Cells
//
// Widths are cells of the terminal's grid, counted by grapheme cluster as
// lipgloss and the screen's cell buffer count them. A terminal that doesn't
// know clusters (mode 2027) is drawn to by code points instead. So that no
// column moves between the two, everything that they count differently is
// brought into a form that they agree on: emoji lose joiners, skin tones and
// presentation selectors, flags become their letters, the Thai and Lao AM and
// the half-width kana marks become their full forms. Left over are the spacing
// vowel signs and conjuncts of the Indic scripts, which have no other form:
// there a terminal without clusters may show a name wider than it was counted.
//
// # Right to left
//
// Letters of right-to-left scripts stay, in the order they were typed: a
// terminal either puts them in order itself or shows them as they are. The
// isolates of Unicode UAX #9 can't guard the neighbouring column: they are
// invisible characters without a cell, which the cell buffer drops or glues to
// another cell, and a redraw of half a row would lose one of a pair. So [Fit]
// ends such a text with [Barrier], a blank that has a cell of its own and
// counts as left-to-right: what follows keeps its place.
//
// All functions are safe for concurrent use. Text without anything to clean is
// returned as it is, without an allocation.
package safetext
