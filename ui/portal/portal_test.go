package portal_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/validation"
	"willcall/ui/portal"
	"willcall/ui/text"
)

// token is a well-formed token of no link in particular.
const token = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

const goodForm = "good-form"

// oneLink is a [portal.Links] with one landing for every token. Follow turns an
// open one into done, then already.
type oneLink struct {
	mu      sync.Mutex
	landing validation.Landing
	err     error
	looks   int
	follows int
}

func (o *oneLink) Look(context.Context, string) (validation.Landing, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.looks++
	return o.landing, o.err
}

func (o *oneLink) Follow(_ context.Context, _, form string) (validation.Landing, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.follows++
	if o.err != nil || o.landing.State != validation.LinkOpen {
		return o.landing, o.err
	}
	if form != goodForm {
		return o.landing, core.Refuse(core.CodeForm)
	}
	done := o.landing
	done.State, done.FormToken = validation.LinkDone, ""
	o.landing.State = validation.LinkAlready
	return done, nil
}

// in is a link of a theatre in a state.
func in(state validation.LinkState) *oneLink {
	l := validation.Landing{
		State: state, Institution: "Théâtre du Lac", Language: "en", Address: "m•••••@example.org",
		SignInURL: "https://tickets.example.org/sign-in", Expires: time.Date(2026, 11, 22, 19, 42, 0, 0, time.UTC),
	}
	switch state {
	case validation.LinkUnknown:
		l = validation.Landing{}
	case validation.LinkOpen:
		l.FormToken = goodForm
	case validation.LinkDone, validation.LinkAlready, validation.LinkExpired, validation.LinkReplaced:
	}
	return &oneLink{landing: l}
}

// at is [in] of a theatre whose customers reach the page at an address.
func at(portal string, state validation.LinkState) *oneLink {
	link := in(state)
	link.landing.PortalURL = portal
	return link
}

// watch is a clock that tests move.
type watch struct {
	mu  sync.Mutex
	now time.Time
}

func newWatch() *watch { return &watch{now: time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)} }

func (w *watch) Effective() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *watch) move(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// house is a portal under test with its log.
type house struct {
	*portal.Portal
	clock *watch
	log   *bytes.Buffer
}

func open(t *testing.T, links portal.Links) house {
	t.Helper()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	h := house{clock: newWatch(), log: &bytes.Buffer{}}
	h.Portal = portal.New(portal.Config{
		Links: links, Text: words, Clock: h.clock, Log: slog.New(slog.NewTextHandler(h.log, nil)),
	})
	return h
}

func (h house) ask(method, target, form string, header ...string) *httptest.ResponseRecorder {
	body := ""
	if form != "" {
		body = url.Values{"form": {form}}.Encode()
	}
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func (h house) get(target string, header ...string) *httptest.ResponseRecorder {
	return h.ask(http.MethodGet, target, "", header...)
}

// says fails where an answer lacks any of the texts.
func says(t *testing.T, w *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d", w.Code, status)
	}
	for _, s := range texts {
		if !strings.Contains(w.Body.String(), s) {
			t.Errorf("the page lacks %q:\n%s", s, w.Body)
		}
	}
}

// hides fails where an answer holds any of the texts.
func hides(t *testing.T, w *httptest.ResponseRecorder, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if strings.Contains(w.Body.String(), s) {
			t.Errorf("the page holds %q:\n%s", s, w.Body)
		}
	}
}

const (
	signInLink = `<a class="button" href="https://tickets.example.org/sign-in">`
	formButton = `<button class="button" type="submit">`
)

func TestR9_LookingChangesNothing(t *testing.T) {
	t.Parallel()
	link := in(validation.LinkOpen)
	h := open(t, link)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		w := h.ask(method, "/v/"+token, "")
		if w.Code != http.StatusOK {
			t.Errorf("%s: status %d", method, w.Code)
		}
	}
	says(t, h.get("/v/"+token), http.StatusOK, "Confirm your email address", "Théâtre du Lac", "m•••••@example.org",
		formButton, `value="good-form"`, "until 22 Nov 2026, 19:42")
	if link.follows != 0 || link.looks != 3 {
		t.Errorf("%d looks and %d follows of three looks", link.looks, link.follows)
	}
}

