package portal_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"willcall/core/secret"
	"willcall/core/validation"
)

func TestT1_HostileNamesAreText(t *testing.T) {
	t.Parallel()
	link := in(validation.LinkOpen)
	link.landing.Institution = "<script>x</script>\x1b]0;y\a\u202Eevil\x00 \" onload=\"z"
	link.landing.Address = "m\u2066•@<b>.example\x9b"
	w := open(t, link).get("/v/" + token)
	hides(t, w, "<script", "\x1b", "\a", "\u202E", "\u2066", "\x00", "<b>", `" onload`)
	says(t, w, http.StatusOK, "<bdi>&lt;script&gt;", "<bdi>m")
	if !utf8.Valid(w.Body.Bytes()) {
		t.Error("the page isn't UTF-8")
	}
}

func TestT10_UnknownAndMalformedAreTheSame(t *testing.T) {
	t.Parallel()
	h := open(t, in(validation.LinkUnknown))
	want := h.get("/v/" + token)
	for _, target := range []string{
		"/v/", "/v/x", "/v/" + token + "x", "/v/%00", "/v/a/b", "/v/a%2fb", "/v/" + strings.Repeat("y", 4000),
	} {
		got := h.get(target)
		if got.Code != want.Code || got.Body.String() != want.Body.String() {
			t.Errorf("%.40s: answer differs from that of an unknown token", target)
		}
		if a, b := fmt.Sprint(got.Header()), fmt.Sprint(want.Header()); a != b {
			t.Errorf("%.40s: headers %s, want %s", target, a, b)
		}
	}
}

