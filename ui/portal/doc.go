// Package portal is what customers see in a browser: the page behind the link
// of a validation mail.
//
// # Addresses
//
// GET and HEAD of "/v/" and a link's token show the page and change nothing, so
// that a mail scanner can't burn a link (R9). Its button posts the page's form
// token to the same address, which validates. "/v/sample" is where the links of
// sample mails lead: it says so, and does nothing. "/" says what this address is
// for, "/robots.txt" that nothing is to be indexed, "/favicon.ico" that there is
// no icon. Nothing else is there.
//
// # Trust
//
// Every page is made of the catalogue's sentences and of the institution's name
// and the masked address, cleaned by core/safetext and escaped by html/template.
// There is no script, no cookie, nothing from elsewhere and no parameter that
// leads anywhere: the one outward link is the point of sale's sign-in address.
// The Host header is never read for an answer. Tokens don't reach the log.
package portal
