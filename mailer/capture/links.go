package capture

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

const (
	maxLinks     = 100
	maxLinkBytes = 2000
)

// linkList collects links, each once, numbered from 1.
type linkList struct {
	urls   []string
	number map[string]int
}

func newLinkList() *linkList { return &linkList{number: map[string]int{}} }

// add gives the number of a link, 0 for what isLink doesn't take and for what
// comes after the list is full.
func (l *linkList) add(link string) (number int) {
	if n, known := l.number[link]; known {
		return n
	}
	if len(l.urls) >= maxLinks || !isLink(link) {
		return 0
	}
	l.urls = append(l.urls, link)
	l.number[link] = len(l.urls)
	return len(l.urls)
}

func (l *linkList) url(n int) string { return l.urls[n-1] }

// ordered puts the links of the text read first, then those of the HTML only.
func (l *linkList) ordered(text []string) []string {
	all := newLinkList()
	for _, link := range slices.Concat(text, l.urls) {
		all.add(link)
	}
	return all.urls
}

// isLink reports whether a text is an absolute http or https address with a
// host and nothing in it that can't be seen.
func isLink(s string) bool {
	if s == "" || len(s) > maxLinkBytes || strings.ContainsFunc(s, notInLink) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

func notInLink(r rune) bool {
	return r == unicode.ReplacementChar || !unicode.IsGraphic(r) || unicode.IsSpace(r) || strings.ContainsRune("<>\"`", r)
}

// findLinks lists the http and https addresses in a text, in order, each once.
func findLinks(text string) []string {
	found := newLinkList()
	lower := asciiLower(text)
	for pos := 0; len(found.urls) < maxLinks; {
		i := strings.Index(lower[pos:], "http")
		if i < 0 {
			break
		}
		start := pos + i
		pos = start + len("http")
		rest := lower[pos:]
		if !strings.HasPrefix(rest, "://") && !strings.HasPrefix(rest, "s://") {
			continue
		}
		link, run := linkAt(text[start:])
		found.add(link)
		pos = start + run
	}
	return found.urls
}

// linkAt cuts a link out of the text that begins with it: up to the first sign
// that can't be in one, without the punctuation of the sentence around it. run
// is how far the text goes on without such a sign; a run too long for a link
// gives none.
func linkAt(text string) (link string, run int) {
	run = lengthOr(strings.IndexFunc(text, notInLink), len(text))
	if run > maxLinkBytes {
		return "", run
	}
	link = text[:run]
	for link != "" {
		last := link[len(link)-1]
		if strings.IndexByte(".,;:!?'*_", last) < 0 && !unbalanced(link, last) {
			break
		}
		link = link[:len(link)-1]
	}
	return link, run
}

// unbalanced reports a closing bracket without its opening one in the link.
func unbalanced(text string, last byte) bool {
	i := strings.IndexByte(")]}", last)
	if i < 0 {
		return false
	}
	return strings.Count(text, ")]}"[i:i+1]) > strings.Count(text, "([{"[i:i+1])
}
