package portal

import (
	"bytes"
	_ "embed" // for the page and its style
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"willcall/core"
	"willcall/core/safetext"
	"willcall/core/validation"
	"willcall/ui/text"
)

//go:embed page.html
var layout string

//go:embed style.css
var style string

// sign is the drawing above a page's heading; it repeats what the words say.
type sign string

const (
	signNone  sign = ""
	signMail  sign = "mail"
	signCheck sign = "check"
	signClock sign = "clock"
)

// page is what page.html shows.
type page struct {
	Lang        text.Language
	Others      []tongue
	Sign        sign
	Institution string
	Heading     string
	Notice      string
	Address     string
	Lines       []string
	Form        form
	SignIn      signIn
}

// form is the button that validates; without a token there is none.
type form struct{ Field, Token, Button string }

// signIn is the way to the shop (R11); without an address there is none.
type signIn struct{ URL, Button string }

// tongue is another language of the page, by its own name.
type tongue struct {
	Lang text.Language
	Name string
}

// page starts a page in a language.
func (p *Portal) page(l text.Language) page {
	say := p.in(l)
	started := page{Lang: l, Sign: signNone}
	for _, other := range text.Languages() {
		if other != l {
			started.Others = append(started.Others, tongue{other, say.T("words.language." + string(other))})
		}
	}
	return started
}

func (p *Portal) in(l text.Language) text.Printer { return p.text.In(l) }

// about fills in what is to be said of a link.
func (g *page) about(l validation.Landing, say text.Printer) {
	g.Institution, g.Address = safetext.Line(l.Institution), safetext.Line(l.Address)
	switch l.State {
	case validation.LinkOpen:
		g.ask(l, say)
	case validation.LinkDone:
		g.Sign, g.Heading = signCheck, say.T("portal.done.heading")
		g.next(l, say, say.T("portal.done.sign-in"), say.T("portal.done.close"))
	case validation.LinkAlready:
		g.Sign, g.Heading = signCheck, say.T("portal.already.heading")
		g.next(l, say, say.T("portal.already.sign-in"), say.T("portal.already.close"))
	case validation.LinkExpired:
		g.Sign, g.Heading = signClock, say.T("portal.expired.heading")
		g.Lines = []string{say.T("portal.expired.until", "time", say.Time(l.Expires)), say.T("portal.expired.body")}
	case validation.LinkReplaced:
		g.Heading = say.T("portal.replaced.heading")
		g.Lines = []string{say.T("portal.replaced.body"), say.T("portal.replaced.rest")}
	case validation.LinkUnknown:
		g.Heading = say.T("portal.unknown.heading")
		g.Lines = []string{say.T("portal.unknown.body"), say.T("portal.unknown.rest")}
	}
}

// ask is the page of an open link, with the button that validates.
func (g *page) ask(l validation.Landing, say text.Printer) {
	g.Sign, g.Heading = signMail, say.T("portal.open.heading")
	g.Lines = []string{
		say.T("portal.open.until", "time", say.Time(l.Expires)),
		say.T("portal.open.ignore"),
	}
	g.Form = form{Field: formField, Token: l.FormToken, Button: say.T("portal.open.button")}
}

// next shows the way to the sign-in (R11), or says that the page can be closed
// where the point of sale has no good sign-in address.
func (g *page) next(l validation.Landing, say text.Printer, toSignIn, toClose string) {
	if core.CheckURL(l.SignInURL) != nil {
		g.Lines = []string{toClose}
		return
	}
	g.Lines = []string{toSignIn}
	g.SignIn = signIn{URL: l.SignInURL, Button: say.T("portal.sign-in.button")}
}

// pages writes pages. It is safe for concurrent use.
type pages struct{ layout *template.Template }

func newPages() *pages {
	t := template.Must(template.New("page").Parse(layout))
	template.Must(t.New("style").Parse(style))
	return &pages{t}
}

// write sends a page with its status. It fails where the page can't be made,
// and where the client is gone.
func (g *pages) write(w http.ResponseWriter, status int, content page) error {
	var b bytes.Buffer
	if err := g.layout.Execute(&b, content); err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return fmt.Errorf("make the page: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("send the page: %w", err)
	}
	return nil
}
