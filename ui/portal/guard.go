package portal

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

// maxBody bounds what a form may post, in bytes.
const maxBody = 64 << 10

// headers are those of every answer; base is the portal's address.
func headers(base string) http.Header {
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
	if strings.HasPrefix(strings.ToLower(base), "https://") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	return h
}

// styleHash names the page's one style block to the browser (CSP Level 3,
// section 2.3.1, hash-source).
func styleHash() string {
	sum := sha256.Sum256([]byte(style))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// crossOrigin refuses a form posted by another site's page.
//
// A page under "no-referrer" posts with the origin "null" (Fetch standard,
// append a request Origin header). Browsers that tell where a request comes
// from say so in Sec-Fetch-Site, but not to plain http addresses, and old ones
// never do: of those the form token alone decides.
func (p *Portal) crossOrigin(r *http.Request) error {
	if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "null" {
		return nil
	}
	return p.origins.Check(r)
}