func TestT19_NoRedirectAndNoHost(t *testing.T) {
	t.Parallel()
	h := open(t, at("https://portal.example.org", validation.LinkAlready))
	want := h.get("/v/" + token).Body.String()
	for _, value := range []string{
		"https://evil.example", "//evil.example", `\\evil.example`, `/\evil.example`, "%2f%2fevil.example",
		"https://tickets.example.org@evil.example", "javascript:alert(1)",
	} {
		for _, name := range []string{"next", "url", "redirect", "return", "lang"} {
			w := h.get("/v/" + token + "?" + name + "=" + strings.ReplaceAll(value, `\`, "%5C"))
			h.clock.move(time.Second)
			if w.Body.String() != want || w.Header().Get("Location") != "" {
				t.Errorf("%s=%s changes the answer", name, value)
			}
		}
		w := h.get("/v/"+token, "X-Forwarded-Host", value, "Forwarded", "host="+value)
		if w.Body.String() != want {
			t.Errorf("a forwarded host %s changes the answer", value)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/v/"+token, nil)
	r.Host = "evil.example"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Body.String() != want {
		t.Error("the Host header changes the answer")
	}
}

func TestT19_PathsNeverLeadAway(t *testing.T) {
	t.Parallel()
	h := open(t, in(validation.LinkUnknown))
	for _, path := range []string{
		"//evil.example", "//evil.example/..", "/v//evil.example", "/%2f%2fevil.example", "/v/..//evil.example",
	} {
		location := h.get("http://portal.example.org" + path).Header().Get("Location")
		if strings.HasPrefix(location, "//") || strings.Contains(location, "://") {
			t.Errorf("%s leads to %s", path, location)
		}
	}
}

func TestT19_SignInAddressIsCheckedAgain(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "javascript:alert(1)", "data:text/html,x", "//evil.example", "/sign-in", "https://", `https:\\evil.example`,
		"https://tickets.example.org@evil.example/", "ftp://tickets.example.org", "https://a\nb.example",
	} {
		link := in(validation.LinkAlready)
		link.landing.SignInURL = address
		w := open(t, link).get("/v/" + token)
		says(t, w, http.StatusOK, "You can close this page.")
		hides(t, w, `class="button"`)
	}
}

func TestT20_TheLogHoldsNoToken(t *testing.T) {
	t.Parallel()
	link := in(validation.LinkOpen)
	h := open(t, link)
	h.get("/v/" + token)
	h.get("/v/" + token + "?next=" + token)
	h.ask(http.MethodPost, "/v/"+token, "bad")
	h.ask(http.MethodPost, "/v/"+token, goodForm)
	h.ask(http.MethodPut, "/v/"+token, "")
	h.get("/w/" + token)
	link.err = fmt.Errorf("damaged")
	h.get("/v/" + token)
	if strings.Contains(h.log.String(), token[:12]) || strings.Contains(h.log.String(), goodForm) {
		t.Errorf("the log holds a token:\n%s", h.log)
	}
	line := "method=POST status=200 link=" + secret.Digest8(token) + " state=done"
	if !strings.Contains(h.log.String(), `route=/v/{token...} `+line) {
		t.Errorf("the log lacks %q:\n%s", line, h.log)
	}
}

func TestT20_T42_Headers(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY",
		"Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
		"Set-Cookie":         "", "Access-Control-Allow-Origin": "", "Server": "", "Location": "",
	}
	for _, base := range []string{"http://127.0.0.1:8710", "https://portal.example.org"} {
		h := open(t, at(base, validation.LinkOpen))
		for _, w := range []*httptest.ResponseRecorder{
			h.get("/"), h.get("/none"), h.get("/v/sample"), h.get("/v/" + token), h.ask(http.MethodPut, "/", ""),
			h.ask(http.MethodPost, "/v/"+token, "bad"), h.ask(http.MethodPost, "/v/"+token, goodForm),
			h.ask(http.MethodPost, "/v/"+token, "x", "Sec-Fetch-Site", "cross-site"),
			h.ask(http.MethodPost, "/v/"+token, strings.Repeat("x", 70_000)),
		} {
			for name, value := range want {
				if got := w.Header().Get(name); got != value {
					t.Errorf("%s %d: %s is %q, want %q", base, w.Code, name, got, value)
				}
			}
			checkPolicy(t, w)
		}
	}
}

func TestT42_BrowsersStayWithTheLinksOwnAddress(t *testing.T) {
	t.Parallel()
	for portal, want := range map[string]string{
		"": "", "http://127.0.0.1:8710": "", "https://portal.example.org": "max-age=31536000", "HTTPS://portal.example.org": "max-age=31536000",
	} {
		h := open(t, at(portal, validation.LinkOpen))
		for _, w := range []*httptest.ResponseRecorder{
			h.get("/v/" + token), h.ask(http.MethodPost, "/v/"+token, "bad"),
			h.ask(http.MethodPost, "/v/"+token, "x", "Sec-Fetch-Site", "cross-site"),
			h.ask(http.MethodPost, "/v/"+token, strings.Repeat("x", 70_000)),
			h.ask(http.MethodPost, "/v/"+token, goodForm), h.get("/v/" + token),
		} {
			if got := w.Header().Get("Strict-Transport-Security"); got != want {
				t.Errorf("%q %d: told %q, want %q", portal, w.Code, got, want)
			}
		}
		for _, w := range []*httptest.ResponseRecorder{h.get("/"), h.get("/none"), h.get("/v/sample")} {
			if got := w.Header().Get("Strict-Transport-Security"); got != "" {
				t.Errorf("%q: a page of no institution tells %q", portal, got)
			}
		}
	}
}

// checkPolicy holds the policy against the page: exactly its style block, no
// script, no event handler, nothing from elsewhere.
func checkPolicy(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	body := w.Body.String()
	_, rest, _ := strings.Cut(body, "<style>")
	block, _, found := strings.Cut(rest, "</style>")
	if !found || strings.Count(body, "<style") != 1 {
		t.Fatalf("not one style block:\n%s", body)
	}
	sum := sha256.Sum256([]byte(block))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
	if got := w.Header().Get("Content-Security-Policy"); got != want {
		t.Errorf("policy %s, want %s", got, want)
	}
	for _, banned := range []string{"<script", "style=", " src=", "url(", "@import", "<link", "<iframe", "onclick"} {
		if strings.Contains(html.UnescapeString(body), banned) {
			t.Errorf("the page holds %s", banned)
		}
	}
}

func TestT42_FormsOfOtherSites(t *testing.T) {
	t.Parallel()
	const base, own = "https://Portal.example.org", "https://portal.example.org"
	for _, c := range []struct {
		name, site, origin, form string
		status                   int
	}{
		{"our page", "same-origin", "null", goodForm, http.StatusOK},
		{"our page, no form token", "same-origin", "null", "", http.StatusForbidden},
		{"typed in", "none", "", goodForm, http.StatusOK},
		{"another site", "cross-site", "https://evil.example", goodForm, http.StatusForbidden},
		{"another site without origin", "cross-site", "null", goodForm, http.StatusForbidden},
		{"a neighbour", "same-site", "https://other.example.org", goodForm, http.StatusForbidden},
		{"no fetch metadata, our origin", "", own, goodForm, http.StatusOK},
		{"no fetch metadata, another origin", "", "https://evil.example", goodForm, http.StatusForbidden},
		{"no fetch metadata, our no-referrer page", "", "null", goodForm, http.StatusOK},
		{"no fetch metadata, null, no form token", "", "null", "", http.StatusForbidden},
		{"no browser", "", "", goodForm, http.StatusOK},
		{"no browser, no form token", "", "", "", http.StatusForbidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			link := at(base, validation.LinkOpen)
			w := open(t, link).ask(http.MethodPost, "http://10.0.0.1/v/"+token, c.form, pairs(c.site, c.origin)...)
			if w.Code != c.status {
				t.Errorf("status %d, want %d", w.Code, c.status)
			}
			if done := link.landing.State == validation.LinkAlready; done != (c.status == http.StatusOK) {
				t.Errorf("validated: %t", done)
			}
		})
	}
}

func pairs(site, origin string) []string {
	var header []string
	if site != "" {
		header = append(header, "Sec-Fetch-Site", site)
	}
	if origin != "" {
		header = append(header, "Origin", origin)
	}
	return header
}

func TestBodyIsBounded(t *testing.T) {
	t.Parallel()
	link := in(validation.LinkOpen)
	h := open(t, link)
	says(t, h.ask(http.MethodPost, "/v/"+token, strings.Repeat("x", 64<<10)), http.StatusRequestEntityTooLarge, "Too much was sent", "more than the button of this page sends")
	if link.follows != 0 {
		t.Error("an oversized form was followed")
	}
	if w := h.ask(http.MethodPost, "/v/"+token, strings.Repeat("x", 60_000)); w.Code != http.StatusForbidden {
		t.Errorf("a form below the bound: status %d", w.Code)
	}
}

func TestOneSourceIsSlowedDown(t *testing.T) {
	t.Parallel()
	link := in(validation.LinkOpen)
	h := open(t, link)
	for i := range 30 {
		if w := h.get("/v/" + token); w.Code != http.StatusOK {
			t.Fatalf("request %d: status %d", i, w.Code)
		}
	}
	w := h.get("/v/" + token)
	says(t, w, http.StatusTooManyRequests, "Too many requests")
	if w.Header().Get("Retry-After") != "1" || link.looks != 30 {
		t.Errorf("Retry-After %q, %d looks", w.Header().Get("Retry-After"), link.looks)
	}
	h.clock.move(time.Second)
	for i := range 10 {
		if w := h.get("/v/" + token); w.Code != http.StatusOK {
			t.Fatalf("request %d of the next second: status %d", i, w.Code)
		}
	}
	says(t, h.get("/v/"+token), http.StatusTooManyRequests)
}
