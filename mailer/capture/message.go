package capture

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/emersion/go-message"

	port "willcall/core/mail"
)

const (
	maxDepth = 10
	maxParts = 100
	maxText  = 256 * kib // of text to read, and of HTML that is looked at
)

// readMessage reads a message for a person: its parts, its text, its links and
// codes, all bounded. It never fails: what can't be read is shown as it came.
func readMessage(e port.Envelope, raw []byte) port.Message {
	summary, lint := summarise(e, raw)
	r := &reading{links: newLinkList(), budget: maxText}
	c := r.entity(raw, "", 0)
	text := c.text()
	if strings.TrimSpace(text) == "" && len(r.parts) == 0 {
		text = plainText(raw[:min(len(raw), maxText)])
	}
	text = cutText(text, maxText)
	summary.Lint = (lint | r.lint).list()
	return port.Message{
		Summary: summary, Raw: raw, Text: text, Parts: r.parts,
		Links: r.links.ordered(findLinks(text)), Codes: findCodes(text),
	}
}

// reading is the state of one walk through a message's parts.
type reading struct {
	parts  []port.Part
	links  *linkList // from the HTML
	lint   lintSet
	seen   int // parts visited, containers too
	budget int // bytes of text that may still be decoded
}

// content is what a part gives to read.
type content struct {
	plain string
	html  string // already as text
}

func (c content) text() string {
	if strings.TrimSpace(c.plain) != "" {
		return c.plain
	}
	return c.html
}

// entity walks a message or part. The depth is checked before anything of the
// next level is touched. path is "" for the whole message.
func (r *reading) entity(raw []byte, path string, depth int) content {
	if r.seen >= maxParts {
		r.lint.set(LintMIMELimit)
		return content{}
	}
	r.seen++
	h, body := splitHead(raw)
	mediaType, params, err := h.fields.ContentType()
	r.lint.setIf(err != nil, LintBadMIME)
	mediaType = asciiLower(mediaType)
	if !strings.HasPrefix(mediaType, "multipart/") {
		return r.leaf(h, mediaType, body, path)
	}
	if depth >= maxDepth {
		r.lint.set(LintMIMELimit)
		return r.leaf(h, mediaType, body, path)
	}
	children, whole := splitParts(body, params["boundary"], maxParts+1)
	r.lint.setIf(!whole, LintBadMIME)
	if len(children) == 0 {
		return r.asText(body)
	}
	return r.children(children, mediaType == "multipart/alternative", path, depth)
}

// children reads the parts of a multipart: of alternatives the plain one, else
// one after the other.
func (r *reading) children(raw [][]byte, alternative bool, path string, depth int) content {
	var all content
	var texts []string
	for i, child := range raw {
		c := r.entity(child, childPath(path, i+1), depth+1)
		if alternative {
			all.plain = firstText(all.plain, c.plain)
			all.html = firstText(all.html, c.html)
		} else if text := c.text(); strings.TrimSpace(text) != "" {
			texts = append(texts, text)
		}
	}
	if !alternative {
		all.plain = strings.Join(texts, "\n\n")
	}
	return all
}

func firstText(a, b string) string {
	if strings.TrimSpace(a) != "" {
		return a
	}
	return b
}

func childPath(parent string, n int) string {
	if parent == "" {
		return strconv.Itoa(n)
	}
	return parent + "." + strconv.Itoa(n)
}

// leaf lists a part that holds no others and reads its text, where it is text
// to read and not an attachment.
func (r *reading) leaf(h head, mediaType string, body []byte, path string) content {
	if path == "" {
		path = "1"
	}
	disposition, name := h.attachment()
	r.parts = append(r.parts, port.Part{
		Path: path, ContentType: cutText(strings.ToValidUTF8(mediaType, "\uFFFD"), maxFieldText),
		FileName: name, Size: decodedSize(h, body),
	})
	if disposition == "attachment" {
		return content{}
	}
	switch mediaType {
	case "text/plain":
		return content{plain: r.decode(h, body)}
	case "text/html":
		return content{html: htmlText(r.decode(h, body), r.links)}
	}
	if len(r.parts) == 1 && !strings.Contains(mediaType, "/") {
		return r.asText(body) // a content type that is none
	}
	return content{}
}