func TestT17_ScannersDontBurnALink(t *testing.T) {
	t.Parallel()
	h := open(t, in(validation.LinkOpen))
	h.ask(http.MethodHead, "/v/"+token, "")
	for range 10 {
		h.get("/v/" + token)
	}
	says(t, h.ask(http.MethodPost, "/v/"+token, goodForm), http.StatusOK, "Your email address is confirmed")
	says(t, h.ask(http.MethodPost, "/v/"+token, goodForm), http.StatusOK, "This address is already confirmed")
}

func TestR10_SuccessSaysSo(t *testing.T) {
	t.Parallel()
	w := open(t, in(validation.LinkOpen)).ask(http.MethodPost, "/v/"+token, goodForm)
	says(t, w, http.StatusOK, "<h1>Your email address is confirmed</h1>", "Théâtre du Lac")
	hides(t, w, formButton)
}

func TestR11_SignInButton(t *testing.T) {
	t.Parallel()
	done := open(t, in(validation.LinkOpen)).ask(http.MethodPost, "/v/"+token, goodForm)
	says(t, done, http.StatusOK, signInLink+"Go to sign-in</a>")
	already := open(t, in(validation.LinkAlready)).get("/v/" + token)
	says(t, already, http.StatusOK, "<h1>This address is already confirmed</h1>", signInLink)
	for _, state := range []validation.LinkState{
		validation.LinkOpen, validation.LinkExpired, validation.LinkReplaced, validation.LinkUnknown,
	} {
		hides(t, open(t, in(state)).get("/v/"+token), signInLink)
	}
}

func TestR11_LinksThatNoLongerWork(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state  validation.LinkState
		status int
		says   string
	}{
		{validation.LinkExpired, http.StatusGone, "It worked until 22 Nov 2026, 19:42."},
		{validation.LinkReplaced, http.StatusGone, "This address is no longer on file"}, // R75
		{validation.LinkUnknown, http.StatusNotFound, "know this link"},
	} {
		t.Run(c.state.String(), func(t *testing.T) {
			t.Parallel()
			h := open(t, in(c.state))
			for _, w := range []*httptest.ResponseRecorder{
				h.get("/v/" + token), h.ask(http.MethodPost, "/v/"+token, goodForm),
			} {
				says(t, w, c.status, c.says)
				hides(t, w, formButton)
			}
		})
	}
}

func TestFormOfAnotherPageIsAskedAgain(t *testing.T) {
	t.Parallel()
	link := in(validation.LinkOpen)
	h := open(t, link)
	for _, form := range []string{"", "old", strings.Repeat("x", 1000)} {
		w := h.ask(http.MethodPost, "/v/"+token, form)
		says(t, w, http.StatusForbidden, `role="alert"`, "nothing was changed", formButton, `value="good-form"`)
	}
	if link.landing.State != validation.LinkOpen {
		t.Errorf("the link is %v", link.landing.State)
	}
	hides(t, h.get("/v/"+token), `role="alert"`)
}

func TestFailureTellsNothingInternal(t *testing.T) {
	t.Parallel()
	link := in(validation.LinkOpen)
	link.err = errors.New("page 12 of the store is damaged")
	h := open(t, link)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		w := h.ask(method, "/v/"+token, goodForm)
		says(t, w, http.StatusInternalServerError, "Something went wrong on our side")
		hides(t, w, "damaged", "Théâtre")
	}
	if !strings.Contains(h.log.String(), "page 12 of the store is damaged") {
		t.Errorf("the log lacks the cause: %s", h.log)
	}
}

