package portal

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
)

// maxBody bounds what a form may post, in bytes.
const maxBody = 64 << 10

// headers are those of every answer.
func headers() http.Header {
	h := http.Header{}
	h.Set("Content-Security-Policy", "default-src 'none'; style-src '"+styleHash()+"'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	return h
}

// overTLS reports whether a portal's address is an https one: browsers that
// were led there are told to stay with it (RFC 6797, section 6.1).
func overTLS(portal string) bool { return strings.HasPrefix(strings.ToLower(portal), "https://") }

// origin gives scheme and host of an address as browsers write them (RFC 6454,
// section 6.2).
func origin(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return "", false
	}
	return strings.ToLower(u.Scheme + "://" + u.Host), true
}

// styleHash names the page's one style block to the browser (CSP Level 3,
// section 2.3.1, hash-source).
func styleHash() string {
	sum := sha256.Sum256([]byte(style))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// crossOrigin refuses a form posted by another site's page than the one at
// portal, the address of the link's own institution.
//
// A page under "no-referrer" posts with the origin "null" (Fetch standard,
// append a request Origin header). Browsers that tell where a request comes
// from say so in Sec-Fetch-Site, but not to plain http addresses, and old ones
// never do: of those the form token alone decides.
func (p *Portal) crossOrigin(r *http.Request, portal string) error {
	if own, ok := origin(portal); ok && own == r.Header.Get("Origin") {
		return nil
	}
	if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "null" {
		return nil
	}
	return p.origins.Check(r)
}