// attachment gives a part's disposition and its file name, decoded and
// untrusted.
func (h head) attachment() (disposition, name string) {
	disposition, params, err := h.fields.ContentDisposition()
	if err == nil {
		name = params["filename"]
	}
	if name == "" {
		if _, params, err := h.fields.ContentType(); err == nil {
			name = params["name"]
		}
	}
	return asciiLower(disposition), cutText(strings.ToValidUTF8(name, "\uFFFD"), maxFieldText)
}

// decodedSize counts what a base64 body decodes to; other bodies count as they
// stand.
func decodedSize(h head, body []byte) int64 {
	if asciiLower(strings.TrimSpace(h.fields.Get("Content-Transfer-Encoding"))) != "base64" {
		return int64(len(body))
	}
	digits := len(body)
	for _, blank := range []string{"\n", "\r", " ", "\t", "="} {
		digits -= bytes.Count(body, []byte(blank))
	}
	return int64(digits) * 3 / 4
}

// decode undoes transfer encoding and charset, as far as it goes. Where nothing
// can be decoded the bytes are shown as they are.
func (r *reading) decode(h head, body []byte) string {
	limit := r.budget
	entity, err := message.New(h.fields, bytes.NewReader(body))
	r.lint.setIf(err != nil, LintBadMIME)
	decoded, err := io.ReadAll(io.LimitReader(entity.Body, int64(limit)))
	r.lint.setIf(err != nil, LintBadMIME)
	if len(decoded) == 0 && len(body) > 0 {
		return r.asText(body).plain
	}
	r.budget -= len(decoded)
	return plainText(decoded)
}

// asText shows bytes as they are, within the budget.
func (r *reading) asText(body []byte) content {
	body = body[:min(len(body), r.budget)]
	r.budget -= len(body)
	return content{plain: plainText(body)}
}

// plainText makes valid UTF-8 with line feeds only. A code point cut by a
// limit becomes a replacement sign.
func plainText(b []byte) string {
	text := strings.ToValidUTF8(string(b), "\uFFFD")
	return strings.ReplaceAll(text, "\r\n", "\n")
}

// splitParts cuts the body of a multipart at its boundary (RFC 2046 5.1.1), at
// most limit parts, with LF and CRLF alike. whole is false where the boundary
// is missing at the beginning or the end.
//
// go-message would read an inner part through the readers of all outer ones;
// on slices each level is a single search.
func splitParts(body []byte, boundary string, limit int) (parts [][]byte, whole bool) {
	if boundary == "" {
		return nil, false
	}
	delimiter := []byte("--" + boundary)
	start := -1
	for pos := 0; len(parts) < limit; {
		i := bytes.Index(body[pos:], delimiter)
		if i < 0 {
			break
		}
		at := pos + i
		pos = at + len(delimiter)
		rest, closing, ok := behindDelimiter(body, at, pos)
		if !ok {
			continue
		}
		if start >= 0 {
			parts = append(parts, withoutLineEnd(body[start:at]))
		}
		if closing {
			return parts, len(parts) > 0
		}
		start, pos = rest, rest
	}
	if start >= 0 && len(parts) < limit {
		parts = append(parts, body[start:])
	}
	return parts, false
}

// behindDelimiter checks that a boundary found at a position up to end is a
// line of its own, and gives where the next line begins.
func behindDelimiter(body []byte, at, end int) (rest int, closing, ok bool) {
	if at > 0 && body[at-1] != '\n' {
		return 0, false, false
	}
	line, next := cutLine(body, end)
	if bytes.HasPrefix(line, []byte("--")) {
		return next, true, true
	}
	return next, false, len(bytes.TrimRight(line, " \t\r\n")) == 0
}

// withoutLineEnd removes the line end that belongs to the boundary behind it.
func withoutLineEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}