func TestOtherAddresses(t *testing.T) {
	t.Parallel()
	h := open(t, in(validation.LinkOpen))
	says(t, h.get("/"), http.StatusOK, "Links from our mails open here", "sign-in page would stand in this place")
	for _, target := range []string{"/v", "/admin", "/V/" + token} {
		if w := h.get(target); w.Code != http.StatusNotFound && w.Code != http.StatusTemporaryRedirect {
			t.Errorf("%s: status %d", target, w.Code)
		}
	}
	says(t, h.get("/admin"), http.StatusNotFound, "There is no page here")
	for _, c := range []struct{ method, target, allow string }{
		{http.MethodPost, "/", "GET, HEAD"},
		{http.MethodDelete, "/", "GET, HEAD"},
		{http.MethodPut, "/v/" + token, "GET, HEAD, POST"},
		{http.MethodOptions, "/v/" + token, "GET, HEAD, POST"},
	} {
		w := h.ask(c.method, c.target, "")
		says(t, w, http.StatusMethodNotAllowed, "of a kind that this page does not take")
		hides(t, w, "not ours")
		if got := w.Header().Get("Allow"); got != c.allow {
			t.Errorf("%s %s: Allow %q, want %q", c.method, c.target, got, c.allow)
		}
	}
}

func TestWhatBrowsersAndRobotsAskForByThemselves(t *testing.T) {
	t.Parallel()
	h := open(t, in(validation.LinkOpen))
	robots := h.get("/robots.txt")
	if robots.Code != http.StatusOK || robots.Body.String() != "User-agent: *\nDisallow: /\n" {
		t.Errorf("robots are told %d %q", robots.Code, robots.Body)
	}
	if kind := robots.Header().Get("Content-Type"); kind != "text/plain; charset=utf-8" {
		t.Errorf("robots are told in %s", kind)
	}
	if icon := h.get("/favicon.ico"); icon.Code != http.StatusNoContent || icon.Body.Len() != 0 {
		t.Errorf("the icon is %d with %d bytes", icon.Code, icon.Body.Len())
	}
	for _, line := range []string{`route="GET /robots.txt"`, `route="GET /favicon.ico"`} {
		if !strings.Contains(h.log.String(), line) {
			t.Errorf("the log lacks %s:\n%s", line, h.log)
		}
	}
	says(t, h.ask(http.MethodPost, "/robots.txt", ""), http.StatusNotFound, "There is no page here")
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	french, english := `<html lang="fr">`, `<html lang="en">`
	inFrench := in(validation.LinkOpen)
	inFrench.landing.Language = "fr"
	for _, c := range []struct {
		name, target, accept, want string
		link                       *oneLink
	}{
		{"the mail's", "/v/x", "en", french, inFrench},
		{"the switch before the mail's", "/v/x?lang=en", "fr", english, inFrench},
		{"a language we don't speak", "/v/x?lang=de", "en", french, inFrench},
		{"the browser's for an unknown link", "/v/x", "de, fr-CH;q=0.8, en;q=0.5", french, in(validation.LinkUnknown)},
		{"English where nothing fits", "/v/x", "ja", english, in(validation.LinkUnknown)},
		{"English for nonsense", "/v/x", ";;q=,-", english, in(validation.LinkUnknown)},
		{"the switch for an unknown link", "/v/x?lang=fr", "en", french, in(validation.LinkUnknown)},
		{"the browser's at home", "/", "fr", french, inFrench},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := open(t, c.link).get(c.target, "Accept-Language", c.accept)
			other := `<a href="?lang=fr" hreflang="fr" lang="fr">Français</a>`
			if c.want == french {
				other = `<a href="?lang=en" hreflang="en" lang="en">English</a>`
			}
			says(t, w, w.Code, c.want, other)
			hides(t, w, "‹")
		})
	}
}

func TestEveryPageInFrench(t *testing.T) {
	t.Parallel()
	for state, want := range map[validation.LinkState]string{
		validation.LinkOpen:     "Confirmez votre adresse e-mail",
		validation.LinkAlready:  "Cette adresse est déjà confirmée",
		validation.LinkExpired:  "Ce lien a expiré",
		validation.LinkReplaced: "Cette adresse n’est plus enregistrée",
		validation.LinkUnknown:  "Nous ne connaissons pas ce lien",
		validation.LinkDone:     "Votre adresse e-mail est confirmée",
	} {
		w := open(t, in(state)).get("/v/" + token + "?lang=fr")
		says(t, w, w.Code, want)
		hides(t, w, "‹")
	}
}
