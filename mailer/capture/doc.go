// Package capture is the embedded mail server of rehearsal: an SMTP server on
// loopback that takes every mail, an append-only segment log that keeps each
// one byte exact, and the reader that turns one into text, links and codes.
//
// Nothing odd is refused: a mail without headers, with bare line feeds, with
// an unknown charset is stored as it came and listed with what is odd about
// it. Everything read from a mail is untrusted text; whoever shows it cleans
// it last.
package capture
