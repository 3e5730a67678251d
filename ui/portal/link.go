package portal

import (
	"errors"
	"net/http"

	"willcall/core"
	"willcall/core/secret"
	"willcall/core/validation"
)

// formField carries the page's form token.
const formField = "form"

// link answers for one link: it shows (R9), or validates.
func (p *Portal) link(r *http.Request) answer {
	token := r.PathValue("token")
	var a answer
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		a = p.show(r, token, false)
	case http.MethodPost:
		a = p.follow(r, token)
	default:
		a = p.wrongMethod(r, "GET, HEAD, POST")
	}
	a.link = secret.Digest8(token)
	return a
}

// show tells what stands behind a link. refused says that its form has just
// been posted without a good form token.
func (p *Portal) show(r *http.Request, token string, refused bool) answer {
	landing, err := p.links.Look(r.Context(), token)
	if err != nil {
		return p.failed(r, token, err)
	}
	a := p.landed(r, landing)
	if refused && landing.State == validation.LinkOpen {
		a.status = http.StatusForbidden
		a.page.Notice = p.in(a.page.Lang).T("portal.form.stale")
	}
	return a
}

// follow is the page's button.
func (p *Portal) follow(r *http.Request, token string) answer {
	seen, err := p.links.Look(r.Context(), token)
	if err != nil {
		return p.failed(r, token, err)
	}
	a := p.press(r, token, seen.PortalURL)
	a.portal = seen.PortalURL
	return a
}

// press validates, unless the form wasn't posted by the page itself.
func (p *Portal) press(r *http.Request, token, portal string) answer {
	if err := p.crossOrigin(r, portal); err != nil {
		return p.refused(r)
	}
	// A form that can't be read has no form token, which Follow refuses.
	var tooLarge *http.MaxBytesError
	if err := r.ParseForm(); errors.As(err, &tooLarge) {
		return p.tooLarge(r)
	}
	landing, err := p.links.Follow(r.Context(), token, r.PostForm.Get(formField))
	switch {
	case core.CodeOf(err) == core.CodeForm:
		return p.show(r, token, true)
	case err != nil:
		return p.failed(r, token, err)
	}
	return p.landed(r, landing)
}

// landed is the page of a link in a state.
func (p *Portal) landed(r *http.Request, l validation.Landing) answer {
	page := p.page(p.language(r, l.Language))
	page.about(l, p.in(page.Lang))
	return answer{status: statusOf(l.State), page: page, state: l.State, portal: l.PortalURL}
}

// statusOf gives the status code of RFC 9110, section 15.
func statusOf(s validation.LinkState) int {
	switch s {
	case validation.LinkUnknown:
		return http.StatusNotFound
	case validation.LinkExpired, validation.LinkReplaced:
		return http.StatusGone
	case validation.LinkOpen, validation.LinkDone, validation.LinkAlready:
		return http.StatusOK
	}
	return http.StatusNotFound
}

func (p *Portal) failed(r *http.Request, token string, err error) answer {
	p.log.ErrorContext(r.Context(), "answer for a link", "link", secret.Digest8(token), "error", err)
	page, say := p.blank(r)
	return page.told(http.StatusInternalServerError, say.T("portal.failed.heading"), say.T("portal.failed.body"))
}
