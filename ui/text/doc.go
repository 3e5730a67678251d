// Package text is the catalogue: every sentence of the console, the portal and
// the commands, by key, in every language the product speaks.
//
// # Files
//
// A file en/AREA.txt holds the sentences of one area, and fr/AREA.txt the same
// keys in French. A line is
//
//	area.rest = A sentence with a {placeholder}.
//
// Keys are lower-case ASCII letters, digits and hyphens, parted by dots; the
// first part is the file's area. "\n" breaks a line inside a sentence, "{{" and
// "}}" are literal braces. Apostrophes inside words may be typed as "'", and
// French punctuation gets its no-break spaces by itself. Blank lines and lines
// that begin with "#" are skipped. A sentence that depends on a number has two
// keys, ending in ".one" and ".other"; see [Printer.N].
//
// # Values
//
// Values put into placeholders are not cleaned here: whoever shows a person's
// or a file's text passes it through core/safetext first.
package text
