package portal

import "net/http"

// home says what this address is for, to whoever looks.
func (p *Portal) home(r *http.Request) answer {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return p.wrongMethod(r, "GET, HEAD")
	}
	page := p.page(p.language(r, ""))
	say := p.in(page.Lang)
	page.Sign = signMail
	page.Heading = say.T("portal.home.heading")
	page.Lines = []string{say.T("portal.home.body"), say.T("portal.home.rest")}
	return answer{status: http.StatusOK, page: page}
}

// missing is for every address without a page.
func (p *Portal) missing(r *http.Request) answer {
	page := p.page(p.language(r, ""))
	say := p.in(page.Lang)
	page.Heading = say.T("portal.missing.heading")
	page.Lines = []string{say.T("portal.missing.body")}
	return answer{status: http.StatusNotFound, page: page}
}

func (p *Portal) wrongMethod(r *http.Request, allow string) answer {
	a := p.refused(r, http.StatusMethodNotAllowed)
	a.allow = allow
	return a
}

// refused is for what no browser sends from a page of ours.
func (p *Portal) refused(r *http.Request, status int) answer {
	page := p.page(p.language(r, ""))
	say := p.in(page.Lang)
	page.Heading = say.T("portal.refused.heading")
	page.Lines = []string{say.T("portal.refused.body")}
	return answer{status: status, page: page}
}

func (p *Portal) tooMany(r *http.Request) answer {
	page := p.page(p.language(r, ""))
	say := p.in(page.Lang)
	page.Sign = signClock
	page.Heading = say.T("portal.busy.heading")
	page.Lines = []string{say.T("portal.busy.body")}
	return answer{status: http.StatusTooManyRequests, page: page}
}
