package capture

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText turns HTML into text to read: tags removed, scripts, styles and
// hidden heads left out, pictures named by their alternative text, links
// numbered and listed at the end. Nothing is ever fetched. Links to http and
// https are added to links. The text is untrusted: an entity such as &#27;
// has become the character it stands for.
//
// It reads tokens instead of a tree, so that no nesting, however deep or wrong,
// costs more than its bytes.
func htmlText(source string, links *linkList) string {
	r := &renderer{links: links}
	z := html.NewTokenizer(strings.NewReader(source))
	for r.out.Len() < maxText {
		switch z.Next() {
		case html.ErrorToken:
			return r.finish()
		case html.TextToken:
			r.text(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(z.Token())
		case html.EndTagToken:
			r.end(z.Token().DataAtom)
		case html.CommentToken, html.DoctypeToken:
		}
	}
	return r.finish()
}

// renderer is the state between two tokens.
type renderer struct {
	out    strings.Builder
	links  *linkList
	shown  []int     // numbers of the links in this text
	space  bool      // a space is due before the next word
	breaks int       // line ends due before the next word, 2 at most
	hidden atom.Atom // the element whose content is left out, 0 for none
	depth  int       // of elements of that name inside each other
	pre    int       // open elements that keep blanks
	href   int       // number of the open link, 0 for none
}

func (r *renderer) finish() string {
	r.closeLink()
	if len(r.shown) > 0 {
		r.out.WriteString("\n")
	}
	for _, n := range r.shown {
		fmt.Fprintf(&r.out, "\n[%d] %s", n, r.links.url(n))
	}
	return strings.ToValidUTF8(r.out.String(), "\uFFFD")
}

// gap writes the blank or the line ends that are due.
func (r *renderer) gap() {
	switch {
	case r.out.Len() == 0:
	case r.breaks > 0:
		r.out.WriteString("\n\n"[:r.breaks])
	case r.space:
		r.out.WriteByte(' ')
	}
	r.space, r.breaks = false, 0
}

func (r *renderer) newline(n int) { r.breaks = max(r.breaks, n) }

func (r *renderer) text(s string) {
	if r.hidden != 0 {
		return
	}
	if r.pre > 0 {
		r.gap()
		r.out.WriteString(strings.ReplaceAll(s, "\r\n", "\n"))
		return
	}
	for s != "" {
		i := strings.IndexFunc(s, unicode.IsSpace)
		if i != 0 {
			word := s[:lengthOr(i, len(s))]
			r.gap()
			r.out.WriteString(word)
			s = s[len(word):]
			continue
		}
		r.space = true
		s = strings.TrimLeftFunc(s, unicode.IsSpace)
	}
}

func lengthOr(i, whole int) int {
	if i < 0 {
		return whole
	}
	return i
}

func (r *renderer) start(t html.Token) {
	if r.hidden != 0 {
		if t.DataAtom == r.hidden {
			r.depth++
		}
		return
	}
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Title, atom.Template, atom.Textarea, atom.Select:
		r.hidden, r.depth = t.DataAtom, 1
	case atom.Br:
		r.breaks = min(r.breaks+1, 2)
	case atom.Hr:
		r.rule()
	case atom.Li:
		r.newline(1)
		r.text("- ")
	case atom.Td, atom.Th:
		r.space = true
	case atom.Pre:
		r.newline(2)
		r.pre++
	case atom.Img:
		if alt := strings.TrimSpace(attribute(t, "alt")); alt != "" {
			r.text("[" + alt + "]")
		}
	case atom.A:
		r.closeLink()
		r.href = r.links.add(strings.TrimSpace(attribute(t, "href")))
	default:
		r.newline(blockGap(t.DataAtom))
	}
}

func (r *renderer) rule() {
	r.newline(1)
	r.gap()
	r.out.WriteString("---")
	r.newline(1)
}

func (r *renderer) end(a atom.Atom) {
	if r.hidden != 0 {
		if a == r.hidden {
			r.depth--
		}
		if r.depth == 0 {
			r.hidden = 0
		}
		return
	}
	switch a {
	case atom.A:
		r.closeLink()
	case atom.Pre:
		r.pre = max(0, r.pre-1)
		r.newline(2)
	default:
		r.newline(blockGap(a))
	}
}

// blockGap is how many line ends set an element off from what is around it.
func blockGap(a atom.Atom) int {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Dl, atom.Table,
		atom.Blockquote:
		return 2
	case atom.Div, atom.Tr, atom.Li, atom.Dt, atom.Dd, atom.Section, atom.Article, atom.Header, atom.Footer,
		atom.Main, atom.Nav, atom.Aside, atom.Address, atom.Figure, atom.Center, atom.Form, atom.Body:
		return 1
	}
	return 0
}

// closeLink writes the number of the open link behind its text.
func (r *renderer) closeLink() {
	if r.href == 0 {
		return
	}
	fmt.Fprintf(&r.out, " [%d]", r.href)
	r.note(r.href)
	r.href = 0
}

func (r *renderer) note(n int) {
	if !slices.Contains(r.shown, n) {
		r.shown = append(r.shown, n)
	}
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}
