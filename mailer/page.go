package mailer

import (
	_ "embed" // the page
	"html/template"
	"net/url"
	"strings"
)

//go:embed page.html
var pageText string

// pageTemplate escapes by context; it is never changed.
var pageTemplate = template.Must(template.New("page").Parse(pageText))

// page is what the HTML body shows. The subject is also the button's label: it
// says what the link is for, in the mail's language and the house's words.
type page struct {
	Language string
	Subject  string
	Blocks   []block
}

// block is a paragraph, or a link with its button.
type block struct {
	Lines []string
	Link  string
}

// htmlPage shows the lines of text in paragraphs and link as a button with the
// bare address below. Nothing else becomes a link, and nothing is fetched.
func htmlPage(language, subject, text, link string) (string, error) {
	var b strings.Builder
	err := pageTemplate.Execute(&b, page{Language: language, Subject: subject, Blocks: blocks(text, link)})
	return b.String(), err
}

// blocks cuts text into paragraphs at empty lines. A line that is the link and
// nothing else becomes its button; where there is none, the button follows the
// first paragraph that mentions the link.
func blocks(text, link string) []block {
	var all []block
	var lines []string
	end := func() {
		if len(lines) > 0 {
			all, lines = append(all, block{Lines: lines}), nil
		}
	}
	found := false
	for line := range strings.SplitSeq(text, "\n") {
		switch line = strings.Trim(line, " \t"); line {
		case "":
			end()
		case link:
			end()
			all, found = append(all, block{Link: link}), true
		default:
			lines = append(lines, line)
		}
	}
	end()
	if link == "" || found {
		return all
	}
	return withButton(all, link)
}

func withButton(all []block, link string) []block {
	for i, b := range all {
		if strings.Contains(strings.Join(b.Lines, "\n"), link) {
			rest := append([]block{{Link: link}}, all[i+1:]...)
			return append(all[:i+1], rest...)
		}
	}
	return all
}

// webLink gives s where it is a plain http or https address, else "": nothing
// else may stand behind a button.
func webLink(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return ""
	}
	if strings.ContainsAny(s, " \t") || s != printable(s) {
		return ""
	}
	return s
}
