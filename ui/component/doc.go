// Package component holds the parts that screens are made of: lists, forms,
// dialogs, and the lines around them.
//
// A component is a plain struct, owned by one page and used from the program's
// update loop only. Update takes a message and reports whether it meant
// something here. Render draws exactly as many lines of exactly as many cells
// as it is given; every text in it is untrusted and goes through safetext,
// apart from the theme's signs. A component remembers the size it was last
// drawn in: that is what a page down, a click and the cursor are counted by.
//
// The look is handed to every Render, since a terminal may tell its background,
// and a person choose a language, while pages are open.
//
// What stands in place of rows is placed with lipgloss; what is longer than its
// room is scrolled by the viewport of bubbles. Rows, dialogs, the header, tabs
// and the help line are filled cell by cell, see [Line], and what lies over a
// page is laid there by [Overlay]: they are drawn for every key.
//
// Text is edited by our own [Input] and [Editor]. Those of bubbles count code
// points where terminals count cells, take a letter apart from its accents, and
// bring code that reads the clipboard of the computer they run on, which over
// SSH is somebody else's. Each type names the tests that they fail.
package component
