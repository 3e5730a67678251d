// Package console is the root of the screen: it owns the frame around the
// pages, decides which page a message is for, and holds every key press against
// permission and reason before anything is done.
//
// A key goes to the first of these that wants it: quitting, the dialog on top,
// the page while a field has the keyboard, the page's actions, the console's
// own actions. Keys that arrive between the opening of a page or a dialog and
// its first picture are dropped.
//
// While nobody does anything, nothing runs: no timer, no poll. The pump wakes
// on committed changes only.
package console
