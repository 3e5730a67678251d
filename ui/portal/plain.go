package portal

import (
	"io"
	"net/http"

	"willcall/ui/text"
)

// blank starts a page that belongs to no link, in the browser's language.
func (p *Portal) blank(r *http.Request) (page, text.Printer) {
	started := p.page(p.language(r, ""))
	return started, p.in(started.Lang)
}

// told is an answer of a few sentences.
func (g page) told(status int, heading string, lines ...string) answer {
	g.Heading, g.Lines = heading, lines
	return answer{status: status, page: g}
}

// home says what this address is for, to whoever looks.
func (p *Portal) home(r *http.Request) answer {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return p.wrongMethod(r, "GET, HEAD")
	}
	page, say := p.blank(r)
	page.Sign = signMail
	return page.told(http.StatusOK, say.T("portal.home.heading"), say.T("portal.home.body"), say.T("portal.home.rest"))
}

// sample is behind the link of a sample mail: there is nothing to look up.
func (p *Portal) sample(r *http.Request) answer {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		return p.wrongMethod(r, "GET, HEAD, POST")
	}
	page, say := p.blank(r)
	page.Sign = signMail
	return page.told(http.StatusOK, say.T("portal.sample.heading"), say.T("portal.sample.body"))
}

// missing is for every address without a page.
func (p *Portal) missing(r *http.Request) answer {
	page, say := p.blank(r)
	return page.told(http.StatusNotFound, say.T("portal.missing.heading"), say.T("portal.missing.body"))
}

// wrongMethod is for a request that neither looks nor presses the button.
func (p *Portal) wrongMethod(r *http.Request, allow string) answer {
	page, say := p.blank(r)
	a := page.told(http.StatusMethodNotAllowed, say.T("portal.method.heading"), say.T("portal.method.body"))
	a.allow = allow
	return a
}

// tooLarge is for a form that no page of ours has.
func (p *Portal) tooLarge(r *http.Request) answer {
	page, say := p.blank(r)
	return page.told(http.StatusRequestEntityTooLarge, say.T("portal.too-large.heading"), say.T("portal.too-large.body"))
}

// refused is for a form posted by another site's page.
func (p *Portal) refused(r *http.Request) answer {
	page, say := p.blank(r)
	return page.told(http.StatusForbidden, say.T("portal.refused.heading"), say.T("portal.refused.body"))
}

func (p *Portal) tooMany(r *http.Request) answer {
	page, say := p.blank(r)
	page.Sign = signClock
	return page.told(http.StatusTooManyRequests, say.T("portal.busy.heading"), say.T("portal.busy.body"))
}

// nobodyIndexes is the answer to robots (RFC 9309, section 2.2).
const nobodyIndexes = "User-agent: *\nDisallow: /\n"

func (p *Portal) robots(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, err := io.WriteString(w, nobodyIndexes); err != nil {
		p.log.InfoContext(r.Context(), "write the text for robots", "error", err)
	}
	p.note(r, answer{status: http.StatusOK})
}

// icon spares browsers, which all ask for one, a page.
func (p *Portal) icon(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusNoContent)
	p.note(r, answer{status: http.StatusNoContent})
}
