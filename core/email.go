package core

import (
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// EmailStatus is what is known about a contact's present address.
type EmailStatus uint8

// The statuses, in the order of their alarm.
const (
	EmailNone         EmailStatus = iota // no address: hollow
	EmailNotValidated                    // red
	EmailValidated                       // green
)

// String is the status's key in the catalogue.
func (s EmailStatus) String() string {
	switch s {
	case EmailNone:
		return "none"
	case EmailNotValidated:
		return "not-validated"
	case EmailValidated:
		return "validated"
	}
	return "unknown"
}

// ProofHow is how an address came to be validated. There is no value for "by
// hand": no operator can (R85).
type ProofHow uint8

// The ways to green.
const (
	ProofNone   ProofHow = iota
	ProofLink            // a link that was followed (R9)
	ProofSSO             // asserted by the identity provider (R16)
	ProofImport          // a trusted import, by an admin
)

// String is the way's key in the catalogue.
func (h ProofHow) String() string {
	switch h {
	case ProofNone:
		return "none"
	case ProofLink:
		return "link"
	case ProofSSO:
		return "sso"
	case ProofImport:
		return "import"
	}
	return "unknown"
}

// Proof is the record behind a green status. It travels only with its address.
type Proof struct {
	How ProofHow
	At  time.Time
	By  string // who caused it, as the journal names actors
}

// Email is one address with its status.
type Email struct {
	Typed string // as typed; what is shown
	Key   string // canonical form; what is compared and written to
	// Generation rises with every change of Key, also back to a former one, and
	// with [Email.Void] and [Email.VoidLinks]; it is never used again. Links are bound to it (R9).
	Generation uint64
	// Came is the generation with which the present address came: links of
	// earlier ones are for an address that was replaced since (R11).
	Came   uint64
	Status EmailStatus
	Proof  Proof
	// Since is when the status last changed.
	Since time.Time
}

// ChangeTo gives the email after the address is set to typed at a time. A new
// canonical address is not validated and has a new generation; another
// spelling of the same keeps status and record; an empty one is none. changed
// tells whether the canonical address is another (R7).
func (e Email) ChangeTo(typed string, at time.Time) (next Email, changed bool, err error) {
	typed = strings.Trim(typed, " ")
	if typed == "" {
		if e.Key == "" {
			return e, false, nil
		}
		return Email{Generation: e.Generation + 1, Came: e.Generation + 1, Status: EmailNone, Since: at}, true, nil
	}
	key, err := CanonicalAddress(typed)
	if err != nil {
		return e, false, err
	}
	typed = norm.NFC.String(typed)
	if key == e.Key {
		e.Typed = typed
		return e, false, nil
	}
	return Email{
		Typed: typed, Key: key, Generation: e.Generation + 1, Came: e.Generation + 1,
		Status: EmailNotValidated, Since: at,
	}, true, nil
}

// Void gives the email as not validated, and voids its links, without a change
// of the address.
func (e Email) Void(at time.Time) Email {
	if e.Status == EmailNone {
		return e
	}
	return Email{
		Typed: e.Typed, Key: e.Key, Generation: e.Generation + 1, Came: e.Came,
		Status: EmailNotValidated, Since: at,
	}
}

// VoidLinks gives the email with every link to it void and its status kept.
func (e Email) VoidLinks() Email {
	e.Generation++
	return e
}

// Validate gives the email as validated by a proof.
func (e Email) Validate(p Proof) Email {
	e.Status, e.Proof, e.Since = EmailValidated, p, p.At
	return e
}

// Limits of RFC 5321 section 4.5.3.1 and RFC 1035 section 2.3.4, in bytes.
const (
	maxAddress = 254
	maxLocal   = 64
	maxDomain  = 253
	maxLabel   = 63
)

// CanonicalAddress is the form in which addresses are compared: trimmed, the
// local part in ASCII lower case, the domain in Unicode NFC, IDNA ASCII and
// lower case. The local part is ASCII as typed: normalising it first would turn
// a Kelvin sign into a K. Dots and plus-tags stay: they may name another person. It fails
// with [CodeAddress] and a "why" for everything that is not a plain
// dot-atom@domain (RFC 5321 section 4.1.2 without quoted strings and address
// literals).
func CanonicalAddress(typed string) (string, error) {
	if len(typed) > 4*maxAddress {
		return "", badAddress("long")
	}
	if !utf8.ValidString(typed) {
		return "", badAddress("domain-letters")
	}
	local, domain, found := strings.Cut(strings.Trim(typed, " "), "@")
	if !found || strings.Contains(domain, "@") {
		return "", badAddress("at")
	}
	if why := checkLocal(local); why != "" {
		return "", badAddress(why)
	}
	ascii, why := canonicalDomain(domain)
	if why != "" {
		return "", badAddress(why)
	}
	key := asciiLower(local) + "@" + ascii
	if len(key) > maxAddress {
		return "", badAddress("long")
	}
	return key, nil
}

// ReservedAddress reports whether a canonical address ends in a name that
// never receives mail (RFC 2606 section 2 and 3, RFC 6761): fine in rehearsal,
// refused once mail is delivered.
func ReservedAddress(key string) bool {
	_, domain, _ := strings.Cut(key, "@")
	for _, name := range [...]string{"example", "test", "invalid", "localhost", "example.com", "example.net", "example.org"} {
		if domain == name || strings.HasSuffix(domain, "."+name) {
			return true
		}
	}
	return false
}

// badAddress refuses an address; why is a key below "address." in the catalogue.
func badAddress(why string) error { return Refuse(CodeAddress).With("why", why) }

func checkLocal(local string) (why string) {
	if local == "" || len(local) > maxLocal {
		return "local-length"
	}
	if local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, "..") {
		return "local-dots"
	}
	for i := range len(local) {
		if !isAtext(local[i]) && local[i] != '.' {
			return "local-letters"
		}
	}
	return ""
}

// isAtext is the atext of RFC 5322 section 3.2.3.
func isAtext(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

// canonicalDomain maps a domain to its A-labels. The library's lookup profile
// lets empty and overlong labels through and maps full-width digits to an
// address literal, so those are checked here.
func canonicalDomain(domain string) (ascii, why string) {
	if domain == "" {
		return "", "domain-empty"
	}
	ascii, err := idna.Lookup.ToASCII(norm.NFC.String(domain))
	if err != nil {
		return "", "domain-letters"
	}
	ascii = asciiLower(ascii)
	if len(ascii) > maxDomain {
		return "", "domain-length"
	}
	if _, err := netip.ParseAddr(ascii); err == nil {
		return "", "domain-number"
	}
	labels := strings.Split(ascii, ".")
	if len(labels) < 2 {
		return "", "domain-labels"
	}
	for _, label := range labels {
		if !isLabel(label) {
			return "", "domain-labels"
		}
	}
	if allDigits(labels[len(labels)-1]) {
		return "", "domain-number"
	}
	return ascii, ""
}

// isLabel is the LDH label of RFC 5890 section 2.3.1.
func isLabel(label string) bool {
	if label == "" || len(label) > maxLabel || label == "xn--" {
		return false
	}
	if label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for i := range len(label) {
		c := label[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

func allDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// asciiLower lowers A to Z only: Unicode's folding equates letters that mail
// servers keep apart, such as the Kelvin sign and k.
func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
