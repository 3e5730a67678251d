package portal

import (
	"net/http"

	"golang.org/x/text/language"

	"willcall/ui/text"
)

// matcher chooses among the catalogue's languages (RFC 9110, section 12.5.4).
func matcher() language.Matcher {
	var tags []language.Tag
	for _, l := range text.Languages() {
		tags = append(tags, language.Make(string(l)))
	}
	return language.NewMatcher(tags)
}

// language is the one asked for by the page's own switch, else the mail's, else
// the browser's.
func (p *Portal) language(r *http.Request, mail string) text.Language {
	for _, wanted := range []string{r.URL.Query().Get("lang"), mail} {
		for _, l := range text.Languages() {
			if wanted == string(l) {
				return l
			}
		}
	}
	_, i := language.MatchStrings(p.languages, r.Header.Get("Accept-Language"))
	return text.Languages()[i]
}
