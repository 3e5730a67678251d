// Package theme holds how willcall looks: colours by their use, for dark and
// light screens and for none, and the signs that carry meaning where colour
// can't.
//
// A [Token] says what a piece of text is, a [Ground] what it stands on. Every
// pair has one [Style], worked out when the theme is made, so that drawing a row
// only joins strings. Each colour is chosen by hand three times, for true
// colour, 256 and 16 colours; in 16 colours and without colour, grounds are
// shown by reverse and underline. With 16 colours the terminal's owner decides
// what they look like, so no contrast can be promised there; with more, text
// reaches 4.5:1 (WCAG 2.2, success criterion 1.4.3) on every ground.
package theme
