package core

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

// CanonicalHost is the form in which a server's name is kept: an IP address as
// net/netip writes it, without zone, or a DNS name in IDNA ASCII and lower
// case; of one label too, such as "localhost". It fails with [CodeHost].
func CanonicalHost(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", Refuse(CodeRequired)
	}
	if ip, err := netip.ParseAddr(typed); err == nil && ip.Zone() == "" {
		return ip.String(), nil
	}
	if len(typed) > 4*maxDomain || !utf8.ValidString(typed) {
		return "", Refuse(CodeHost)
	}
	name, why := canonicalDomain(typed)
	if why == "" {
		return name, nil
	}
	// The grammar of addresses wants two labels: a single one is lent another.
	const lent = ".localhost"
	name, why = canonicalDomain(typed + lent)
	name = strings.TrimSuffix(name, lent)
	if why != "" || strings.Contains(name, ".") || allDigits(name) {
		return "", Refuse(CodeHost)
	}
	return name, nil
}
