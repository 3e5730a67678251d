package portal

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"

	"golang.org/x/text/language"

	"willcall/core"
	"willcall/core/validation"
	"willcall/core/venue"
	"willcall/ui/text"
)

// Links answers for the links of validation mails; [validation.Links] does.
// Implementations are safe for concurrent use.
type Links interface {
	// Look says what stands behind a token and changes nothing.
	Look(ctx context.Context, token string) (validation.Landing, error)
	// Follow validates the address behind an open link. It fails with
	// [core.CodeForm] for a form token that isn't Look's.
	Follow(ctx context.Context, token, formToken string) (validation.Landing, error)
}

// Config is what a [Portal] stands on. Fields are needed unless they say
// otherwise.
type Config struct {
	Links Links
	Text  *text.Catalogue
	Clock core.Clock
	// Log gets a line for every answer and whatever net/http has to say. Optional.
	Log *slog.Logger
	// Proxies are the addresses whose X-Forwarded-For is believed. Optional.
	Proxies []netip.Prefix
}

// Portal answers customers' requests. It is safe for concurrent use.
type Portal struct {
	links     Links
	text      *text.Catalogue
	clock     core.Clock
	log       *slog.Logger
	mux       *http.ServeMux
	languages language.Matcher
	origins   *http.CrossOriginProtection
	sources   *sources
	proxies   []netip.Prefix
	headers   http.Header
	pages     *pages
}

// New makes a portal. It panics where the program's own page can't be read, as
// [template.Must] does.
func New(c Config) *Portal {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	p := &Portal{
		links: c.Links, text: c.Text, clock: c.Clock, log: c.Log, proxies: c.Proxies,
		languages: matcher(), origins: http.NewCrossOriginProtection(),
		sources: newSources(), headers: headers(), pages: newPages(),
	}
	p.route()
	return p
}

func (p *Portal) route() {
	p.mux = http.NewServeMux()
	p.mux.HandleFunc(validation.LinkPath+"{token...}", p.answers(p.link))
	p.mux.HandleFunc(validation.LinkPath+venue.SampleToken, p.answers(p.sample))
	p.mux.HandleFunc("/{$}", p.answers(p.home))
	p.mux.HandleFunc("GET /robots.txt", p.robots)
	p.mux.HandleFunc("GET /favicon.ico", p.icon)
	p.mux.HandleFunc("/", p.answers(p.missing))
}

// ServeHTTP implements [http.Handler].
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for name, values := range p.headers {
		w.Header()[name] = values
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if !p.sources.allow(source(r, p.proxies), p.clock.Effective()) {
		p.answers(p.tooMany)(w, r)
		return
	}
	p.mux.ServeHTTP(w, r)
}

// answer is what a request gets.
type answer struct {
	status int
	page   page
	// allow lists the methods of a page that was asked for with another.
	allow string
	// portal is where customers of the link's institution reach the page, empty
	// where no institution is known.
	portal string
	// link and state name a link in the log.
	link  string
	state validation.LinkState
}

// answers writes what ask answers, and logs it.
func (p *Portal) answers(ask func(*http.Request) answer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a := ask(r)
		if overTLS(a.portal) {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		if a.allow != "" {
			w.Header().Set("Allow", a.allow)
		}
		if a.status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "1")
		}
		if err := p.pages.write(w, a.status, a.page); err != nil {
			p.log.InfoContext(r.Context(), "write the page", "error", err)
		}
		p.note(r, a)
	}
}

// note logs the route, never the path: that may hold a token.
func (p *Portal) note(r *http.Request, a answer) {
	attrs := []slog.Attr{
		slog.String("route", r.Pattern), slog.String("method", r.Method), slog.Int("status", a.status),
	}
	if a.link != "" {
		attrs = append(attrs, slog.String("link", a.link), slog.String("state", a.state.String()))
	}
	p.log.LogAttrs(r.Context(), slog.LevelInfo, "answered", attrs...)
}
